"""File formats: bytes, names and first bytes."""

import json
import os
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from skknn_syndrome._limits import TRUST
from skknn_syndrome.data import formats as formats
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.data.column_layout import TABLE
from skknn_syndrome.data.columns import find_layout
from skknn_syndrome.data.formats import FORMATS, FileFormat, check_format, format_of, read_content
from skknn_syndrome.data.rows import RawTable
from skknn_syndrome.errors import RefusedRowsWarning
from tests.data.make import npz_bytes, write
from tests.refusing import refused


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(range(256)))
    assert read_content(path) == bytes(range(256))


def test_a_file_may_have_the_largest_size_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_bytes(bytes(10))
    monkeypatch.setattr(formats, "MAX_FILE_BYTES", 10)
    assert len(read_content(path)) == 10
    monkeypatch.setattr(formats, "MAX_FILE_BYTES", 9)
    with refused("too_large") as caught:
        read_content(path)
    assert f"{TRUST}=1" in str(caught.value)
    monkeypatch.setenv(TRUST, "1")
    assert len(read_content(path)) == 10


def test_a_missing_file(tmp_path: Path) -> None:
    with refused("no_such_file", "path"):
        read_content(tmp_path / "x")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with refused("empty_file"):
        read_content(tmp_path / "x")


def test_a_directory(tmp_path: Path) -> None:
    with refused("not_a_file", "path"):
        read_content(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    with refused("not_a_file", "path"):
        read_content(tmp_path / "x")


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise PermissionError

    (tmp_path / "x").touch()
    monkeypatch.setattr(Path, "open", refuse)  # an administrator may read everything, so a mode is no test
    with refused("no_permission"):
        read_content(tmp_path / "x")


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    with refused("unreadable"):
        read_content(tmp_path / ("x" * 300))
    with refused("invalid_name", "path"):
        read_content(Path("a\0b"))


CSV, PARQUET, NPZ, PICKLE = (format_of(Path(f"x{suffix}")) for suffix in (".csv", ".parquet", ".npz", ".p"))


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_of_any_protocol_may_be_one(protocol: int) -> None:
    check_format(pickle.dumps({"a": {"s": {"i": [1.0]}}}, protocol), PICKLE)


def test_content_that_fits_the_name_passes() -> None:
    check_format(b"PK\x03\x04...", NPZ)
    check_format(b"PAR1...", PARQUET)
    check_format(b"syndrome,e0\na,1\n", CSV)


ZIP = npz_bytes(a=np.ones(1))
OTHERS = {
    "zip for pickle": (ZIP, PICKLE, "it is no pickle, but a zip archive, as npz files are"),
    "zip for csv": (ZIP, CSV, "it is no CSV file, but a zip archive"),
    "parquet": (b"PAR1...", NPZ, "it is no npz archive, but a Parquet file"),
    "pickle": (pickle.dumps(1), PARQUET, "it is no Parquet file, but a pickle"),
    "npy": (b"\x93NUMPY\x01", NPZ, "but a single NumPy array; save it with its labels"),
    "hdf5": (b"\x89HDF\r\n\x1a\n", NPZ, "but an HDF5 file; convert it first"),
    "gzip": (b"\x1f\x8b\x08", PICKLE, "but compressed with gzip; decompress it first"),
    "pointer": (
        b"version https://git-lfs.github.com/spec/v1\n",
        PICKLE,
        "but a Git LFS pointer; fetch the file",
    ),
    "web page": (b"<!DOCTYPE html>", CSV, "it is no CSV file, but a web page"),
    "letter": (b"Dear reader,\n", PICKLE, "it is no pickle, but a text file, or was cut short"),
    "accents": ("é".encode() * 4000, PARQUET, "it is no Parquet file, but a text file"),
    "accent cut in two": (b"x" + "é".encode() * 4000, PARQUET, "it is no Parquet file, but a text file"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_content_that_is_plainly_something_else_is_named(case: str) -> None:
    content, expected, words = OTHERS[case]
    with refused("wrong_format") as caught:
        check_format(content, expected)
    assert words in str(caught.value)


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"caf\xe9\n", b"bell\x07\n"])
def test_what_is_not_known_is_left_to_the_reader(content: bytes) -> None:
    check_format(content, PICKLE)


def test_a_name_that_tells_no_format_is_refused_with_those_that_do() -> None:
    with refused("unknown_suffix", "path") as caught:
        format_of(Path("x.txt"))
    assert ".p, .pkl or .pickle for nested dictionaries" in str(caught.value)


def read_json_lines(content: bytes, columns: Mapping[str, str] | None, covariates: Sequence[str]) -> RawTable:
    rows = [json.loads(line) for line in content.splitlines()]
    ids = {name: [row[name] for row in rows] for name in ("syndrome", "image")}
    layout = find_layout([*rows[0]], columns, TABLE, ["embedding"], ids.get, covariates)
    return RawTable.of_columns(layout, ids, [row["embedding"] for row in rows])


def test_a_new_format_is_a_reader_and_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = FileFormat(
        noun="list", holds="lines of JSON", suffixes=(".jsonl",), read=read_json_lines, is_text=True
    )
    monkeypatch.setattr(formats, "FORMATS", [*FORMATS, lines])
    sound = b'{"syndrome": "a", "image": "i", "embedding": [1, 2]}\n'
    path = write(tmp_path / "x.jsonl", sound + b'{"syndrome": "b", "image": "j", "embedding": null}\n')
    with pytest.warns(RefusedRowsWarning):
        dataset = load_embeddings(path)
    assert dataset.embeddings.tolist() == [[1.0, 2.0]]
    assert [row.reason for row in dataset.audit.refused] == ["missing_vector"]
