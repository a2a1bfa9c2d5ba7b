"""Proper scoring rules for probabilities: Brier score and log loss."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_array, check_consistent_length, column_or_1d

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.validation import classes_of_columns

SUM_TOLERANCE = 1e-6
"""How far from 1 a row may sum: probabilities in single precision pass, votes and logarithms do not."""


class CheckedProbabilities(NamedTuple):
    """Probabilities, and the column of each true class."""

    truth: IndexArray
    """Shape (n_samples,)."""
    probabilities: Float64Array
    """Shape (n_samples, n_classes)."""


def check_probabilities(
    y_true: ArrayLike, y_proba: ArrayLike, labels: ArrayLike | None = None
) -> CheckedProbabilities:
    """Check that there is a probability for each class, and a class for each label.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels.
    y_proba : array-like of shape (n_samples, n_classes)
        Probabilities. Each row sums to 1.
    labels : array-like of shape (n_classes,), optional
        Sorted classes of the columns; those in `y_true` by default.

    Returns
    -------
    CheckedProbabilities

    Raises
    ------
    ValueError
        Lengths, classes and columns don't fit, or the rows are no probabilities.

    Examples
    --------
    >>> check_probabilities(["b", "a"], [[0.25, 0.75], [1, 0]]).truth
    array([1, 0])
    """
    probabilities = check_array(y_proba, dtype=np.float64, input_name="y_proba")
    names = column_or_1d(y_true)
    check_consistent_length(names, probabilities)
    mismatch = (
        "There are {n_classes} classes for {n_columns} columns of probabilities: name the classes of the "
        "columns as `labels`."
    )
    classes = classes_of_columns(names, probabilities.shape[1], labels, unnamed=mismatch, misnamed=mismatch)
    _refuse_no_probabilities(probabilities)
    return CheckedProbabilities(np.searchsorted(classes, names), probabilities)


def _refuse_no_probabilities(probabilities: Float64Array) -> None:
    outside: BoolArray = np.logical_or(probabilities.min(axis=1) < 0, probabilities.max(axis=1) > 1)
    totals = probabilities.sum(axis=1)
    wrong: BoolArray = np.logical_or(outside, np.abs(totals - 1) > SUM_TOLERANCE)
    if wrong.any():
        row = int(wrong.argmax())
        fault = "has a value below 0 or above 1" if outside[row] else f"sums to {totals[row]:.6g}, not to 1"
        raise ParameterError(
            f"Row {row} of y_proba {fault}: give the probabilities of all classes.",
            code="not_probabilities",
            parameter="y_proba",
        )


SMALLEST = float(np.finfo(np.float64).eps)
"""Where the logarithm is clipped, as scikit-learn does in double precision: 2.2e-16."""


def multiclass_brier_score(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    scale_by_half: bool = False,
) -> float:
    r"""Mean squared distance between the probabilities and what came true [1]_.

    .. math:: \frac{1}{N} \sum_{i=1}^{N} \sum_{c=1}^{C} (p_{ic} - y_{ic})^2

    where :math:`y_{ic}` is 1 for the true class and 0 for the others. It lies in [0, 2]: 0 where every true
    class has probability 1, 2 where every time a wrong one has.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels.
    y_proba : array-like of shape (n_samples, n_classes)
        Probabilities.
    labels : array-like of shape (n_classes,), optional
        Sorted classes of the columns; those in `y_true` by default.
    scale_by_half : bool, default=False
        Halve it, so that it lies in [0, 1]. For two classes this is the Brier score as it is customary.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Labels and probabilities don't fit together.

    References
    ----------
    .. [1] G. W. Brier, "Verification of Forecasts Expressed in Terms of Probability", Monthly Weather Review
       78(1), 1950. doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2

    Examples
    --------
    >>> multiclass_brier_score(["a", "b"], [[1.0, 0.0], [0.5, 0.5]])
    0.25
    """
    truth, probabilities = check_probabilities(y_true, y_proba, labels)
    errors = probabilities.copy()
    errors[np.arange(len(truth)), truth] -= 1
    score = float((errors**2).sum(axis=1).mean())
    return score / 2 if scale_by_half else score


def multiclass_log_loss(y_true: ArrayLike, y_proba: ArrayLike, *, labels: ArrayLike | None = None) -> float:
    r"""Mean negative logarithm of the true class's probability.

    .. math:: -\frac{1}{N} \sum_{i=1}^{N} \ln \min(\max(p_{i y_i}, \epsilon), 1 - \epsilon)

    with :math:`\epsilon = 2^{-52}`, as scikit-learn clips it; so it lies between 2.2e-16 and 36.04.
    Unclipped it is infinite as soon as one true class has probability 0, and nearest neighbours say exactly
    0 of every class that isn't among them: such an image counts 36.04. `zero_probability_share`
    tells how many there are. It is the logarithmic score of [1]_.

    Parameters
    ----------
    y_true, y_proba, labels
        As in `multiclass_brier_score`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Labels and probabilities don't fit together.

    References
    ----------
    .. [1] I. J. Good, "Rational Decisions", Journal of the Royal Statistical Society B 14(1), 1952.
       doi:10.1111/j.2517-6161.1952.tb00104.x

    Examples
    --------
    >>> multiclass_log_loss(["a", "b"], [[0.5, 0.5], [0.75, 0.25]])  # (ln 2 + ln 4) / 2
    1.039...
    """
    truth, probabilities = check_probabilities(y_true, y_proba, labels)
    true_class = probabilities[np.arange(len(truth)), truth]
    return float(-np.log(np.clip(true_class, SMALLEST, 1 - SMALLEST)).mean())


def zero_probability_share(
    y_true: ArrayLike, y_proba: ArrayLike, *, labels: ArrayLike | None = None
) -> float:
    """Share of the samples whose true class has probability 0.

    Parameters
    ----------
    y_true, y_proba, labels
        As in `multiclass_brier_score`.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        Labels and probabilities don't fit together.

    Examples
    --------
    >>> zero_probability_share(["a", "b"], [[0.5, 0.5], [1.0, 0.0]])
    0.5
    """
    truth, probabilities = check_probabilities(y_true, y_proba, labels)
    return float((probabilities[np.arange(len(truth)), truth] == 0).mean())
