"""Nearest-neighbour classification of image embeddings, in scikit-learn's manner.

Examples
--------
>>> from skknn_syndrome import SyndromeKNNClassifier, make_syndrome_embeddings
>>> data = make_syndrome_embeddings()
>>> model = SyndromeKNNClassifier().fit(data.embeddings, data.syndromes)
>>> model.predict_proba(data.embeddings[:1]).shape
(1, 10)
"""

from typing import TYPE_CHECKING

from skknn_syndrome import metrics
from skknn_syndrome.data import EmbeddingDataset, load_embeddings, make_syndrome_embeddings, save_embeddings
from skknn_syndrome.metrics import scorers
from skknn_syndrome.neighbors import NeighborGraph, SyndromeKNNClassifier
from skknn_syndrome.results import StudyResult
from skknn_syndrome.study import SyndromeKNNClassifierCV, cross_validate_study

if TYPE_CHECKING:
    from skknn_syndrome.rendering import render_report

__version__ = "0.1.0"

__all__ = [
    "EmbeddingDataset",
    "NeighborGraph",
    "StudyResult",
    "SyndromeKNNClassifier",
    "SyndromeKNNClassifierCV",
    "__version__",
    "cross_validate_study",
    "load_embeddings",
    "make_syndrome_embeddings",
    "metrics",
    "render_report",
    "save_embeddings",
    "scorers",
]


def __getattr__(name: str) -> object:
    """Import what is slow to import only when somebody asks for it: reports need matplotlib."""
    if name == "render_report":
        from skknn_syndrome.rendering import render_report  # noqa: PLC0415

        return render_report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
