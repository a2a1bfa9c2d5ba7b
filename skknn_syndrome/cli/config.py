"""Settings of a verb in a TOML file: `--config` reads them, `--init-config` writes them."""

import functools
import inspect
import os
import shlex
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import typer

from skknn_syndrome._files import write_text
from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.misuse import UsageError
from skknn_syndrome.errors import SkknnSyndromeError, nearest_name

_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a string or a list of strings",
}


@dataclass(frozen=True)
class Setting:
    """An option or an argument of a verb, as a file names it."""

    key: str
    """Its name on the command line without the dashes."""
    name: str
    """Its name in Python."""
    kind: type
    """`bool`, `int`, `float`, `list` (of texts) or `str`."""
    choices: tuple[str, ...]
    help: str


@dataclass(frozen=True)
class _Run:
    """A verb with the values of its settings."""

    verb: str
    settings: Mapping[str, Setting]
    given: Mapping[str, Any]
    """By their keys, those that are no defaults."""
    values: Mapping[str, Any]
    """All, by the names of parameters."""


_running: ContextVar[_Run] = ContextVar("running")


def settings_of(run: Callable[..., None]) -> dict[str, Setting]:
    """Return the settings of a verb by their keys, from the signature that Typer reads.

    Examples
    --------
    >>> def run(output_folder: Annotated[Path, typer.Option("--output", "-o", help="A folder.")]) -> None: ...
    >>> settings_of(run)["output"].kind
    <class 'str'>
    """
    types = get_type_hints(run, include_extras=True)
    return {setting.key: setting for setting in (_setting(name, types[name]) for name in _parameters(run))}


def _parameters(run: Callable[..., None]) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(run, eval_str=True).parameters


def _setting(name: str, annotation: Any) -> Setting:  # noqa: ANN401  types of any kind
    type_, option = get_args(annotation)[:2]
    # Typer keeps the first name of an option where older signatures have the default.
    words = [word for word in (option.default, *(option.param_decls or ())) if isinstance(word, str)]
    key = next((word for word in words if word.startswith("--")), name).removeprefix("--").replace("_", "-")
    type_ = (
        next((part for part in get_args(type_) if part is not type(None)), type_)
        if _is_union(type_)
        else type_
    )
    inner = get_args(type_)[0] if get_origin(type_) is list else type_
    choices: tuple[str, ...] = ()
    if get_origin(inner) is Literal:
        choices = get_args(inner)
    elif isinstance(inner, type) and issubclass(inner, Enum):
        choices = tuple(choice.value for choice in inner)
    kind = list if get_origin(type_) is list else type_ if type_ in {bool, int, float} else str
    return Setting(key, name, kind, choices, " ".join((option.help or "").replace("`", "").split()))


def _is_union(type_: Any) -> bool:  # noqa: ANN401
    return type(None) in get_args(type_)


def configurable(verb: str, run: Callable[..., None]) -> Callable[..., None]:
    """Return a verb that takes `--config` and `--init-config` beside its own options.

    Parameters
    ----------
    verb : str
        Its name.
    run : callable
        What it does; all its parameters are Typer's options and arguments.
    """
    settings = settings_of(run)

    def read(context: typer.Context, path: Path | None) -> None:
        if path is not None:  # what the file says stands in for defaults, so that options override it
            context.default_map = read_config(path, verb, settings, context)

    def require_nothing(context: typer.Context, path: Path | None) -> Path | None:
        if path is not None:  # who only wants the settings written need not name a file of data
            for parameter in context.command.params:
                parameter.required = False
        return path

    @functools.wraps(run)
    def configured(context: typer.Context, init_config: Path | None, **values: Any) -> None:  # noqa: ANN401
        del values["config"]
        given = {
            key: values[setting.name]
            for key, setting in settings.items()
            if _was_given(context, setting.name) and values[setting.name] is not None
        }
        running = _Run(verb, settings, given, values)
        if init_config is None:
            token = _running.set(running)
            try:
                run(**values)
            finally:
                _running.reset(token)
        else:
            _write_config(init_config, running)

    _sign(configured, run, read, require_nothing)
    return configured


def _sign(
    configured: Callable[..., None],
    run: Callable[..., None],
    read: Callable[..., None],
    init: Callable[..., Any],
) -> None:
    """Give a function the signature that Typer is to read: that of a verb, and two options more."""
    config = typer.Option(
        "--config",
        metavar="TOML",
        is_eager=True,
        callback=read,
        help="Take settings from this file; options given beside it override it.",
    )
    init_config = typer.Option(
        "--init-config",
        metavar="TOML",
        is_eager=True,
        callback=init,
        help="Write all settings, with comments, to a file for --config, and end.",
    )
    only = inspect.Parameter.KEYWORD_ONLY
    optional = Path | None
    parameters = [
        inspect.Parameter("context", only, annotation=typer.Context),
        *(parameter.replace(kind=only) for parameter in _parameters(run).values()),
        inspect.Parameter("config", only, default=None, annotation=Annotated[optional, config]),
        inspect.Parameter("init_config", only, default=None, annotation=Annotated[optional, init_config]),
    ]
    function: Any = configured
    function.__signature__ = inspect.Signature(parameters)
    function.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    del function.__wrapped__  # or else `run`'s own signature would be read


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


