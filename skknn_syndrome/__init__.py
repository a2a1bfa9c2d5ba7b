"""Nearest-neighbour classification of image embeddings, in scikit-learn's manner.

Examples
--------
>>> from skknn_syndrome import SyndromeKNNClassifier, make_syndrome_embeddings
>>> data = make_syndrome_embeddings()
>>> model = SyndromeKNNClassifier().fit(data.embeddings, data.syndromes)
>>> model.predict_proba(data.embeddings[:1]).shape
(1, 10)
"""

from importlib import import_module
from typing import TYPE_CHECKING

from skknn_syndrome._accessors import register_accessor

__version__ = "0.1.0"

__all__ = [
    "DistanceAlignment",
    "DistanceGuidedProjection",
    "EmbeddingDataset",
    "ImageEmbedder",
    "ModelComparison",
    "NeighborGraph",
    "PreprocessingComparison",
    "StudyResult",
    "SyndromeKNNClassifier",
    "SyndromeKNNClassifierCV",
    "SyndromeModel",
    "__version__",
    "compare_distances",
    "compare_models",
    "compare_preprocessing",
    "cross_validate_study",
    "heads",
    "judge_projection",
    "load_embeddings",
    "load_new_cases",
    "make_syndrome_embeddings",
    "metrics",
    "render_case_sheet",
    "render_report",
    "save_embeddings",
    "scorers",
    "study_dataset",
]

if TYPE_CHECKING:
    from skknn_syndrome import heads, metrics
    from skknn_syndrome.analyses.guided_projection.compute import judge_projection
    from skknn_syndrome.analyses.preprocessing.compute import compare_preprocessing
    from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
    from skknn_syndrome.data import (
        EmbeddingDataset,
        load_embeddings,
        load_new_cases,
        make_syndrome_embeddings,
        save_embeddings,
    )
    from skknn_syndrome.embedding.embedder import ImageEmbedder
    from skknn_syndrome.metrics import scorers
    from skknn_syndrome.model import SyndromeModel
    from skknn_syndrome.neighbors import NeighborGraph, SyndromeKNNClassifier
    from skknn_syndrome.preprocessing.guided_projection import DistanceGuidedProjection
    from skknn_syndrome.rendering import render_case_sheet, render_report
    from skknn_syndrome.results.distance_alignment import DistanceAlignment
    from skknn_syndrome.results.model_comparison import ModelComparison
    from skknn_syndrome.results.study import StudyResult
    from skknn_syndrome.study import (
        SyndromeKNNClassifierCV,
        compare_distances,
        compare_models,
        cross_validate_study,
        study_dataset,
    )
else:
    # Type checkers must not see this: with it, they would take any misspelt name for an object.
    def __getattr__(name: str) -> object:
        """Import what a public name needs when it is first asked for: scikit-learn takes seconds."""
        if name in _RENAMED:
            message = f"{name} is called {_RENAMED[name]} now; the old name goes with the next version."
            import_module("warnings").warn(message, FutureWarning, stacklevel=2)
            return __getattr__(_RENAMED[name])
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        home = import_module(_HOMES[name])
        value = home if _HOMES[name].endswith(f".{name}") else getattr(home, name)
        globals()[name] = value
        return value


_HOMES = {
    "PreprocessingComparison": "skknn_syndrome.analyses.preprocessing.result",
    "DistanceAlignment": "skknn_syndrome.results.distance_alignment",
    "DistanceGuidedProjection": "skknn_syndrome.preprocessing.guided_projection",
    "EmbeddingDataset": "skknn_syndrome.data",
    "ImageEmbedder": "skknn_syndrome.embedding.embedder",
    "ModelComparison": "skknn_syndrome.results.model_comparison",
    "NeighborGraph": "skknn_syndrome.neighbors",
    "StudyResult": "skknn_syndrome.results.study",
    "SyndromeKNNClassifier": "skknn_syndrome.neighbors",
    "SyndromeKNNClassifierCV": "skknn_syndrome.study",
    "SyndromeModel": "skknn_syndrome.model",
    "compare_distances": "skknn_syndrome.study",
    "compare_models": "skknn_syndrome.study",
    "compare_preprocessing": "skknn_syndrome.analyses.preprocessing.compute",
    "cross_validate_study": "skknn_syndrome.study",
    "heads": "skknn_syndrome.heads",
    "judge_projection": "skknn_syndrome.analyses.guided_projection.compute",
    "load_embeddings": "skknn_syndrome.data",
    "load_new_cases": "skknn_syndrome.data",
    "make_syndrome_embeddings": "skknn_syndrome.data",
    "metrics": "skknn_syndrome.metrics",
    "render_case_sheet": "skknn_syndrome.rendering",
    "render_report": "skknn_syndrome.rendering",
    "save_embeddings": "skknn_syndrome.data",
    "scorers": "skknn_syndrome.metrics.scorers",
    "study_dataset": "skknn_syndrome.study",
}

register_accessor("plot", "skknn_syndrome.rendering.accessors:Plots")
register_accessor("tables", "skknn_syndrome.rendering.accessors:Tables")

_RENAMED = {"AblationResult": "PreprocessingComparison"}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
