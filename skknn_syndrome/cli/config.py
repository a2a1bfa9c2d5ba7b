"""Settings of a verb: its options, which a TOML file may give (`--config`) and hold (`--init-config`)."""

import inspect
import os
import shlex
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import Field, dataclass, fields
from enum import Enum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import typer

from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.failing import UsageError
from skknn_syndrome.cli.options import renew_setting
from skknn_syndrome.errors import Argument, SkknnSyndromeError, nearest_name

_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a string or a list of strings",
}

UNRECORDED = frozenset({"resume"})
"""Settings that tell how a run came to its end, and nothing of its result."""


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
class Run:
    """A verb with the values of its settings."""

    verb: str
    settings: Mapping[str, Setting]
    given: Mapping[str, Any]
    """By their keys, those that are no defaults."""
    values: Mapping[str, Any]
    """All, by the names of parameters, `config` among them."""
    in_file: frozenset[str] = frozenset()
    """Names of those that the file gives."""

    @property
    def names(self) -> dict[str, str]:
        """The keys of settings by their names in Python."""
        return {setting.name: key for key, setting in self.settings.items()}

    def spelled(self, error: SkknnSyndromeError, template: str) -> str:
        """Return an error's sentence with its parameters as this verb's options, or as its file's keys."""
        sentence = error.spelled(self._spell, template)
        return f"{self.values['config']}: {sentence}" if error.parameter in self.in_file else sentence

    def _spell(self, argument: Argument) -> str:
        key, value = self.names.get(argument.name), argument.value
        if key is None:
            return str(argument)
        if argument.name in self.in_file:
            return key if value is None else f"{key} = {value!r}"
        if value is None or value is True:
            return f"--{key}"
        values = value if isinstance(value, list | tuple) else (value,)
        return " ".join(f"--{key} {shlex.quote(str(one))}" for one in values)


running: ContextVar[Run | None] = ContextVar("running", default=None)
"""The verb that is running, None where a function is called from Python."""


def settings_of(options: type) -> dict[str, Setting]:
    """Return the settings of a verb by their keys, from the class whose fields Typer reads.

    Examples
    --------
    >>> from skknn_syndrome.cli.convert import Options
    >>> settings_of(Options)["column"].kind
    <class 'list'>
    """
    types = get_type_hints(options, include_extras=True)
    settings = (_setting(field.name, types[field.name]) for field in fields_of(options))
    return {setting.key: setting for setting in settings}


def fields_of(options: type) -> "list[Field[Any]]":
    """Return the fields of a class, its own before those that it shares."""
    own = inspect.get_annotations(options)
    every: Any = options
    return sorted(fields(every), key=lambda field: field.name not in own)


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
    parent: Any = context.parent
    verbs = parent.command.list_commands(parent)
    # Only a table is a verb's own: `study` is also the setting of `report` that names its file.
    tables = {key: value for key, value in found.items() if key in verbs and isinstance(value, dict)}
    common = {key: value for key, value in found.items() if key not in tables}
    parameters = {parameter.name: parameter for parameter in context.command.params}
    values: dict[str, Any] = {}
    for key, entry in (common | tables.get(verb, {})).items():
        named, value = renew_setting(key.replace("_", "-"), entry)
        setting = settings.get(named)
        if setting is None:
            nearest = nearest_name(named, settings)
            hint = "" if nearest is None else f" Did you mean {nearest}?"
            raise UsageError(f"{path}: there is no setting {key!r} of `skknn-syndrome {verb}`.{hint}")
        values[setting.name] = _checked(setting, value, parameters[setting.name], context, path)
    return values


def _read_toml(path: Path) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415  only who reads settings needs it

    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise SkknnSyndromeError(
            f"{path} can't be read: {error.strerror}.", code="unreadable_settings"
        ) from error
    except ValueError as error:
        raise SkknnSyndromeError(f"{path} is not valid TOML: {error}.", code="invalid_toml") from error


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

    run = running.get()
    given = {} if run is None else run.given
    given = {key: value for key, value in given.items() if key not in UNRECORDED}
    return tomlkit.dumps({key: _plain(value, whole_paths=False) for key, value in given.items()}).strip()


def settings_of_run(opening: str) -> str:
    """Return all settings of the running verb as a file for `--config`; files without folders."""
    lines = opening, "Files stand here without their folders."
    run = running.get()
    return "" if run is None else _config_text(run, lines, whole_paths=False)


def write_config(path: Path, run: Run) -> None:
    """Write all settings of a verb, those that were given as they are and the others as comments.

    Raises
    ------
    SkknnSyndromeError
        If the file is there already.
    """
    from skknn_syndrome._files import write_text  # noqa: PLC0415  hashlib: a part of the time of a help

    if os.path.lexists(path):
        raise SkknnSyndromeError(
            f"{path} is there already: choose another name, as in --init-config NAME.", code="file_exists"
        )
    command = f"skknn-syndrome {run.verb} --config {shlex.quote(str(path))}"
    opening = (
        f"Settings of `{command}`; options beside it override them.",
        "Files are looked for from the folder in which the command is run.",
        "A line without a value has no default, or one that depends on the data.",
    )
    write_text(path, _config_text(run, opening, whole_paths=True))
    say(f"Wrote {path}: edit it, then run `{command}`.")


def _config_text(run: Run, opening: Iterable[str], *, whole_paths: bool) -> str:
    """Return every setting with its help; those that were given count, the others are comments."""
    import textwrap  # noqa: PLC0415  see above

    import tomlkit  # noqa: PLC0415

    document = tomlkit.document()
    for line in opening:
        document.add(tomlkit.comment(line))
    for key, setting in run.settings.items():
        if key in UNRECORDED and not whole_paths:
            continue
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


def _plain(value: Any, *, whole_paths: bool) -> Any:  # noqa: ANN401  a value of any option
    """Return a value as TOML has it."""
    if isinstance(value, list | tuple):
        return [_plain(entry, whole_paths=whole_paths) for entry in value]
    if isinstance(value, Path):
        return str(value) if whole_paths else value.name
    return value.value if isinstance(value, Enum) else value