def read_config(
    path: Path, verb: str, settings: Mapping[str, Setting], context: typer.Context
) -> dict[str, Any]:
    """Read a verb's settings, each checked as its option would be.

    Parameters
    ----------
    path : Path
        A TOML file whose keys are the names of options without their dashes; arguments have theirs too. A
        table that is named after a verb, such as ``[study]``, is for this verb alone.
    verb : str
    settings : mapping of str to Setting
        What the verb takes.
    context : typer.Context
        Of the verb.

    Returns
    -------
    dict
        Values by the names of parameters.

    Raises
    ------
    SkknnSyndromeError
        If the file can't be read.
    UsageError
        If a key is no option, or a value is none that the option takes.
    """
    found = _read_toml(path)
    verbs = set(getattr(context.parent.command, "commands", ())) if context.parent else set()
    # Only a table is a verb's own: `study` is also the setting of `report` that names its file.
    tables = {key: value for key, value in found.items() if key in verbs and isinstance(value, dict)}
    common = {key: value for key, value in found.items() if key not in tables}
    parameters = {parameter.name: parameter for parameter in context.command.params}
    values: dict[str, Any] = {}
    for key, value in (common | tables.get(verb, {})).items():
        setting = settings.get(key.replace("_", "-"))
        if setting is None:
            nearest = nearest_name(key.replace("_", "-"), settings)
            hint = "" if nearest is None else f" Did you mean {nearest}?"
            raise UsageError(f"{path}: there is no setting {key!r} of `skknn-syndrome {verb}`.{hint}")
        values[setting.name] = _checked(setting, value, parameters[setting.name], context, path)
    return values


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SkknnSyndromeError(f"{path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise SkknnSyndromeError(f"{path} is not valid TOML: {error}.") from error


def _checked(setting: Setting, value: Any, parameter: Any, context: Any, path: Path) -> Any:  # noqa: ANN401
    """Return a value as its option takes it."""
    given = _as_option(setting, value)
    if given is None:
        raise UsageError(
            f"{path}: {setting.key} = {value!r} is invalid: expected {_KINDS.get(setting.kind, 'a string')}."
        )
    try:
        parameter.process_value(context, given)
    except UsageError as error:
        said = str(getattr(error, "message", error)).replace("Value error, ", "")
        raise UsageError(
            f"{path}: {setting.key} = {value!r} is invalid: {said.removeprefix('Input ')}"
        ) from error
    return given


def _as_option(setting: Setting, value: Any) -> Any:  # noqa: ANN401  what TOML holds
    """Return a value of the kind that an option takes, None where it is of another one."""
    if setting.name == "n_neighbors" and not isinstance(value, bool):
        # The option has a list as text; TOML has lists of its own.
        return ",".join(map(str, value if isinstance(value, list) else [value]))
    if setting.kind is list:
        pairs = [f"{ours}={theirs}" for ours, theirs in value.items()] if isinstance(value, dict) else value
        entries = pairs if isinstance(pairs, list) else [pairs]
        return entries if entries and all(isinstance(entry, str) for entry in entries) else None
    if isinstance(value, bool) or setting.kind is bool:
        return value if isinstance(value, bool) and setting.kind is bool else None
    return value if isinstance(value, (int, float) if setting.kind is float else setting.kind) else None


def settings_given() -> str:
    """Return the settings of the running verb that are not its defaults, as TOML; files without folders.

    Empty where no verb is running, as in a call from Python.
    """
    import tomlkit  # noqa: PLC0415  only who writes settings needs it

    running = _running.get(None)
    given = {} if running is None else running.given
    return tomlkit.dumps({key: _plain(value, whole_paths=False) for key, value in given.items()}).strip()


def settings_of_run(opening: str) -> str:
    """Return all settings of the running verb as a file for `--config`; files without folders."""
    lines = opening, "Files stand here without their folders."
    return _config_text(_running.get(), lines, whole_paths=False)


def _write_config(path: Path, run: _Run) -> None:
    if os.path.lexists(path):
        raise SkknnSyndromeError(f"{path} is there already: choose another name, as in --init-config NAME.")
    command = f"skknn-syndrome {run.verb} --config {shlex.quote(str(path))}"
    opening = (
        f"Settings of `{command}`; options beside it override them.",
        "Files are looked for from the folder in which the command is run.",
        "A line without a value has no default, or one that depends on the data.",
    )
    write_text(path, _config_text(run, opening, whole_paths=True))
    say(f"Wrote {path}: edit it, then run `{command}`.")


def _config_text(run: _Run, opening: Iterable[str], *, whole_paths: bool) -> str:
    """Return every setting with its help; those that were given count, the others are comments."""
    import tomlkit  # noqa: PLC0415  see above

    document = tomlkit.document()
    for line in opening:
        document.add(tomlkit.comment(line))
    for key, setting in run.settings.items():
        document.add(tomlkit.nl())
        for line in textwrap.wrap(_described(setting), 90):
            document.add(tomlkit.comment(line))
        value = _plain(run.values[setting.name], whole_paths=whole_paths)
        if key in run.given:
            document.add(key, value)
        else:
            shown = "" if value is None else tomlkit.item(value).as_string()
            document.add(tomlkit.comment(f"{key} = {shown}".rstrip()))
    return tomlkit.dumps(document)


def _described(setting: Setting) -> str:
    said = setting.help.replace("repeat for several", "a list for several")
    said = said.replace("--column syndrome=label", 'column.syndrome = "label"')
    told = all(choice in said for choice in setting.choices)
    return said if told else f"{said} Takes: {', '.join(setting.choices)}."


def _was_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def _plain(value: Any, *, whole_paths: bool) -> Any:  # noqa: ANN401  a value of any option
    """Return a value as TOML has it."""
    if isinstance(value, list | tuple):
        return [_plain(entry, whole_paths=whole_paths) for entry in value]
    if isinstance(value, Path):
        return str(value) if whole_paths else value.name
    return value.value if isinstance(value, Enum) else value
