"""What a report can be rendered to, by what, and what came of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

Format: TypeAlias = Literal["html", "pdf", "docx"]
"""A file for the browser, for paper, or for a word processor."""

Engine: TypeAlias = Literal["auto", "quarto", "embedded"]
"""Which renderer to use; ``"auto"`` takes Quarto where it is found."""


@dataclass(frozen=True)
class RenderedFile:
    """A file of a report."""

    format: Format
    path: Path
    engine: Literal["quarto", "embedded"]
    engine_version: str
    """Of Quarto, or of the programs within the embedded renderer."""
    seconds: float
    """How long this format took."""
