"""Columns left unread: row indexes, and those that may hold subject ids."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from skknn_syndrome.data.column_names import likely_column, names_images, names_measure, names_subjects
from skknn_syndrome.data.identities import is_missing, mostly_repeated
from skknn_syndrome.errors import quote
from skknn_syndrome.results.audit import listed

_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.*|\d{1,2}[/.]\d{1,2}[/.](\d{2}|\d{4})")
_COUNTED = re.compile(r"(.*?)0*(\d{1,9})", re.DOTALL)
_TWO_CLASSES = 2
_MORE_THAN_CLASSES = 1.5
_EXCESS = 0.5
"""Of the way from chance to purity, what the agreement of a subject's labels is at least."""
_CHANCE = 1e-3
_SEVERAL_ROWS = 0.2
"""Of the values within a class, how many come again at least where each class has its own numbers."""


def behave_as_subjects(values: Sequence[object], labels: Sequence[object]) -> bool:
    """Tell whether values come as subject ids do.

    They are more than the classes, and come again. Most rows of one value have one label, in excess of what
    the classes' sizes give by chance; a few labels may differ, as those of one person's lesions do. Or each
    class has its own numbers, from the first to the last. Dates and numbers with decimals are measurements.

    Parameters
    ----------
    values, labels : sequence of object
        Of each row.

    Examples
    --------
    >>> labels = ["a"] * 20 + ["b"] * 20
    >>> behave_as_subjects([str(row // 2) for row in range(40)], labels)
    True
    >>> behave_as_subjects([str(row % 20) for row in range(40)], labels)
    False
    """
    # Looked at once each, for a table may have hundreds of columns whose values come again and again.
    missing = {value for value in {*values, *labels} if is_missing(value)}
    known: list[tuple[object, object]] = [
        (value, label)
        for value, label in zip(values, labels, strict=True)
        if value not in missing and label not in missing
    ]
    sizes = Counter(label for _, label in known)
    different = {value for value, _ in known}
    few = len(sizes) < _TWO_CLASSES or len(different) < _MORE_THAN_CLASSES * len(sizes)
    if few or len(different) == len(known) or any(map(is_measured, different)):
        return False
    return _agree_on_labels(known, sizes) or _numbered_in_each_class(known, sizes)


def _agree_on_labels(known: Sequence[tuple[object, object]], sizes: Counter[object]) -> bool:
    rows: Counter[object] = Counter()
    alike: Counter[object] = Counter()
    for (value, _), count in Counter(known).items():
        rows[value] += count
        alike[value] += math.comb(count, 2)
    # A mean of values and not of rows, since one value may stand for all that is unknown.
    repeated = [(alike[value], math.comb(count, 2)) for value, count in rows.items() if count > 1]
    agreement = sum(same / pairs for same, pairs in repeated) / len(repeated)
    chance = sum((size / len(known)) ** 2 for size in sizes.values())
    excess = (agreement - chance) / (1 - chance)
    # Hoeffding's bound on the mean of so many agreements.
    return excess >= _EXCESS and math.exp(-len(repeated) * _divergence(agreement, chance)) < _CHANCE


def _divergence(found: float, expected: float) -> float:
    """Return the Kullback-Leibler divergence of two probabilities of yes and no."""
    parts = ((found, expected), (1 - found, 1 - expected))
    return sum(part * math.log(part / other) for part, other in parts if part > 0)


def _numbered_in_each_class(known: Sequence[tuple[object, object]], sizes: Counter[object]) -> bool:
    """Tell numbers without a gap in each class, which so few rows a number would not give by chance."""
    matches = {value: _COUNTED.fullmatch(str(value)) for value in {value for value, _ in known}}
    numbers = {value: int(match[2]) for value, match in matches.items() if match is not None}
    if len(numbers) < len(matches) or len({match[1] for match in matches.values() if match}) > 1:
        return False
    rows_of = Counter((numbers[value], label) for value, label in known)
    numbers_of: dict[object, list[int]] = defaultdict(list)
    for number, label in rows_of:
        numbers_of[label].append(number)
    if any(
        max(numbers) - min(numbers) != len(numbers) - 1 or min(numbers) > 1 for numbers in numbers_of.values()
    ):
        return False
    several = sum(n_rows > 1 for n_rows in rows_of.values())
    chance = math.prod(
        (1 - math.exp(-sizes[label] / len(numbers))) ** len(numbers) for label, numbers in numbers_of.items()
    )
    return several >= _SEVERAL_ROWS * len(rows_of) and chance < _CHANCE


@lru_cache(maxsize=10_000, typed=True)
def is_measured(value: object) -> bool:
    """Tell a date as text, or a number with decimals: a float that is not whole, as text or not.

    Examples
    --------
    >>> is_measured("0.5"), is_measured("2024-01-31"), is_measured("12.0"), is_measured("P7")
    (True, True, False, False)
    """
    if not isinstance(value, (str, float)):
        return False
    if isinstance(value, str) and _DATE.fullmatch(value.strip()):
        return True
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and not number.is_integer()


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
    return values is None or len({value for value in values if not is_missing(value)}) > _YES_AND_NO


def _may_repeat(values: Sequence[object] | None) -> bool:
    """Tell whether values are no measurements, some come again, and they are more than yes and no."""
    if values is None:
        return True
    there = [value for value in values if not is_missing(value)]
    return len({*there}) < len(there) and _tells_apart(there) and not any(map(is_measured, {*there}))


def has_many_rows_an_image(chosen: Mapping[str, str | None], values: ColumnValues) -> bool:
    """Tell whether several rows are of one image, by its name and those of its columns."""
    images = None if chosen["image"] is None else values(chosen["image"])
    if images is None:
        return False
    places = [chosen["syndrome"], chosen["subject"]]
    columns = [held for name in places if name is not None and (held := values(name)) is not None]
    # Arrays of different lengths are refused later. Pictures without a path are not named at all.
    rows = [row for row in zip(*columns, images, strict=False) if row[-1] is not None]
    return mostly_repeated(rows)
