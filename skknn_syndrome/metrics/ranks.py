"""Rank of the true class among the scores of all classes, with its ties in the open."""

from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray


class TrueClassRanks(NamedTuple):
    """Rank of each sample's true class, 1 being the highest score; ``best <= by_rule <= worst``."""

    best: IndexArray
    """Shape (n_samples,): the rank if every tie is resolved in favour of the true class."""
    by_rule: IndexArray
    """Shape (n_samples,): the rank by scikit-learn's rule, the later of equal classes first."""
    worst: IndexArray
    """Shape (n_samples,): the rank if every tie is resolved against the true class."""


def true_class_ranks(scores: Float64Array, columns: IndexArray) -> TrueClassRanks:
    """Rank the true class of each sample by counting the classes before it.

    Parameters
    ----------
    scores : ndarray of shape (n_samples, n_classes)
        Scores without NaN, higher for likelier classes.
    columns : ndarray of int, shape (n_samples,)
        The column of each sample's true class.

    Returns
    -------
    TrueClassRanks
        Three arrays of shape (n_samples,), equal where the true class ties with no other.

    Examples
    --------
    >>> import numpy as np
    >>> ranks = true_class_ranks(np.array([[0.2, 0.4, 0.2, 0.2]]), np.array([2]))
    >>> ranks.best, ranks.by_rule, ranks.worst
    (array([2]), array([3]), array([4]))
    """
    own = np.take_along_axis(scores, columns[:, None], axis=1)
    later = np.arange(scores.shape[1]) > columns[:, None]
    better = np.count_nonzero(scores > own, axis=1)
    return TrueClassRanks(
        best=better + 1,
        by_rule=better + np.count_nonzero((scores == own) & later, axis=1) + 1,
        worst=np.count_nonzero(scores >= own, axis=1),
    )
