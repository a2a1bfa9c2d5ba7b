"""From a typed result to a report: Quarto by subprocess, or the embedded renderer."""

from skknn_syndrome.rendering.case_sheet import render_case_sheet
from skknn_syndrome.rendering.edited import render_edited
from skknn_syndrome.rendering.report import RenderedFile, render_report

__all__ = ["RenderedFile", "render_case_sheet", "render_edited", "render_report"]
