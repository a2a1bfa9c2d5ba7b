"""Predictions of a classifier paired with true labels: labels, scores of classes, sets of labels."""

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils import assert_all_finite, check_array, check_consistent_length, column_or_1d
from sklearn.utils.validation import _check_response_method, _check_sample_weight

from skknn_syndrome._typing import BoolArray, Estimator, Float64Array, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.average_precision import average_precision
from skknn_syndrome.metrics.counting import (
    LabelSetTally,
    Sweep,
    Tally,
    TrueClassRanks,
    count,
    pairs_by_class,
    true_class_ranks,
)
from skknn_syndrome.metrics.definition import Ranking, Ties
from skknn_syndrome.metrics.label_sets import label_ranking_precision
from skknn_syndrome.metrics.validation import SingleLabels, check_targets, of_unit_scale, some_weight

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
    unknown_labels: tuple[object, ...]
    """Labels of the test part that are no class of the estimator, in order of appearance."""
    probabilities: Float64Array
    """Shape (n_samples, n_classes); or other scores that are higher for likelier classes."""
    truth: IndexArray
    """Shape (n_samples,): column of the true class; n_classes + j for the j-th unknown label."""
    weights: Float64Array | None
    """Shape (n_samples,), not negative and not all zero; None for equal weights."""

    @cached_property
    def predicted(self) -> IndexArray:
        """Shape (n_samples,): column of the predicted class, the first of equally probable ones."""
        columns: IndexArray = self.probabilities.argmax(axis=1)
        return columns

    @cached_property
    def ranks(self) -> TrueClassRanks:
        """Ranks of the true classes; for an unknown label one that is beyond every column."""
        unknown = self.truth >= len(self.classes)
        ranks = true_class_ranks(self.probabilities, np.where(unknown, 0, self.truth))
        beyond = np.iinfo(np.intp).max
        return TrueClassRanks(*(np.where(unknown, beyond, rank) for rank in ranks))

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
        sweeps = (Sweep(scores, self.truth == column) for column, scores in enumerate(self.probabilities.T))
        won, all_pairs = (part[0] for part in pairs_by_class(sweeps, weights))
        left_out = [*self.classes[all_pairs == 0].tolist(), *self.unknown_labels]
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

        return Ranking(within, lambda: self._pairs, lambda: self._average_precisions, self._label_rankings)

    @cached_property
    def _average_precisions(self) -> Float64Array:
        columns = zip(self.truth.T, self.scores.T, strict=True)
        return np.array([average_precision(*column) for column in columns])

    def _label_rankings(self) -> Float64Array:
        return label_ranking_precision(self.truth, self.scores)

    @cached_property
    def _pairs(self) -> tuple[Float64Array, Float64Array]:
        sweeps = map(Sweep, self.scores.T, self.truth.T)
        won, all_pairs = (part[0] for part in pairs_by_class(sweeps, np.ones((1, len(self.truth)))))
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
        raise ParameterError(message, code="mixed_labels", parameter="y_true") from error


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
    >>> paired.truth, paired.predicted, paired.unknown_labels
    (array([1, 2]), array([1, 0]), ('z',))
    """
    check_consistent_length(y_true, probabilities, sample_weight)
    scores = check_array(probabilities, dtype=np.float64, input_name="probabilities")
    columns, labels = column_or_1d(classes), column_or_1d(y_true)
    assert_all_finite(labels, input_name="y_true")
    if scores.shape[1] != len(columns):
        raise ParameterError(
            f"probabilities has {scores.shape[1]} columns for {len(columns)} classes: give one for each.",
            code="columns_mismatch",
            parameter="probabilities",
        )
    truth, unknown = _numbered(labels, columns)
    return Predictions(columns, unknown, scores, truth, _checked_weights(sample_weight, scores))


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
        raise ParameterError(message, code="repeated_classes", parameter="classes")
    # A dictionary numbers unknown labels of any type, where sorting would fail on "a" beside 1.
    truth = np.array([numbers.setdefault(label, len(numbers)) for label in labels.tolist()], dtype=np.intp)
    return truth, tuple(numbers)[len(classes) :]


RANKING_METHODS = ("predict_proba", "decision_function")
"""Where scores of classes come from: the first of these that an estimator has."""


def decide(estimator: Estimator, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Decisions:
    """Predict labels with a classifier, and pair them with the true ones.

    Parameters
    ----------
    estimator : fitted classifier
        With ``predict``.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
        True labels.
    sample_weight : array-like of shape (n_samples,) or None

    Returns
    -------
    Decisions
        True and predicted labels as numbers.
    """
    return pair_decisions(y, estimator.predict(X), sample_weight)


def rank(estimator: Estimator, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Predictions:
    """Predict a score of each class, probabilities or else decision values, and pair it with the truth.

    Parameters
    ----------
    estimator : fitted classifier
        With ``classes_``, and ``predict_proba`` or ``decision_function``.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
        True labels.
    sample_weight : array-like of shape (n_samples,) or None

    Returns
    -------
    Predictions
        One decision value a sample, which binary classifiers give, is that of the second class; the first
        has its negative.

    Raises
    ------
    AttributeError
        The classifier has neither method.
    ValueError
        Its decision values are of pairs of classes, or there is not one for each class.
    """
    method = _check_response_method(estimator, list(RANKING_METHODS))
    probabilistic = hasattr(estimator, RANKING_METHODS[0])
    values = method(X) if probabilistic else decision_columns(estimator, X)
    return pair_predictions(y, values, estimator.classes_, sample_weight)


def decision_columns(estimator: Estimator, X: MatrixLike) -> Float64Array:
    """Return decision values with a column for each class.

    Parameters
    ----------
    estimator : fitted classifier
        With ``classes_`` and ``decision_function``.
    X : array-like of shape (n_samples, n_features)

    Returns
    -------
    ndarray of shape (n_samples, n_classes)
        The value that there is for two classes is that of the second; the first has its negative.

    Raises
    ------
    ParameterError
        The values are of pairs of classes.
    """
    values = np.asarray(estimator.decision_function(X), dtype=np.float64)
    one_pair = len(estimator.classes_) <= 2  # noqa: PLR2004
    if not one_pair and (_is_of_pairs(estimator) or _votes_in_pairs(estimator, values, X)):
        raise ParameterError(
            "The decision values are of pairs of classes (decision_function_shape='ovo'), and don't rank "
            "classes: take decision_function_shape='ovr'.",
            code="decisions_of_pairs",
            parameter="estimator",
        )
    if values.ndim == 1 or values.shape[1] == 1:
        positive = values.reshape(-1)
        values = np.column_stack([-positive, positive])
    return values


_INNER = ("best_estimator_", "_final_estimator", "estimator_", "final_estimator_")
"""The classifier that answers within a search, a pipeline, a selection of features and a stack."""


def _is_of_pairs(estimator: Estimator) -> bool:
    """Whether an estimator says of itself that its decision values are of pairs."""
    for name in _INNER:
        inner = getattr(estimator, name, None)
        if inner is not None:
            return _is_of_pairs(inner)
    return getattr(estimator, "decision_function_shape", None) == "ovo"


def _votes_in_pairs(estimator: Estimator, values: Float64Array, X: MatrixLike) -> bool:
    """Whether three columns are the pairs of three classes, whatever the classifier is wrapped in.

    For other numbers of classes there are more or fewer pairs, and their columns don't fit. These are taken
    for pairs if the largest value is that of the predicted class in less than half of the samples, and the
    pairs' votes are for it more often.
    """
    if values.shape[1:] != (_TRIANGLE,) or not hasattr(estimator, "predict"):
        return False
    predicted = np.ravel(estimator.predict(X))[:, np.newaxis] == np.asarray(estimator.classes_)
    zero_one, zero_two, one_two = (values > 0).T
    votes = np.column_stack([zero_one & zero_two, ~zero_one & one_two, ~zero_two & ~one_two])
    by_votes = (votes & predicted).any(axis=1).mean()
    by_values = predicted[np.arange(len(values)), values.argmax(axis=1)].mean()
    return bool(by_values < min(by_votes, 1 / 2))


_TRIANGLE = 3
"""The number of classes that have as many pairs."""
