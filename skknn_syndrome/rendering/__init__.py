"""From a typed result to a report: Quarto by subprocess, or the embedded renderer."""

from skknn_syndrome.rendering.report import RenderedFile, render_report

__all__ = ["RenderedFile", "render_report"]
