"""Names as figures show them."""

from collections.abc import Sequence

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
    shown: dict[str, str] = {}
    for name in sorted(names):
        label, number = _shortened(name), 1
        while label in shown.values():
            number += 1
            label = f"{_shortened(name)} ({number})"
        shown[name] = label
    return shown


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return one_line(name, longest=LONGEST)
    head, tail = name[: LONGEST - TAIL - 1], name[-TAIL:]
    return one_line(f"{head}\N{HORIZONTAL ELLIPSIS}{tail}", longest=LONGEST)
