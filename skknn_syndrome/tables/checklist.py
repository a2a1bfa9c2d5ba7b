"""A reporting checklist, and where its items are met."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from skknn_syndrome.tables.table import Column, Table

Verdict: TypeAlias = Literal[
    "met", "in part", "not met", "to be supplied", "data cannot tell", "not applicable"
]
"""What a report can say of an item; ``"to be supplied"`` is for who publishes it."""


@dataclass(frozen=True)
class CheckedItem:
    """One item of a checklist, held against a report."""

    number: str
    asks: str
    """What the item asks for, in words of our own."""
    verdict: Verdict
    detail: str
    """The section that meets it, or why none does."""


def checklist(name: str, title: str, items: Sequence[CheckedItem]) -> Table:
    """Return every item with its verdict, in the order of the checklist."""
    return Table(
        name=f"checklist_{name}",
        caption=title,
        columns=(
            Column("number", "Item"),
            Column("asks", "Asks for", longest=200),
            Column("verdict", "Verdict"),
            Column("detail", "Section, or why not", longest=200),
        ),
        rows=tuple((item.number, item.asks, item.verdict, item.detail) for item in items),
    )
