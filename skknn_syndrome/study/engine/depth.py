"""How long the lists of a graph should be."""

import math
from collections.abc import Sequence

from skknn_syndrome._typing import IndexArray

DEVIATIONS = 5
"""Standard deviations above the mean: one list in thousands is short, and asked again."""


def engine_depth(
    n_neighbors_max: int, splits: Sequence[tuple[IndexArray, IndexArray]], n_rows: int | None = None
) -> int:
    r"""Return a list length at which hardly a row lacks neighbours in any training part.

    If each of the rows near a query is left out of the training part with probability :math:`q`, finding
    :math:`k` that are not takes :math:`k / (1 - q)` on average, with a standard deviation of
    :math:`\sqrt{k q} / (1 - q)` (negative binomial distribution).

    Parameters
    ----------
    n_neighbors_max : int
        The largest k.
    splits : sequence of (train, test)
        Row numbers.
    n_rows : int, optional
        Rows of the graph, where splits leave some out altogether.

    Returns
    -------
    int

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.arange(100)
    >>> engine_depth(15, [(rows[10:], rows[:10])])
    25
    """
    used = min(len(train) / (n_rows or len(train) + len(test)) for train, test in splits)
    q = 1 - used
    return math.ceil((n_neighbors_max + 1 + DEVIATIONS * math.sqrt(n_neighbors_max * q)) / used)
