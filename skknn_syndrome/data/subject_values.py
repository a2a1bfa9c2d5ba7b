"""What the values of a column tell: whether they come as subject ids do."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

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
    known: list[tuple[object, object]] = [
        (value, label)
        for value, label in zip(values, labels, strict=True)
        if not (is_blank(value) or is_blank(label))
    ]
    sizes = Counter(label for _, label in known)
    different = {value for value, _ in known}
    few = len(sizes) < _TWO_CLASSES or len(different) < _MORE_THAN_CLASSES * len(sizes)
    if few or len(different) == len(known) or any(map(is_measured, different)):
        return False
    return _agree_on_labels(known, sizes) or _numbered_in_each_class(known, sizes)


def _agree_on_labels(known: Sequence[tuple[object, object]], sizes: Counter[object]) -> bool:
    rows = Counter(value for value, _ in known)
    alike: Counter[object] = Counter()
    for (value, _), count in Counter(known).items():
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
    matches = {value: _COUNTED.fullmatch(str(value)) for value, _ in known}
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


def is_blank(value: object) -> bool:
    """Tell whether a cell holds nothing: None, NaN or white space.

    Examples
    --------
    >>> is_blank(" "), is_blank(float("nan")), is_blank(0)
    (True, True, False)
    """
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, float) and math.isnan(value))


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
