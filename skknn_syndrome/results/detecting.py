"""What the share of unknown images that are flagged comes to."""

from typing import Literal, TypeAlias

from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.verdicts import CAUGHT_HALF

DetectionVerdict: TypeAlias = Literal["mostly unnoticed", "mostly noticed", "inconclusive"]


def detection_verdict(detected: MeanInterval | None) -> DetectionVerdict | None:
    """Tell whether the interval over classes of the share that is flagged lies below or above a half.

    Returns
    -------
    {"mostly unnoticed", "mostly noticed", "inconclusive"} or None
        None without an interval.

    Examples
    --------
    >>> detection_verdict(MeanInterval(estimate=0.3, low=0.2, high=0.4, unit="syndromes", n_units=9))
    'mostly unnoticed'
    """
    if detected is None or detected.low is None or detected.high is None:
        return None
    if detected.high < CAUGHT_HALF:
        return "mostly unnoticed"
    return "mostly noticed" if detected.low > CAUGHT_HALF else "inconclusive"
