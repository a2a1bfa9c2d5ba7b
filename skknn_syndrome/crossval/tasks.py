"""Classification tasks: binary, multiclass and multi-label targets, their predictions, folds and scores."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import issparse
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import Estimator, Float64Array, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.crossval.folds import CrossValidation, Splits, make_multilabel_splits, make_splits
from skknn_syndrome.crossval.labels import check_labels
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.heads.base import TaskName
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.metrics.definition import Counts, ScoreDefinition
from skknn_syndrome.metrics.predictions import LabelSetPredictions, decision_columns, pair_predictions
from skknn_syndrome.metrics.registry import definitions
from skknn_syndrome.metrics.score_table import evaluate_all

ScoreKind: TypeAlias = Literal["probabilities", "decision", "labels"]


@dataclass(frozen=True, eq=False)
class Answer:
    """Predictions of a fitted classifier for a test part."""

    scores: Float64Array
    """Shape (n_test, n_classes): they rise with likeliness; of several labels an image, a column a label."""
    classes: LabelArray
    """Shape (n_classes,): the class of each column."""
    kind: ScoreKind
    """Probabilities; decision values; or, where there is nothing more, 1 for predicted labels and 0 else."""
    predicted: LabelArray | None = None
    """Shape (n_test,), or (n_test, n_labels) of several labels an image: what `predict` returns. None where
    that is the class of the highest score, the first of equals."""

    def of_labels(self, columns: Sequence[int]) -> "Answer":
        """Return what is said of some of several labels an image."""
        predicted = None if self.predicted is None else self.predicted[:, columns]
        return Answer(self.scores[:, columns], self.classes[list(columns)], self.kind, predicted)

    @property
    def marks(self) -> Float64Array:
        """Shape (n_test, n_classes): 1 for what is predicted, else 0."""
        if self.predicted is None:
            columns = self.scores.argmax(axis=1)[:, None]
            return np.asarray(columns == np.arange(len(self.classes)), dtype=np.float64)
        if self.predicted.ndim > 1:
            return np.asarray(self.predicted, dtype=np.float64)
        return np.asarray(self.predicted[:, None] == self.classes, dtype=np.float64)


def ask(model: Estimator, X: MatrixLike) -> Answer:
    """Predict rows with a fitted classifier of single labels.

    Parameters
    ----------
    model : classifier or Pipeline
        Fitted.
    X : array-like of shape (n_test, n_features)

    Returns
    -------
    Answer
        With probabilities where it gives them, else with decision values, else with its labels alone.

    Examples
    --------
    >>> from sklearn.svm import LinearSVC
    >>> model = LinearSVC().fit([[0.0], [1.0]], ["a", "b"])
    >>> answer = ask(model, [[5.0]])
    >>> answer.kind, answer.predicted, answer.scores[0, 1] > 0
    ('decision', array(['b'], dtype='<U1'), np.True_)
    """
    if hasattr(model, "predict_proba"):
        probabilities = np.asarray(model.predict_proba(X), dtype=np.float64)
        # Nearest neighbours predict the most probable class: asking again would be searching again.
        predicted = None if KNN.owns(model) else np.asarray(model.predict(X))
        return Answer(probabilities, model.classes_, "probabilities", predicted)
    predicted = np.asarray(model.predict(X))
    if hasattr(model, "decision_function"):
        return Answer(decision_columns(model, X), model.classes_, "decision", predicted)
    marks = np.asarray(predicted[:, None] == model.classes_, dtype=np.float64)
    return Answer(marks, model.classes_, "labels", predicted)


def ask_labels(model: Estimator, X: MatrixLike, classes: LabelArray) -> Answer:
    """Predict rows with a fitted classifier of several labels an image.

    Parameters
    ----------
    model : classifier or Pipeline
        Fitted to an indicator matrix.
    X : array-like of shape (n_test, n_features)
    classes : array of shape (n_labels,)
        Names of the labels.

    Returns
    -------
    Answer
    """
    predicted = dense(model.predict(X))
    if hasattr(model, "predict_proba"):
        said = model.predict_proba(X)
        # scikit-learn's neighbours and trees return a matrix a label, with a column for 0 and one for 1.
        columns = list(map(_positive, said, model.classes_)) if isinstance(said, list) else list(said.T)
        return Answer(np.column_stack(columns).astype(np.float64), classes, "probabilities", predicted)
    if hasattr(model, "decision_function"):
        values = np.asarray(model.decision_function(X), dtype=np.float64)
        return Answer(values, classes, "decision", predicted)
    return Answer(predicted.astype(np.float64), classes, "labels", predicted)


def _positive(part: Float64Array, known: LabelArray) -> Float64Array:
    """Return the probability of 1, by the values that training has for a label: 0 where 1 is none of them."""
    column = np.flatnonzero(np.asarray(known) == 1)
    return part[:, column[0]] if len(column) else np.zeros(len(part))


def dense(matrix: MatrixLike) -> LabelArray:
    """Return a matrix, sparse or not, as an array."""
    filled: LabelArray = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
    return filled


@dataclass(frozen=True, eq=False)
class Target:
    """Labels as a task has checked them."""

    labels: LabelArray
    """Shape (n_images,); of several labels an image (n_images, n_labels), 1 where it has one, else 0."""
    classes: LabelArray
    """Shape (n_classes,): the classes, sorted; of several labels an image the labels, in the order given."""


class Task(ABC):
    """A kind of labels, and all that depends on it; studies know those that are registered."""

    name: TaskName
    """What results call it, and whose scores it has."""

    @property
    def scores(self) -> Sequence[str]:
        """Names of its scores, in the order in which tables show them."""
        return [score.name for score in definitions(self.name)]

    @abstractmethod
    def takes(self, y: VectorLike) -> bool:
        """Return whether labels are of this kind, sound or not: whether they are `encode` says."""

    @abstractmethod
    def encode(self, y: VectorLike, n_images: int) -> Target:
        """Check labels; an error of one sentence says what can't be used."""

    @abstractmethod
    def folds(
        self,
        target: Target,
        groups: LabelArray | None,
        *,
        cv: CrossValidation,
        random_state: int | np.random.RandomState | None,
    ) -> Splits:
        """Divide the images, a subject's together, each fold with its share of every class or label."""

    @abstractmethod
    def ask(self, model: Estimator, X: MatrixLike, target: Target) -> Answer:
        """Predict rows with a fitted classifier."""

    def judge(
        self, truth: LabelArray, answer: Answer, scores: Sequence[ScoreDefinition] | None = None
    ) -> dict[str, float]:
        """Return each score of an answer, NaN where it is not defined; by default all of the task."""
        labels, ranking = self.counts(truth, answer)
        with warnings.catch_warnings():
            # The study says per fold which classes are missing and which scores fall out.
            warnings.simplefilter("ignore", UndefinedMetricWarning)
            wanted = definitions(self.name) if scores is None else scores
            return evaluate_all(wanted, labels=labels, ranking=ranking)

    @abstractmethod
    def counts(self, truth: LabelArray, answer: Answer) -> tuple[Counts, Counts]:
        """Return what scores of labels are computed from, and what scores of a ranking are."""


