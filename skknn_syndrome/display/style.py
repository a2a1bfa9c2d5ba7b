"""The look of figures, and their files as PNG and SVG, the same bytes each time."""

import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from skknn_syndrome._files import write_bytes
from skknn_syndrome.display.lettering import HOUSE_FONT, lettering

# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), told apart by all common kinds of sight: its
# yellow left out (too pale on white), wine, grey and brown added. Markers and lines differ as well.
COLOURS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#000000",
    "#882255",
    "#7F7F7F",
    "#8C6D1F",
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p", "*")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
METRIC_LINES: Mapping[str, str] = MappingProxyType({"euclidean": "--", "cosine": "-", "manhattan": ":"})
METRIC_COLOURS: Mapping[str, str] = MappingProxyType(
    {"euclidean": COLOURS[1], "cosine": COLOURS[0], "manhattan": COLOURS[2]}
)
OTHER_COLOUR = COLOURS[6]

RC: Mapping[Any, Any] = MappingProxyType(
    {
        "font.family": [HOUSE_FONT],
        "font.size": 10.0,
        "axes.titlesize": 10.5,
        "axes.labelsize": 10.0,
        "legend.fontsize": 9.0,
        "xtick.labelsize": 9.0,
        "ytick.labelsize": 9.0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#dddddd",
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "svg.fonttype": "path",  # a reader needs no font
        "svg.hashsalt": "skknn_syndrome",  # ids in the file are the same each time
        "text.parse_math": False,  # a syndrome called $x$ is called $x$
        "axes.formatter.use_mathtext": False,
    }
)
"""matplotlib's settings while a figure is drawn and saved."""


@dataclass(frozen=True)
class Mark:
    """How one syndrome is drawn."""

    colour: str
    marker: str
    line: Any


def marks(syndromes: Sequence[str]) -> dict[str, Mark]:
    """Return each syndrome's mark, the same for the same set of names in any order.

    Colours repeat after ten names and markers after eleven, so that the first 110 pairs differ.
    """
    return {
        name: Mark(
            COLOURS[position % len(COLOURS)], MARKERS[position % len(MARKERS)], LINES[position % len(LINES)]
        )
        for position, name in enumerate(sorted(syndromes))
    }


@contextmanager
def house_style(fallbacks: Sequence[str] = ()) -> Iterator[None]:
    """Draw and save with the settings of this module, whatever the user's own are.

    Parameters
    ----------
    fallbacks : sequence of str
        Fonts for letters that the house font lacks.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({**RC, "font.family": [HOUSE_FONT, *fallbacks]})
        yield


def panels_of(figure: Figure, n_panels: int, columns: int) -> list[Axes]:
    """Return panels in rows, with values at the ticks of the first column and of the last panel of each.

    Limits are for the caller to set alike. Axes that share them ask each other at every step, so that time
    goes with the square of the panels.
    """
    grid = figure.add_gridspec(max(1, -(-n_panels // columns)), columns)
    panels = [figure.add_subplot(grid[divmod(place, columns)]) for place in range(n_panels)]
    for place, axes in enumerate(panels):
        axes.tick_params(labelleft=place % columns == 0, labelbottom=place + columns >= n_panels)
    return panels


DOTS_PER_INCH = 160
MARGIN = 0.05
"""Inches of white around a figure."""


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


def _lay_out(figure: Figure) -> Bbox:
    """Place everything once for all files, each of which would else be laid out anew; return what has ink."""
    figure.set_dpi(DOTS_PER_INCH)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)
    return figure.get_tightbbox().padded(MARGIN)


def save_figure(figure: Figure, name: str, folder: Path, *, alt_text: str) -> FigureFile:
    """Write a figure as `<name>.png` and `<name>.svg`, whole or not at all, without date or program name."""
    paths = {kind: folder / f"{name}.{kind}" for kind in ("png", "svg")}
    silent = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}
    texts = figure.findobj(Text)
    fallbacks = lettering("".join(text.get_text() for text in texts)).families
    for text in texts:
        text.set_fontfamily([*text.get_fontfamily(), *fallbacks])
    with house_style(fallbacks), _without_talk_of_weights():
        extent = _lay_out(figure)
        for kind, path in paths.items():
            stream = io.BytesIO()
            figure.savefig(stream, format=kind, dpi=DOTS_PER_INCH, metadata=silent[kind], bbox_inches=extent)
            write_bytes(path, stream.getvalue())
    return FigureFile(name, paths["png"], paths["svg"], alt_text)
