"""Mean ROC curves over folds, as results keep them."""

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.roc import MeanRocCurve
from skknn_syndrome.results.roc_curve import RocCurve

GRID_POINTS = 101
"""False positive rates at which curves are averaged."""


def typed_curve(curve: MeanRocCurve) -> RocCurve:
    """Return a mean curve as typed results keep it."""

    # Four decimals are a hundredth of what a plot can show, and keep the file small.
    def rounded(rates: Float64Array) -> tuple[float, ...]:
        return tuple(round(float(rate), 4) for rate in rates)

    return RocCurve(
        false_positive_rate=rounded(curve.fpr),
        true_positive_rate=rounded(curve.tpr),
        true_positive_rate_std=rounded(curve.tpr_std),
        mean_auc=curve.auc,
        std_auc=curve.auc_std,
        n_folds=curve.n_curves,
    )