@dataclass(frozen=True)
class MulticlassTask(Task):
    """One label an image, of three or more classes."""

    name: TaskName = "multiclass"

    def takes(self, y: VectorLike) -> bool:  # noqa: ARG002  it is asked last
        """Take whatever no other task takes: `encode` says of what is no label why not."""
        return True

    def encode(self, y: VectorLike, n_images: int) -> Target:
        """Check labels: see `skknn_syndrome.crossval.labels.check_labels`."""
        labels = check_labels(y, n_images)
        return Target(labels, np.unique(labels))

    def folds(
        self,
        target: Target,
        groups: LabelArray | None,
        *,
        cv: CrossValidation,
        random_state: int | np.random.RandomState | None,
    ) -> Splits:
        """Divide the images: see `skknn_syndrome.crossval.folds.make_splits`."""
        return make_splits(target.labels, groups, cv=cv, random_state=random_state)

    def ask(self, model: Estimator, X: MatrixLike, target: Target) -> Answer:  # noqa: ARG002  it knows its classes
        """Predict rows with a fitted classifier."""
        return ask(model, X)

    def counts(self, truth: LabelArray, answer: Answer) -> tuple[Counts, Counts]:
        """Pair the true labels with those that are predicted, and with the scores of classes.

        The AUC and the top-k accuracies are of the scores of classes, all others of the predicted labels.

        Examples
        --------
        >>> answer = Answer(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array(["a", "b"]), "probabilities")
        >>> MULTICLASS.judge(np.array(["a", "b"]), answer)["accuracy"]
        0.5
        """
        ranked = pair_predictions(truth, answer.scores, answer.classes)
        if answer.predicted is None:
            return ranked, ranked
        return pair_predictions(truth, answer.marks, answer.classes), ranked


@dataclass(frozen=True)
class BinaryTask(MulticlassTask):
    """One label an image, of two classes; the later one in sorted order is the positive class."""

    name: TaskName = "binary"

    def takes(self, y: VectorLike) -> bool:
        """Take labels of which there are two."""
        try:
            return len(np.unique(np.asarray(y))) == 2  # noqa: PLR2004  what binary means
        except TypeError:  # texts beside numbers
            return False


