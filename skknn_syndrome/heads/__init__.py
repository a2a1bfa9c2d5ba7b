"""Classification heads by name: an estimator, its parameter grid, and what it predicts."""

from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import CalibratedClassifier
from skknn_syndrome.heads.calibrated_knn import CalibratedKNNClassifier
from skknn_syndrome.heads.centroid import NearestCentroidClassifier
from skknn_syndrome.heads.lda import CalibratedLDA
from skknn_syndrome.heads.linear_svc import CalibratedLinearSVC
from skknn_syndrome.heads.logistic_regression import CalibratedLogisticRegression
from skknn_syndrome.heads.nca_knn import NCAKNNClassifier
from skknn_syndrome.heads.one_vs_rest import GroupedOneVsRestClassifier
from skknn_syndrome.heads.plda_knn import PLDAKNNClassifier
from skknn_syndrome.heads.pool import PooledClassifier
from skknn_syndrome.heads.random_forest import CalibratedRandomForest
from skknn_syndrome.heads.registry import choose, get, head_of, names, register, unregister
from skknn_syndrome.heads.softmax_knn import SoftmaxKNNClassifier
from skknn_syndrome.heads.svc import CalibratedSVC

__all__ = [
    "CalibratedClassifier",
    "CalibratedKNNClassifier",
    "CalibratedLDA",
    "CalibratedLinearSVC",
    "CalibratedLogisticRegression",
    "CalibratedRandomForest",
    "CalibratedSVC",
    "GroupedOneVsRestClassifier",
    "Head",
    "NCAKNNClassifier",
    "NearestCentroidClassifier",
    "PLDAKNNClassifier",
    "PooledClassifier",
    "SoftmaxKNNClassifier",
    "choose",
    "get",
    "head_of",
    "names",
    "register",
    "unregister",
]
