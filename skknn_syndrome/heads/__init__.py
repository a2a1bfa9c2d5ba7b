"""Classification heads by name: an estimator, its parameter grid, and what it predicts."""

from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.centroid import NearestCentroidClassifier
from skknn_syndrome.heads.registry import choose, get, head_of, names, register, unregister

__all__ = ["Head", "NearestCentroidClassifier", "choose", "get", "head_of", "names", "register", "unregister"]
