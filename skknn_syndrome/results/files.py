"""Results as JSON files."""

import json
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from skknn_syndrome._files import write_bytes
from skknn_syndrome._limits import (
    MAX_JSON_BYTES,
    MAX_JSON_ENTRIES,
    MAX_JSON_NUMBERS,
    MAX_JSON_VALUES,
    TRUST,
    how_to_lift,
    sizes_are_trusted,
)
from skknn_syndrome._output import read_whole
from skknn_syndrome.errors import LargeResultWarning, StudyFileError, quote
from skknn_syndrome.results.arrays import put_back, split_off

Place: TypeAlias = tuple[str | int, ...]
"""Names and positions that lead to a value in JSON."""

_MAX_FAULTS = 1000
"""Faults of a file that are taken apart to name the first; each takes a kilobyte then."""

ResultType = TypeVar("ResultType", bound=BaseModel)

WRITERS: Mapping[str, str] = MappingProxyType(
    {
        "study": "run `skknn-syndrome study DATA` to write a study",
        "comparison": "run `compare_preprocessing` and save what comes of it",
        "model comparison": "run `skknn-syndrome compare DATA` to write a comparison",
        "distance alignment": "run `skknn-syndrome align DATA --reference FILE` to write an alignment",
    }
)
"""How people get each kind of file."""

WANTED: Mapping[str, str] = MappingProxyType(
    {
        "int_type": "a whole number is needed",
        "int_from_float": "a whole number is needed",
        "float_type": "a number is needed",
        "string_type": "text is needed",
        "bool_type": "true or false is needed",
        "tuple_type": "a list is needed",
        "too_short": "at least one entry is needed",
        "model_type": "an object in braces is needed",
        "finite_number": "a finite number or null is needed",
        "literal_error": "it has to be {expected}",
    }
)
"""What is asked for, by pydantic's name of the fault."""

LONGEST_NUMBER = 18
"""Digits, with the sign, of a whole number."""

_LONG_NUMBER = re.compile(r"\d{19}")
_PLACE = re.compile(r" at line (\d+) column (\d+)$")


def save_result(result: BaseModel, path: Path, *, arrays_beside: bool = False) -> None:
    """Write a result as JSON, whole or not at all.

    Parameters
    ----------
    result : BaseModel
    path : Path
    arrays_beside : bool, default=False
        Whether large arrays go into a Parquet file beside it. That is written first: whoever reads in
        between, or after a run was cut off there, is told that the two do not belong together.

    Warns
    -----
    LargeResultWarning
        If `load_result` would refuse it as long as sizes are not trusted.
    """
    document = result.model_dump(mode="json")
    name = f"{path.stem}.arrays.parquet"
    slim, arrays = split_off(document, name) if arrays_beside else (document, None)
    if arrays is not None:
        write_bytes(path.with_name(name), arrays)
    write_bytes(path, to_json(slim, indent=1) + b"\n")
    fault = None if sizes_are_trusted() else _fault_of(to_json(document))
    if fault is not None:
        warnings.warn(
            f"{path.name} has {fault}: to read it again, set {TRUST}=1 in the environment.",
            LargeResultWarning,
            stacklevel=3,
        )


def load_result(
    kind: type[ResultType],
    path: Path,
    word: str,
    *,
    upgrade: Callable[[str], str] = str,
    as_written: Callable[[object, Place], Place] = lambda _, place: place,
) -> ResultType:
    """Read a result that `save_result` wrote, in UTF-8, UTF-16 or UTF-32 and with or without a mark of it.

    Parameters
    ----------
    kind : type
        Of the result.
    path : Path
    word : str
        What people call such a file.
    upgrade : callable
        Brings the JSON of an older version to that of today, and leaves other text as it is.
    as_written : callable
        From the file's `schema_version` and a place in the upgraded JSON to the place in the file.

    Returns
    -------
    An instance of `kind`.

    Raises
    ------
    StudyFileError
        If the file can't be read, or is no such result.
    """
    try:
        raw = read_whole(path, -1 if sizes_are_trusted() else MAX_JSON_BYTES + 1)
        _check_size(raw, path, word)
        text = raw.decode(json.detect_encoding(raw)).removeprefix("\ufeff")
    except OSError as error:
        raise StudyFileError(
            f"The {word} {path} can't be read: {error.strerror}.", code="unreadable"
        ) from error
    except UnicodeDecodeError as error:
        message = f"The file {path} is no {word}: it is no text from byte {error.start} on; {WRITERS[word]}."
        raise StudyFileError(message, code="no_text") from error
    if not text.strip():
        raise StudyFileError(f"The file {path} is empty: {WRITERS[word]}.", code="empty")
    try:
        _refuse_endless_numbers(text)
        whole = put_back(text, path, word, WRITERS[word])
        if whole is not text:
            _check_size(whole.encode(), path, word)
        text = whole
        return kind.model_validate_json(upgrade(text))
    except ValidationError as error:
        if error.error_count() > _MAX_FAULTS:
            raise StudyFileError(
                f"The file {path} is no {word} of this package: {error.error_count():,} of its entries are "
                "wrong.",
                code="no_such_result",
            ) from None
        said = _explain(error.errors(include_url=False), text, kind, word, as_written)
        raise StudyFileError(f"The file {path} {said}.", code="wrong_entries") from error
    except OverflowError as error:
        raise StudyFileError(
            f"The file {path} can't be used: {error}; {_mended(word)}.", code="number_too_long"
        ) from error


