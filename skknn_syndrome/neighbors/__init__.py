"""Nearest neighbours: exact distances, the search, the graph, votes and the classifier."""

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["MultilabelKNNClassifier", "NeighborGraph", "SyndromeKNNClassifier"]

if TYPE_CHECKING:
    from skknn_syndrome.neighbors.classifier import SyndromeKNNClassifier
    from skknn_syndrome.neighbors.graph import NeighborGraph
    from skknn_syndrome.neighbors.multilabel import MultilabelKNNClassifier
else:
    # Type checkers must not see this: with it, they would take any misspelt name for an object.
    def __getattr__(name: str) -> object:
        """Import the classifier or the graph when it is asked for: only the first needs scikit-learn."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


_HOMES = {
    "MultilabelKNNClassifier": "multilabel",
    "NeighborGraph": "graph",
    "SyndromeKNNClassifier": "classifier",
}
