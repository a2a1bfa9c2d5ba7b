"""`skknn-syndrome`: its verbs, each loaded when it is called, and how it ends when something is wrong."""

import inspect
import os
import signal
import sys
import warnings
from collections.abc import Callable
from dataclasses import MISSING
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, NoReturn, TextIO, get_type_hints

import typer
from typer.core import TyperGroup
from typer.main import get_command

from skknn_syndrome import __version__
from skknn_syndrome.cli.config import Run, fields_of, read_config, running, settings_of, write_config
from skknn_syndrome.cli.console import abandon, complain
from skknn_syndrome.cli.failing import (
    INTERRUPTED,
    PROGRAM_AT_FAULT,
    READER_LEFT,
    SHOW_TRACEBACK,
    WRONG_ARGUMENTS,
    explain,
)
from skknn_syndrome.cli.options import renew
from skknn_syndrome.errors import nearest_name

VERBS = {
    "embed": "Embed images with a frozen encoder, and write a file for study.",
    "study": "Cross-validate k, distance and weights, and write the result.",
    "compare": "Compare classifiers on the embeddings of one encoder or several, and write the result.",
    "align": "Compare distances between classes in the embeddings with those of a tree or a table.",
    "fit": "Fit a model to a gallery of labelled embeddings, for use on new cases.",
    "predict": "Rank the classes of new cases, with probabilities, prediction sets and a flag of novelty.",
    "explain": "Show what the answer about one case rests on, and write its case sheet.",
    "explore": "Explore the cases of a model or of a study on a page that this machine alone can open.",
    "report": "Write the report of a study, of a comparison or of an alignment.",
    "audit": "Show which rows of a file of embeddings cannot be used, and data warnings.",
    "convert": "Convert a file of embeddings to a format that cannot run code when it is opened.",
    "reproduce": "Reproduce a published protocol exactly, data leakage included, and compare its figures.",
}
"""The verbs with what stands first in their help; each is a module of this name."""


HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
"""How Typer is to show helps."""


def command_of(verb: str, module: ModuleType, sentence: str) -> Any:  # noqa: ANN401  Click's or Typer's
    """Return the command of a verb, which takes `--config` and `--init-config` beside its own options.

    Parameters
    ----------
    verb : str
        Its name.
    module : module
        With the class `Options`, whose fields are Typer's options and arguments, the function `run` that
        takes one, and `EXAMPLES`.
    sentence : str
        What it does.
    """
    examples = "\n".join(f"  {example}" for example in module.EXAMPLES)
    app = typer.Typer(rich_markup_mode=None, add_completion=False, context_settings=HELP)
    app.command(verb, help=sentence, epilog=f"\b\nExamples:\n{examples}")(
        _configurable(verb, module.Options, module.run)
    )
    return get_command(app)


def _configurable(verb: str, options: type, run: Callable[[Any], None]) -> Callable[..., None]:
    settings = settings_of(options)

    def read(context: typer.Context, path: Path | None) -> Path | None:
        if path is not None:  # what the file says stands in for defaults, so that options override it
            context.default_map = read_config(path, verb, settings, context)
        return path

    def require_nothing(context: typer.Context, path: Path | None) -> Path | None:
        if path is not None:  # who only wants the settings written need not name a file of data
            for parameter in context.command.params:
                parameter.required = False
        return path

    def configured(context: typer.Context, init_config: Path | None, **values: Any) -> None:  # noqa: ANN401
        sources = {name: _source(context, name) for name in values}
        given = {
            key: values[setting.name]
            for key, setting in settings.items()
            if sources[setting.name] != "DEFAULT" and values[setting.name] is not None
        }
        in_file = frozenset(name for name, source in sources.items() if source == "DEFAULT_MAP")
        this = Run(verb, settings, given, values, in_file)
        running.set(this)
        if init_config is None:
            run(options(**{setting.name: values[setting.name] for setting in settings.values()}))
        else:
            write_config(init_config, this)

    _sign(configured, options, read, require_nothing)
    return configured


def _source(context: typer.Context, name: str) -> str:
    source = context.get_parameter_source(name)
    return "DEFAULT" if source is None else source.name


