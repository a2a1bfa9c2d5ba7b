"""Numbers, intervals and p-values as prose has them."""

from skknn_syndrome.display.table import MISSING
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.wording import counted


class Markdown(str):
    """Text that is Markdown already and needs no escape."""

    __slots__ = ()


def number(value: float | None, decimals: int = 3) -> Markdown:
    """Return a number with fixed decimals and a true minus sign.

    Examples
    --------
    >>> number(0.12345), number(0.12345, 1), number(-0.0001)
    ('0.123', '0.1', '0.000')
    """
    return Markdown(MISSING if value is None else _minus(f"{_rounded(value, decimals):.{decimals}f}"))


def signed(value: float, decimals: int = 3) -> Markdown:
    """Return a number that shows its sign."""
    return Markdown(_minus(f"{_rounded(value, decimals):+.{decimals}f}"))


def interval_text(found: MeanInterval, decimals: int = 3) -> Markdown:
    """Return an interval as prose has it.

    Examples
    --------
    >>> interval_text(MeanInterval(estimate=0.1, low=0.05, high=0.25, unit="subjects", n_units=9))
    '95 % confidence interval 0.050 to 0.250'
    >>> interval_text(MeanInterval(estimate=0.1, low=None, high=None, unit="subjects", n_units=1))
    'without a confidence interval, for the subjects do not vary'
    """
    if found.low is None:
        return Markdown(f"without a confidence interval, for the {found.unit} do not vary")
    low, high = number(found.low, decimals), number(found.high, decimals)
    return Markdown(f"{100 * found.confidence:.0f} % confidence interval {low} to {high}")


def with_ends(estimate: float | None, low: float | None, high: float | None, decimals: int = 3) -> str:
    """Return a figure with the ends of its interval, for a cell of a table.

    Examples
    --------
    >>> with_ends(0.5, 0.41, 0.6), with_ends(1.0, None, None)
    ('0.500 (0.410 to 0.600)', '1.000')
    """
    if low is None or high is None:
        return str(number(estimate, decimals))
    return f"{number(estimate, decimals)} ({number(low, decimals)} to {number(high, decimals)})"


def _rounded(value: float, decimals: int) -> float:
    # What rounds to zero has no sign: adding 0.0 makes -0.0 positive.
    return round(value, decimals) + 0.0


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def percent(value: float | None) -> Markdown:
    """Return a share as a percentage."""
    return Markdown(MISSING if value is None else f"{100 * value:.1f} %")


def count(value: int) -> Markdown:
    """Return a whole number with its thousands apart."""
    return Markdown(f"{value:,}")


def count_of(number: int, noun: str) -> Markdown:
    """Return a whole number with its noun: ``<< 2 | count_of("fold") >>`` is "2 folds"."""
    return Markdown(counted(number, noun))


def adjusted(value: float | None) -> Markdown:
    """Return an adjusted p-value; where nothing differs in any fold there is none."""
    return Markdown("no difference in any fold") if value is None else p(value)


def p(value: float) -> Markdown:
    """Return a p-value as papers print it.

    Examples
    --------
    >>> p(0.0412), p(1e-9)
    ('p = 0.041', 'p < 0.001')
    """
    # Markdown takes "<" for itself only where a tag could begin; a space follows here.
    return Markdown(f"p = {value:.3f}" if value >= SMALLEST_P else f"p < {SMALLEST_P}")
