"""All candidates of a grid on all splits at once, from one neighbour graph."""

from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.grid import score_grid

__all__ = ["engine_depth", "score_grid"]
