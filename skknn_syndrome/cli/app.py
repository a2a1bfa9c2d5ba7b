"""`skknn-syndrome`: its verbs, and how it ends when something is wrong."""

import os
import sys
import warnings
from io import TextIOWrapper
from typing import Annotated, TextIO

import typer

from skknn_syndrome import __version__
from skknn_syndrome.cli import audit, convert, report, reproduce, study
from skknn_syndrome.cli.console import abandon, errors
from skknn_syndrome.cli.failing import INTERRUPTED, PROGRAM_AT_FAULT, SHOW_TRACEBACK, explain
from skknn_syndrome.cli.spelling import in_options

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Classify image embeddings by their nearest neighbours, and study how well that works.",
    epilog="Exit codes: 0 success, 1 data or a file at fault, 2 wrong arguments, 3 a fault of the program, "
    "130 interrupted.",
)
for verb in (study, report, audit, convert, reproduce):
    app.command(name=verb.__name__.rpartition(".")[2], epilog=verb.EXAMPLES)(verb.run)


def _show_version(value: bool) -> None:  # noqa: FBT001  Typer calls it so
    if value:
        typer.echo(f"skknn-syndrome {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[  # noqa: FBT002  Typer reads options so
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Take the options that stand before the verb."""


def _show_warning(
    message: Warning | str,
    category: type[Warning],  # noqa: ARG001
    filename: str,  # noqa: ARG001
    lineno: int,  # noqa: ARG001
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    """Print a warning as a sentence, without the line of code that it came from."""
    errors.print(f"Warning: {in_options(str(message))}", style="yellow", markup=False, highlight=False)


def main() -> None:
    """Run the command line; what the user can mend is one sentence, never a traceback."""
    warnings.showwarning = _show_warning
    if isinstance(sys.stdout, TextIOWrapper):
        # What a terminal's encoding lacks is a question mark there: no reason to lose a study.
        sys.stdout.reconfigure(errors="replace")
    try:
        # Typer's own way to end would draw boxes; it returns the exit code of `typer.Exit`, 130 for Ctrl-C.
        code = app(standalone_mode=False)
        _flush()  # while a full disk can still be told of
    except (KeyboardInterrupt, typer.Abort):  # outside of what Typer watches, and in its older versions
        code = INTERRUPTED
    except SystemExit:  # Rich's way to end a help whose reader has left, as `head` does
        code = 0
    except Exception as error:  # a fault of this program is one sentence too, with the way to the traceback
        if isinstance(error, BrokenPipeError) and _reader_has_left():
            sys.exit(0)
        sentence, code = explain(error)
        if code == PROGRAM_AT_FAULT and SHOW_TRACEBACK in os.environ:
            raise
        _show_error(sentence)
    if code == INTERRUPTED:
        errors.print("Interrupted; nothing was left half-written.")
    sys.exit(code)


def _flush() -> None:
    if isinstance(sys.stdout, TextIOWrapper):  # a program that is started without output has none
        sys.stdout.flush()


def _reader_has_left() -> bool:
    """Return whether nobody reads the output any more; then what is left of it goes nowhere."""
    try:
        _flush()
    except BrokenPipeError:
        abandon(sys.stdout)
        return True
    return False


def _show_error(sentence: str) -> None:
    if sentence:
        errors.print(f"Error: {sentence}", style="bold red", markup=False, highlight=False, soft_wrap=True)
