"""Image ids that come again, as ids: a habit of numbering, or a slip."""

from collections import Counter
from collections.abc import Hashable, Sequence

from skknn_syndrome.data.ids import MAX_ID_LENGTH

_HABIT = 0.5
_SLIP = 0.05


def mostly_repeated(ids: Sequence[Hashable]) -> bool:
    """Tell whether half of the rows at least have an id that comes again: a habit, and not a slip.

    Examples
    --------
    >>> mostly_repeated(["1", "2", "1", "2", "3"]), mostly_repeated(["1", "2", "3", "4", "1"])
    (True, False)
    """
    return bool(ids) and _repeated(ids) >= _HABIT


def ids_by_place(
    images: Sequence[str], subjects: Sequence[str] | None, syndromes: Sequence[str]
) -> list[str] | None:
    """Return image ids that were numbered anew for each subject, or syndrome, with their place before them.

    Parameters
    ----------
    images, subjects, syndromes : sequence of str
        Ids of each row; None for subjects that are not known.

    Returns
    -------
    list of str or None
        None unless most ids come again, and hardly any comes again in the same place.

    Examples
    --------
    >>> ids_by_place(["1", "2", "1"], ["s", "s", "t"], ["a", "a", "a"])
    ['s/1', 's/2', 't/1']
    >>> ids_by_place(["1", "1"], ["s", "s"], ["a", "a"])
    """
    if not mostly_repeated(images):
        return None
    inner = [] if subjects is None else [subjects]
    for place in (inner, [syndromes, *inner]) if inner else ([syndromes],):
        parts = [*zip(*place, images, strict=True)]
        names = ["/".join(part) for part in parts]
        if _repeated(parts) <= _SLIP and len({*names}) == len({*parts}):
            return names if max(map(len, names)) <= MAX_ID_LENGTH else None
    return None


def _repeated(ids: Sequence[Hashable]) -> float:
    return sum(number for number in Counter(ids).values() if number > 1) / len(ids)
