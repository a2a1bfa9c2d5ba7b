"""How values become Markdown."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from skknn_syndrome.checks import registered_checks
from skknn_syndrome.rendering.findings.preprocessing import Claim, PublishedClaim
from skknn_syndrome.results import Alternative, Check, Gain
from skknn_syndrome.results.preprocessing_verdicts import VariantVerdict
from skknn_syndrome.results.uncertainty import MeanInterval
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.tables import Table
from skknn_syndrome.tables.markdown import escape_markdown, label_of, to_markdown
from skknn_syndrome.tables.table import MISSING
from skknn_syndrome.wording import (
    capitalised,
    counted,
    method_title,
    metric_title,
    one_line,
    score_title,
    sentence_list,
    step_title,
    variant_title,
    votes,
)

LONGEST_FINDING = 2_000
"""Characters of what a check found: seven baselines in two scores take half of it."""


class Markdown(str):
    """Text that is Markdown already and needs no escape."""

    __slots__ = ()


def as_markdown(value: object) -> str:
    """Return what a template inserts: Markdown as it is, everything else escaped."""
    return value if isinstance(value, Markdown) else escape_markdown(str(value), longest=400)


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


def method(found: Alternative) -> str:
    """Return the name of a baseline or of a k beyond the grid, with its distance."""
    return method_title(found.head, found.metric, found.n_neighbors)


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


def code(text: str) -> Markdown:
    """Return text for a code span: no backslash escapes there, so what could end it is replaced."""
    return Markdown(one_line(text, longest=1_000).replace("`", "'").replace("{{<", "{ {<"))


def finding(check: Check) -> Markdown:
    """Return what a check found as prose has it: whole, for it may be several sentences."""
    return Markdown(escape_markdown(capitalised(check.message), longest=LONGEST_FINDING))


def remedy(check: Check) -> str:
    """Return what to do about what a check found; a study of a version before checks does not say it itself.

    Examples
    --------
    >>> remedy(Check(code="SK001", name="n", title="Simulated", outcome="issue", message="", docs=""))
    'Run the study on embeddings of real images.'
    """
    kind = registered_checks().get(check.code)
    return check.remedy or ("" if kind is None else kind.remedy)


def yaml(text: str) -> Markdown:
    """Return text for a value of the document's header, which is Markdown inside YAML."""
    return Markdown(json.dumps(escape_markdown(text, longest=400), ensure_ascii=False))


def table(value: Table | None) -> Markdown:
    """Return a table as Markdown, or nothing where there is none or it has no rows."""
    return Markdown(to_markdown(value) if value is not None and value.rows else "")


def reference(value: Table) -> Markdown:
    """Return what cites a table whose name depends on the study."""
    return Markdown(f"@tbl-{label_of(value)}")


def variant(found: Gain | Claim | PublishedClaim | VariantVerdict) -> str:
    """Return what preprocessing is called in prose."""
    return variant_title(found.scaler, found.resampler)


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "number": number,
        "signed": signed,
        "interval": interval_text,
        "percent": percent,
        "count": count,
        "count_of": count_of,
        "finding": finding,
        "p": p,
        "remedy": remedy,
        "sentence_list": sentence_list,
        "capitalize": capitalised,
        "code": code,
        "reference": reference,
        "table": table,
        "title": score_title,
        "metric": metric_title,
        "method": method,
        "adjusted": adjusted,
        "step": step_title,
        "variant": variant,
        "votes": votes,
        "yaml": yaml,
        "raw": Markdown,
    }
)
"""The filters of the report's template."""
