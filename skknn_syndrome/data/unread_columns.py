"""Columns that are left unread: which of them count the rows, and which may hold subject ids."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from skknn_syndrome.data.column_names import likely_column, names_measure, names_subjects
from skknn_syndrome.errors import quote

ColumnValues: TypeAlias = Callable[[str], Sequence[object] | None]
"""Gives the values of a column, in the rows' order, or None where they are not ids of any kind."""

_NAMELESS = re.compile(r"|Unnamed: 0(\.\d+)?|__index_level_\d+__|level_0")
_INDEX_NAMES = frozenset({"index", "idx", "row", "row_id", "rowid", "row_number"})
_MANY_PER_CLASS = 4
_YES_AND_NO = 2
_PURE = 0.9
_CHANCE = 1e-3


@dataclass(frozen=True)
class SubjectColumn:
    """A column that is left unread although it seems to hold subject ids."""

    name: str
    reason: str
    """Why it seems so; no value is quoted."""

    @property
    def problem(self) -> str:
        """What is wrong with leaving it unread."""
        return (
            f"the column {quote(self.name)} is left unread, but looks like subject ids ({self.reason}): "
            "folds by image would put images of one person into training and test part"
        )


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
    return name.casefold() in _INDEX_NAMES and _counts_up(values(name))


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
        The most telling name, such as "patient_id", before one whose values tell: they repeat within classes,
        seldom across them, and are many more than the classes.

    Examples
    --------
    >>> find_subject_column(["split", "PatientID"], None, lambda name: None)
    SubjectColumn(name='PatientID', reason='by its name')
    """
    named = [name for name in names if names_subjects(name) and _tells_apart(values(name))]
    likely = likely_column("subject", named)
    if likely is not None:
        return SubjectColumn(likely, "by its name")
    for name in names if labels is not None else ():
        held = None if names_measure(name) else values(name)
        if held is None or labels is None or len(held) != len(labels):
            continue
        if repeat_within_classes(held, labels):
            n_values = len({*held})
            reason = f"its {n_values:,} values repeat within classes and hardly ever across them"
            return SubjectColumn(name, reason)
    return None


def _tells_apart(values: Sequence[object] | None) -> bool:
    """Tell whether a column holds more than yes and no, or can't be looked at."""
    return values is None or len({value for value in values if not _is_blank(value)}) > _YES_AND_NO


def repeat_within_classes(values: Sequence[object], labels: Sequence[object]) -> bool:
    """Tell whether values behave as subject ids do: many more than classes, and each kept to one class.

    A subject's images have one label. Of values that come more than once, nearly all must therefore lie in
    one class, in excess of what the classes' sizes give by chance, and more often than chance allows.
    Numbers with decimals are measurements.

    Examples
    --------
    >>> labels = ["a"] * 20 + ["b"] * 20
    >>> repeat_within_classes([str(row // 2) for row in range(40)], labels)
    True
    >>> repeat_within_classes([str(row % 20) for row in range(40)], labels)
    False
    """
    classes_of: dict[object, Counter[object]] = defaultdict(Counter)
    sizes: Counter[object] = Counter()
    for value, label in zip(values, labels, strict=True):
        if _is_measured(value):
            return False
        if not (_is_blank(value) or _is_blank(label)):
            classes_of[value][label] += 1
            sizes[label] += 1
    repeated = [counts for counts in classes_of.values() if counts.total() > 1]
    if len(classes_of) < _MANY_PER_CLASS * len(sizes) or not repeated:
        return False
    pure = sum(len(counts) == 1 for counts in repeated)
    chance = sum((size / sizes.total()) ** 2 for size in sizes.values())
    return pure / len(repeated) - chance >= _PURE * (1 - chance) and chance**pure < _CHANCE


def _is_blank(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, float) and math.isnan(value))


def _is_measured(value: object) -> bool:
    """Tell a number with decimals: a float that is not whole, as text or not."""
    if not isinstance(value, (str, float)):
        return False
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and not number.is_integer()
