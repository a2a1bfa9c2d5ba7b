"""NumPy archives (npz) of embeddings."""

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from skknn_syndrome._limits import MAX_BYTES_OF_IDS, check_claim
from skknn_syndrome.data.column_layout import ARCHIVE
from skknn_syndrome.data.columns import find_layout
from skknn_syndrome.data.covariates import with_saved
from skknn_syndrome.data.rows import (
    AUGMENTED_FROM,
    COVARIATES_KEY,
    LABEL_NAMES,
    SIMULATED_NAME,
    RawTable,
    read_simulated_name,
)
from skknn_syndrome.data.subject_columns import ColumnValues
from skknn_syndrome.errors import EmbeddingsFileError, quote

_HEADER_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_CODE_POINTS = 0x110000
_MATRIX = 2


def read_npz_table(
    content: bytes, columns: Mapping[str, str] | None, covariates: Sequence[str] = ()
) -> RawTable:
    """Read the arrays `embeddings`, `syndromes`, and where they are there `subjects` and `images`.

    Parameters
    ----------
    content : bytes
        The whole file.
    columns : mapping of str to str or None
        Names of the arrays that differ from these.
    covariates : sequence of str, default=()
        Further arrays to be kept; by default those that `save_embeddings` has written.

    Returns
    -------
    RawTable
        One row per row of `embeddings`.

    Raises
    ------
    EmbeddingsFileError
        If the archive is broken or claims more than is read; if an array is missing, holds objects (a pickle
        inside, which is never read) or something that is neither number nor text, or has the wrong shape.
    """
    with _opened(content) as archive:
        members = _members(archive)
        if AUGMENTED_FROM in members:
            raise EmbeddingsFileError(
                f"its array '{AUGMENTED_FROM}' tells augmented views, which only .parquet and .csv hold; "
                "leave out the views, and then the array",
                code="views_in_archive",
            )
        _check_claims(archive, members, len(content))
        mark = members.pop(SIMULATED_NAME, None)
        simulated = None if mark is None else read_member(archive, mark, SIMULATED_NAME).tolist()
        columns, label_names = _labels(archive, members, columns)
        saved = _saved_covariates(archive, members)
        values = _id_values(archive, members)
        layout = find_layout(list(members), columns, ARCHIVE, members, values, with_saved(covariates, saved))
        unexamined = tuple(name for name in layout.unread if _is_long(archive, members[name]))
        names = {
            "embeddings": layout.features[0],
            "labels" if layout.labels else "syndromes": layout.syndrome,
            "subjects": layout.subject,
            "images": layout.image,
        }
        arrays = {
            name: read_member(archive, members[name], name)
            for name in (*names.values(), *(column.name for column in layout.covariates))
            if name is not None
        }
    _check_shapes({part: arrays[name] for part, name in names.items() if name is not None})
    _check_covariates({name: arrays[name] for name, _ in layout.covariates}, arrays[layout.features[0]])
    if layout.labels:
        layout = replace(layout, label_names=_checked_names(arrays[layout.labels[0]], label_names))
    return RawTable.of_columns(
        replace(layout, unexamined=unexamined),
        arrays,
        arrays[layout.features[0]],
        simulated_name=None if mark is None else read_simulated_name(simulated),
    )


def _labels(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], columns: Mapping[str, str] | None
) -> tuple[Mapping[str, str] | None, NDArray[Any] | None]:
    """Return names of arrays with that of several labels an image, if it was named or saved; and theirs."""
    given = columns or {}
    saved = LABEL_NAMES in members and "labels" in members and not {"labels", "syndrome"} & {*given}
    if not saved and "labels" not in given:
        return columns, None
    names = members.pop(LABEL_NAMES, None)
    found = None if names is None else read_member(archive, names, LABEL_NAMES)
    return {"labels": "labels", **given}, found