@dataclass(frozen=True)
class MultilabelTask(Task):
    """Any number of labels an image: an indicator matrix with a column a label."""

    name: TaskName = "multilabel"

    def takes(self, y: VectorLike) -> bool:
        """Take a matrix of numbers with two columns or more, dense or sparse."""
        if issparse(y):
            return True
        given = np.asarray(y)
        return given.ndim == 2 and given.shape[1] > 1 and given.dtype.kind in "biuf"  # noqa: PLR2004  a matrix

    def encode(self, y: VectorLike, n_images: int) -> Target:
        """Check an indicator matrix, dense, sparse or a data frame whose columns name the labels.

        Raises
        ------
        StudySettingsError
            There are more or fewer rows than images, less than two labels, an entry other than 0 and 1 (such
            as -1 for uncertain, or a gap), or no label on any image.

        Examples
        --------
        >>> MULTILABEL.encode([[1, 0], [1, 1]], 2).labels
        array([[1, 0],
               [1, 1]], dtype=uint8)
        """
        names = np.asarray(y.columns) if hasattr(y, "columns") else None
        matrix = dense(y)
        if matrix.ndim != 2 or len(matrix) != n_images or matrix.shape[1] < 2:  # noqa: PLR2004  rows, columns
            raise StudySettingsError(
                f"y has the shape {matrix.shape}: give a row for each of {n_images} images, and a column for "
                "each of two labels or more.",
                code="wrong_shape",
                parameter="y",
            )
        classes = np.arange(matrix.shape[1]) if names is None else names
        faults = np.argwhere(~np.isin(matrix, (0, 1)))
        if len(faults):
            row, column = (int(place) for place in faults[0])
            raise StudySettingsError(
                f"y has {quote(matrix[row, column])} for label {quote(classes[column])} in row {row} "
                f"(counted from 0), one of {len(faults)} entries that are neither 0 nor 1: set uncertain and "
                "missing labels to 0 or 1, or leave these rows out.",
                code="not_an_indicator",
                parameter="y",
            )
        labels = matrix.astype(np.uint8)
        if not labels.any():
            raise StudySettingsError(
                "y has no label on any image: there is nothing to learn.", code="no_labels", parameter="y"
            )
        return Target(labels, classes)

    def folds(
        self,
        target: Target,
        groups: LabelArray | None,
        *,
        cv: CrossValidation,
        random_state: int | np.random.RandomState | None,
    ) -> Splits:
        """Divide the images: see `skknn_syndrome.crossval.stratification.iterative_folds`."""
        return make_multilabel_splits(target.labels, groups, cv=cv, random_state=random_state)

    def ask(self, model: Estimator, X: MatrixLike, target: Target) -> Answer:
        """Predict rows with a fitted classifier."""
        return ask_labels(model, X, target.classes)

    def counts(self, truth: LabelArray, answer: Answer) -> tuple[Counts, Counts]:
        """Pair the true sets of labels with those that are predicted.

        Macro means are over all labels: one that is neither true nor predicted counts 0, as scikit-learn has
        it with ``zero_division=0``. The AUC is of the labels that some images of the test part have and some
        not.

        Examples
        --------
        >>> truth, scores = np.array([[1, 0], [0, 1]]), np.array([[0.9, 0.2], [0.1, 0.4]])
        >>> answer = Answer(scores, np.arange(2), "probabilities", np.array([[1, 0], [0, 0]]))
        >>> found = MULTILABEL.judge(truth, answer)
        >>> found["roc_auc_ovr"], found["f1_macro"], round(found["f1_micro"], 2), found["subset_accuracy"]
        (1.0, 0.5, 0.67, 0.5)
        """
        sets = LabelSetPredictions(truth > 0, answer.marks > 0, answer.scores)
        return sets, sets


def target_of(labels: ArrayLike) -> Target:
    """Return labels that were checked before, as their task has them.

    Examples
    --------
    >>> target_of(["b", "a"]).classes, target_of([[0, 1]]).classes
    (array(['a', 'b'], dtype='<U1'), array([0, 1]))
    """
    given = np.asarray(labels)
    return Target(given, np.unique(given) if given.ndim == 1 else np.arange(given.shape[1]))


BINARY, MULTICLASS, MULTILABEL = BinaryTask(), MulticlassTask(), MultilabelTask()

_registered: list[Task] = [MULTILABEL, BINARY, MULTICLASS]
"""In the order in which they are asked."""


def register_task(task: Task) -> None:
    """Let studies of the running process know a task; it is asked for its labels before all others.

    Examples
    --------
    >>> class Grades(MulticlassTask):
    ...     def takes(self, y):
    ...         return set(y) <= {"mild", "moderate", "severe"}
    >>> with scoped_tasks():
    ...     register_task(Grades())
    ...     type(task_of(["mild", "severe"])).__name__, type(task_of(["a", "b"])).__name__
    ('Grades', 'BinaryTask')
    """
    _registered.insert(0, task)


@contextmanager
def scoped_tasks() -> Iterator[None]:
    """Forget, at the end, the tasks that were registered inside."""
    before = list(_registered)
    try:
        yield
    finally:
        _registered[:] = before


def task_of(y: VectorLike) -> Task:
    """Return the task that labels are of: the first that takes them.

    Parameters
    ----------
    y : array-like
        A matrix of numbers with two columns or more, dense or sparse, is multi-label; anything else holds a
        label an image: of two classes it is binary, else multiclass. Tasks that were registered come first.

    Examples
    --------
    >>> [task_of(y).name for y in (["a", "b"], [2, 3, 4], [[0, 1], [1, 1]])]
    ['binary', 'multiclass', 'multilabel']
    """
    return next(task for task in _registered if task.takes(y))
