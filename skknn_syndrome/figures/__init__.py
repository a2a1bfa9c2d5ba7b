"""Figures: typed results in, pictures out; nothing is computed but where a mark goes."""

from skknn_syndrome.figures.collection import write_figures
from skknn_syndrome.figures.saving import FigureFile, save_figure

__all__ = ["FigureFile", "save_figure", "write_figures"]
