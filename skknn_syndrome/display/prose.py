"""Numbers, percentages, intervals and p-values as prose has them."""

import math
import re

from skknn_syndrome.display.table import MISSING
from skknn_syndrome.languages import gettext, pgettext, written
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.significance import decimals_of_p
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.wording import counted

NBSP = "\N{NO-BREAK SPACE}"
"""Between a number and what belongs to it, which would else stand on the next line."""
FEWEST_DECIMALS, MOST_DECIMALS = 2, 4
"""Of an estimate that has an interval."""
WHOLE_FROM, WHOLE_TO = 10.0, 99.0
"""Percentages within are written without decimals."""
WHOLE = 100.0
"""Percent of everything."""
MOST_PERCENT_DECIMALS = 2
"""Of percentages that fewer do not tell apart."""
TWO_DECIMALS_FROM = 0.1
"""p-values from here on are written with two decimals."""


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


def decimals_for(low: float | None, high: float | None, estimate: float | None = None) -> int:
    """Return how many decimals an interval is known to: the first digit of its width, two at least.

    There are more where an end would else print as the estimate, or as 0 or 1, without being it, and where
    four tell them apart.

    Examples
    --------
    >>> decimals_for(0.733, 0.794), decimals_for(0.0061, 0.0123), decimals_for(0.1, 0.9)
    (2, 3, 2)
    >>> decimals_for(None, None), decimals_for(0.5, 0.5)
    (3, 3)
    >>> decimals_for(0.94, 0.962, 0.958), decimals_for(0.97, 0.996)
    (3, 3)
    """
    if low is None or high is None or high <= low:
        return 3
    fewest = max(FEWEST_DECIMALS, min(MOST_DECIMALS, math.ceil(-math.log10(high - low))))
    others = (0.0, 1.0) if estimate is None else (0.0, 1.0, estimate)
    return next(
        (
            decimals
            for decimals in range(fewest, MOST_DECIMALS + 1)
            if not any(_merge(end, other, decimals) for end in (low, high) for other in others)
        ),
        fewest,
    )


def _merge(end: float, other: float, decimals: int) -> bool:
    """Return whether two numbers that differ print as the same one."""
    return end != other and round(end, decimals) == round(other, decimals)


def to_width(value: float | None, low: float | None, high: float | None) -> Markdown:
    """Return an estimate with the decimals that its interval is known to.

    Examples
    --------
    >>> to_width(0.7641, 0.733, 0.794), to_width(0.7641, None, None)
    ('0.76', '0.764')
    """
    return number(value, decimals_for(low, high, value))


def signed_to_width(value: float, low: float | None, high: float | None) -> Markdown:
    """Return a difference likewise, with its sign."""
    return signed(value, decimals_for(low, high, value))


def span(low: float, high: float, estimate: float | None = None) -> Markdown:
    """Return the ends of an interval, with the decimals of the estimate that stands before it.

    Examples
    --------
    >>> span(0.733, 0.794), span(0.94, 0.962, 0.958)
    ('0.73 to 0.79', '0.940 to 0.962')
    """
    decimals = decimals_for(low, high, estimate)
    return ends(low, high, decimals)


def ends(low: float, high: float, decimals: int) -> Markdown:
    """Return the ends of an interval with fixed decimals."""
    return Markdown(_from_to(number(low, decimals), number(high, decimals)))


def _from_to(low: str, high: str) -> str:
    return pgettext("interval", "%(low)s to %(high)s") % {"low": low, "high": high}


def signed_span(low: float, high: float, estimate: float | None = None) -> Markdown:
    """Return the ends of an interval of differences, with their signs."""
    decimals = decimals_for(low, high, estimate)
    return Markdown(_from_to(signed(low, decimals), signed(high, decimals)))


def percent_span(low: float, high: float, *beside: float | None) -> Markdown:
    """Return the ends of an interval of shares, with decimals that tell them from what stands beside them.

    Examples
    --------
    >>> [percent_span(*ends).replace(NBSP, " ") for ends in ((0.762, 0.815), (0.941, 0.964, 0.958))]
    ['76 to 82 %', '94.1 to 96.4 %']
    >>> percent_span(0.9996, 0.9999).replace(NBSP, " ")
    '99.96 to 99.99 %'
    """
    decimals = _percent_decimals(low, high, *beside)
    first, last = (percent(end, decimals).removesuffix(f"{NBSP}%") for end in (low, high))
    return Markdown(f"{first if first == last else _from_to(first, last)}{NBSP}%")


def percent_to_width(value: float, *beside: float | None) -> Markdown:
    """Return a share with the decimals that tell it from the ends of its interval, and from a threshold.

    Examples
    --------
    >>> [percent_to_width(0.958, 0.94, high).replace(NBSP, " ") for high in (0.97, 0.962)]
    ['96 %', '95.8 %']
    >>> [percent_to_width(share, None, 0.6).replace(NBSP, " ") for share in (0.55, 0.598, 0.6)]
    ['55 %', '59.8 %', '60 %']
    """
    return percent(value, _percent_decimals(value, *beside))


def _percent_decimals(*shares: float | None) -> int | None:
    """Return the decimals from which on shares that differ print differently; None where usual ones do."""
    found = {share for share in shares if share is not None}
    usual: tuple[int | None, ...] = (None, *range(1, MOST_PERCENT_DECIMALS))
    return next(
        (decimals for decimals in usual if len({percent(share, decimals) for share in found}) == len(found)),
        MOST_PERCENT_DECIMALS,
    )


