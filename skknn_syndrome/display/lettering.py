"""Labels as figures show them: fonts that have their letters, and short names."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from anyascii import anyascii
from fontTools.ttLib import TTFont, TTLibError
from matplotlib import font_manager, ft2font

from skknn_syndrome.vocabulary import LONGEST_LABEL, Vocabulary, shortened
from skknn_syndrome.wording import one_line

HOUSE_FONT = "DejaVu Sans"
"""Comes with matplotlib: where it has all letters, a figure is the same on every machine."""
REGULAR = range(350, 550)
"""Weights that pass for plain type."""

_RUN = re.compile(r"[^\x00-\x7f]+")
_NOT_PLAIN = re.compile(r"[^0-9A-Za-z ]+")
# Scripts of South and South-East Asia, whose letters change with their neighbours, as Arabic ones do.
_JOINED = (range(0x0900, 0x0E00), range(0x0F00, 0x10A0), range(0x1780, 0x1800))
_COLOURED = {"CBDT", "COLR", "SVG ", "sbix"}
"""Tables of fonts with coloured letters, in each of the four ways that there are."""
_SHAPES = hasattr(ft2font, "__libraqm_version__")
"""Whether this matplotlib (3.11 and later) joins letters and writes from right to left."""


class Lettering(NamedTuple):
    """What a set of letters is drawn with."""

    families: tuple[str, ...]
    """Fonts that fill in for the house font, none where it has all letters."""
    missing: frozenset[str]
    """Letters that no installed font has."""


def lettering(text: str) -> Lettering:
    """Return the fonts for a text.

    Examples
    --------
    >>> lettering("Müller, ß and ✓")
    Lettering(families=(), missing=frozenset())
    """
    return _search(frozenset(letter for letter in text if not letter.isascii()))


def legible(text: str, *, in_colour: bool = False) -> str:
    """Return a text in which what no installed font can show is spelled in Latin letters.

    Parameters
    ----------
    text : str
    in_colour : bool
        Whether fonts of coloured letters count, which figures can't draw with and a PDF can.

    Returns
    -------
    str
        The text itself where its letters can be shown. A run of others is transliterated, which is no
        translation, and names that differ may become the same; where that says nothing, numbers of Unicode.

    Examples
    --------
    >>> legible("Müller (ß)"), legible("Müller \U000f0000")
    ('Müller (ß)', 'Müller UF0000')
    """
    missing = lettering(text).missing
    if missing and in_colour:
        missing -= _coloured(missing)
    if not missing:
        return text
    return _RUN.sub(lambda run: run[0] if missing.isdisjoint(run[0]) else _in_latin(run[0]), text)


def _in_latin(run: str) -> str:
    # Letters and digits alone, so that it means nothing to Markdown either.
    spelled = " ".join(_NOT_PLAIN.sub(" ", anyascii(run)).split())
    return spelled or " ".join(f"U{ord(letter):04X}" for letter in run)


@cache
def _search(letters: frozenset[str]) -> Lettering:
    """Choose fonts until every letter that some font has is covered, the font with most of them first."""
    undrawable = frozenset() if _SHAPES else frozenset(filter(_needs_shaping, letters))
    missing = letters - undrawable
    missing -= _having(_paths_of(HOUSE_FONT), missing)
    if not missing:
        return Lettering((), undrawable)
    found = _by_family(missing)
    if missing - frozenset().union(*found.values()) and _add_new_fonts():
        found = _by_family(missing)
    families: list[str] = []
    while missing and (best := max(found, key=lambda name: _merit(name, found[name] & missing), default="")):
        if found[best].isdisjoint(missing):
            break
        families.append(best)
        missing -= found[best]
    return Lettering(tuple(families), missing | undrawable)


def _merit(name: str, letters: frozenset[str]) -> tuple[int, bool, int, str]:
    return len(letters), "Sans" in name, -len(name), name


def _needs_shaping(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in {"R", "AL"} or any(ord(letter) in span for span in _JOINED)


def _paths_of(family: str) -> list[str]:
    # Slanted and bold faces of the same family have fewer letters.
    return [
        entry.fname for entry in font_manager.fontManager.ttflist if entry.name == family and _is_plain(entry)
    ][:1]


def _is_plain(entry: font_manager.FontEntry) -> bool:
    return entry.style == "normal" and entry.weight in REGULAR


def _by_family(letters: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return which of the letters each family has that matplotlib knows, in plain upright type."""
    plain = {
        entry.name: entry.fname
        for entry in font_manager.fontManager.ttflist
        # The font of last resort has a box with a code for everything.
        if _is_plain(entry) and "lastresort" not in _joined(entry.name)
    }
    found = {name: _having([path], letters) for name, path in plain.items()}
    return {name: having for name, having in found.items() if having}


