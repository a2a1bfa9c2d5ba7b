"""What the terminal shows: sentences, and tables."""

import os
import sys
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console

    from skknn_syndrome.display.table import Table


def abandon(stream: IO[str]) -> None:
    """Let whatever is written to a stream of this process, from now on and already, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def say(sentence: str) -> None:
    """Print a plain line, whatever characters it holds."""
    _write(sys.stdout, f"{sentence}\n")


def complain(sentence: str, style: str = "") -> None:
    """Print a plain line beside the output, in a style of Rich's where a terminal shows it."""
    if style and sys.stderr is not None and sys.stderr.isatty():
        console = make_console(stderr=True)
        sentence = _shown(console, sentence, style=style, markup=False, highlight=False, soft_wrap=True)
        _write(sys.stderr, sentence)
    else:
        _write(sys.stderr, f"{sentence}\n")


def show_table(table: "Table", at_most: int | None = None) -> None:
    """Print a table, or the first rows of a long one; an empty one is not printed.

    Cells are text, never markup: a label such as ``[red]`` shows as it is.
    """
    if not table.rows:
        return
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  Rich is slow to import, and helps need none of it
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = RichTable(title=Text(table.caption), title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for column, numeric in zip(table.columns, table.numeric_columns(), strict=True):
        grid.add_column(Text(column.heading), justify="right" if numeric else "left", overflow="fold")
    for row in replace(table, rows=table.rows[:at_most]).to_text():
        grid.add_row(*(Text(cell) for cell in row))
    _write(sys.stdout, _shown(make_console(), grid))
    if at_most is not None and len(table.rows) > at_most:
        say(f"... and {len(table.rows) - at_most:,} more; --all shows them.\n")


def make_console(*, stderr: bool = False) -> "Console":
    """Return what Rich knows of the terminal."""
    from rich.console import Console  # noqa: PLC0415  see above

    return Console(stderr=stderr, emoji=False)  # a file may well be called `:x:.csv`


def _shown(console: "Console", *content: Any, **how: Any) -> str:  # noqa: ANN401  what Rich shows
    with console.capture() as captured:
        console.print(*content, **how)
    return captured.get()


def _write(stream: TextIO | None, text: str) -> None:
    """Write a text; where its reader has left, as `head` does, what is left to say goes nowhere.

    The command goes on to its end, since its files are worth more than its talk.
    """
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        abandon(stream)
