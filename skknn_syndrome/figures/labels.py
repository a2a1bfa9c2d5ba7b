"""Names as figures show them."""

from collections.abc import Sequence

from skknn_syndrome.wording import one_line

LONGEST = 24


def short_labels(names: Sequence[str]) -> dict[str, str]:
    """Return each name shortened to one line, no two of them alike.

    Examples
    --------
    >>> short_labels(["a", "x" * 50 + "1", "x" * 50 + "2"])["x" * 50 + "2"]
    'xxxxxxxxxxxxxxxxxxx… (2)'
    """
    shown: dict[str, str] = {}
    for name in sorted(names):
        label = one_line(name, longest=LONGEST)
        number = 1
        while label in shown.values():
            number += 1
            label = f"{one_line(name, longest=LONGEST - 4)} ({number})"
        shown[name] = label
    return shown
