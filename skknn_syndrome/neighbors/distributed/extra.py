"""What the extra `distributed` installs, imported only once somebody needs it."""

import importlib
from typing import Any

from skknn_syndrome.errors import SkknnSyndromeError


class MissingExtraError(SkknnSyndromeError, ImportError):
    """A package of the extra `distributed` is not installed: the message says how to get it."""


def distributed_extra(name: str) -> Any:  # noqa: ANN401  a module that may be missing has no type
    """Import a module that the extra `distributed` installs.

    Parameters
    ----------
    name : {"dask", "distributed", "zarr"}

    Returns
    -------
    module

    Raises
    ------
    MissingExtraError
        If it is not installed.

    Examples
    --------
    >>> distributed_extra("dask").__name__
    'dask'
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtraError(
            f'{name} is not installed: run pip install "skknn-syndrome[distributed]".'
        ) from error
