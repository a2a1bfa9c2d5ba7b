"""Text and tables as Markdown that shows what it says and does nothing."""

import re

from skknn_syndrome.display.table import Table
from skknn_syndrome.wording import one_line

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def escape_markdown(text: str, *, longest: int = 80) -> str:
    r"""Return text that Markdown shows as it is.

    Every ASCII punctuation mark gets a backslash, which pandoc takes for "this very character": no HTML,
    no TeX, no Quarto short code, no reference, no fence survives. Line ends, control and direction marks are
    replaced, and what is longer than `longest` characters is cut.

    Examples
    --------
    >>> print(escape_markdown("{{< include x >}} & $y$"))
    \{\{\< include x \>\}\} \& \$y\$
    """
    return _PUNCTUATION.sub(r"\\\1", one_line(text, longest=longest))


def to_markdown(table: Table, *, label: str | None = None) -> str:
    r"""Return a pipe table with its caption, numbers to the right.

    Parameters
    ----------
    table : Table
        With at least one row.
    label : str, optional
        What the text calls it by, without ``tbl-``; by default its name with hyphens.

    Examples
    --------
    >>> from skknn_syndrome.display.table import Column
    >>> print(to_markdown(Table("t", "Two", (Column("a", "A"), Column("b", "B")), (("x|y", 0.5),))))
    | A | B |
    |:---|---:|
    | x\|y | 0\.500 |
    <BLANKLINE>
    : Two {#tbl-t}
    """
    numeric = table.numeric_columns()
    lines = [
        [escape_markdown(column.heading) for column in table.columns],
        *(
            [_cell(text, is_number=is_number) for text, is_number in zip(row, numeric, strict=True)]
            for row in table.to_text()
        ),
    ]
    text = [f"| {' | '.join(line)} |" for line in lines]
    text.insert(1, f"|{'|'.join('---:' if is_number else ':---' for is_number in numeric)}|")
    identifier = label or label_of(table)
    return "\n".join([*text, "", f": {escape_markdown(table.caption, longest=400)} {{#tbl-{identifier}}}"])


def label_of(table: Table) -> str:
    """Return what the text calls a table by: its name with hyphens for all that a label can't hold.

    Examples
    --------
    >>> label_of(Table("per_syndrome_my head", "T", (), ()))
    'per-syndrome-my-head'
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", table.name)


def _cell(text: str, *, is_number: bool) -> str:
    return escape_markdown(text.replace("-", "\N{MINUS SIGN}") if is_number else text, longest=400)
