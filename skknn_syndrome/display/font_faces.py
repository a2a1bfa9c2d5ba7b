"""Fonts inside SVG files: the letters of a figure, as a WOFF subset of the house font."""

import base64
import io
import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from pathlib import Path
from types import MappingProxyType

from matplotlib import get_data_path

from skknn_syndrome.display.lettering import HOUSE_FONT

FILES: Mapping[str, str] = MappingProxyType({"400": "DejaVuSans.ttf", "700": "DejaVuSans-Bold.ttf"})
"""Of the house font, by weight."""

_TEXT = re.compile(rb"<text ([^>]*)>([^<]*)<")
_PLACE = b"</style>"
_USUAL = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(
    "\N{MINUS SIGN}\N{EN DASH}\N{HORIZONTAL ELLIPSIS}\xb1"
)
"""What nearly all figures are written with: one subset serves them all."""


def with_fonts(svg: bytes) -> bytes:
    """Return an SVG file of matplotlib's, whose type is text, with the letters that it needs.

    Browsers then show it as it was laid out on any machine; a drawing program, which takes no fonts from an
    SVG, lets the text be edited and asks for the installed house font.
    """
    used: dict[str, set[str]] = {weight: set() for weight in FILES}
    for style, text in _TEXT.findall(svg):
        used["700" if b"font-weight: 700" in style else "400"].update(unescape(text.decode()))
    faces = "".join(_face(weight, frozenset(text)) for weight, text in used.items() if text)
    return svg.replace(_PLACE, faces.encode() + _PLACE, 1)


def _face(weight: str, letters: frozenset[str]) -> str:
    woff = base64.b64encode(_subset(FILES[weight], letters | _USUAL)).decode()
    return (
        f"@font-face{{font-family:'{HOUSE_FONT}';font-weight:{weight};"
        f"src:url(data:font/woff;base64,{woff}) format('woff')}}"
    )


@cache
def _subset(name: str, letters: frozenset[str]) -> bytes:
    """Return a font with some letters alone, without hints and ligatures; the same bytes each time."""
    # Half a second that a report which takes over a study's figures does without.
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    options = Options(hinting=False, layout_features=[], name_IDs=[], notdef_outline=True)
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "FFTM"]
    path = Path(get_data_path(), "fonts", "ttf", name)
    with TTFont(path, lazy=True, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=map(ord, letters))
        subsetter.subset(font)
        font.flavor = "woff"
        stream = io.BytesIO()
        font.save(stream)
    return stream.getvalue()
