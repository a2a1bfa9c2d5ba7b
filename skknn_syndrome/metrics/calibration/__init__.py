"""Calibration of probabilities: reliability curves, calibration errors, proper scoring rules.

Their names are not scikit-learn's, for their signatures are narrower: labels of several classes, and a matrix
of probabilities with a column for each.
"""

from skknn_syndrome.metrics.calibration.proper_scores import (
    multiclass_brier_score,
    multiclass_log_loss,
    zero_probability_share,
)
from skknn_syndrome.metrics.calibration.reliability import (
    ReliabilityCurve,
    expected_calibration_error,
    maximum_calibration_error,
    reliability_curve,
)

__all__ = [
    "ReliabilityCurve",
    "expected_calibration_error",
    "maximum_calibration_error",
    "multiclass_brier_score",
    "multiclass_log_loss",
    "reliability_curve",
    "zero_probability_share",
]