def _joined(name: str) -> str:
    return name.replace(" ", "").lower()


def _having(paths: Iterable[str], letters: frozenset[str]) -> frozenset[str]:
    """Return the letters that outlines of one of the fonts exist for."""
    return frozenset(
        letter for face in _faces(paths) for letter in letters if face.get_char_index(ord(letter))
    )


def _faces(paths: Iterable[str]) -> Iterator[ft2font.FT2Font]:
    for path in paths:
        try:
            face = ft2font.FT2Font(path)
        except (OSError, RuntimeError):  # removed since matplotlib made its list, or broken
            continue
        if ft2font.FaceFlags.COLOR not in face.face_flags:
            yield face


@cache
def _new_paths() -> tuple[str, ...]:
    """Return the fonts that matplotlib's own list, which it keeps in a file, does not have."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    return tuple(sorted(set(font_manager.findSystemFonts()) - known))


@cache
def _add_new_fonts() -> bool:
    """Tell matplotlib of fonts that were installed since it made its list."""
    for path in _new_paths():
        try:
            font_manager.fontManager.addfont(path)
        except (OSError, RuntimeError, UnicodeDecodeError):  # of fixed size, as coloured ones are, or broken
            continue
    return bool(_new_paths())


def _coloured(letters: frozenset[str]) -> frozenset[str]:
    """Return the letters that coloured fonts have."""
    return frozenset(
        letter for letter in letters if any(ord(letter) in have for have in _coloured_characters())
    )


@cache
def _coloured_characters() -> tuple[frozenset[int], ...]:
    return tuple(found for path in sorted(font_manager.findSystemFonts()) if (found := _characters(path)))


def _characters(path: str) -> frozenset[int]:
    """Return what a coloured font has letters for; nothing for any other font."""
    try:
        with Path(path).open("rb") as stream, TTFont(stream, lazy=True, fontNumber=0) as font:
            return frozenset(font.getBestCmap() or ()) if _COLOURED & set(font.keys()) else frozenset()
    except (OSError, TTLibError):
        return frozenset()


def as_lettered(spoken: Vocabulary) -> Vocabulary:
    """Return a vocabulary that keeps its names also where figures spell them in Latin letters."""
    return spoken.keeping(map(legible, spoken.kept))


def short_labels(names: Sequence[str]) -> dict[str, str]:
    """Return each name shortened to one line, no two of them alike.

    Examples
    --------
    >>> list(short_labels(["Noonan", "A syndrome with a long name, type 2"]).values())
    ['A syndrome wi…me, type 2', 'Noonan']
    """
    return _distinct({name: name for name in names})


def drawn_labels(names: Sequence[str]) -> dict[str, str]:
    """Return each name as `short_labels` does, in letters that an installed font has.

    Examples
    --------
    >>> drawn_labels(["Sjögren"])
    {'Sjögren': 'Sjögren'}
    """
    return _distinct({name: legible(name) for name in names})


def _distinct(written: Mapping[str, str]) -> dict[str, str]:
    shown: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(written):
        label, number = _shortened(written[name]), 1
        while label in taken:
            number += 1
            label = f"{_shortened(written[name])} ({number})"
        taken.add(label)
        shown[name] = label
    return shown


def _shortened(name: str) -> str:
    return one_line(next(iter(shortened(name)), name), longest=LONGEST_LABEL)
