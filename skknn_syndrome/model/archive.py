"""Archives of a model: arrays and JSON in a zip file without compression, each member with its hash."""

import io
import json
import math
import re
import struct
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from skknn_syndrome._limits import MAX_JSON_BYTES
from skknn_syndrome.errors import ModelFileError

MANIFEST: Final = "manifest.json"
STATE: Final = "state.json"
HASH: Final = re.compile(rb"[0-9a-f]{64}")
_ARRAY = re.compile(r"arrays/(0|[1-9]\d{0,6})\.npy")
_BEGINS = b"PK\x03\x04"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Of every member: equal models are equal files."""
_KINDS = "biufUV"
"""Of arrays: no objects, which would be pickles."""
_MOST_DIMENSIONS = 4
_DTYPE = r"'[<>|=]?[biufcmMOSUV]\d*'"
_FIELD = rf"\('\w*', {_DTYPE}\)"
_HEADER = re.compile(
    rf"{{'descr': (?:{_DTYPE}|\[{_FIELD}(?:, {_FIELD})*\]), 'fortran_order': (?:True|False), "
    r"'shape': \((?:(?:0|[1-9]\d{0,8})(?:,|(?:, (?:0|[1-9]\d{0,8}))+))?\), } *\n"
)
"""Of arrays, as numpy writes it: what it reads besides warns, or ends in errors of a tokenizer."""


def broken(fault: str, code: str = "damaged") -> ModelFileError:
    """Return the error of a file that is none of ours, or none any more."""
    return ModelFileError(f"{fault}: fit the model again, or take another copy of the file.", code=code)


def write_archive(manifest: Mapping[str, Any], state: object, arrays: Sequence[NDArray[Any]]) -> bytes:
    """Return the bytes of an archive.

    Parameters
    ----------
    manifest : mapping
        As JSON; the members with their hashes are added.
    state : object
        As JSON.
    arrays : sequence of ndarray
        Without objects.

    Returns
    -------
    bytes
        The hash of the manifest is the comment of the zip file.
    """
    members = {STATE: _as_json(state)} | {
        f"arrays/{number}.npy": _as_npy(array) for number, array in enumerate(arrays)
    }
    listed = {
        name: {"sha256": sha256(content).hexdigest(), "n_bytes": len(content)}
        for name, content in members.items()
    }
    head = _as_json({**manifest, "members": listed})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {MANIFEST: head, **members}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
        archive.comment = sha256(head).hexdigest().encode()
    return stream.getvalue()


def _as_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _as_npy(array: NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    npy.write_array(stream, array, version=(1, 0), allow_pickle=False)
    return stream.getvalue()


class Archive:
    """A file of a model, opened: nothing in it was believed, and nothing was run.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    ModelFileError
        It is no archive of a model, is cut, was changed, or holds what none of ours holds: something
        compressed, a path, a member that is not listed.
    """

    def __init__(self, content: bytes) -> None:
        if not content.startswith(_BEGINS):
            raise broken("It is no model of skknn-syndrome", "not_a_model")
        members, comment = _unpacked(content)
        if MANIFEST not in members:
            raise broken("It is a zip archive, but no model: it has no manifest", "not_a_model")
        head = members.pop(MANIFEST)
        if sha256(head).hexdigest().encode() != comment:
            raise broken("Its manifest is not the one that was written", "tampered")
        self.manifest = _json_object(head, MANIFEST)
        self._members = members
        _check_members(members, self.manifest.pop("members", None))

    @property
    def state(self) -> Any:  # noqa: ANN401  any JSON
        """What the arrays mean."""
        if STATE not in self._members:
            raise broken("It has no state of the model")
        return _json(self._members[STATE], STATE)

    @property
    def arrays(self) -> list[NDArray[Any]]:
        """The arrays in the order of their numbers."""
        names = sorted((name for name in self._members if name != STATE), key=lambda name: int(name[7:-4]))
        if names != [f"arrays/{number}.npy" for number in range(len(names))]:
            raise broken("Its arrays have gaps in their numbers")
        return [_read_array(self._members[name], name) for name in names]


def _unpacked(content: bytes) -> tuple[dict[str, bytes], bytes]:
    """Return the members; none may be compressed, so that all together are no larger than the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _check_names(infos, len(content))
            return {info.filename: archive.read(info) for info in infos}, archive.comment
    except ModelFileError:
        raise
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise broken("It was cut short or damaged") from error
    except RuntimeError as error:  # a member that claims to be encrypted
        raise broken("It was damaged") from error


def _check_names(infos: Sequence[zipfile.ZipInfo], n_bytes: int) -> None:
    names = [info.filename for info in infos]
    for name in names:
        if name not in {MANIFEST, STATE} and not _ARRAY.fullmatch(name):
            raise broken(f"It has the member {name[:60]!r}, which no model has", "foreign_member")
    if len(set(names)) < len(names):
        raise broken("It has two members of one name", "foreign_member")
    if any(
        info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size for info in infos
    ):
        raise broken("It has a compressed member, as no model has", "compressed_member")
    if sum(info.file_size for info in infos) > n_bytes:
        raise broken("Its members claim to be larger than the file")


def _check_members(members: Mapping[str, bytes], listed: object) -> None:
    if not isinstance(listed, dict) or set(listed) != set(members):
        raise broken("Its members are not those of its manifest", "tampered")
    for name, content in members.items():
        noted = {"sha256": sha256(content).hexdigest(), "n_bytes": len(content)}
        if listed[name] != noted:
            raise broken(f"Its member {name!r} is not the one that was written", "tampered")


def _json(content: bytes, name: str) -> Any:  # noqa: ANN401  any JSON
    if len(content) > MAX_JSON_BYTES:
        raise broken(f"Its {name} is larger than any model's")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise broken(f"Its {name} is no JSON") from error


def _json_object(content: bytes, name: str) -> dict[str, Any]:
    found = _json(content, name)
    if not isinstance(found, dict):
        raise broken(f"Its {name} is no object")
    return found


def _read_array(content: bytes, name: str) -> NDArray[Any]:
    """Read an array; what its header claims has to be what follows it, to the byte."""
    stream = io.BytesIO(content)
    try:
        if npy.read_magic(stream) != (1, 0):
            raise broken(f"Its member {name!r} is of an unknown version")
        _check_header(content, name)
        shape, fortran, dtype = npy.read_array_header_1_0(stream)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, struct.error) as error:
        raise broken(f"Its member {name!r} is no array") from error
    body = content[stream.tell() :]
    if dtype.hasobject or dtype.kind not in _KINDS or dtype.itemsize == 0:
        raise broken(f"Its member {name!r} holds objects", "untrusted_type")
    if len(shape) > _MOST_DIMENSIONS:
        raise broken(f"Its member {name!r} has an impossible shape")
    if math.prod(shape) * dtype.itemsize != len(body):
        raise broken(f"Its member {name!r} is not as long as its shape says")
    # A copy: aligned, and of its own, as arrays are that a fit has made.
    flat = np.frombuffer(body, dtype=dtype).copy()
    try:
        found: NDArray[Any] = flat.reshape(shape, order="F" if fortran else "C")
    except ValueError as error:  # empty, and too large in its other directions
        raise broken(f"Its member {name!r} has an impossible shape") from error
    return found


def _check_header(content: bytes, name: str) -> None:
    """Refuse a header that numpy does not write; its two bytes of length stand behind eight of magic."""
    (length,) = struct.unpack_from("<H", content, 8)
    if not _HEADER.fullmatch(content[10 : 10 + length].decode("latin1")):
        raise broken(f"Its member {name!r} has a header that is none of an array")
