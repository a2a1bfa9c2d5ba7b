"""Tables as HTML and LaTeX, by pandas' Styler."""

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from skknn_syndrome.display.markdown import label_of
from skknn_syndrome.display.table import Table, for_readers
from skknn_syndrome.vocabulary import in_words
from skknn_syndrome.wording import one_line

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler
    from pandas.io.formats.style_render import CSSDict

LONGEST_CAPTION = 400
_MINUS = "\N{MINUS SIGN}"
_LATEX = (
    *(("\N{EN DASH}", "--"), ("\N{HORIZONTAL ELLIPSIS}", r"\dots{}"), (_MINUS, "$-$")),
    *(("<", "$<$"), (">", "$>$")),
)
"""What LaTeX writes otherwise than the rest of Unicode, which it takes as it is; no command holds any."""


def to_html(table: Table) -> str:
    """Return a table as HTML, with the headings and the rounding that readers see; all text is escaped.

    Examples
    --------
    >>> from skknn_syndrome.display.table import Column
    >>> html = to_html(Table("t", "Two", (Column("a", "A"), Column("b", "B")), (("<i>", 0.5),)))
    >>> "&lt;i&gt;" in html, "<td" in html, "0.500" in html
    (True, True, True)
    """
    caption = escape(one_line(in_words(table.caption), longest=LONGEST_CAPTION))
    styler = _styled(table, "html", lambda texts: list(map(escape, texts))).set_caption(caption)
    right = [place for place, is_number in enumerate(_numeric(table)) if is_number]
    styles: list[CSSDict] = [{"selector": f".col{place}", "props": "text-align:right"} for place in right]
    styler = styler.set_table_styles(styles).set_table_attributes('class="skknn-table"')
    # By default an id is drawn at random.
    html: str = styler.set_uuid(label_of(table)).to_html()
    return html


def to_latex(table: Table, *, label: str | None = None) -> str:
    r"""Return a table as LaTeX, for the package booktabs.

    Parameters
    ----------
    table : Table
    label : str, optional
        What ``\ref`` calls it by; by default ``tab:`` and its name.

    Returns
    -------
    str
        A float with caption and label. No cell, heading or caption is a command: all text is escaped.

    Examples
    --------
    >>> from skknn_syndrome.display.table import Column
    >>> print(to_latex(Table("t", "Two", (Column("a", "A_1"), Column("b", "B")), (("50 %", -0.5),))))
    \begin{table}
    \caption{Two}
    \label{tab:t}
    \begin{tabular}{lr}
    \toprule
    A\_1 & B \\
    \midrule
    50 \% & $-$0.500 \\
    \bottomrule
    \end{tabular}
    \end{table}
    <BLANKLINE>
    """
    columns = "".join("r" if is_number else "l" for is_number in _numeric(table))
    (caption,) = _escaped([one_line(in_words(table.caption), longest=LONGEST_CAPTION)])
    name = label or f"tab:{label_of(table)}"
    text: str = _styled(table, "latex", _escaped).to_latex(
        column_format=columns, hrules=True, caption=caption, label=name, convert_css=False
    )
    return _as_latex_writes(text)


def latex_text(text: str) -> str:
    r"""Return text on one line that LaTeX shows as it is.

    Examples
    --------
    >>> print(latex_text(r"\input{x} & 5 % of $y_1$"))
    \textbackslash input\{x\} \& 5 \% of \$y\_1\$
    """
    (escaped,) = _escaped([one_line(text, longest=len(text))])
    return _as_latex_writes(escaped)


def _escaped(texts: Sequence[str]) -> list[str]:
    """Return texts of one line each as Styler escapes cells; it keeps captions and headings as they are."""
    styler = pd.DataFrame({"text": list(texts)}).style.format(escape="latex")
    lines: list[str] = styler.hide(axis="index").hide(axis="columns").to_latex().splitlines()
    return [line.removesuffix("\\\\").strip() for line in lines[1:-1]]


def _as_latex_writes(text: str) -> str:
    for character, command in _LATEX:
        text = text.replace(character, command)
    return text


def _numeric(table: Table) -> tuple[bool, ...]:
    return for_readers(table).numeric_columns()


def _styled(table: Table, escape_as: str, escaped: Callable[[Sequence[str]], list[str]]) -> "Styler":
    shown = for_readers(table)
    numeric = shown.numeric_columns()
    rows = [
        [
            text.replace("-", _MINUS) if is_number else text
            for text, is_number in zip(row, numeric, strict=True)
        ]
        for row in shown.to_text()
    ]
    # Two headings may be alike, and Styler's must differ: their places stand for them.
    frame = pd.DataFrame(rows, columns=pd.RangeIndex(len(shown.columns)))
    headings = escaped([one_line(column.heading, longest=LONGEST_CAPTION) for column in shown.columns])
    styler = frame.style.format(escape=escape_as).hide(axis="index")
    return styler.format_index(lambda place: headings[int(str(place))], axis="columns")
