"""How values become Markdown."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from skknn_syndrome.analyses.preprocessing.effects import Gain, VariantVerdict
from skknn_syndrome.analyses.preprocessing.findings import Claim, PublishedClaim
from skknn_syndrome.display.markdown import escape_markdown, label_of, to_markdown
from skknn_syndrome.display.prose import (
    Markdown,
    adjusted,
    count,
    count_of,
    ends,
    interval_text,
    number,
    p,
    percent,
    percent_span,
    percent_to_width,
    signed,
    signed_span,
    signed_to_width,
    span,
    to_width,
)
from skknn_syndrome.display.table import Table
from skknn_syndrome.languages import day_in_words
from skknn_syndrome.rendering.class_marks import marked
from skknn_syndrome.rendering.narrowing import without_constants
from skknn_syndrome.results.check import Check
from skknn_syndrome.results.comparison import Alternative
from skknn_syndrome.results.sample import Sample
from skknn_syndrome.wording import (
    capitalised,
    method_title,
    metric_title,
    one_line,
    score_title,
    sentence_list,
    step_title,
    variant_title,
    votes,
)

LONGEST_PARAGRAPH = 20_000
"""Characters of a paragraph that authors supply."""
LONGEST_FINDING = 2_000
"""Characters of what a check found: seven baselines in two scores take half of it."""


_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")


def as_markdown(value: object) -> str:
    """Return what a template inserts: Markdown as it is, everything else escaped."""
    if isinstance(value, Markdown):
        return value
    return marked(str(value), escape_markdown(str(value), longest=400))


def method(found: Alternative) -> str:
    """Return the name of a baseline or of a k beyond the grid, with its distance."""
    return method_title(found.head, found.metric, found.n_neighbors)


def code(text: str) -> Markdown:
    """Return text for a code span: no backslash escapes there, so what could end it is replaced."""
    return Markdown(one_line(text, longest=1_000).replace("`", "'").replace("{{<", "{ {<"))


def finding(check: Check) -> Markdown:
    """Return what a check found as prose has it: whole, for it may be several sentences."""
    return Markdown(escape_markdown(capitalised(check.message), longest=LONGEST_FINDING))


def with_sample(section: str, sample: Sample | None) -> Markdown:
    r"""Return a section that says, below its first heading, what sample its figures are of.

    Examples
    --------
    >>> sample = Sample(
    ...     n_used=10, n_images=99, n_subjects_used=None, n_subjects=None, stratified_by=(), random_state=0
    ... )
    >>> with_sample("### Map\n\nIt shows ...", sample)
    '### Map\n\n*Computed on 10 of 99 images.*\n\nIt shows ...'
    """
    if sample is None:
        return Markdown(section)
    said = f"*{capitalised(sample.sentence())}.*"
    return Markdown(_HEADING.sub(lambda heading: f"{heading[0]}\n\n{said}", section, count=1))


def yaml(text: str) -> Markdown:
    """Return text for a value of the document's header, which is Markdown inside YAML."""
    return Markdown(json.dumps(escape_markdown(text, longest=400), ensure_ascii=False))


def paragraph(text: str) -> Markdown:
    """Return a paragraph that somebody wrote, whole and escaped."""
    return Markdown(escape_markdown(text, longest=LONGEST_PARAGRAPH))


def day(moment: str) -> Markdown:
    """Return the day of a moment in ISO 8601, nothing where it has none.

    Examples
    --------
    >>> day("2025-03-04T05:06:07+00:00"), day("yesterday")
    ('2025-03-04', '')
    """
    return Markdown(moment[:10] if _ISO_DATE.match(moment) else "")


def language_day(moment: str) -> Markdown:
    """Return the day of a moment as the language of the page writes it, nothing where it has none.

    Examples
    --------
    >>> from skknn_syndrome.languages import said_in
    >>> with said_in("de"):
    ...     language_day("2025-03-04T05:06:07+00:00"), language_day("yesterday")
    ('4. März 2025', '')
    """
    found = day(moment)
    return Markdown(day_in_words(date.fromisoformat(found)) if found else "")


def table(value: Table | None) -> Markdown:
    """Return a table as Markdown, or nothing where there is none or it has no rows."""
    return Markdown(to_markdown(without_constants(value)) if value is not None and value.rows else "")


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
        "percent_span": percent_span,
        "percent_to_width": percent_to_width,
        "span": span,
        "signed_span": signed_span,
        "to_width": to_width,
        "signed_to_width": signed_to_width,
        "count": count,
        "count_of": count_of,
        "day": day,
        "ends": ends,
        "language_day": language_day,
        "finding": finding,
        "p": p,
        "paragraph": paragraph,
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
        "with_sample": with_sample,
        "yaml": yaml,
        "raw": Markdown,
    }
)
"""The filters of the report's template."""
