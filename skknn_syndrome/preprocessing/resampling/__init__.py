"""Samplers in imbalanced-learn's manner, and whose images the rows are that they return."""

from skknn_syndrome.preprocessing.resampling.by_name import make_resampler
from skknn_syndrome.preprocessing.resampling.centroid_balancer import CentroidBalancer
from skknn_syndrome.preprocessing.resampling.gaussian_noise import GaussianNoiseOverSampler
from skknn_syndrome.preprocessing.resampling.mixup import MixupOverSampler
from skknn_syndrome.preprocessing.resampling.more_rows import MoreRows
from skknn_syndrome.preprocessing.resampling.subjects import refuse_parted_subjects, subjects_of_rows

__all__ = [
    "CentroidBalancer",
    "GaussianNoiseOverSampler",
    "MixupOverSampler",
    "MoreRows",
    "make_resampler",
    "refuse_parted_subjects",
    "subjects_of_rows",
]
