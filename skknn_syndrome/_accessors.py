"""Accessors: properties of results whose code lies in a higher layer, registered by name."""

from importlib import import_module
from typing import Any

_HOMES: dict[str, str] = {}


def register_accessor(name: str, home: str) -> None:
    """Say where an accessor's code lies, as pandas' `register_dataframe_accessor` does for data frames.

    The package registers its own when it is imported. Nothing is imported before a result is asked for it:
    matplotlib takes a second, and whoever reads a result need not draw it.

    Parameters
    ----------
    name : str
        What results call it.
    home : str
        Module and class, as in entry points: ``"package.module:Class"``. It is called with the result.

    Examples
    --------
    >>> register_accessor("length", "builtins:len")
    >>> accessor("length", [1, 2])
    2
    """
    _HOMES[name] = home


def accessor(name: str, owner: object) -> Any:  # noqa: ANN401  of a higher layer, which this one must not know
    """Return an accessor of a result."""
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute)(owner)
