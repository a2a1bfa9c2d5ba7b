"""Columns that are left unread: which of them count the rows, and which may hold subject ids."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from skknn_syndrome.data.column_names import (
    likely_column,
    names_images,
    names_measure,
    names_subjects,
)
from skknn_syndrome.data.image_ids import mostly_repeated
from skknn_syndrome.data.subject_values import behave_as_subjects, is_blank, is_measured
from skknn_syndrome.errors import quote
from skknn_syndrome.results.audit import listed

ColumnValues: TypeAlias = Callable[[str], Sequence[object] | None]
"""Gives the values of a column, in the rows' order, or None where they are not ids of any kind."""

_NAMELESS = re.compile(r"|Unnamed: 0(\.\d+)?|__index_level_\d+__|level_0")
INDEX_NAMES = frozenset({"index", "idx", "row", "row_id", "rowid", "row_number"})
"""What a column that counts the rows may be called, in lower case."""
_YES_AND_NO = 2


@dataclass(frozen=True)
class SubjectColumn:
    """A column that is left unread although it seems to hold subject ids."""

    name: str
    reason: str
    """Why it seems so; no value is quoted."""
    by_name: bool
    """Whether its name says so clearly. Otherwise it may as well hold something else."""

    also: tuple[str, ...] = ()
    """Other columns whose values come in the same way."""

    @property
    def problem(self) -> str:
        """What is wrong with leaving it unread."""
        risk = "folds by image would put images of one person into training and test part"
        column = f"the column {quote(self.name)} is left unread, but"
        if self.by_name:
            return f"{column} looks like subject ids ({self.reason}): {risk}"
        also = f"; the same goes for {listed(self.also)}" if self.also else ""
        return f"{column} may hold subject ids ({self.reason}{also}): then {risk}"


def numbers_rows(name: str, values: ColumnValues) -> bool:
    """Tell whether a column is the index that pandas writes beside a table.

    Parameters
    ----------
    name : str
        An index without a name, such as "" or "Unnamed: 0", is one whatever it holds.
    values : callable
        Gives the values: a column called "index" is one if it counts the rows from 0 or 1.

    Examples
    --------
    >>> numbers_rows("", lambda name: None), numbers_rows("index", lambda name: ["0", "1", "2"])
    (True, True)
    >>> numbers_rows("index", lambda name: ["7", "9", "7"])
    False
    """
    if _NAMELESS.fullmatch(name):
        return True
    return name.casefold() in INDEX_NAMES and _counts_up(values(name))


def _counts_up(values: Sequence[object] | None) -> bool:
    texts = [str(value) for value in values or ()]
    return bool(texts) and any(
        all(text == str(number) for number, text in enumerate(texts, start=first)) for first in (0, 1)
    )


def find_subject_column(
    names: Sequence[str], labels: Sequence[object] | None, values: ColumnValues
) -> SubjectColumn | None:
    """Look among columns for one with subject ids.

    Parameters
    ----------
    names : sequence of str
        The columns that would be left unread.
    labels : sequence of object or None
        The class of each row; None if it is not known, and then names alone count.
    values : callable
        Gives the values of a column.

    Returns
    -------
    SubjectColumn or None
        The most telling name, such as "patient_id", before one whose values tell, before one whose name only
        hints at it, such as "patient_alias".

    Examples
    --------
    >>> find_subject_column(["split", "PatientID"], None, lambda name: None)
    SubjectColumn(name='PatientID', reason='by its name', by_name=True, also=())
    """
    named = [name for name in names if names_subjects(name) and _tells_apart(values(name))]
    likely = likely_column("subject", named)
    if likely is not None:
        return SubjectColumn(likely, "by its name", by_name=True)
    told = [] if labels is None else [name for name in names if _told_by_values(name, values, labels)]
    if told:
        n_values = len({*(values(told[0]) or ())})
        reason = f"judged by its {n_values:,} values alone, which repeat within classes"
        return SubjectColumn(told[0], reason, by_name=False, also=(*told[1:],))
    hinting = (name for name in names if names_subjects(name, surely=False) and _may_repeat(values(name)))
    hint = likely_column("subject", hinting)
    return None if hint is None else SubjectColumn(hint, "its name hints at it", by_name=False)


def _told_by_values(name: str, values: ColumnValues, labels: Sequence[object]) -> bool:
    held = None if names_measure(name) else values(name)
    if held is None or len(held) != len(labels):
        return False
    # A file that is listed twice is a slip, where file names tell rows apart.
    if names_images(name) and not mostly_repeated([str(value) for value in held]):
        return False
    return behave_as_subjects(held, labels)


def _tells_apart(values: Sequence[object] | None) -> bool:
    """Tell whether a column holds more than yes and no, or can't be looked at."""
    return values is None or len({value for value in values if not is_blank(value)}) > _YES_AND_NO


def _may_repeat(values: Sequence[object] | None) -> bool:
    """Tell whether values are no measurements, some come again, and they are more than yes and no."""
    if values is None:
        return True
    there = [value for value in values if not is_blank(value)]
    return len({*there}) < len(there) and _tells_apart(there) and not any(map(is_measured, {*there}))
