"""What an estimator said of a test part beside what was true: labels, or scores of classes."""

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils import assert_all_finite, check_array, check_consistent_length, column_or_1d
from sklearn.utils.validation import _check_sample_weight

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.metrics.definition import Ranking, Ties
from skknn_syndrome.metrics.ranks import Sweep, TrueClassRanks, true_class_ranks
from skknn_syndrome.metrics.tally import LabelSetTally, Tally, count
from skknn_syndrome.metrics.targets import SingleLabels, check_targets, of_unit_scale, some_weight

NAMES_IN_WARNING: Final = 5
"""How many classes a warning names before it says "and n more"."""


@dataclass(frozen=True, eq=False)
class Decisions:
    """True and predicted classes as numbers."""

    truth: IndexArray
    """Shape (n_samples,): the number of the true class."""
    predicted: IndexArray
    """Shape (n_samples,): that of the predicted class."""
    weights: Float64Array | None
    """Shape (n_samples,), not negative and not all zero; None for equal weights."""

    @cached_property
    def tally(self) -> Tally:
        """Counts by class."""
        n_classes = int(max(self.truth.max(), self.predicted.max())) + 1
        return count(self.truth, self.predicted, self.weights, n_classes)

    def ranking(self, ties: Ties) -> Ranking:
        """Refuse, for labels rank nothing."""
        raise TypeError(f"There are labels alone, and no scores of classes to rank {ties.replace('_', ' ')}.")


@dataclass(frozen=True, eq=False)
class Predictions:
    """Probabilities with the classes of their columns, and the true classes as numbers."""

    classes: LabelArray
    """Shape (n_classes,): class of each column, as the estimator has them."""
    strangers: tuple[object, ...]
    """Labels of the test part that are no class of the estimator, in order of appearance."""
    probabilities: Float64Array
    """Shape (n_samples, n_classes); or other scores that are higher for likelier classes."""
    truth: IndexArray
    """Shape (n_samples,): column of the true class; n_classes + j for the j-th stranger."""
    weights: Float64Array | None
    """Shape (n_samples,), not negative and not all zero; None for equal weights."""

    @cached_property
    def predicted(self) -> IndexArray:
        """Shape (n_samples,): column of the predicted class, the first of equally probable ones."""
        columns: IndexArray = self.probabilities.argmax(axis=1)
        return columns

    @cached_property
    def ranks(self) -> TrueClassRanks:
        """Ranks of the true classes; for a stranger one that is beyond every column."""
        stranger = self.truth >= len(self.classes)
        ranks = true_class_ranks(self.probabilities, np.where(stranger, 0, self.truth))
        beyond = np.iinfo(np.intp).max
        return TrueClassRanks(*(np.where(stranger, beyond, rank) for rank in ranks))

    @cached_property
    def tally(self) -> Tally:
        """Counts by class, the most probable class being the predicted one."""
        return Decisions(self.truth, self.predicted, self.weights).tally

    def ranking(self, ties: Ties) -> Ranking:
        """Rank the true classes, and warn of those that have no pairs when pairs are asked for."""
        rank: IndexArray = getattr(self.ranks, ties)
        return Ranking(lambda k: np.asarray(np.average(rank <= k, weights=self.weights)), lambda: self._pairs)

    @cached_property
    def _pairs(self) -> tuple[Float64Array, Float64Array]:
        weights = np.ones((1, len(self.truth))) if self.weights is None else self.weights[None]
        pairs = [
            Sweep(self.probabilities[:, column], self.truth == column).pairs(weights)
            for column in range(len(self.classes))
        ]
        won, all_pairs = (np.concatenate(part) for part in zip(*pairs, strict=True))
        left_out = [*self.classes[all_pairs == 0].tolist(), *self.strangers]
        if left_out:
            _warn_of_classes_left_out(left_out, n_left=int(np.count_nonzero(all_pairs)))
        return won, all_pairs


@dataclass(frozen=True, eq=False)
class LabelSetPredictions:
    """True and predicted sets of labels, with scores of the labels."""

    truth: BoolArray
    """Shape (n_samples, n_labels): which labels are true."""
    predicted: BoolArray
    """The same shape: which are predicted."""
    scores: Float64Array
    """The same shape: higher for likelier labels."""

    @cached_property
    def tally(self) -> LabelSetTally:
        """Counts by label."""
        return LabelSetTally.of(self.truth, self.predicted)

    def ranking(self, ties: Ties) -> Ranking:
        """Rank the samples for each label; no label is the true one, so none is among the first k."""

        def within(k: int) -> Float64Array:
            raise TypeError(
                f"Samples have any number of labels: none is the true one of {k}, {ties.replace('_', ' ')}."
            )

        return Ranking(within, lambda: self._pairs)

    @cached_property
    def _pairs(self) -> tuple[Float64Array, Float64Array]:
        weights = np.ones((1, len(self.truth)))
        pairs = [Sweep(*columns).pairs(weights) for columns in zip(self.scores.T, self.truth.T, strict=True)]
        won, all_pairs = (np.concatenate(part) for part in zip(*pairs, strict=True))
        return won, all_pairs


