"""What the terminal shows."""

import os
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

if TYPE_CHECKING:
    from skknn_syndrome.tables import Table


class LastingConsole(Console):
    """A console whose reader may leave, as `head` does: what is left to say then goes nowhere.

    The command goes on to its end, since its files are worth more than its talk.
    """

    def on_broken_pipe(self) -> None:
        """Go on without a reader, where Rich would end the program."""
        self.quiet = True
        abandon(self.file)


def abandon(stream: IO[str]) -> None:
    """Let whatever is written to a stream of this process, from now on and already, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


# Without emoji: a file may well be called `:x:.csv`.
output = LastingConsole(emoji=False)
errors = LastingConsole(stderr=True, emoji=False)


def show_table(table: "Table", at_most: int | None = None) -> None:
    """Print a table, or the first rows of a long one; an empty one is not printed.

    Cells are text, never markup: a label such as ``[red]`` shows as it is.
    """
    if not table.rows:
        return
    grid = RichTable(title=Text(table.caption), title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for column, numeric in zip(table.columns, table.numeric_columns(), strict=True):
        grid.add_column(Text(column.heading), justify="right" if numeric else "left", overflow="fold")
    for row in replace(table, rows=table.rows[:at_most]).to_text():
        grid.add_row(*(Text(cell) for cell in row))
    output.print(grid)
    if at_most is not None and len(table.rows) > at_most:
        say(f"... and {len(table.rows) - at_most:,} more; --all shows them.\n")


def say(sentence: str) -> None:
    """Print a plain line, whatever characters it holds."""
    output.print(sentence, markup=False, highlight=False, soft_wrap=True)