def _refuse_endless_numbers(text: str) -> None:
    """Refuse whole numbers that NumPy has no place for; JSON has no bound."""
    if _LONG_NUMBER.search(text):
        with suppress(ValueError, RecursionError):  # no JSON, or too deep: the models say so
            json.loads(text, parse_int=_bounded)


def _bounded(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        message = f"it holds a whole number of {len(digits)} digits ({digits[:12]}...)"
        raise OverflowError(message)
    return int(digits)


def _mended(word: str) -> str:
    return f"undo the edit, or {WRITERS[word]}"


def _explain(
    faults: Sequence[ErrorDetails],
    text: str,
    kind: type[BaseModel],
    word: str,
    as_written: Callable[[object, Place], Place],
) -> str:
    """Say what is wrong with a file, in the words of who wrote or edited it."""
    first = faults[0]
    if first["type"] == "json_invalid":
        return f"{_explain_syntax(str(first['ctx']['error']))}; {WRITERS[word]}"
    document = json.loads(text)
    if not isinstance(document, dict):
        return f"holds {_named(document)} and no {word}; {WRITERS[word]}"
    known = kind.model_fields
    if not document.keys() & known.keys():
        return f"is no {word}, but JSON of another program; {WRITERS[word]}"
    version = document.get("schema_version")
    if "schema_version" in document.keys() & known.keys():
        today = known["schema_version"].default
        if type(version) is not int or version < 1:
            wanted = f"a whole number from 1 to {today} is needed"
            return f"can't be used: 'schema_version' is {_named(version)}, and {wanted}; {_mended(word)}"
        if version > today:
            return (
                f"is of a newer version (its schema_version is {version}): update skknn-syndrome to read it"
            )
    placed = [fault | {"loc": as_written(version, fault["loc"])} for fault in faults]
    unknown = next((fault for fault in placed if fault["type"] == "extra_forbidden"), placed[0])
    return f"can't be used: {_explain_fault(unknown, placed)}; {_mended(word)}"


def _explain_syntax(said: str) -> str:
    place = _PLACE.search(said)
    where = "" if place is None else f", at line {place[1]}, character {place[2]}"
    if said.startswith("EOF"):
        return f"ends in the middle{where}"
    if said.startswith("recursion"):
        return f"nests its lists too deeply{where}"
    return f"is no JSON{where}"


def _explain_fault(fault: ErrorDetails, faults: Sequence[ErrorDetails]) -> str:
    kind, loc = fault["type"], fault["loc"]
    if kind == "value_error":
        reason = str(fault["ctx"]["error"])
        return f"{_place(loc)}: {reason}" if loc else reason
    name, where = quote(loc[-1]), f" in {_place(loc[:-1])}" if loc[:-1] else ""
    if kind == "missing":
        return f"the entry {name} is missing{where}"
    if kind == "extra_forbidden":
        missing = [
            str(other["loc"][-1])
            for other in faults
            if other["type"] == "missing" and other["loc"][:-1] == loc[:-1]
        ]
        meant = get_close_matches(str(loc[-1]), missing, n=1)
        hint = f", and {quote(meant[0])} is missing" if meant else ""
        return f"this version knows no entry {name}{where}{hint}"
    wanted = WANTED.get(kind, "something else is needed")
    return f"{_place(loc)} is {_named(fault['input'])}, and {wanted.format_map(fault.get('ctx', {}))}"


def _place(loc: Sequence[str | int]) -> str:
    """Return a place as people count: "entry 4 of 'candidates' in entry 1 of 'protocols'"."""
    text = ""
    for part in reversed(loc):
        if isinstance(part, int):
            text += f"{' in ' if text else ''}entry {part + 1} of "
        else:
            text += f"{'' if not text or text.endswith(' of ') else ' in '}{quote(part)}"
    return text.removesuffix(" of ")


def _named(value: Any) -> str:  # noqa: ANN401  JSON of any shape
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return quote(value) if isinstance(value, str) else str(json.dumps(value))[:60]


def _check_size(content: bytes, path: Path, word: str) -> None:
    if sizes_are_trusted():
        return
    fault = _fault_of(content)
    if fault is not None:
        raise StudyFileError(f"The {word} {path} has {fault}; {how_to_lift()}.", code="too_large")


def _fault_of(content: bytes) -> str | None:
    """Say what would take minutes and gigabytes to be checked, such as a million keys that nobody knows."""
    if len(content) > MAX_JSON_BYTES:
        return f"more than {MAX_JSON_BYTES:,} bytes"
    n_numbers = sum(content.count(b"%d," % digit) for digit in range(10))
    if n_numbers > MAX_JSON_NUMBERS:
        return f"{n_numbers:,} numbers, more than {MAX_JSON_NUMBERS:,}"
    n_commas = content.count(b",")
    n_others = max(n_commas - n_numbers, content.count(b"{"))
    if n_others > MAX_JSON_VALUES:
        return f"{n_others:,} values beside its numbers, more than {MAX_JSON_VALUES:,}"
    # Nearly all results have so few values that no list can be too long.
    longest = _longest(content) if n_commas > MAX_JSON_ENTRIES else 0
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