def _saved_covariates(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> list[str]:
    """Return the covariates that `save_embeddings` has written, as they were asked for."""
    mark = members.pop(COVARIATES_KEY, None)
    return [] if mark is None else [*map(str, read_member(archive, mark, COVARIATES_KEY).ravel().tolist())]


def _check_covariates(covariates: Mapping[str, NDArray[Any]], vectors: NDArray[Any]) -> None:
    for name, array in covariates.items():
        if array.shape != vectors.shape[:1]:
            raise EmbeddingsFileError(
                f"the array {quote(name)} of a covariate must have the shape {vectors.shape[:1]}, not "
                f"{array.shape}",
                code="wrong_shape",
            )


def _checked_names(labels: NDArray[Any], names: NDArray[Any] | None) -> tuple[str, ...]:
    """Return the names of the columns of labels, by default their numbers."""
    n_labels = labels.shape[1]
    if names is None:
        return tuple(map(str, range(n_labels)))
    if names.ndim != 1 or len(names) != n_labels or names.dtype.kind != "U":
        raise EmbeddingsFileError(
            f"the array of {LABEL_NAMES} must have {n_labels} texts, not be {names.dtype} of shape "
            f"{names.shape}",
            code="wrong_shape",
        )
    return tuple(names.tolist())


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:  # zipfile raises half a dozen kinds on broken bytes
        raise EmbeddingsFileError(
            "its zip archive is broken or was cut short; write it again", code="broken_archive"
        ) from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    members = {info.filename.removesuffix(".npy"): info for info in infos}
    if len(members) < len(infos):
        raise EmbeddingsFileError("two arrays in it have the same name; write it again", code="repeated_name")
    return members


def _id_values(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> ColumnValues:
    """Return what gives the values of an array, if it can be one of ids."""

    @cache
    def values(name: str) -> list[object] | None:
        if name not in members or members[name].file_size > MAX_BYTES_OF_IDS:
            return None
        try:
            array = read_member(archive, members[name], name)
        except EmbeddingsFileError:
            return None  # an array that has no part may be broken
        return array.tolist() if array.ndim == 1 and array.dtype.kind != "f" else None

    return values


def _is_long(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Tell an array that may hold ids, and is not looked at for its size."""
    header = read_header(archive, member) if member.file_size > MAX_BYTES_OF_IDS else None
    return header is not None and len(header.shape) == 1 and header.dtype.kind != "f"


def _check_claims(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], file_bytes: int) -> None:
    """Look at all arrays, since none is unpacked to more than the archive says of it."""
    n_rows = n_bytes = 0
    for member in members.values():
        header = read_header(archive, member)
        claimed_rows, claimed_bytes = (0, 0) if header is None else header.claim
        n_rows = max(n_rows, claimed_rows)
        n_bytes += max(member.file_size, claimed_bytes)
    check_claim(n_rows, n_bytes, file_bytes)


def _check_shapes(arrays: Mapping[str, NDArray[Any]]) -> None:
    n_rows = len(np.atleast_1d(arrays["embeddings"]))
    for part, array in arrays.items():
        is_vectors = part in {"embeddings", "labels"}
        if array.ndim != 1 + is_vectors or array.dtype.kind in ("U" if is_vectors else "f"):
            wanted = "two dimensions, of numbers" if is_vectors else "one dimension, of text or integers"
            raise EmbeddingsFileError(
                f"the array of {part} must have {wanted}, not be {array.dtype} of shape {array.shape}",
                code="wrong_shape",
            )
        if len(array) != n_rows:
            raise EmbeddingsFileError(
                f"the array of {part} has {len(array)} rows, that of embeddings {n_rows}",
                code="unequal_lengths",
            )


@dataclass(frozen=True)
class Header:
    """What a member says of itself."""

    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[Any]

    @property
    def claim(self) -> tuple[int, int]:
        """Rows that it claims to hold, and bytes once they are float32 or float64.

        Both are 0 where it can hold neither ids nor vectors.
        """
        if not 1 <= len(self.shape) <= _MATRIX:
            return 0, 0
        is_single = self.dtype.kind == "f" and self.dtype.itemsize <= np.dtype(np.float32).itemsize
        return self.shape[0], math.prod(self.shape) * max(4 if is_single else 8, self.dtype.itemsize)


def read_header(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Header | None:
    """Read the header of one `.npy` member, and nothing behind it; None if it is broken."""
    try:
        with archive.open(member) as stream:
            return _read_header(stream)
    except Exception:  # noqa: BLE001 - zipfile, zlib and NumPy raise a dozen kinds; reading it all will tell
        return None


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> NDArray[Any]:
    """Read one `.npy` member.

    Parameters
    ----------
    archive : ZipFile
        The open archive.
    member : ZipInfo
        Whose declared size the caller has bounded.
    name : str
        The array's name, for the sentence.

    Returns
    -------
    ndarray
        Of floats, integers or text, read-only.

    Raises
    ------
    EmbeddingsFileError
        If the member is broken, holds anything else, or its shape does not fit its bytes.
    """
    try:
        with archive.open(member) as stream:
            header = _read_header(stream)
            # zipfile yields no more bytes than were declared, and those were bounded.
            content = stream.read()
    except Exception as error:  # zipfile, zlib and NumPy's header parser raise a dozen kinds on broken bytes
        raise EmbeddingsFileError(
            f"its array {quote(name)} is broken or no npy file; write it again",
            code="broken_array",
        ) from error
    dtype = header.dtype
    if dtype.kind not in "fiuU":
        what = "objects, which are pickles inside" if dtype.hasobject else str(dtype)
        raise EmbeddingsFileError(
            f"its array {quote(name)} holds {what}; save it as numbers or text (dtype str)",
            code="unsupported_type",
        )
    if dtype.kind == "U":
        _check_characters(content, dtype, name)
    try:
        return np.frombuffer(content, dtype).reshape(header.shape, order="F" if header.fortran_order else "C")
    except ValueError as error:
        raise EmbeddingsFileError(
            f"its array {quote(name)} declares the shape {header.shape} of {dtype}, "
            f"but holds {len(content):,} bytes",
            code="wrong_size",
        ) from error


def _read_header(stream: IO[bytes]) -> Header:
    return Header(*_HEADER_READERS[npy.read_magic(stream)](stream))


def _check_characters(content: bytes, dtype: np.dtype[Any], name: str) -> None:
    # NumPy does not look at the numbers behind text: Python then ends in a SystemError, or worse.
    whole = content[: len(content) // 4 * 4]
    codes = np.frombuffer(whole, np.dtype(np.uint32).newbyteorder(dtype.byteorder))
    if codes.max(initial=0) >= _CODE_POINTS:
        raise EmbeddingsFileError(
            f"its array {quote(name)} holds characters that are not in Unicode", code="invalid_text"
        )
