"""Results as JSON files."""

import json
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from skknn_syndrome._files import write_text
from skknn_syndrome._limits import (
    MAX_JSON_BYTES,
    MAX_JSON_ENTRIES,
    MAX_JSON_VALUES,
    how_to_lift,
    sizes_are_trusted,
)
from skknn_syndrome._output import finish_interrupted
from skknn_syndrome.errors import StudyFileError

_MAX_FAULTS = 1000
"""Faults of a file that are taken apart to name the first; each takes a kilobyte then."""

ResultType = TypeVar("ResultType", bound=BaseModel)


def save_result(result: BaseModel, path: Path) -> None:
    """Write a result as JSON, whole or not at all."""
    write_text(path, result.model_dump_json(indent=1) + "\n")


def load_result(kind: type[ResultType], path: Path, word: str) -> ResultType:
    """Read a result that `save_result` wrote.

    Parameters
    ----------
    kind : type
        Of the result.
    path : Path
    word : str
        What people call such a file.

    Returns
    -------
    An instance of `kind`.

    Raises
    ------
    StudyFileError
        If the file can't be read, or is no such result.
    """
    finish_interrupted(path.parent)
    try:
        with path.open("rb") as stream:
            content = stream.read(-1 if sizes_are_trusted() else MAX_JSON_BYTES + 1)
        _check_size(content, path, word)
        return kind.model_validate_json(content)
    except OSError as error:
        raise StudyFileError(f"The {word} {path} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        if error.error_count() > _MAX_FAULTS:
            raise StudyFileError(
                f"The file {path} is no {word} of this package: {error.error_count():,} of its entries are "
                "wrong."
            ) from None
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the top level"
        raise StudyFileError(
            f"The file {path} is no {word} of this package: at {where}, {first['msg']}."
        ) from error


def _check_size(content: bytes, path: Path, word: str) -> None:
    if sizes_are_trusted():
        return
    fault = _fault_of(content)
    if fault is not None:
        raise StudyFileError(f"The {word} {path} has {fault}; {how_to_lift()}.")


def _fault_of(content: bytes) -> str | None:
    """Say what would take minutes and gigabytes to be checked, such as a million keys that nobody knows."""
    if len(content) > MAX_JSON_BYTES:
        return f"more than {MAX_JSON_BYTES:,} bytes"
    n_values = max(map(content.count, (b",", b"{")))
    if n_values > MAX_JSON_VALUES:
        return f"{n_values:,} values, more than {MAX_JSON_VALUES:,}"
    # Nearly all results have so few values that no list can be too long.
    longest = _longest(content) if n_values > MAX_JSON_ENTRIES else 0
    if longest > MAX_JSON_ENTRIES:
        return f"a list or object of {longest:,} entries, more than {MAX_JSON_ENTRIES:,}"
    return None


def _longest(content: bytes) -> int:
    """Return the number of entries in the longest list or object, 0 where the JSON can't be read."""
    longest = 0

    def measure(value: object) -> None:
        nonlocal longest
        if isinstance(value, list):
            longest = max(longest, len(value))
            for entry in value:
                measure(entry)

    def measure_object(pairs: list[tuple[str, object]]) -> None:
        # Nothing is returned, and so no object is kept: this takes little memory.
        measure([value for _, value in pairs])

    try:
        measure(json.loads(content, object_pairs_hook=measure_object))
    except (ValueError, RecursionError):
        return 0  # which the model says better
    return longest
