"""`skknn-syndrome`: its verbs, and how it ends when something is wrong."""

import sys
import warnings
from typing import Annotated, TextIO

import typer

from skknn_syndrome import __version__
from skknn_syndrome.cli import audit, convert, report, study
from skknn_syndrome.cli.console import errors
from skknn_syndrome.errors import SkknnSyndromeError

INPUT_AT_FAULT = 1
"""Exit code where the data or a file is at fault; 2 is for wrong arguments, 0 for success."""

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Classify image embeddings by their nearest neighbours, and study how well that works.",
    epilog="Exit codes: 0 success, 1 the data or a file is at fault, 2 wrong arguments.",
)
for verb in (study, report, audit, convert):
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


def _fail(sentence: str) -> None:
    errors.print(f"Error: {sentence}", style="bold red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(INPUT_AT_FAULT)
