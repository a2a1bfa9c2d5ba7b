"""Arrays in a zip archive, as `numpy.savez` writes them."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._limits import MAX_BYTES_OF_IDS, check_claim
from skknn_syndrome.data.columns import ARCHIVE, find_layout
from skknn_syndrome.data.npy_member import read_header, read_member
from skknn_syndrome.data.rows import SIMULATED_NAME, RawRow, RawTable, read_simulated_name
from skknn_syndrome.data.unread_columns import ColumnValues
from skknn_syndrome.errors import EmbeddingsFileError

_MATRIX = 2


def read_npz_table(content: bytes, columns: Mapping[str, str] | None) -> RawTable:
    """Read the arrays `embeddings`, `syndromes`, and where they are there `subjects` and `images`.

    Parameters
    ----------
    content : bytes
        The whole file.
    columns : mapping of str to str or None
        Names of the arrays that differ from these.

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
        _check_claims(archive, members, len(content))
        mark = members.pop(SIMULATED_NAME, None)
        simulated = None if mark is None else read_member(archive, mark, SIMULATED_NAME).tolist()
        layout = find_layout(list(members), columns, ARCHIVE, members, _id_values(archive, members))
        unexamined = tuple(name for name in layout.unread if _is_long(archive, members[name]))
        names = {
            "embeddings": layout.features[0],
            "syndromes": layout.syndrome,
            "subjects": layout.subject,
            "images": layout.image,
        }
        arrays = {
            part: read_member(archive, members[name], name)
            for part, name in names.items()
            if name is not None
        }
    _check_shapes(arrays)
    return RawTable(
        rows=_rows(arrays),
        has_subjects="subjects" in arrays,
        has_images="images" in arrays,
        layout=replace(layout, unexamined=unexamined),
        simulated_name=None if mark is None else read_simulated_name(simulated),
    )


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:  # zipfile raises half a dozen kinds on broken bytes
        raise EmbeddingsFileError("its zip archive is broken or was cut short; write it again") from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    members = {info.filename.removesuffix(".npy"): info for info in infos}
    if len(members) < len(infos):
        raise EmbeddingsFileError("two arrays in it have the same name; write it again")
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
        is_vectors = part == "embeddings"
        if array.ndim != 1 + is_vectors or array.dtype.kind in ("U" if is_vectors else "f"):
            wanted = "two dimensions, of numbers" if is_vectors else "one dimension, of text or integers"
            raise EmbeddingsFileError(
                f"the array of {part} must have {wanted}, not be {array.dtype} of shape {array.shape}"
            )
        if len(array) != n_rows:
            raise EmbeddingsFileError(
                f"the array of {part} has {len(array)} rows, that of embeddings {n_rows}"
            )


def _rows(arrays: Mapping[str, NDArray[Any]]) -> Iterator[RawRow]:
    nothing = np.broadcast_to(np.array("", dtype=np.str_), len(arrays["embeddings"]))
    ids = (arrays["syndromes"], arrays.get("subjects", nothing), arrays.get("images", nothing))
    for syndrome, subject, image, vector in zip(*ids, arrays["embeddings"], strict=True):
        yield RawRow(syndrome, subject, image, vector)
