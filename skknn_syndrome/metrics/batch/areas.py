"""Pairs behind one-vs-rest areas under the ROC curve, of many candidates, classes and segments at once."""

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.batch.blocks import Block
from skknn_syndrome.metrics.batch.dense import twice_won
from skknn_syndrome.metrics.batch.sparse import twice_won_of_few


def pairs_of(block: Block) -> tuple[Float64Array, IndexArray]:
    r"""Count the pairs won, and all pairs.

    The area of a class with P positives and N negatives is the Mann-Whitney statistic [1]_ [2]_,

    .. math:: \frac{\#\{p > n\} + \frac{1}{2} \#\{p = n\}}{P N},

    over all pairs of a positive's score p and a negative's n.

    Parameters
    ----------
    block : Block
        Candidates and segments.

    Returns
    -------
    won : ndarray of shape (n_candidates, n_segments, n_classes)
        Pairs in which the positive scores more, a tie counting half.
    all : ndarray of int, shape (n_segments, n_classes)
        P N; 0 for a class that is not known.

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
    >>> pairs_of(block)
    (array([[[3., 3.]]]), array([[4, 4]]))
    """
    n_candidates, (n_segments, n_classes) = len(block.probabilities), block.known.shape
    # By class first, as they are counted: the sum over the classes then runs along whole rows of memory.
    won = np.empty((n_classes, n_candidates, n_segments))
    for classes, keys in block.class_parts():
        twice = twice_won_of_few(keys, block, classes)
        if twice is None:
            positive = np.arange(classes.start, classes.stop)[:, None] == block.truth
            twice = twice_won(keys, positive, block.lengths)
        np.divide(twice, 2, out=won[classes])
    n_pairs: IndexArray = block.true * (block.lengths[:, None] - block.true) * block.known
    return np.moveaxis(won, 0, -1), n_pairs
