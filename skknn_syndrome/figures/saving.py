"""A figure as PNG and SVG, the same bytes each time."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.text import Text

from skknn_syndrome._files import write_bytes
from skknn_syndrome.figures.lettering import lettering
from skknn_syndrome.figures.style import house_style

DOTS_PER_INCH = 160


@dataclass(frozen=True)
class FigureFile:
    """A figure on disk."""

    name: str
    """Also the stem of its files; never made of anything a user wrote."""
    png: Path
    svg: Path
    alt_text: str
    """One or two sentences from the numbers, for who can't see it."""

    @property
    def file_name(self) -> str:
        """The file that documents show."""
        return self.svg.name


@contextmanager
def _without_talk_of_weights() -> Iterator[None]:
    """Let matplotlib take a font that comes in another weight alone without a line on the terminal."""
    logger = logging.getLogger("matplotlib.font_manager")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def save_figure(figure: Figure, name: str, folder: Path, *, alt_text: str) -> FigureFile:
    """Write a figure as `<name>.png` and `<name>.svg`, whole or not at all, without date or program name."""
    paths = {kind: folder / f"{name}.{kind}" for kind in ("png", "svg")}
    silent = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}
    texts = figure.findobj(Text)
    fallbacks = lettering("".join(text.get_text() for text in texts)).families
    for text in texts:
        text.set_fontfamily([*text.get_fontfamily(), *fallbacks])
    with house_style(fallbacks), _without_talk_of_weights():
        for kind, path in paths.items():
            stream = io.BytesIO()
            figure.savefig(
                stream,
                format=kind,
                dpi=DOTS_PER_INCH,
                metadata=silent[kind],
                bbox_inches="tight",
                pad_inches=0.05,
            )
            write_bytes(path, stream.getvalue())
    return FigureFile(name, paths["png"], paths["svg"], alt_text)
