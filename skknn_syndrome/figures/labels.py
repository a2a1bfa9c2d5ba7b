"""Names as figures show them."""

from collections.abc import Mapping, Sequence

from skknn_syndrome.figures.lettering import legible
from skknn_syndrome.wording import one_line

LONGEST = 24
TAIL = 10
"""Characters kept of a long name's end: names often differ there."""


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
    if len(name) <= LONGEST:
        return one_line(name, longest=LONGEST)
    head, tail = name[: LONGEST - TAIL - 1], name[-TAIL:]
    return one_line(f"{head}\N{HORIZONTAL ELLIPSIS}{tail}", longest=LONGEST)
