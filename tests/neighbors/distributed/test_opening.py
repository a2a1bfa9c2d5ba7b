"""Every format gives the same rows, and what is no gallery is refused in one sentence."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from numpy.typing import DTypeLike, NDArray

from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed import parquet_rows
from skknn_syndrome.neighbors.distributed.opening import open_source
from tests.neighbors.distributed.galleries import FORMATS, make_samples, vectors, write_gallery, write_parquet


@pytest.mark.parametrize("form", FORMATS)
def test_any_run_of_rows_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(parquet_rows, "ROWS_AT_ONCE", 3)
    samples = make_samples()
    source = open_source(write_gallery(tmp_path, samples, form))
    assert source.shape == samples.shape
    for start in range(len(samples)):
        for stop in range(start + 1, len(samples) + 1):
            block = source.read(range(start, stop))
            assert block.dtype == np.float32
            np.testing.assert_array_equal(block, samples[start:stop])


@pytest.mark.parametrize("form", ["npy", "zarr", "lists", "numbers"])
@pytest.mark.parametrize(
    "dtype, searched", [("f2", "f4"), ("f4", "f4"), ("f8", "f8"), ("i2", "f8"), (">f4", "f4")]
)
def test_half_and_single_precision_is_searched_in_single_all_else_in_double(
    tmp_path: Path, form: str, dtype: DTypeLike, searched: DTypeLike
) -> None:
    samples = make_samples().astype(dtype)
    if form in {"lists", "numbers"}:  # Arrow has no byte order
        samples = samples.astype(samples.dtype.newbyteorder("="))
    block = open_source(write_gallery(tmp_path, samples, form)).read(range(2, 5))
    assert block.dtype == searched
    assert block.flags.c_contiguous
    np.testing.assert_array_equal(block, samples[2:5])


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_gallery(tmp_path, make_samples(), "npy")
    monkeypatch.chdir(tmp_path)
    assert open_source(path.name).path == path


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingsFileError, match=r"faces\.npy: there is no such file or folder"):
        open_source(tmp_path / "faces.npy")


def test_another_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "faces.csv").write_text("e0\n1\n")
    with pytest.raises(EmbeddingsFileError, match=r"faces\.csv: it must be a \.npy or \.parquet file"):
        open_source(tmp_path / "faces.csv")


@pytest.mark.parametrize(
    "array, sentence",
    [
        (np.zeros(3), r"has 1 dimensions, but embeddings have 2"),
        (np.zeros((3, 2, 2)), r"has 3 dimensions, but embeddings have 2"),
        (np.zeros((0, 4)), r"is empty, its shape is \(0, 4\)"),
        (np.zeros((4, 2), dtype=complex), r"holds complex128; save embeddings as floats"),
    ],
)
@pytest.mark.parametrize("form", ["npy", "zarr"])
def test_an_array_that_holds_no_embeddings(
    tmp_path: Path, form: str, array: NDArray[Any], sentence: str
) -> None:
    path = tmp_path / f"faces.{form}"
    if form == "npy":
        np.save(path, array)
    else:
        zarr.create_array(path, data=array)
    with pytest.raises(EmbeddingsFileError, match=sentence):
        open_source(path)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00", b"PK\x03\x04 an archive"])
def test_a_broken_npy_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "faces.npy").write_bytes(content)
    with pytest.raises(EmbeddingsFileError, match="no npy file of numbers, or was cut short"):
        open_source(tmp_path / "faces.npy")


def test_an_npy_file_that_was_cut_short(tmp_path: Path) -> None:
    path = write_gallery(tmp_path, make_samples(), "npy")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(EmbeddingsFileError, match="cut short"):
        open_source(path)


def test_a_zarr_group_in_place_of_an_array(tmp_path: Path) -> None:
    zarr.create_group(tmp_path / "faces.zarr").create_array("embeddings", data=make_samples())
    with pytest.raises(EmbeddingsFileError, match=r"name the array inside, as in faces\.zarr/embeddings"):
        open_source(tmp_path / "faces.zarr")
    assert open_source(tmp_path / "faces.zarr" / "embeddings").shape == (23, 3)


def test_a_folder_without_parquet_files(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingsFileError, match=r"neither \.parquet files nor a Zarr array"):
        open_source(tmp_path)


def test_a_parquet_file_without_rows(tmp_path: Path) -> None:
    write_parquet(tmp_path / "none.parquet", {"embedding": vectors([])})
    with pytest.raises(EmbeddingsFileError, match="it has no rows"):
        open_source(tmp_path / "none.parquet")


def test_parts_with_other_columns(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", {"e0": [1.0]})
    write_parquet(tmp_path / "b.parquet", {"e0": [1.0], "e1": [1.0]})
    with pytest.raises(EmbeddingsFileError, match=r"b\.parquet: its feature columns differ .* a\.parquet"):
        open_source(tmp_path)
