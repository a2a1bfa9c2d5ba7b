"""Ratios of counts, with a rule for those that are not defined."""

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.tally import CountArray
from skknn_syndrome.metrics.targets import WeightArray

ZeroDivision: TypeAlias = Literal["warn"] | float
"""Value of a ratio with nothing to divide by: 0, 1 or NaN; 'warn' is 0 with a warning."""


@dataclass(frozen=True, slots=True)
class UndefinedRule:
    """What becomes of a ratio with nothing to divide by."""

    value: ZeroDivision
    """Its value."""
    warn_for: Collection[str]
    """Names of the metrics that a warning may be about."""
    per_sample: bool = False
    """Whether the ratios are those of samples, not of labels."""


def ratios(
    parts: CountArray, totals: CountArray, rule: UndefinedRule, metric: str, missing: str
) -> Float64Array:
    """Divide counts by counts.

    Parameters
    ----------
    parts, totals : ndarray of shape (n,)
        Counts.
    rule : UndefinedRule
        What to do where the total is 0.
    metric : str
        Name of the metric, for the warning.
    missing : str
        What there is none of where the total is 0, for the warning.

    Returns
    -------
    ndarray of shape (n,)
        The ratios.

    Warns
    -----
    UndefinedMetricWarning
        If a total is 0 and the rule wants it said.

    Examples
    --------
    >>> import numpy as np
    >>> rule = UndefinedRule(value=1.0, warn_for=())
    >>> ratios(np.array([1, 0]), np.array([2, 0]), rule, "recall", "true")
    array([0.5, 1. ])
    """
    defined = totals != 0
    if rule.value == "warn" and metric in rule.warn_for and not defined.all():
        _warn(metric, missing, len(totals), per_sample=rule.per_sample)
    filled = np.full(len(totals), 0.0 if rule.value == "warn" else float(rule.value))
    np.divide(parts, totals, out=filled, where=defined)
    return filled


def _warn(metric: str, missing: str, n_ratios: int, *, per_sample: bool) -> None:
    item, other = ("sample", "label") if per_sample else ("label", "sample")
    where = "due to" if n_ratios == 1 else f"in {item}s with"
    message = (
        f"{metric.capitalize()} is ill-defined and being set to 0.0 {where} no {missing} {other}s. Use "
        "`zero_division` parameter to control this behavior."
    )
    warnings.warn(message, UndefinedMetricWarning, stacklevel=6)


def mean_of_defined(values: Float64Array, weights: CountArray | WeightArray | None = None) -> float:
    """Mean of the values that are not NaN.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Values.
    weights : ndarray of shape (n,), optional
        Their weights. If those of the defined values sum to 0, the mean is taken without weights.

    Returns
    -------
    float
        The mean; NaN if no value is defined.

    Examples
    --------
    >>> import numpy as np
    >>> mean_of_defined(np.array([1.0, np.nan, 0.5]))
    0.75
    """
    defined = ~np.isnan(values)
    if not defined.any():
        return float("nan")
    counted = None if weights is None else weights[defined]
    if counted is not None and counted.sum() == 0:
        counted = None
    return float(np.average(values[defined], weights=counted))
