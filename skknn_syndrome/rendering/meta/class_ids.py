"""Ids of classes, such as those of OMIM: at the first mention, and in the tables that list all classes."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import overload

from skknn_syndrome.display.markdown import escape_markdown
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.rendering.class_marks import BEGIN, END, unmarked

TABLES = re.compile(r"syndrome_counts|per_syndrome\w*|ranking")
"""Tables with a row a class that have its id."""
LEAST_LETTERS = 2
_LEFT_ALONE = re.compile(
    r"`[^`\n]*`"  # code
    r"|\]\([^)\n]*\)"  # targets of links and of images
    r"|[@#](?:tbl|fig|sec|eq)-[\w-]+"
    r"|\{[^}\n]*\}"  # attributes
    r"|https?://\S+"
)


@overload
def with_id_column(table: Table, ids: Mapping[str, str]) -> Table: ...


@overload
def with_id_column(table: None, ids: Mapping[str, str]) -> None: ...


def with_id_column(table: Table | None, ids: Mapping[str, str]) -> Table | None:
    """Return a table with the id of each class behind its name, where it is one of those that have them.

    Examples
    --------
    >>> columns = (Column("syndrome", "Syndrome"), Column("n_images", "Images"))
    >>> with_id_column(Table("syndrome_counts", "", columns, (("a", 1), ("b", 2))), {"a": "OMIM 1"}).rows
    (('a', 'OMIM 1', 1), ('b', None, 2))
    """
    keys = [] if table is None else [column.key for column in table.columns]
    if table is None or not ids or not TABLES.fullmatch(table.name) or "syndrome" not in keys:
        return table
    place = keys.index("syndrome") + 1
    return replace(
        table,
        columns=(*table.columns[:place], Column("id", "Id"), *table.columns[place:]),
        rows=tuple((*row[:place], ids.get(str(row[place - 1])), *row[place:]) for row in table.rows),
    )


def with_class_ids(text: str, ids: Mapping[str, str]) -> str:
    r"""Return a document without marks, with the id of each class where its prose names it first.

    A class is named where its name was inserted, and bears marks: a class called "Control" is not meant by
    every word "Control". Those that are called by a number or by one letter have theirs in tables alone.

    Examples
    --------
    >>> from skknn_syndrome.rendering.class_marks import BEGIN, END
    >>> with_class_ids(f"Control of {BEGIN}Control{END}.", {"Control": "OMIM 1"})
    'Control of Control (OMIM 1).'
    """
    for name, own in ids.items():
        if sum(map(str.isalpha, name)) < LEAST_LETTERS:  # as good as any number or article of the prose
            continue
        shown = f"{BEGIN}{escape_markdown(name)}{END}"
        for found in re.finditer(re.escape(shown), text):
            if not _is_left_alone(text, found.start()):
                text = f"{text[: found.end()]} ({escape_markdown(own)}){text[found.end() :]}"
                break
    return unmarked(text)


def _is_left_alone(text: str, place: int) -> bool:
    """Tell whether a place is in the header, a heading, a figure, a table, a caption, code or a target."""
    header = text.find("\n---\n") if text.startswith("---\n") else -1
    begin = text.rfind("\n", 0, place) + 1
    line = text[begin:].split("\n", 1)[0]
    quoted = any(found.start() <= place - begin < found.end() for found in _LEFT_ALONE.finditer(line))
    return place < header or quoted or line.startswith(("#", "![", "|", ": "))
