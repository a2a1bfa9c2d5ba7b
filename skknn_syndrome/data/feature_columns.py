"""Numbered feature columns: a prefix and a number, and one value of a vector each."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from skknn_syndrome.errors import EmbeddingsFileError, quote

_NUMBERED = re.compile(r"(.*?)([0-9]{1,9})", re.DOTALL)
_FIRST = re.compile(r"0*[01]")
_SEVERAL = 3


def usual_prefix(names: Iterable[str]) -> str:
    """Return what most of the names that end in a number have before it; "" if there are none.

    Examples
    --------
    >>> usual_prefix(["e0", "e1", "age", "v2_0"])
    'e'
    """
    return max(prefixes, key=prefixes.__getitem__) if (prefixes := prefixes_of(names)) else ""


def prefixes_of(names: Iterable[str]) -> Counter[str]:
    """Count how many of the names that end in a number have each prefix before it.

    Examples
    --------
    >>> prefixes_of(["e0", "e1", "age", "0"])
    Counter({'e': 2, '': 1})
    """
    return Counter(match[1] for name in names if (match := _NUMBERED.fullmatch(name)))


def with_prefix(names: Sequence[str], prefix: str) -> list[str]:
    """Return the feature columns of a prefix, or of the columns that one of them stands for.

    Parameters
    ----------
    names : sequence of str
        Columns of a table.
    prefix : str
        What the names have before their number. Columns without a prefix are named by their first, such as
        "0", "1" or "000", since an empty prefix is hard to write on a command line.

    Examples
    --------
    >>> with_prefix(["e0", "e1", "age"], "e"), with_prefix(["0", "1", "age"], "0")
    (['e0', 'e1'], ['0', '1'])
    """
    bare = _FIRST.fullmatch(prefix) is not None and prefix in names
    return [name for name in names if is_feature(name, "" if bare else prefix)]


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
        Feature columns of that prefix, one at least.
    prefix : str
        May be empty: then the names are the numbers.

    Returns
    -------
    tuple of str
        Numbered from 0 or from 1, without a gap.

    Raises
    ------
    EmbeddingsFileError
        If a number is missing, or two columns have the same (e1 and e01).

    Examples
    --------
    >>> in_order(["e1", "e10", *(f"e{n}" for n in range(2, 10))], "e")[-2:]
    ('e9', 'e10')
    """
    numbered = sorted((int(name.removeprefix(prefix)), name) for name in names)
    first = min(numbered[0][0], 1)
    for expected, (number, name) in enumerate(numbered, start=first):
        if number > expected:
            missing = quote(f"{prefix}{expected}")
            raise EmbeddingsFileError(
                f"the feature column {missing} is missing before {quote(name)}", code="missing_feature"
            )
        if number < expected:
            raise EmbeddingsFileError(
                f"the feature column {quote(name)} has the number of another; rename one",
                code="repeated_feature",
            )
    return tuple(name for _, name in numbered)


def not_numbered(names: Sequence[str]) -> list[str]:
    """Return the names that are not among several of one prefix: what may hold ids.

    Examples
    --------
    >>> not_numbered(["label", "visit_1", "e0", "e1", "e2"])
    ['label', 'visit_1']
    """
    many = {prefix for prefix, number in prefixes_of(names).items() if number >= _SEVERAL}
    return [name for name in names if not ((match := _NUMBERED.fullmatch(name)) and match[1] in many)]


def named_by(features: Sequence[str]) -> str:
    """Return what `features` has to be for some columns: their prefix, or the first where they have none."""
    prefix = usual_prefix(features)
    return prefix or min(features, key=lambda name: int(name) if name.isdigit() else 0)
