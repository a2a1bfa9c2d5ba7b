"""The threshold of two classes with the highest Youden index."""

from skknn_syndrome._typing import BoolArray, LabelArray
from skknn_syndrome.metrics.roc import threshold_sweep


def youden_threshold(positive: BoolArray, scores: LabelArray) -> float:
    r"""Return the score from which on to call the positive class for the highest Youden's index [1]_.

    .. math:: J(t) = \mathrm{sensitivity}(t) + \mathrm{specificity}(t) - 1

    Parameters
    ----------
    positive : ndarray of bool, shape (n_images,)
        With both classes.
    scores : ndarray of shape (n_images,)
        Higher for the positive class; those of positives finite.

    Returns
    -------
    float
        Half-way between the lowest score that is called and the next lower one, or the former where no number
        lies between; of equally good thresholds the highest. Where nothing is better than calling none or
        all, all are called.

    References
    ----------
    .. [1] W. J. Youden, "Index for rating diagnostic tests", Cancer 3(1), 1950.
       doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3

    Examples
    --------
    >>> import numpy as np
    >>> youden_threshold(np.array([True, True, False, False]), np.array([0.9, 0.6, 0.4, 0.1]))
    0.5
    """
    false, true, thresholds = threshold_sweep(positive, scores)
    # Counts of both classes over one denominator: exact, so that ties are ties.
    index = true * false[-1] - false * true[-1]
    place = int(index.argmax()) if index.max() > 0 else len(thresholds) - 1
    lowest, below = (float(thresholds[min(at, len(thresholds) - 1)]) for at in (place, place + 1))
    between = lowest / 2 + below / 2  # the sum of the largest numbers is infinite
    return between if below < between < lowest else lowest