def _sign(
    configured: Callable[..., None],
    options: type,
    read: Callable[..., Any],
    init: Callable[..., Any],
) -> None:
    """Give a function the signature that Typer is to read: the fields of a class, and two options more."""
    config = typer.Option(
        "--config",
        metavar="TOML",
        is_eager=True,
        callback=read,
        help="Read settings from this file; options on the command line override it.",
    )
    init_config = typer.Option(
        "--init-config",
        metavar="TOML",
        is_eager=True,
        callback=init,
        help="Write all settings, with comments, to this file for --config, and exit.",
    )
    types = get_type_hints(options, include_extras=True)
    optional = Path | None
    parameters = [
        _parameter("context", typer.Context),
        *(_parameter(field.name, types[field.name], field.default) for field in fields_of(options)),
        _parameter("config", Annotated[optional, config], None),
        _parameter("init_config", Annotated[optional, init_config], None),
    ]
    function: Any = configured
    function.__signature__ = inspect.Signature(parameters)
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}


def _parameter(name: str, annotation: Any, default: Any = MISSING) -> inspect.Parameter:  # noqa: ANN401
    default = inspect.Parameter.empty if default is MISSING else default
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


class LazyVerbs(TyperGroup):
    """Verbs of which the one that is called is imported: each takes longer than a whole help."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  a context of Click's or Typer's
        """Return the verbs in the order of their help."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002  likewise
        """Import a verb; None where there is none of this name."""
        if cmd_name not in VERBS:
            return None
        return command_of(cmd_name, import_module(f"skknn_syndrome.cli.{cmd_name}"), VERBS[cmd_name])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401  likewise
        """Find a verb, or name the one that was perhaps meant."""
        if args[0] not in VERBS and not ctx.resilient_parsing:  # as a completion is
            nearest = nearest_name(args[0], VERBS)
            ctx.fail(
                f"No such command {args[0]!r}.{'' if nearest is None else f' Did you mean {nearest!r}?'}"
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002  likewise
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


app = typer.Typer(
    cls=LazyVerbs,
    invoke_without_command=True,
    rich_markup_mode=None,  # half of the time of a help would be Rich's
    pretty_exceptions_enable=False,
    context_settings=HELP,
    help="Classify image embeddings by their nearest neighbours, and study how well that works.",
    epilog="Exit codes: 0 success, 1 data or a file at fault, 2 wrong arguments, 3 a fault of the program, "
    "130 interrupted, 141 output closed early.",
)


def _show_version(value: bool) -> None:  # noqa: FBT001  Typer calls it so
    if value:
        typer.echo(f"skknn-syndrome {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    _version: Annotated[  # noqa: FBT002  Typer reads options so
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Take the options that stand before the verb; without one, show the help."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(WRONG_ARGUMENTS)


def _show_warning(
    message: Warning | str,
    category: type[Warning],  # noqa: ARG001
    filename: str,  # noqa: ARG001
    lineno: int,  # noqa: ARG001
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    """Print a warning as a sentence, without the line of code that it came from."""
    complain(f"Warning: {message}", style="yellow")


def name_config(arguments: list[str]) -> list[str]:
    """Name the file after the verb where `--init-config` names none.

    Examples
    --------
    >>> name_config(["study", "--init-config"])
    ['study', '--init-config', 'study.toml']
    >>> name_config(["study", "--init-config", "mine.toml"])
    ['study', '--init-config', 'mine.toml']
    """
    if "--init-config" not in arguments:
        return arguments
    place = arguments.index("--init-config") + 1
    if place < len(arguments) and not arguments[place].startswith("-"):
        return arguments
    return [*arguments[:place], f"{arguments[0]}.toml", *arguments[place:]]


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
        arguments = renew(name_config(sys.argv[1:]))
        code = app(args=arguments, prog_name="skknn-syndrome", standalone_mode=False)
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.flush()  # while a full disk can still be told of
    except (KeyboardInterrupt, typer.Abort):  # outside of what Typer watches, and in its older versions
        code = INTERRUPTED
    except (BrokenPipeError, SystemExit) as error:  # the second is how Typer takes the first
        code = _leave(error)
    except Exception as error:  # noqa: BLE001  a fault of this program is one sentence too
        code = _tell(error)
    finally:
        running.set(None)
    if code == INTERRUPTED:
        complain("Interrupted; nothing was left half-written.")
    sys.exit(code)


def _end(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def _tell(error: BaseException) -> int:
    """Say what went wrong, and return the exit code."""
    sentence, code = explain(error, running.get())
    if code == PROGRAM_AT_FAULT and SHOW_TRACEBACK in os.environ:
        raise error from None
    complain(f"Error: {sentence}", style="bold red")
    return code


def _leave(error: BaseException) -> object:
    """Return the exit code where whoever read a help has left, as `head` does; else that of another exit."""
    if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
        return error.code
    abandon(sys.stdout)
    return READER_LEFT
