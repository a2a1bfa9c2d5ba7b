"""Near misses of names: blanks, underscores, case, or one wrong letter."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

_FEWEST_LETTERS = 4
"""Of a name that one letter may be wrong in."""
_MOST_LETTERS = 100
_SEPARATORS = re.compile(r"[\s_]+")


def near_misses(
    only_data: Sequence[str], names: Sequence[str], free: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield pairs of names that are perhaps meant to be the same, and are not.

    Parameters
    ----------
    only_data : sequence of str
        Names without a counterpart.
    names : sequence of str
        All that there are on the other side, which may differ by blanks, underscores or case.
    free : sequence of str
        Those of them without a counterpart, which may also differ by one letter.

    Examples
    --------
    >>> list(near_misses(["unio ", "Pina"], ["Unio", "Pinna", "Hyria"], ["Pinna", "Hyria"]))
    [('unio ', 'Unio'), ('Pina', 'Pinna')]
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        alike[_plain(name)].append(name)
    shortened: dict[str, list[str]] = defaultdict(list)
    for name in free:
        for short in _shortened(_plain(name)):
            shortened[short].append(name)
    for name in only_data:
        plain = _plain(name)
        near = alike[plain] or [
            other
            for other in dict.fromkeys(other for short in _shortened(plain) for other in shortened[short])
            if _one_letter_apart(plain, _plain(other))
        ]
        yield from ((name, other) for other in near)


def _plain(name: str) -> str:
    return _SEPARATORS.sub("_", name.strip(" \t_")).casefold()


def _shortened(name: str) -> set[str]:
    """Return a name and what it is without each of its characters: two that share one are nearly alike."""
    if not _FEWEST_LETTERS <= len(name) <= _MOST_LETTERS:
        return set()
    return {name, *(name[:place] + name[place + 1 :] for place in range(len(name)))}


def _one_letter_apart(first: str, second: str) -> bool:
    """Tell whether a letter was left out, added or replaced, or two were exchanged; digits tell ids apart."""
    one, other = _without_beginning(first, second)
    one, other = _without_beginning(one[::-1], other[::-1])
    exchanged = len(one) == len("ab") and one == other[::-1]
    return (exchanged or max(len(one), len(other)) == 1) and not any(map(str.isdigit, one + other))


def _without_beginning(first: str, second: str) -> tuple[str, str]:
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    return first[same:], second[same:]
