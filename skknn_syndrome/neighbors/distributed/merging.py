"""The nearest of what several tiles found."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome.neighbors.neighbors import Neighbors


def merge_neighbors(parts: Sequence[dict[str, Neighbors]], n_neighbors: int) -> dict[str, Neighbors]:
    """Return the nearest of the neighbours that the same queries have in several runs of the gallery.

    Each part holds the nearest of its run, so the nearest of all are among them. What merges may be merged
    again, in any order.

    Parameters
    ----------
    parts : sequence of dict of str to Neighbors
        Of the same queries and distances; no gallery row in two of them.
    n_neighbors : int
        How many to keep; if there are fewer, all of them.

    Returns
    -------
    dict of str to Neighbors
        Ordered by (distance, index).

    Examples
    --------
    >>> near = Neighbors(np.array([[0.0, 2.0]]), np.array([[7, 5]]))
    >>> also = Neighbors(np.array([[1.0, 2.0]]), np.array([[3, 2]]))
    >>> merge_neighbors([{"cosine": near}, {"cosine": also}], 3)["cosine"].indices
    array([[7, 3, 2]])
    """
    return {metric: _nearest([part[metric] for part in parts], n_neighbors) for metric in parts[0]}


def _nearest(parts: Sequence[Neighbors], n_neighbors: int) -> Neighbors:
    distances = np.concatenate([part.distances for part in parts], axis=1)
    indices = np.concatenate([part.indices for part in parts], axis=1)
    order = np.lexsort((indices, distances))[:, :n_neighbors]
    return Neighbors(np.take_along_axis(distances, order, axis=1), np.take_along_axis(indices, order, axis=1))
