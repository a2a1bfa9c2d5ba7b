"""Exact neighbours of galleries larger than memory: tile by tile, as Dask tasks on one machine or many."""

from skknn_syndrome.neighbors.distributed.building import distributed_neighbors, store_neighbors
from skknn_syndrome.neighbors.distributed.sources import MissingExtraError

__all__ = ["MissingExtraError", "distributed_neighbors", "store_neighbors"]
