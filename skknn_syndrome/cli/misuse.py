"""Wrong arguments, in one sentence that says what to write instead."""

from typing import Any

import typer

from skknn_syndrome.errors import nearest_name

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What Typer raises for wrong arguments: Click's class, or that of Typer's own copy, which is private."""


def describe_misuse(error: Exception) -> str:
    """Say what is wrong with the arguments, what was perhaps meant, and where the help is.

    Parameters
    ----------
    error : UsageError

    Returns
    -------
    str
        Empty where the help was shown in place of an error.
    """
    details: Any = error
    # Typer hands on what pydantic says of a value, with pydantic's marks.
    said: str = details.format_message().replace("Value error, ", "").replace(": Input should", ": it should")
    context = details.ctx
    if not said or context is None:
        return said
    if type(error).__name__ == "NoSuchOption":
        hint = _hint(details.option_name, context)
        said = f"No such option: {details.option_name}.{'' if hint is None else f' {hint}'}"
    full_stop = "" if said.endswith((".", "?")) else "."
    return f"{said}{full_stop} Help: {context.command_path} --help"


def _hint(option: str, context: Any) -> str | None:  # noqa: ANN401  a context of Click's or Typer's
    arguments = [parameter for parameter in context.command.params if parameter.param_type_name == "argument"]
    if option == "--data" and any(argument.metavar == "DATA" for argument in arguments):
        names = ("FILE" if argument.metavar == "DATA" else argument.metavar for argument in arguments)
        return f"The file is an argument: {context.command_path} {' '.join(map(str, names))}."
    options = [name for parameter in context.command.params for name in parameter.opts if name[:2] == "--"]
    nearest = nearest_name(f"--{option.lstrip('-')}", [*options, "--help"])
    return None if nearest is None else f"Did you mean {nearest}?"
