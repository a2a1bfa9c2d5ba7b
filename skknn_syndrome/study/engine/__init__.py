"""All candidates of a grid on all splits at once, from one neighbour graph."""

from skknn_syndrome.study.engine.depth import engine_depth
from skknn_syndrome.study.engine.grid import score_grid

__all__ = ["engine_depth", "score_grid"]
