"""`skknn-syndrome`: its verbs, and how it ends when something is wrong."""

import os
import sys
import warnings
from typing import Annotated, TextIO

import typer

from skknn_syndrome import __version__
from skknn_syndrome.cli import audit, convert, report, reproduce, study
from skknn_syndrome.cli.console import errors
from skknn_syndrome.errors import SkknnSyndromeError

INPUT_AT_FAULT = 1
"""Exit code where the data or a file is at fault; 2 is for wrong arguments, 0 for success."""
PROGRAM_AT_FAULT = 3
"""Exit code where nobody but this program can be at fault."""
SHOW_TRACEBACK = "SKKNN_SYNDROME_TRACEBACK"
"""The environment variable with which a fault of this program shows where it is."""

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Classify image embeddings by their nearest neighbours, and study how well that works.",
    epilog="Exit codes: 0 success, 1 data or a file at fault, 2 wrong arguments, 3 a fault of the program.",
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
    errors.print(f"Warning: {message}", style="yellow", markup=False, highlight=False)


def main() -> None:
    """Run the command line; what the user can mend is one sentence, never a traceback."""
    warnings.showwarning = _show_warning
    try:
        app()
    except SkknnSyndromeError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.strerror or error}: {error.filename}" if error.filename else str(error))
    except ValueError as error:
        _fail(" ".join(str(error).split()))
    except Exception as error:  # a fault of this program: one sentence too, with the way to the traceback
        if SHOW_TRACEBACK in os.environ:
            raise
        sentence = f"this is a fault of the program ({type(error).__name__}: {' '.join(str(error).split())})"
        _fail(f"{sentence}; set {SHOW_TRACEBACK}=1 to see where, and report it.", PROGRAM_AT_FAULT)


def _fail(sentence: str, exit_code: int = INPUT_AT_FAULT) -> None:
    errors.print(f"Error: {sentence}", style="bold red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(exit_code)
