"""What is done to embeddings before neighbours are looked for: scaling, and resampling in training parts."""

from skknn_syndrome.preprocessing.resampling import (
    CentroidBalancer,
    GaussianNoiseOverSampler,
    MixupOverSampler,
    MoreRows,
    make_resampler,
    refuse_parted_subjects,
    subjects_of_rows,
)
from skknn_syndrome.preprocessing.scaling import make_scaler

__all__ = [
    "CentroidBalancer",
    "GaussianNoiseOverSampler",
    "MixupOverSampler",
    "MoreRows",
    "make_resampler",
    "make_scaler",
    "refuse_parted_subjects",
    "subjects_of_rows",
]