def _warn_of_classes_left_out(left_out: list[object], n_left: int) -> None:
    named = ", ".join(map(str, left_out[:NAMES_IN_WARNING]))
    if len(left_out) > NAMES_IN_WARNING:
        named += f" and {len(left_out) - NAMES_IN_WARNING} more"
    outcome = (
        f"the macro mean is over the other {n_left}" if n_left else "no class is left, so the mean is NaN"
    )
    message = (
        "The one-vs-rest ROC AUC is not defined for a class that the estimator does not know, or that has no "
        f"positives or no negatives in the test part ({named}): {outcome}."
    )
    warnings.warn(message, UndefinedMetricWarning, stacklevel=2)


def pair_decisions(y_true: ArrayLike, y_pred: ArrayLike, sample_weight: ArrayLike | None = None) -> Decisions:
    """Check true and predicted labels against each other.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,)
        Labels, all of them text or all whole numbers; either may hold some that the other lacks.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    Decisions
        The same, checked, with labels as numbers.

    Raises
    ------
    ValueError
        If lengths differ, there is no sample, a label is missing, not finite or not whole, text stands beside
        numbers, or weights are negative or all zero.

    Examples
    --------
    >>> paired = pair_decisions(["b", "z"], ["a", "z"])
    >>> paired.truth, paired.predicted
    (array([1, 2]), array([0, 2]))
    """
    check_consistent_length(y_true, y_pred, sample_weight)
    labels, answers = column_or_1d(y_true), column_or_1d(y_pred)
    assert_all_finite(labels, input_name="y_true")
    assert_all_finite(answers, input_name="y_pred")
    targets = _comparable(labels, answers)
    return Decisions(targets.truth, targets.predicted, _checked_weights(sample_weight, targets.truth))


def _comparable(labels: LabelArray, answers: LabelArray) -> SingleLabels:
    try:
        with warnings.catch_warnings():
            # scikit-learn takes them for numbers to be regressed on; many classes of few images are usual.
            warnings.filterwarnings("ignore", message="The number of unique classes", category=UserWarning)
            return cast("SingleLabels", check_targets(labels, answers))
    except TypeError as error:  # from sorting them
        message = f"Labels must be all text or all whole numbers, and none may be missing ({error})."
        raise ValueError(message) from error


def pair_predictions(
    y_true: ArrayLike, probabilities: ArrayLike, classes: ArrayLike, sample_weight: ArrayLike | None = None
) -> Predictions:
    """Check probabilities and true labels against each other.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels; they may lack classes, and hold labels that are no class.
    probabilities : array-like of shape (n_samples, n_classes)
        Finite scores, higher for likelier classes.
    classes : array-like of shape (n_classes,)
        Class of each column.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    Predictions
        The same, checked, with labels as numbers.

    Raises
    ------
    ValueError
        If shapes do not fit, a class has two columns, a label or probability is not finite, or weights are
        negative or all zero.

    Examples
    --------
    >>> paired = pair_predictions(["b", "z"], [[0.3, 0.7], [0.5, 0.5]], classes=["a", "b"])
    >>> paired.truth, paired.predicted, paired.strangers
    (array([1, 2]), array([1, 0]), ('z',))
    """
    check_consistent_length(y_true, probabilities, sample_weight)
    scores = check_array(probabilities, dtype=np.float64, input_name="probabilities")
    columns, labels = column_or_1d(classes), column_or_1d(y_true)
    assert_all_finite(labels, input_name="y_true")
    if scores.shape[1] != len(columns):
        message = (
            f"probabilities has {scores.shape[1]} columns for {len(columns)} classes: give one for each."
        )
        raise ValueError(message)
    truth, strangers = _numbered(labels, columns)
    return Predictions(columns, strangers, scores, truth, _checked_weights(sample_weight, scores))


def _checked_weights(
    sample_weight: ArrayLike | None, samples: Float64Array | IndexArray
) -> Float64Array | None:
    if sample_weight is None:
        return None
    weights: Float64Array = some_weight(
        _check_sample_weight(sample_weight, samples, dtype=np.float64, ensure_non_negative=True)
    )
    return of_unit_scale(weights)


def _numbered(labels: LabelArray, classes: LabelArray) -> tuple[IndexArray, tuple[object, ...]]:
    numbers: dict[object, int] = {label: number for number, label in enumerate(classes.tolist())}
    if len(numbers) < len(classes):
        message = f"classes must all be different, but there are {len(classes) - len(numbers)} repetitions."
        raise ValueError(message)
    # A dictionary numbers strangers of any type, where sorting would fail on "a" beside 1.
    truth = np.array([numbers.setdefault(label, len(numbers)) for label in labels.tolist()], dtype=np.intp)
    return truth, tuple(numbers)[len(classes) :]
