"""Columns that hold one value of a vector each: a prefix and a number."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from skknn_syndrome.errors import EmbeddingsFileError, quote

_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)


def usual_prefix(names: Iterable[str]) -> str:
    """Return what most of the names that end in a number have before it; "" if there are none.

    Examples
    --------
    >>> usual_prefix(["e0", "e1", "age", "v2_0"])
    'e'
    """
    prefixes = Counter(match[1] for name in names if (match := _NUMBERED.fullmatch(name)))
    return prefixes.most_common(1)[0][0] if prefixes else ""


def is_feature(name: str, prefix: str) -> bool:
    """Tell whether a name is the prefix and a number, and nothing else.

    Examples
    --------
    >>> is_feature("e007", "e"), is_feature("em1", "e"), is_feature("e", "e")
    (True, False, False)
    """
    match = _NUMBERED.fullmatch(name.removeprefix(prefix)) if name.startswith(prefix) else None
    return match is not None and not match[1]


def in_order(names: Sequence[str], prefix: str) -> tuple[str, ...]:
    """Sort feature columns by their number; sorted by name, e10 comes before e2.

    Parameters
    ----------
    names : sequence of str
        Feature columns of that prefix.
    prefix : str
        May be empty: then the names are the numbers.

    Returns
    -------
    tuple of str
        Numbered from 0 or from 1, without a gap.

    Raises
    ------
    EmbeddingsFileError
        If there are none, a number is missing, or two columns have the same (e1 and e01).

    Examples
    --------
    >>> in_order(["e1", "e10", *(f"e{n}" for n in range(2, 10))], "e")[-2:]
    ('e9', 'e10')
    """
    if not names:
        raise EmbeddingsFileError(
            "there are no feature columns, such as e0, e1 and so on; name their prefix, as in "
            "columns={'features': 'e'}"
        )
    numbered = sorted((int(name.removeprefix(prefix)), name) for name in names)
    first = min(numbered[0][0], 1)
    for expected, (number, name) in enumerate(numbered, start=first):
        if number > expected:
            missing = quote(f"{prefix}{expected}")
            raise EmbeddingsFileError(f"the feature column {missing} is missing before {quote(name)}")
        if number < expected:
            raise EmbeddingsFileError(
                f"the feature column {quote(name)} has the number of another; rename one"
            )
    return tuple(name for _, name in numbered)
