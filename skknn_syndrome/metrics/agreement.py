"""Agreement of two labellings beyond chance: Matthews' correlation coefficient and Cohen's kappa."""

import warnings
from dataclasses import replace
from numbers import Real
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils._param_validation import Interval, StrOptions

from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics import scores
from skknn_syndrome.metrics.accuracy import confusion_matrix
from skknn_syndrome.metrics.counting import Tally, counts_by_class
from skknn_syndrome.metrics.validation import LabelSets, check_targets, of_unit_scale, validated


@validated({"y_true": ["array-like"], "y_pred": ["array-like"], "sample_weight": ["array-like", None]})
def matthews_corrcoef(
    y_true: ArrayLike, y_pred: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    r"""Correlation of true and predicted labels: Matthews' coefficient [1]_, for any number of classes [2]_.

    Of s samples, of which c are right, with :math:`t_k` of class k and :math:`p_k` predicted to be of it,

    .. math:: \frac{c s - \sum_k p_k t_k}{\sqrt{(s^2 - \sum_k p_k^2)(s^2 - \sum_k t_k^2)}}.

    It is 1 where all are right and 0 for guesses that do not look; the least value lies between -1 and 0, and
    is -1 for two classes alone. Where one class alone is true, or predicted, it is 0.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels.
    y_pred : array-like of shape (n_samples,)
        Predicted labels.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    float
        The coefficient, from -1 to 1.

    Raises
    ------
    ValueError
        If labels do not fit together, or are sets of labels.

    References
    ----------
    .. [1] Matthews, B. W. (1975). Comparison of the predicted and observed secondary structure of T4 phage
       lysozyme. Biochimica et Biophysica Acta 405(2), 442-451. https://doi.org/10.1016/0005-2795(75)90109-9
    .. [2] Gorodkin, J. (2004). Comparing two K-category assignments by a K-category correlation coefficient.
       Computational Biology and Chemistry 28(5-6), 367-374.
       https://doi.org/10.1016/j.compbiolchem.2004.09.006

    Examples
    --------
    Of 4 samples 2 are right: (2 * 4 - (3 * 3 + 1 * 1)) / (16 - 10).

    >>> matthews_corrcoef([1, 1, 1, -1], [1, -1, 1, 1])
    -0.333...
    """
    targets = check_targets(y_true, y_pred, sample_weight)
    if isinstance(targets, LabelSets):
        raise ParameterError(
            f"{targets.kind} is not supported", code="unsupported_labels", parameter="y_true"
        )
    if targets.weights is not None:
        targets = replace(targets, weights=of_unit_scale(targets.weights))
    return float(scores.matthews_corrcoef(counts_by_class(targets)))


@validated(
    {
        "y1": ["array-like"],
        "y2": ["array-like"],
        "labels": ["array-like", None],
        "weights": [StrOptions({"linear", "quadratic"}), None],
        "sample_weight": ["array-like", None],
        "replace_undefined_by": [Interval(Real, -1.0, 1.0, closed="both"), np.nan],
    }
)
def cohen_kappa_score(
    y1: ArrayLike,
    y2: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    weights: Literal["linear", "quadratic"] | None = None,
    sample_weight: ArrayLike | None = None,
    replace_undefined_by: float = np.nan,
) -> float:
    r"""Agreement of two labellings beyond that of chance [1]_.

    .. math:: \kappa = 1 - \frac{\sum_{ij} w_{ij} n_{ij}}{\sum_{ij} w_{ij} n_{i.} n_{.j} / n}

    with :math:`n_{ij}` samples of label i in `y1` and j in `y2`. :math:`w_{ij}` is the weight of a
    disagreement: 1, or how many labels it is over (linear), or the square of that (quadratic [2]_).

    Parameters
    ----------
    y1, y2 : array-like of shape (n_samples,)
        Labels; their order makes no difference.
    labels : array-like of shape (n_classes,), optional
        Labels in their order. Samples with another one are left out. All that occur, sorted, by default.
    weights : {'linear', 'quadratic'}, optional
        How disagreements are weighed.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.
    replace_undefined_by : float from -1 to 1, or nan, default=nan
        Value where it is not defined: all samples have the same label twice, or none is left.

    Returns
    -------
    float
        1 for perfect agreement, 0 for that of chance, at least -1.

    Raises
    ------
    ValueError
        If labels do not fit together, or none of `labels` is in `y1`.

    Warns
    -----
    UndefinedMetricWarning
        If it is not defined.

    References
    ----------
    .. [1] Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
       Measurement 20(1), 37-46. https://doi.org/10.1177/001316446002000104
    .. [2] Cohen, J. (1968). Weighted kappa: nominal scale agreement with provision for scaled disagreement or
       partial credit. Psychological Bulletin 70(4), 213-220. https://doi.org/10.1037/h0026256

    Examples
    --------
    Of 5 samples 4 agree, by chance (2 * 3 + 1 * 1 + 2 * 1) / 5 = 1.8 would: (4 - 1.8) / (5 - 1.8).

    >>> cohen_kappa_score(["no", "yes", "no", "so", "yes"], ["no", "yes", "no", "so", "no"])
    0.6875
    """
    try:
        matrix = confusion_matrix(y1, y2, labels=labels, sample_weight=sample_weight).astype(np.float64)
    except ParameterError as error:
        if error.code != "labels_absent":
            raise
        raise ParameterError(
            "At least one label in `labels` must be present in `y1` (even though `cohen_kappa_score` is "
            "otherwise agnostic to the order of `y1` and `y2`).",
            code="labels_absent",
            parameter="labels",
        ) from error
    matrix = of_unit_scale(matrix.ravel()).reshape(matrix.shape)
    tally = Tally(matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1))
    if tally.n_present < 2:  # noqa: PLR2004 (labels to disagree about)
        why = (
            "`y1`, `y2` and `labels` have only one label in common."
            if tally.total
            else "`y2` contains no labels that are present in both `y1` and `labels`."
        )
        message = f"{why} The value is that of `replace_undefined_by`, {replace_undefined_by}."
        warnings.warn(message, UndefinedMetricWarning, stacklevel=3)
        return replace_undefined_by
    if weights is None:
        return float(scores.cohen_kappa(tally))
    places = np.arange(len(matrix))
    far = np.abs(places[:, None] - places) ** (1.0 if weights == "linear" else 2.0)
    by_chance = tally.true[:, None] * tally.predicted / tally.total
    return float(1 - (far * matrix).sum() / (far * by_chance).sum())
