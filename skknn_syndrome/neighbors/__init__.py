"""Nearest neighbours: exact distances, the search, votes and the classifier."""

from skknn_syndrome.neighbors.classifier import SyndromeKNNClassifier

__all__ = ["SyndromeKNNClassifier"]
