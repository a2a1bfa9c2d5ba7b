"""Classification tasks: binary, multiclass and multi-label targets, their folds and their scores."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from scipy.sparse import issparse
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import Estimator, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.crossval.answers import Answer, ask, ask_labels, dense
from skknn_syndrome.crossval.folds import CrossValidation, Splits, make_multilabel_splits, make_splits
from skknn_syndrome.crossval.labels import check_labels
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.heads.base import TaskName
from skknn_syndrome.metrics import roc_auc_score
from skknn_syndrome.metrics.registry import SCORE_NAMES, definitions
from skknn_syndrome.metrics.score_table import score_probabilities

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

    def judge(self, truth: LabelArray, answer: Answer) -> dict[str, float]:
        """Return each score of an answer, NaN where it is not defined."""
        ...


@dataclass(frozen=True)
class MulticlassTask:
    """One label an image, of three or more classes."""

    name: TaskName = "multiclass"
    scores: Sequence[str] = SCORE_NAMES

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

    def judge(self, truth: LabelArray, answer: Answer) -> dict[str, float]:
        """Return each score of an answer, NaN where it is not defined.

        Scores of a ranking, the AUC and top-k accuracies, are of the scores of classes; all others are of the
        predicted labels.

        Examples
        --------
        >>> answer = Answer(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array(["a", "b"]), "probabilities")
        >>> MULTICLASS.judge(np.array(["a", "b"]), answer)["accuracy"]
        0.5
        """
        with warnings.catch_warnings():
            # The study says per fold which classes are missing and which scores fall out.
            warnings.simplefilter("ignore", UndefinedMetricWarning)
            found = score_probabilities(truth, answer.scores, answer.classes)
            if answer.predicted is not None:
                said = score_probabilities(truth, answer.marks, answer.classes)
                of_labels = [score.name for score in definitions(self.name) if score.needs == "labels"]
                found |= {name: said[name] for name in of_labels}
        return found


@dataclass(frozen=True)
class BinaryTask(MulticlassTask):
    """One label an image, of two classes; the later one in sorted order is the positive class."""

    name: TaskName = "binary"


MULTILABEL_SCORES = ("roc_auc_macro", "f1_macro", "f1_micro", "subset_accuracy", "hamming_loss")


@dataclass(frozen=True)
class MultilabelTask:
    """Any number of labels an image: an indicator matrix with a column a label."""

    name: TaskName = "multilabel"
    scores: Sequence[str] = MULTILABEL_SCORES

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

    def judge(self, truth: LabelArray, answer: Answer) -> dict[str, float]:
        """Return each score of an answer, NaN where it is not defined.

        - ``roc_auc_macro``: the mean area of the labels that some images of the test part have and some not.
        - ``f1_macro``: the mean over labels of 2 TP / (2 TP + FP + FN), 0 where nothing is true or predicted.
        - ``f1_micro``: the same of the counts of all labels together.
        - ``subset_accuracy``: the share of images with all labels right.
        - ``hamming_loss``: the share of entries that are wrong; lower is better.

        Examples
        --------
        >>> truth, scores = np.array([[1, 0], [0, 1]]), np.array([[0.9, 0.2], [0.1, 0.4]])
        >>> answer = Answer(scores, np.arange(2), "probabilities", np.array([[1, 0], [0, 0]]))
        >>> {name: round(value, 2) for name, value in MULTILABEL.judge(truth, answer).items()}
        {'roc_auc_macro': 1.0, 'f1_macro': 0.5, 'f1_micro': 0.67,
        'subset_accuracy': 0.5, 'hamming_loss': 0.25}
        """
        true, said = truth > 0, answer.marks > 0
        hits, errors = (true & said).sum(axis=0), (true ^ said).sum(axis=0)
        return {
            "roc_auc_macro": _mean_area(true, answer),
            "f1_macro": float(np.mean(2 * hits / np.maximum(2 * hits + errors, 1))),
            "f1_micro": float(2 * hits.sum() / max(int(2 * hits.sum() + errors.sum()), 1)),
            "subset_accuracy": float((true == said).all(axis=1).mean()),
            "hamming_loss": float((true ^ said).mean()),
        }


def _mean_area(true: LabelArray, answer: Answer) -> float:
    mixed = np.flatnonzero(true.any(axis=0) & ~true.all(axis=0))
    areas = [float(roc_auc_score(true[:, column], answer.scores[:, column])) for column in mixed]
    return float(np.mean(areas)) if areas else float("nan")


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
