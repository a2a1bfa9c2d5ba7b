"""How values become Markdown."""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from skknn_syndrome.tables import Table
from skknn_syndrome.tables.markdown import escape_markdown, to_markdown
from skknn_syndrome.tables.table import MISSING
from skknn_syndrome.wording import capitalised, counted, metric_title, one_line, score_title

SMALLEST_P = 0.001


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
    >>> number(0.12345), number(0.12345, 1)
    ('0.123', '0.1')
    """
    return Markdown(MISSING if value is None else f"{value:.{decimals}f}".replace("-", "\N{MINUS SIGN}"))


def signed(value: float, decimals: int = 3) -> Markdown:
    """Return a number that shows its sign."""
    return Markdown(f"{value:+.{decimals}f}".replace("-", "\N{MINUS SIGN}"))


def percent(value: float | None) -> Markdown:
    """Return a share as a percentage."""
    return Markdown(MISSING if value is None else f"{100 * value:.1f} %")


def count(value: int) -> Markdown:
    """Return a whole number with its thousands apart."""
    return Markdown(f"{value:,}")


def p(value: float) -> Markdown:
    """Return a p-value as papers print it.

    Examples
    --------
    >>> p(0.0412), p(1e-9)
    ('p = 0.041', 'p < 0.001')
    """
    # Markdown takes "<" for itself only where a tag could begin; a space follows here.
    return Markdown(f"p = {value:.3f}" if value >= SMALLEST_P else f"p < {SMALLEST_P}")


def sentence_list(items: Sequence[object]) -> str:
    """Return items as prose lists them: a, b and c."""
    texts = [str(item) for item in items]
    return " and ".join([*([", ".join(texts[:-1])] if texts[:-1] else []), *texts[-1:]])


def code(text: str) -> Markdown:
    """Return text for a code span: no backslash escapes there, so what could end it is replaced."""
    return Markdown(one_line(text, longest=1_000).replace("`", "'").replace("{{<", "{ {<"))


def yaml(text: str) -> Markdown:
    """Return text for a value of the document's header, which is Markdown inside YAML."""
    return Markdown(json.dumps(escape_markdown(text, longest=400), ensure_ascii=False))


def table(value: Table) -> Markdown:
    """Return a table as Markdown, or nothing where it has no rows."""
    return Markdown(to_markdown(value) if value.rows else "")


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "number": number,
        "signed": signed,
        "percent": percent,
        "count": count,
        "p": p,
        "sentence_list": sentence_list,
        "capitalize": capitalised,
        "code": code,
        "table": table,
        "title": score_title,
        "yaml": yaml,
        "raw": Markdown,
    }
)
"""The filters of the report's template."""
