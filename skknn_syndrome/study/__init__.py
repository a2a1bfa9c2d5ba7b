"""Cross-validation through scikit-learn, with a typed result."""

from skknn_syndrome.crossval.classifier_cv import SyndromeKNNClassifierCV
from skknn_syndrome.neighbors.near_duplicates import find_near_duplicates
from skknn_syndrome.study.alignment import compare_distances
from skknn_syndrome.study.cross_validation import cross_validate_study
from skknn_syndrome.study.dataset_study import study_dataset
from skknn_syndrome.study.describing import describe_dataset
from skknn_syndrome.study.judging import TestData
from skknn_syndrome.study.matching_encoders import compare_datasets
from skknn_syndrome.study.model_comparison import compare_models
from skknn_syndrome.study.multilabel_study import study_multilabel
from skknn_syndrome.study.progress import Progress
from skknn_syndrome.study.resuming import KeptParts

__all__ = [
    "KeptParts",
    "Progress",
    "SyndromeKNNClassifierCV",
    "TestData",
    "compare_datasets",
    "compare_distances",
    "compare_models",
    "cross_validate_study",
    "describe_dataset",
    "find_near_duplicates",
    "study_dataset",
    "study_multilabel",
]
