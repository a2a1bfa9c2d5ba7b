"""What a search finds."""

from typing import NamedTuple

from skknn_syndrome._typing import Float64Array, IndexArray


class Neighbors(NamedTuple):
    """The nearest rows of each query, ordered by (distance, index)."""

    distances: Float64Array
    """Shape (n_queries, n_neighbors), rising in each row."""
    indices: IndexArray
    """Shape (n_queries, n_neighbors): row numbers of the gallery."""
