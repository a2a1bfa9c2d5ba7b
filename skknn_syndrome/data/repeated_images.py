"""Rows with one image id: numbered anew for each subject, several views of one image, or twice the same."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from skknn_syndrome.data.image_ids import ids_by_place, mostly_repeated
from skknn_syndrome.data.rows import SoundRow
from skknn_syndrome.errors import REPEATED_IMAGES, ColumnsError

_ROUNDING = 1e-4


def average(rows: Sequence[SoundRow]) -> list[SoundRow]:
    """Make one row of all that have the same syndrome, subject and image.

    Parameters
    ----------
    rows : sequence of SoundRow
        With vectors of one length.

    Returns
    -------
    list of SoundRow
        The first of each, with the mean of their vectors, which is taken in double precision.
    """
    groups: dict[tuple[str, str | None, str], list[SoundRow]] = defaultdict(list)
    for row in rows:
        groups[row.syndrome, row.subject, row.image].append(row)
    return [_mean(group) if len(group) > 1 else group[0] for group in groups.values()]


def _mean(rows: Sequence[SoundRow]) -> SoundRow:
    vectors = np.stack([row.vector for row in rows])
    mean = vectors.mean(axis=0, dtype=np.float64).astype(vectors.dtype)
    return replace(rows[0], vector=mean)


def named_by_place(rows: Sequence[SoundRow]) -> list[SoundRow] | None:
    """Return rows with "subject/image" as ids, or None if images are not numbered by subject.

    Rows with one id and one vector are the same picture, listed under several labels or subjects.
    """
    subjects = [row.subject for row in rows if row.subject is not None]
    names = ids_by_place(
        [row.image for row in rows],
        subjects if len(subjects) == len(rows) else None,
        [row.syndrome for row in rows],
    )
    if names is None or _twice_the_same(rows):
        return None
    return [replace(row, image=name) for row, name in zip(rows, names, strict=True)]


def _twice_the_same(rows: Sequence[SoundRow]) -> bool:
    """Tell whether most rows whose image id was there before have the vector it came with."""
    first: dict[str, SoundRow] = {}
    same = sum(_equal(first.setdefault(row.image, row), row) for row in rows) - len(first)
    return 2 * same > len(rows) - len(first)


def _equal(one: SoundRow, other: SoundRow) -> bool:
    # The same picture gives slightly different numbers on another day or device.
    with np.errstate(over="ignore"):
        apart = np.abs(one.vector - other.vector).max()
    return one is other or bool(apart <= _ROUNDING * np.abs(one.vector).max())


def check_single_rows(rows: Sequence[SoundRow]) -> None:
    """Refuse a file in which most images have several rows that differ.

    Raises
    ------
    ColumnsError
        That proposes to average them. Rows that are twice the same are left to the rule for duplicates.
    """
    if not mostly_repeated([row.image for row in rows]):
        return
    first: dict[str, SoundRow] = {}
    differ = sum(not _equal(first.setdefault(row.image, row), row) for row in rows)
    if 2 * differ > len(rows) - len(first):
        problem = (
            f"its {len(rows):,} rows are of {len(first):,} images, and several rows of one image are taken "
            "as their average only if that is asked for"
        )
        raise ColumnsError({REPEATED_IMAGES: problem}, None, average_rows=True)
