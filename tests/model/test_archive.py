"""Archives of models: what is written comes back, and what is planted is refused before it is read."""

import io
import json
import pickle
import zipfile
from hashlib import sha256
from typing import Any

import numpy as np
import pytest

from skknn_syndrome.errors import ModelFileError
from skknn_syndrome.model.archive import Archive, write_archive
from tests.refusing import refused

ARRAYS = (np.arange(6.0).reshape(2, 3), np.asfortranarray(np.ones((2, 3))), np.array(["ä", "b"]), np.array(7))


def archive(arrays: Any = ARRAYS) -> bytes:
    return write_archive({"kind": "test"}, {"of": [1, None]}, arrays)


def rebuilt(members: dict[str, bytes], *, listed: dict[str, bytes] | None = None, kind: int = 0) -> bytes:
    """Return a zip file of any members, with hashes as a forger would make them."""
    noted = {
        name: {"sha256": sha256(content).hexdigest(), "n_bytes": len(content)}
        for name, content in (members if listed is None else listed).items()
        if name != "manifest.json"
    }
    head = members.get("manifest.json", json.dumps({"kind": "test", "members": noted}).encode())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", kind) as made:
        made.writestr("manifest.json", head)
        for name, content in members.items():
            if name != "manifest.json":
                made.writestr(name, content)
        made.comment = sha256(head).hexdigest().encode()
    return stream.getvalue()


def npy(array: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asarray(array), **options)
    return stream.getvalue()


def of_header(header: str, body: bytes = b"") -> bytes:
    """Return an array with any header."""
    text = f"{header}\n".encode("latin1")
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + body


def test_what_is_written_comes_back() -> None:
    found = Archive(archive())
    assert (found.manifest, found.state) == ({"kind": "test"}, {"of": [1, None]})
    for array, again in zip(ARRAYS, found.arrays, strict=True):
        np.testing.assert_array_equal(again, array)
        assert (again.dtype, again.flags.f_contiguous) == (array.dtype, array.flags.f_contiguous)


def test_equal_models_are_equal_files() -> None:
    assert archive() == archive()


STATE = {"state.json": b"{}"}


@pytest.mark.parametrize(
    "content, code",
    [
        (b"", "not_a_model"),
        (b"PK\x03\x04 and no more", "damaged"),
        (archive()[:-30], "tampered"),
        (archive()[:-300], "damaged"),
        (rebuilt({**STATE, "../../etc/passwd": b"x"}), "foreign_member"),
        (rebuilt({**STATE, "/x.npy": b"x"}), "foreign_member"),
        (rebuilt({**STATE, "arrays/00.npy": b"x"}), "foreign_member"),
        (
            rebuilt({**STATE, "arrays/0.npy": bytes(50_000_000)}, kind=zipfile.ZIP_DEFLATED),
            "compressed_member",
        ),
        (rebuilt(STATE, listed={"state.json": b"[]"}), "tampered"),
        (rebuilt(STATE, listed={**STATE, "arrays/0.npy": b"x"}), "tampered"),
        (rebuilt({"manifest.json": b'{"members": 7}'}), "tampered"),
        (rebuilt({"manifest.json": b"[1]"}), "damaged"),
        (rebuilt({"manifest.json": b"{"}), "damaged"),
        (rebuilt({"manifest.json": b"[" * 100_000}), "damaged"),
    ],
)
def test_what_no_model_is(content: bytes, code: str) -> None:
    with refused(code):
        Archive(content)


def test_a_manifest_that_was_changed() -> None:
    content = archive().replace(b'"kind":"test"', b'"kind":"fast"')
    with refused("damaged"):
        Archive(content)
    with refused("tampered"):
        Archive(rebuilt(STATE)[:-64] + b"0" * 64)


def test_a_zip_file_without_a_manifest() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("state.json", b"{}")
    with refused("not_a_model"):
        Archive(stream.getvalue())


def test_two_members_of_one_name() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("state.json", b"{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("state.json", b"{}")
    with refused("foreign_member"):
        Archive(stream.getvalue())


def test_a_member_that_claims_to_be_larger_than_the_file() -> None:
    content = bytearray(archive())
    # The sizes of the first entry of the central directory, compressed and not.
    place = content.find(b"PK\x01\x02")
    content[place + 20 : place + 28] = (2**31).to_bytes(4, "little") * 2
    with refused("damaged"):
        Archive(bytes(content))


def test_a_member_that_claims_to_be_encrypted() -> None:
    content = bytearray(archive())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    with refused("damaged"):
        Archive(bytes(content))


class Planted:
    """Runs code where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return pytest.fail, ("code of a file was run",)


def test_an_array_of_objects_is_not_unpickled() -> None:
    held = np.empty(1, dtype=object)
    held[0] = Planted()
    with refused("untrusted_type"):
        _ = Archive(rebuilt({**STATE, "arrays/0.npy": npy(held, allow_pickle=True)})).arrays
    with refused("damaged"):
        _ = Archive(rebuilt({**STATE, "arrays/0.npy": pickle.dumps(Planted())})).arrays


@pytest.mark.parametrize(
    "content",
    [
        b"no array",
        npy(np.ones(3), version=(2, 0)),
        npy(np.ones(3))[:-1],
        npy(np.ones(3)) + b"x",
        npy(np.ones(3)).replace(b"(3,)", b"(-3,)"),
        npy(np.ones(3)).replace(b"(3,)", b"(9,)"),
        npy(np.ones(3)).replace(b"(3,)", b"(2**9,)"),
        npy(np.ones((1,) * 5)),
        npy(np.ones(3))[:9],
        of_header("{'descr': '<f8', 'fortran_order': False, 'shape': (3,"),
        of_header("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'x': '''"),
        of_header("{'descr': '<f8', 'fortran_order': False, 'shape': (3L,), }", bytes(24)),
        of_header("{'descr': '<f8', 'fortran_order': False, 'shape': (True,), }", bytes(8)),
        of_header("{'descr': '<f8', 'fortran_order': False, 'shape': (03,), }", bytes(24)),
        of_header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': (0, {10**24}), }}"),
        of_header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': (0{', 999999999' * 3}), }}"),
        of_header(
            "{'descr': [('a', '<f8'), ('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", bytes(16)
        ),
        npy(np.ones(3)).replace(b"'<f8'", b"'<m8'"),
        npy(np.ones(3)).replace(b"'<f8'", b"'|V0'"),
    ],
)
def test_arrays_that_are_none(content: bytes) -> None:
    with pytest.raises(ModelFileError) as raised:
        _ = Archive(rebuilt({**STATE, "arrays/0.npy": content})).arrays
    assert raised.value.code in {"damaged", "untrusted_type"}


def test_json_that_is_larger_than_any_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skknn_syndrome.model.archive.MAX_JSON_BYTES", 10)
    with refused("damaged"):
        Archive(archive())


def test_gaps_and_missing_parts() -> None:
    with refused("damaged"):
        _ = Archive(rebuilt({**STATE, "arrays/1.npy": npy(np.ones(3))})).arrays
    with refused("damaged"):
        _ = Archive(rebuilt({"arrays/0.npy": npy(np.ones(3))})).state
