"""From a typed result to a report: Quarto by subprocess, or the embedded renderer."""

from skknn_syndrome.rendering.edited import render_edited
from skknn_syndrome.rendering.report import RenderedFile, render_report

__all__ = ["RenderedFile", "render_edited", "render_report"]
