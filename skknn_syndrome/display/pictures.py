"""Single pictures of figures: PNG at any resolution, SVG with real text, PDF."""

import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.text import Text

from skknn_syndrome._files import write_bytes
from skknn_syndrome.display.lettering import lettering
from skknn_syndrome.display.style import MARGIN, house_style
from skknn_syndrome.errors import ParameterError, meant

SILENT: Mapping[str, Mapping[str, None]] = MappingProxyType(
    {
        "png": {"Software": None},
        "svg": {"Date": None, "Creator": None},
        "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
    }
)
"""What is left out of a picture's metadata, so that the same figure gives the same bytes."""
_REAL_TEXT: Final[Mapping[Any, Any]] = {"svg.fonttype": "none", "pdf.fonttype": 42}
"""Text that Inkscape and Illustrator can edit, in place of outlines."""
HIGHEST_DPI: Final = 2_400


def picture_suffix(path: Path) -> str:
    """Return what a path asks for: "png", "svg" or "pdf".

    Raises
    ------
    ParameterError
        It is none of these.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in SILENT:
        raise ParameterError(
            f"A picture is written as .png, .svg or .pdf, not as {path.name!r}: {meant(suffix, SILENT)}.",
            code="unknown_picture",
            parameter="path",
        )
    return suffix


def scale_fonts(figure: Figure, scale: float) -> None:
    """Multiply the size of all text of a figure.

    Raises
    ------
    ParameterError
        The factor is not above 0.
    """
    if not scale > 0:
        raise ParameterError(
            f"font_scale must be above 0, not {scale!r}.", code="not_positive", parameter="font_scale"
        )
    for text in figure.findobj(Text):
        text.set_fontsize(float(text.get_fontsize()) * scale)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            # Ticks that the layout adds later have the size that the axis says.
            sizes = [float(label.get_fontsize()) for label in axis.get_ticklabels()]
            axis.set_tick_params(labelsize=max(sizes, default=None))


def picture(figure: Figure, kind: str, *, dpi: float, tight: bool = True) -> bytes:
    """Return a figure as the bytes of a picture, without date or program name.

    Parameters
    ----------
    figure : Figure
    kind : {"png", "svg", "pdf"}
        SVG and PDF hold text as text.
    dpi : float
        Dots per inch of a PNG, and of what is rasterised in the others.
    tight : bool
        Cut what is empty at the edges; else the picture has the figure's size.
    """
    if not 0 < dpi <= HIGHEST_DPI:
        raise ParameterError(
            f"dpi must be above 0 and at most {HIGHEST_DPI:,}, not {dpi!r}.",
            code="wrong_dpi",
            parameter="dpi",
        )
    texts = figure.findobj(Text)
    fallbacks = lettering("".join(text.get_text() for text in texts)).families
    for text in texts:
        text.set_fontfamily([*text.get_fontfamily(), *fallbacks])
    stream = io.BytesIO()
    cropped: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": MARGIN} if tight else {}
    with house_style(fallbacks):
        mpl.rcParams.update(_REAL_TEXT)
        with _layout_that_fits(figure):
            figure.savefig(stream, format=kind, dpi=dpi, metadata=SILENT[kind], **cropped)
    return stream.getvalue()


@contextmanager
def _layout_that_fits(figure: Figure) -> Iterator[None]:
    """Refuse a size that has no room for the text around the panels, of which matplotlib only warns."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="constrained_layout not applied")
        try:
            yield
        except UserWarning:
            width, height = figure.get_size_inches()
            raise ParameterError(
                f"{width:g} by {height:g} inches have no room for the figure: make it larger, or its text "
                "smaller with font_scale.",
                code="too_small",
                parameter="size",
            ) from None


def save_picture(figure: Figure, path: Path, *, dpi: float, tight: bool = True) -> None:
    """Write a figure as the picture that its path's suffix asks for, whole or not at all."""
    write_bytes(path, picture(figure, picture_suffix(path), dpi=dpi, tight=tight))
