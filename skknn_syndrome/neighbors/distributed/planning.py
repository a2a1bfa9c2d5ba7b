"""What is asked of a search, checked, before any row is read."""

import os
from collections.abc import Sequence
from numbers import Integral

from sklearn.utils import check_scalar

from skknn_syndrome.neighbors.distances import PAIRWISE
from skknn_syndrome.neighbors.distributed.opening import open_source
from skknn_syndrome.neighbors.distributed.tile import Search


def plan_search(
    gallery: str | os.PathLike[str],
    n_neighbors: int,
    *,
    queries: str | os.PathLike[str] | None,
    metrics: Sequence[str],
    features: str | None,
) -> Search:
    """Open the files and refuse what can't be searched.

    Raises
    ------
    EmbeddingsFileError
        If a file can't be read, or holds no embeddings.
    ValueError
        If the two files have vectors of different lengths, a distance is not known, or there are fewer than
        `n_neighbors` rows to find.
    TypeError
        If `n_neighbors` is no integer.
    """
    check_scalar(n_neighbors, "n_neighbors", Integral, min_val=1)
    for metric in metrics:
        if metric not in PAIRWISE:
            raise ValueError(f"There is no distance {metric!r}; take some of {', '.join(PAIRWISE)}.")
    rows = open_source(gallery, features)
    others = None if queries is None else open_source(queries, features)
    if others is not None and others.shape[1] != rows.shape[1]:
        raise ValueError(
            f"The queries have {others.shape[1]} features and the gallery {rows.shape[1]}: "
            "both need the same."
        )
    available = rows.shape[0] - (others is None)
    if n_neighbors > available:
        kind = "other rows" if others is None else "rows"
        raise ValueError(f"n_neighbors is {n_neighbors}, but a query has only {available} {kind} to find.")
    return Search(rows, others, int(n_neighbors), tuple(metrics))
