"""The look of figures, and their files as PNG and SVG, the same bytes each time."""

import io
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from skknn_syndrome._files import write_bytes
from skknn_syndrome.display.font_faces import with_fonts
from skknn_syndrome.display.lettering import HOUSE_FONT, lettering
from skknn_syndrome.vocabulary import in_words, vocabulary

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

INK = "#1f4e79"
"""Of bars and marks where labels say already which class is which."""
FAINT = "#c9c9c9"
"""Of what stands behind for comparison."""
GREY = "#666666"
"""Of what is dotted: chance, edges."""

WIDTH = 5.4
"""Inches. On a telephone of 390 px a figure has two thirds of its size, and type of 10 points 9 px."""
TYPE = 10.0
"""Points of the smallest type."""

RC: Mapping[Any, Any] = MappingProxyType(
    {
        "font.family": [HOUSE_FONT],
        "font.size": TYPE,
        "figure.titlesize": 11.0,
        "figure.titleweight": "bold",
        "axes.titlesize": TYPE,
        "axes.titlelocation": "left",
        "axes.labelsize": TYPE,
        "legend.fontsize": TYPE,
        "xtick.labelsize": TYPE,
        "ytick.labelsize": TYPE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#dddddd",
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "svg.fonttype": "path",  # where a fallback font is needed; else `save_figure` embeds the house font
        "svg.hashsalt": "skknn_syndrome",  # ids in the file are the same each time
        "text.parse_math": False,  # a syndrome called $x$ is called $x$
        "axes.formatter.use_mathtext": False,
        "axes.unicode_minus": True,
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

    Colours repeat after ten names and markers after eleven, so that the first 110 pairs differ. A colour that
    the vocabulary has for a class holds instead.
    """
    chosen = vocabulary().colours
    return {
        name: Mark(
            chosen.get(name, COLOURS[position % len(COLOURS)]),
            MARKERS[position % len(MARKERS)],
            LINES[position % len(LINES)],
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


def title_above(figure: Figure, message: str) -> None:
    """Write what a figure says above it, broken into lines that fit."""
    fits = int(figure.get_figwidth() * POINTS / (LETTER * RC["figure.titlesize"]))
    figure.suptitle(fill(message, fits), x=0.01, ha="left")


class LineEnd(NamedTuple):
    """What a line is called, and where it ends."""

    text: str
    height: float
    """In the unit of the vertical axis, whose limits have to be set."""
    colour: str


def label_ends(axes: Axes, lines: Sequence[LineEnd], tall: float) -> None:
    """Write names of lines at the right, where these end, in place of a legend; no name upon another.

    Parameters
    ----------
    axes : Axes
        With its final limits.
    lines : sequence of LineEnd
    tall : float
        About the height of `axes` in inches.
    """
    low, high = axes.get_ylim()
    gap = 1.25 * TYPE / (POINTS * tall)
    rising = sorted(lines, key=lambda line: line.height)
    places: list[float] = []
    for line in rising:
        wanted = (line.height - low) / (high - low)
        places.append(max(wanted, places[-1] + gap) if places else wanted)
    over = max(0.0, places[-1] - 1) if places else 0.0
    for place, line in zip(places, rising, strict=True):
        axes.annotate(
            line.text,
            (1, place - over),
            xycoords="axes fraction",
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=line.colour,
            annotation_clip=False,
        )


DOTS_PER_INCH = 160
MOST_DOTS = 2400
"""Of a picture, across or down: a larger one has fewer dots an inch."""
MARGIN = 0.05
"""Inches of white around a figure."""
POINTS = 72
"""In an inch."""
LETTER = 0.66
"""Width of bold letters on average, as a part of their size."""

Kind: TypeAlias = Literal["png", "svg"]
KINDS: tuple[Kind, ...] = get_args(Kind)
VECTOR: Final = "svg"
"""What HTML and PDF show."""


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


def figure_file(name: str, folder: Path, alt_text: str) -> FigureFile:
    """Return a figure whose files lie in a folder, or will."""
    return FigureFile(name, folder / f"{name}.png", folder / f"{name}.svg", alt_text)


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


_NEGATIVE = re.compile(r"-(\d[\d.,]*\s?%?)")


def with_minus(text: str) -> str:
    """Return a text that is a negative number with a true minus sign, and any other as it is.

    Examples
    --------
    >>> with_minus("-0.06") == "\N{MINUS SIGN}0.06", with_minus("a-1")
    (True, 'a-1')
    """
    found = _NEGATIVE.fullmatch(text)
    return text if found is None else f"\N{MINUS SIGN}{found[1]}"


def _lay_out(figure: Figure) -> Bbox:
    """Place everything once for all files, each of which would else be laid out anew; return what has ink."""
    figure.set_dpi(DOTS_PER_INCH)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)
    return figure.get_tightbbox().padded(MARGIN)


def put_in_words(figure: Figure) -> list[Text]:
    """Put all texts of a figure into the nouns that are spoken, with true minus signs; return the texts."""
    texts: list[Text] = figure.findobj(Text)
    for text in texts:
        text.set_text(with_minus(in_words(text.get_text())))
    return texts


def save_figure(
    figure: Figure, name: str, folder: Path, *, alt_text: str, kinds: Sequence[Kind] = KINDS
) -> FigureFile:
    """Write a figure as `<name>.png` and `<name>.svg`, whole or not at all, without date or program name.

    Type in an SVG is text in the house font, whose letters it carries; where an installed font has to fill
    in, it is outlines, which need none. No picture has more than `MOST_DOTS` across or down.
    """
    texts = put_in_words(figure)
    fallbacks = lettering("".join(text.get_text() for text in texts)).families
    for text in texts:
        text.set_fontfamily([*text.get_fontfamily(), *fallbacks])
    with house_style(fallbacks), _without_talk_of_weights():
        extent = _lay_out(figure)
        for kind in kinds:
            write_bytes(folder / f"{name}.{kind}", _picture(figure, kind, extent, as_text=not fallbacks))
    return figure_file(name, folder, alt_text)


_SILENT: Mapping[Kind, Mapping[str, None]] = MappingProxyType(
    {"png": MappingProxyType({"Software": None}), "svg": MappingProxyType({"Date": None, "Creator": None})}
)


def _picture(figure: Figure, kind: Kind, extent: Bbox, *, as_text: bool) -> bytes:
    stream = io.BytesIO()
    dots = min(DOTS_PER_INCH, MOST_DOTS / max(extent.width, extent.height))
    with mpl.rc_context({"svg.fonttype": "none" if as_text else "path"}):
        figure.savefig(stream, format=kind, dpi=dots, metadata=dict(_SILENT[kind]), bbox_inches=extent)
    return with_fonts(stream.getvalue()) if kind == "svg" and as_text else stream.getvalue()
