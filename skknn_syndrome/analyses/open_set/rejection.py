"""Rejection curves: how often predictions are right as ever more images are rejected."""

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, LabelArray
from skknn_syndrome.analyses.open_set.result import RejectionCurve, RejectionEffect, RejectionPoint
from skknn_syndrome.results.intervals import Unit
from skknn_syndrome.results.verdicts import REJECTED_SHARE
from skknn_syndrome.statistics.clustered import clustered_subset_difference

CURVE_STEPS = 20
"""Points of a rejection curve: one for every 5 % of the images."""


def rejection_curve(
    score: Float64Array, wrong: BoolArray, units: LabelArray | None = None, unit: Unit | None = None
) -> RejectionCurve:
    """Reject ever more of the images, the most novel first, equally novel ones together or not at all.

    Parameters
    ----------
    score : array of shape (n_images,)
        Novelty.
    wrong : array of bool of shape (n_images,)
        Which get a wrong syndrome.
    units, unit
        What is independent, as `skknn_syndrome.statistics.clustered.independent_units` tells it.

    Returns
    -------
    RejectionCurve
        With the effect of rejecting about a fifth: `RejectionCurve.effect`.

    Examples
    --------
    >>> curve = rejection_curve(np.arange(10.0), np.arange(10) > 7)
    >>> effect = curve.effect
    >>> effect.error_of_all, effect.error_of_accepted, effect.verdict
    (0.2, 0.0, 'inconclusive')
    """
    order = np.argsort(score, kind="stable")
    rising, errors = score[order], np.cumsum(wrong[order])
    kept = len(score) - np.arange(CURVE_STEPS) * len(score) // CURVE_STEPS
    thresholds = rising[kept - 1]
    accepted = np.searchsorted(rising, thresholds, side="right")
    points = tuple(
        RejectionPoint(
            threshold=float(threshold),
            rejected_share=float(1 - number / len(score)),
            n_accepted=int(number),
            error=float(errors[number - 1] / number),
        )
        for threshold, number in zip(thresholds, accepted, strict=True)
    )
    point = min(points, key=lambda entry: abs(entry.rejected_share - REJECTED_SHARE))
    effect = RejectionEffect(
        rejected_share=point.rejected_share,
        error_of_all=points[0].error,
        error_of_accepted=point.error,
        difference=clustered_subset_difference(wrong, score <= point.threshold, units, unit),
    )
    return RejectionCurve(n_predictions=len(score), points=points, effect=effect)