def interval_text(found: MeanInterval) -> Markdown:
    """Return an interval as prose has it.

    Examples
    --------
    >>> interval_text(MeanInterval(estimate=0.1, low=0.05, high=0.25, unit="subjects", n_units=9))
    '95 % confidence interval 0.05 to 0.25'
    >>> interval_text(MeanInterval(estimate=0.1, low=None, high=None, unit="subjects", n_units=1))
    'without a confidence interval, for the subjects do not vary'
    """
    if found.low is None or found.high is None:
        return Markdown(f"without a confidence interval, for the {found.unit} do not vary")
    return Markdown(
        f"{100 * found.confidence:.0f} % confidence interval {span(found.low, found.high, found.estimate)}"
    )


def with_ends(estimate: float | None, low: float | None, high: float | None) -> str:
    """Return a figure with the ends of its interval, for a cell of a table.

    Examples
    --------
    >>> with_ends(0.5, 0.41, 0.6), with_ends(1.0, None, None)
    ('0.50 (0.41 to 0.60)', '1.000')
    """
    if low is None or high is None:
        return str(number(estimate))
    return f"{to_width(estimate, low, high)} ({span(low, high, estimate)})"


def _rounded(value: float, decimals: int) -> float:
    # What rounds to zero has no sign: adding 0.0 makes -0.0 positive.
    return round(value, decimals) + 0.0


def _minus(text: str) -> str:
    return written(text.replace("-", "\N{MINUS SIGN}"))


def percent(value: float | None, decimals: int | None = None) -> Markdown:
    """Return a share as a percentage: whole, but with a decimal near 0 and near 100, or as told.

    What is neither none nor all is not printed so.

    Examples
    --------
    >>> [percent(share).replace(NBSP, " ") for share in (0.624, 0.05, 0.0123, 0.996, 1.0, 0.0002, 0.9996)]
    ['62 %', '5 %', '1.2 %', '99.6 %', '100 %', '< 0.1 %', '> 99.9 %']
    >>> percent(0.8854).replace(NBSP, " ")
    '89 %'
    """
    if value is None:
        return Markdown(MISSING)
    kept = 1 if decimals is None else decimals
    points = _rounded(100 * value, kept)
    if points == 0 and value > 0:
        return Markdown(written(f"<{NBSP}{10**-kept:.{kept}f}{NBSP}%"))
    if points == WHOLE and value < 1:
        return Markdown(written(f">{NBSP}{WHOLE - 10**-kept:.{kept}f}{NBSP}%"))
    if decimals is None and (WHOLE_FROM <= points <= WHOLE_TO or points == round(points)):
        kept = 0
    return Markdown(_minus(f"{_rounded(100 * value, kept):.{kept}f}{NBSP}%"))


def count(value: int) -> Markdown:
    """Return a whole number with its thousands apart."""
    return Markdown(written(f"{value:,}"))


def count_of(number: int, noun: str) -> Markdown:
    """Return a whole number with its noun: ``<< 2 | count_of("fold") >>`` is "2 folds"."""
    return Markdown(counted(number, noun))


def adjusted(value: float | None) -> Markdown:
    """Return an adjusted p-value; where nothing differs in any fold there is none."""
    return Markdown(gettext("no difference in any fold")) if value is None else p(value)


def p(value: float) -> Markdown:
    """Return a p-value as papers print it: with two decimals, from 0.1 down with three.

    There are more where rounding would hide that it is significant.

    Examples
    --------
    >>> [p(value).replace(NBSP, " ") for value in (0.1104, 0.0412, 1e-9)]
    ['p = 0.11', 'p = 0.041', 'p < 0.001']
    >>> [p(value).replace(NBSP, " ") for value in (0.0498, 0.04996, 0.0504)]
    ['p = 0.0498', 'p = 0.04996', 'p = 0.050']
    """
    # Markdown takes "<" for itself only where a tag could begin; a space follows here.
    if value < SMALLEST_P:
        return Markdown(f"p{NBSP}<{NBSP}{written(str(SMALLEST_P))}")
    decimals = decimals_of_p(value, 2 if value >= TWO_DECIMALS_FROM else 3)
    return Markdown(f"p{NBSP}={NBSP}{written(f'{value:.{decimals}f}')}")


_BREAKABLE = re.compile(
    r"(?P<code>`[^`]*`)|(?<=\d) (?=\\?%)|\b(?P<name>[kprn]) (?P<sign>\\?=|\\?<) (?=[\d\u2212-])"
)


def typeset(text: str) -> str:
    r"""Return text with no-break spaces before percent signs and around "=" of k, n, p and r, but in code.

    Examples
    --------
    >>> typeset("95 % CI, k = 15, `k = 15`").replace(NBSP, "~")
    '95~% CI, k~=~15, `k = 15`'
    >>> typeset(r"k \= 15").replace(NBSP, "~")
    'k~\\=~15'
    """
    return _BREAKABLE.sub(_unbroken, text)


def _unbroken(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return found[0]
    return NBSP if found["name"] is None else f"{found['name']}{NBSP}{found['sign']}{NBSP}"
