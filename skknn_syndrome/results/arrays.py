"""Arrays of a result in a Parquet file beside its JSON, which refers to them by name and SHA-256.

The file has one row. Each column is a list that stood in the JSON, and is named by the place where it stood,
an analysis by its question and protocol. Objects are structs, so that a list of a hundred takes no more names
than one of two.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeGuard

from pydantic_core import to_json

from skknn_syndrome._limits import MAX_JSON_BYTES, how_to_lift, sizes_are_trusted
from skknn_syndrome._output import read_whole
from skknn_syndrome.errors import StudyFileError, quote

if TYPE_CHECKING:
    import pyarrow as pa

JsonObject: TypeAlias = dict[str, Any]

FEWEST_BYTES: Final = 256 * 1024
"""Of all arrays: a result with fewer is one file, which is simpler to read and to hand on."""

ARRAY_BYTES: Final = 4 * 1024
"""Of a list as JSON: shorter ones stay where a reader looks for them."""

FEWEST_OBJECTS: Final = 8
"""Of a list that is moved as a whole: two protocols are no table, though the candidates of each are one."""

_ENTRY, _REFERENCE = "arrays", "$ref"


def split_off(document: JsonObject, name: str) -> tuple[JsonObject, bytes | None]:
    """Take the large arrays out of a result.

    Parameters
    ----------
    document : dict
        As `json.loads` gives it; it stays as it is.
    name : str
        Of the file that will hold the arrays.

    Returns
    -------
    dict
        The result with references in place of its arrays; where they are few, the document itself.
    bytes or None
        The Parquet file, None where they are few.

    Examples
    --------
    >>> document = {"schema_version": 7, "curve": [number / 3 for number in range(20_000)]}
    >>> slim, content = split_off(document, "study.arrays.parquet")
    >>> slim["curve"]
    {'$ref': 'study.arrays.parquet#curve'}
    """
    columns: dict[str, pa.Array] = {}
    sizes: list[int] = []
    slim = _split(document, "", f"{name}#", columns, sizes)
    if sum(sizes) < FEWEST_BYTES:
        return document, None
    content = _written(columns)
    entry = {"file": name, "sha256": sha256(content).hexdigest()}
    # Behind the version, which tells older programs that they can't read it.
    return {"schema_version": document.get("schema_version"), _ENTRY: entry} | slim, content


def _split(value: Any, place: str, prefix: str, columns: "dict[str, pa.Array]", sizes: list[int]) -> Any:  # noqa: ANN401  JSON of any shape
    """Return JSON with references; put what they refer to into `columns`, and its size into `sizes`."""
    if not isinstance(value, list | dict):
        return value
    if _is_long(value) and place not in columns and (size := len(to_json(value))) >= ARRAY_BYTES:
        column = _column(value)
        if column is not None:
            columns[place] = column
            sizes.append(size)
            return {_REFERENCE: f"{prefix}{place}"}
    parts = {
        key: _split(part, f"{place}/{name}" if place else name, prefix, columns, sizes)
        for key, name, part in _named(value)
    }
    return parts if isinstance(value, dict) else [*parts.values()]


def _is_long(value: list[Any] | JsonObject) -> TypeGuard[list[Any]]:
    if not isinstance(value, list) or not value:
        return False
    return len(value) >= FEWEST_OBJECTS or not isinstance(value[0], dict)


def _named(value: JsonObject | list[Any]) -> Iterator[tuple[object, str, Any]]:
    """Yield the key of each part of a list or object, its name in a place, and itself."""
    if isinstance(value, dict):
        yield from ((name, name, part) for name, part in value.items())
        return
    for number, part in enumerate(value):
        found = part if isinstance(part, dict) else {}
        name = "/".join(str(found[key]) for key in ("question", "protocol") if found.get(key) is not None)
        yield number, name or str(number), part


def _column(values: list[Any]) -> "pa.Array | None":
    """Return a list as the one cell of a column, None where its entries are not all alike."""
    import pyarrow as pa  # noqa: PLC0415  slow to import, and small results have no arrays

    scalars = {float: pa.float64(), int: pa.int64(), bool: pa.bool_(), str: pa.string()}

    def kind_of(cells: Sequence[Any]) -> Any:  # noqa: ANN401  a type of pyarrow, which has no types
        there = [cell for cell in cells if cell is not None]
        kinds = {type(cell) for cell in there}
        if len(kinds) != 1:  # Arrow has a type of nothing, but Parquet files of it are not read everywhere
            return pa.float64() if not kinds else None
        kind = kinds.pop()
        if kind is list:
            inner = kind_of([*chain.from_iterable(there)])
            return None if inner is None else pa.list_(inner)
        if kind is not dict:
            return scalars[kind]
        names = tuple(there[0])
        fields = [(name, kind_of([cell.get(name) for cell in there])) for name in names]
        alike = names and all(tuple(cell) == names for cell in there)
        return pa.struct(fields) if alike and all(inner is not None for _, inner in fields) else None

    found = kind_of(values)
    try:
        return None if found is None else pa.array([values], pa.list_(found))
    except OverflowError:  # a whole number beyond 64 bits, which JSON may hold
        return None


def _written(columns: "Mapping[str, pa.Array]") -> bytes:
    import pyarrow as pa  # noqa: PLC0415  see above
    from pyarrow import parquet  # noqa: PLC0415

    sink = pa.BufferOutputStream()
    # Shares and scores seldom come twice: a dictionary of them would be larger than they are.
    parquet.write_table(pa.table(dict(columns)), sink, compression="zstd", write_page_checksum=True)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def put_back(text: str, path: Path, word: str, remedy: str) -> str:
    """Return a result as text with its arrays; what refers to none stays as it is.

    Parameters
    ----------
    text : str
        Of the JSON file.
    path : Path
        Where it lies, and the arrays beside it.
    word : str
        What people call such a file.
    remedy : str
        What writes one.

    Raises
    ------
    StudyFileError
        If the file of the arrays is missing, is not the one that the JSON was written with, or lacks one.
    """
    if f'"{_REFERENCE}"' not in text:
        return text
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text  # which the models say better
    entry = document.pop(_ENTRY, None) if isinstance(document, dict) else None
    if not isinstance(entry, dict):
        return text
    columns = _read(entry, path, word, remedy)
    try:
        return to_json(_joined(document, columns)).decode()
    except KeyError as error:
        raise StudyFileError(
            f"The {word} {path} refers to the array {quote(error.args[0])}, which its file of arrays lacks: "
            f"undo the edit, or {remedy}.",
            code="unknown_array",
        ) from None


def _read(entry: JsonObject, path: Path, word: str, remedy: str) -> JsonObject:
    name = str(entry.get("file"))
    beside = path.with_name(PurePath(name).name or "none")
    try:
        content = read_whole(beside, -1 if sizes_are_trusted() else MAX_JSON_BYTES + 1)
    except OSError as error:
        raise StudyFileError(
            f"The {word} {path} has its arrays in {beside.name}, which can't be read beside it "
            f"({error.strerror}): copy it there from where the {word} was written, or {remedy}.",
            code="arrays_missing",
        ) from error
    if sha256(content).hexdigest() != entry.get("sha256"):
        raise StudyFileError(
            f"The file {beside} is not the one that the {word} {path} was written with: put back the two "
            f"that belong together, or {remedy}.",
            code="arrays_changed",
        )
    try:
        columns = _unpacked(content)
    except (ValueError, OSError) as error:
        raise StudyFileError(f"The file {beside} holds no arrays: {remedy}.", code="no_arrays") from error
    if columns is None:
        raise StudyFileError(
            f"The file {beside} unpacks to more than {MAX_JSON_BYTES:,} bytes; {how_to_lift()}.",
            code="too_large",
        )
    return columns


def _unpacked(content: bytes) -> JsonObject | None:
    """Return the arrays by name; None where a few kilobytes claim more than is read of a result."""
    import pyarrow as pa  # noqa: PLC0415  see above
    from pyarrow import parquet  # noqa: PLC0415

    file = parquet.ParquetFile(pa.BufferReader(content))
    groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
    if sum(group.total_byte_size for group in groups) > MAX_JSON_BYTES and not sizes_are_trusted():
        return None
    (columns,) = file.read(use_threads=False).to_pylist()
    return dict(columns)


def _joined(value: Any, columns: Mapping[str, Any]) -> Any:  # noqa: ANN401  JSON of any shape
    if isinstance(value, list):
        return [_joined(part, columns) for part in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_REFERENCE}:
        return columns[str(value[_REFERENCE]).partition("#")[2]]
    return {name: _joined(part, columns) for name, part in value.items()}
