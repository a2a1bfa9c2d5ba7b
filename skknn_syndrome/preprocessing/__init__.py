"""What is done to embeddings before neighbours are looked for: scaling, and resampling in training parts."""

from skknn_syndrome.preprocessing.by_name import make_resampler, make_scaler
from skknn_syndrome.preprocessing.levels import LevelBalancedClassifier, WithinGroups
from skknn_syndrome.preprocessing.over_sampling import GaussianNoiseOverSampler, MixupOverSampler, MoreRows
from skknn_syndrome.preprocessing.subjects import refuse_parted_subjects, subjects_of_rows
from skknn_syndrome.preprocessing.under_sampling import CentroidBalancer

__all__ = [
    "CentroidBalancer",
    "GaussianNoiseOverSampler",
    "LevelBalancedClassifier",
    "MixupOverSampler",
    "MoreRows",
    "WithinGroups",
    "make_resampler",
    "make_scaler",
    "refuse_parted_subjects",
    "subjects_of_rows",
]
