"""Ids of classes, such as those of OMIM: at the first mention, and in the tables that list all classes."""

import re
from collections.abc import Mapping
from dataclasses import replace

from skknn_syndrome.display.markdown import escape_markdown
from skknn_syndrome.display.table import Column, Table

TABLES = re.compile(r"syndrome_counts|per_syndrome\w*")
"""Tables with a row a class that have its id."""
LEAST_LETTERS = 2
_LEFT_ALONE = re.compile(
    r"`[^`\n]*`"  # code
    r"|\]\([^)\n]*\)"  # targets of links and of images
    r"|[@#](?:tbl|fig|sec|eq)-[\w-]+"
    r"|\{[^}\n]*\}"  # attributes
    r"|https?://\S+"
)


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
    r"""Return a document with the id of each class in brackets where its prose names it first.

    Classes that are called by a number or by one letter have theirs in tables alone.

    Examples
    --------
    >>> with_class_ids("---\ntitle: WS\n---\n## WS\nWS and B, WS.\n", {"WS": "OMIM 1"}).splitlines()[-1]
    'WS (OMIM 1) and B, WS.'
    """
    for name, own in ids.items():
        if sum(map(str.isalpha, name)) < LEAST_LETTERS:  # as good as any number or article of the prose
            continue
        shown = escape_markdown(name)
        whole = re.compile(rf"(?<![\w\\]){re.escape(shown)}(?!\w)")
        for found in whole.finditer(text):
            if not _is_left_alone(text, found.start()):
                text = f"{text[: found.end()]} ({escape_markdown(own)}){text[found.end() :]}"
                break
    return text


def _is_left_alone(text: str, place: int) -> bool:
    """Tell whether a place is in the header, a heading, a figure, a table, a caption, code or a target."""
    header = text.find("\n---\n") if text.startswith("---\n") else -1
    begin = text.rfind("\n", 0, place) + 1
    line = text[begin:].split("\n", 1)[0]
    quoted = any(found.start() <= place - begin < found.end() for found in _LEFT_ALONE.finditer(line))
    return place < header or quoted or line.startswith(("#", "![", "|", ": "))
