"""Classification tasks: binary, multiclass and multi-label targets, their folds and their scores."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import issparse
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import Estimator, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.crossval.answers import Answer, ask, ask_labels, dense
from skknn_syndrome.crossval.folds import CrossValidation, Splits, make_multilabel_splits, make_splits
from skknn_syndrome.crossval.labels import check_labels
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.heads.base import TaskName
from skknn_syndrome.metrics.definition import Counts, ScoreDefinition
from skknn_syndrome.metrics.predictions import LabelSetPredictions, pair_predictions
from skknn_syndrome.metrics.registry import definitions, entries_of
from skknn_syndrome.metrics.score_table import evaluate

BINARY_CLASSES = 2


@dataclass(frozen=True, eq=False)
class Target:
    """Labels as a task has checked them."""

    labels: LabelArray
    """Shape (n_images,); of several labels an image (n_images, n_labels), 1 where it has one, else 0."""
    classes: LabelArray
    """Shape (n_classes,): the classes, sorted; of several labels an image the labels, in the order given."""


class Task(Protocol):
    """A kind of labels, and all that depends on it."""

    @property
    def name(self) -> TaskName:
        """What results call it."""
        ...

    @property
    def scores(self) -> Sequence[str]:
        """Names of its scores, in the order in which tables show them."""
        ...

    def encode(self, y: VectorLike, n_images: int) -> Target:
        """Check labels; an error of one sentence says what can't be used."""
        ...

    def folds(
        self,
        target: Target,
        groups: LabelArray | None,
        *,
        cv: CrossValidation,
        random_state: int | np.random.RandomState | None,
    ) -> Splits:
        """Divide the images, a subject's together, each fold with its share of every class or label."""
        ...

    def ask(self, model: Estimator, X: MatrixLike, target: Target) -> Answer:
        """Ask a fitted classifier about rows."""
        ...

    def judge(
        self, truth: LabelArray, answer: Answer, scores: Sequence[ScoreDefinition] | None = None
    ) -> dict[str, float]:
        """Return each score of an answer, NaN where it is not defined; by default all of the task."""
        ...


@dataclass(frozen=True)
class MulticlassTask:
    """One label an image, of three or more classes."""

    name: TaskName = "multiclass"

    @property
    def scores(self) -> Sequence[str]:
        """Names of its scores, in the order in which tables show them."""
        return [score.name for score in definitions(self.name)]

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
        """Ask a fitted classifier about rows."""
        return ask(model, X)

    def judge(
        self, truth: LabelArray, answer: Answer, scores: Sequence[ScoreDefinition] | None = None
    ) -> dict[str, float]:
        """Return each score of an answer, NaN where it is not defined.

        Scores of a ranking, the AUC and top-k accuracies, are of the scores of classes; all others are of the
        predicted labels.

        Examples
        --------
        >>> answer = Answer(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array(["a", "b"]), "probabilities")
        >>> MULTICLASS.judge(np.array(["a", "b"]), answer)["accuracy"]
        0.5
        """
        predictions = pair_predictions(truth, answer.scores, answer.classes)
        said = predictions
        if answer.predicted is not None:
            said = pair_predictions(truth, answer.marks, answer.classes)
        return _evaluate(self.name, scores, labels=said, ranking=predictions)


@dataclass(frozen=True)
class BinaryTask(MulticlassTask):
    """One label an image, of two classes; the later one in sorted order is the positive class."""

    name: TaskName = "binary"


@dataclass(frozen=True)
class MultilabelTask:
    """Any number of labels an image: an indicator matrix with a column a label."""

    name: TaskName = "multilabel"

    @property
    def scores(self) -> Sequence[str]:
        """Names of its scores, in the order in which tables show them."""
        return [score.name for score in definitions(self.name)]

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
                "each of two labels or more."
            )
        classes = np.arange(matrix.shape[1]) if names is None else names
        faults = np.argwhere(~np.isin(matrix, (0, 1)))
        if len(faults):
            row, column = (int(place) for place in faults[0])
            raise StudySettingsError(
                f"y has {quote(matrix[row, column])} for label {quote(classes[column])} in row {row} "
                f"(counted from 0), one of {len(faults)} entries that are neither 0 nor 1: set uncertain and "
                "missing labels to 0 or 1, or leave these rows out."
            )
        labels = matrix.astype(np.uint8)
        if not labels.any():
            raise StudySettingsError("y has no label on any image: there is nothing to learn.")
        return Target(labels, classes)

    def folds(
        self,
        target: Target,
        groups: LabelArray | None,
        *,
        cv: CrossValidation,
        random_state: int | np.random.RandomState | None,
    ) -> Splits:
        """Divide the images: see `skknn_syndrome.crossval.multilabel_folds.iterative_folds`."""
        return make_multilabel_splits(target.labels, groups, cv=cv, random_state=random_state)

    def ask(self, model: Estimator, X: MatrixLike, target: Target) -> Answer:
        """Ask a fitted classifier about rows."""
        return ask_labels(model, X, target.classes)

    def judge(
        self, truth: LabelArray, answer: Answer, scores: Sequence[ScoreDefinition] | None = None
    ) -> dict[str, float]:
        """Return each score of an answer, NaN where it is not defined.

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
        return _evaluate(self.name, scores, labels=sets, ranking=sets)


def _evaluate(
    task: TaskName, scores: Sequence[ScoreDefinition] | None, *, labels: Counts, ranking: Counts
) -> dict[str, float]:
    """Return each score of what a classifier said, in labels and in scores of them."""
    counts = {"labels": labels, "ranking": ranking}
    entries = entries_of(definitions(task) if scores is None else scores)
    with warnings.catch_warnings():
        # The study says per fold which classes are missing and which scores fall out.
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        return {name: evaluate(entry, counts[entry.score.needs]) for name, entry in entries.items()}


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


def task_of(y: Any) -> Task:  # noqa: ANN401  whatever the caller gave
    """Return the task that labels are of.

    Parameters
    ----------
    y : array-like
        A matrix of numbers with two columns or more, dense or sparse, is multi-label; anything else holds a
        label an image: of two classes it is binary, else multiclass.

    Returns
    -------
    BinaryTask, MulticlassTask or MultilabelTask

    Examples
    --------
    >>> [task_of(y).name for y in (["a", "b"], [2, 3, 4], [[0, 1], [1, 1]])]
    ['binary', 'multiclass', 'multilabel']
    """
    if issparse(y):
        return MULTILABEL
    given = np.asarray(y)
    if given.ndim == 2 and given.shape[1] > 1 and given.dtype.kind in "biuf":  # noqa: PLR2004  a matrix
        return MULTILABEL
    try:
        n_classes = len(np.unique(given))
    except TypeError:  # texts beside numbers, which `encode` refuses
        return MULTICLASS
    return BINARY if n_classes == BINARY_CLASSES else MULTICLASS
