"""`skknn-syndrome`: its verbs, and how it ends when something is wrong."""

import os
import signal
import sys
import warnings
from io import TextIOWrapper
from typing import Annotated, NoReturn, TextIO

import typer

from skknn_syndrome import __version__
from skknn_syndrome.cli import audit, convert, report, reproduce, study
from skknn_syndrome.cli.config import configurable, name_config
from skknn_syndrome.cli.console import abandon, errors
from skknn_syndrome.cli.failing import INTERRUPTED, PROGRAM_AT_FAULT, READER_LEFT, SHOW_TRACEBACK, explain
from skknn_syndrome.cli.spelling import in_options


def line_by_line(paragraphs: str) -> str:
    r"""Return paragraphs as Markdown that keeps each on a line of its own, which Typer would run together.

    Examples
    --------
    >>> line_by_line("**Examples**\n\n    skknn-syndrome audit")
    '**Examples**\\\n\nskknn-syndrome audit'
    """
    return "\\\n\n".join(line.strip() for line in paragraphs.strip().split("\n\n"))


app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Classify image embeddings by their nearest neighbours, and study how well that works.",
    epilog="Exit codes: 0 success, 1 data or a file at fault, 2 wrong arguments, 3 a fault of the program, "
    "130 interrupted, 141 the reader of the help left.",
)
for verb in (study, report, audit, convert, reproduce):
    name = verb.__name__.rpartition(".")[2]
    app.command(name=name, epilog=line_by_line(verb.EXAMPLES))(configurable(name, verb.run))


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
    # Schedulers and containers end programs so; as an exit, it clears what is half-written.
    signal.signal(signal.SIGTERM, _end)
    if isinstance(sys.stdout, TextIOWrapper):
        # What a terminal's encoding lacks is a question mark there: no reason to lose a study.
        sys.stdout.reconfigure(errors="replace")
    try:
        # Typer's own way to end would draw boxes; it returns the exit code of `typer.Exit`, 130 for Ctrl-C.
        code = app(args=name_config(sys.argv[1:]), prog_name="skknn-syndrome", standalone_mode=False)
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.flush()  # while a full disk can still be told of
    except (KeyboardInterrupt, typer.Abort):  # outside of what Typer watches, and in its older versions
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit) as error:  # the second is how Typer and Rich take the first
        code = _leave(error)
    except Exception as error:  # noqa: BLE001  a fault of this program is one sentence too
        code = _tell(error)
    if code == INTERRUPTED:
        errors.print("Interrupted; nothing was left half-written.")
    sys.exit(code)


def _end(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def _tell(error: BaseException) -> int:
    """Say what went wrong, and return the exit code."""
    sentence, code = explain(error)
    if code == PROGRAM_AT_FAULT and SHOW_TRACEBACK in os.environ:
        raise error from None
    if sentence:
        errors.print(f"Error: {sentence}", style="bold red", markup=False, highlight=False, soft_wrap=True)
    return code


def _leave(error: BaseException) -> object:
    """Return the exit code where whoever read a help has left, as `head` does; else that of another exit."""
    if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
        return error.code
    abandon(sys.stdout)
    return READER_LEFT
