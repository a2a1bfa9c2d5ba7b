"""One-vs-rest areas under the ROC curve, of many candidates, classes and segments at once."""

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.batch.blocks import Block
from skknn_syndrome.metrics.batch.dense import twice_won
from skknn_syndrome.metrics.batch.sparse import twice_won_of_few


def mean_areas(block: Block) -> Float64Array:
    r"""Macro mean of the one-vs-rest areas.

    The area of a class with P positives and N negatives is the Mann-Whitney statistic [1]_ [2]_,

    .. math:: \frac{\#\{p > n\} + \frac{1}{2} \#\{p = n\}}{P N},

    over all pairs of a positive's score p and a negative's n.

    Parameters
    ----------
    block : Block
        Candidates and segments.

    Returns
    -------
    ndarray of shape (n_candidates, n_segments)
        The mean over the known classes with both positives and negatives; NaN where there is none.

    References
    ----------
    .. [1] Hanley, J. A. & McNeil, B. J. (1982). The meaning and use of the area under a receiver operating
       characteristic (ROC) curve. Radiology, 143(1), 29-36. https://doi.org/10.1148/radiology.143.1.7063747
    .. [2] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters, 27(8), 861-874.
       https://doi.org/10.1016/j.patrec.2005.10.010

    Examples
    --------
    >>> import numpy as np
    >>> from skknn_syndrome.metrics.batch.blocks import blocks
    >>> probabilities = np.array([[[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]]])
    >>> (block,) = blocks(probabilities, np.array([0, 0, 1, 1]), np.array([0]), np.ones((1, 2), np.bool_))
    >>> mean_areas(block)
    array([[0.75]])
    """
    n_pairs = block.true * (block.lengths[:, None] - block.true)
    defined = (n_pairs > 0) & block.known
    n_defined = defined.sum(axis=1)
    total = np.zeros((len(block.probabilities), len(block.lengths)))
    for classes, keys in block.class_parts():
        twice = twice_won_of_few(keys, block, classes)
        if twice is None:
            positive = np.arange(classes.start, classes.stop)[:, None] == block.truth
            twice = twice_won(keys, positive, block.lengths)
        areas = np.zeros(twice.shape)
        np.divide(twice, 2 * n_pairs.T[classes, None], where=defined.T[classes, None], out=areas)
        total += areas.sum(axis=0)
    means = np.full(total.shape, np.nan)
    np.divide(total, n_defined, where=n_defined > 0, out=means)
    return means
