"""Nearest neighbours: exact distances, the search, the graph, votes and the classifier."""

from skknn_syndrome.neighbors.classifier import SyndromeKNNClassifier
from skknn_syndrome.neighbors.graph import NeighborGraph

__all__ = ["NeighborGraph", "SyndromeKNNClassifier"]
