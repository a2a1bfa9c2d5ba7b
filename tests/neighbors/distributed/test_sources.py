"""Every format gives the same rows, and what is no gallery is refused in one sentence."""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zarr
from numpy.typing import DTypeLike, NDArray

from skknn_syndrome.errors import EmbeddingsFileError, SkknnSyndromeError
from skknn_syndrome.neighbors.distributed import MissingExtraError, distributed_neighbors, parquet
from skknn_syndrome.neighbors.distributed.sources import open_embeddings
from tests.neighbors.distributed.galleries import FORMATS, make_samples, write_gallery
from tests.refusing import refused


def unreadable(code: str) -> pytest.RaisesExc[SkknnSyndromeError]:
    return refused(code, None, error=EmbeddingsFileError)


@pytest.mark.parametrize("form", FORMATS)
def test_any_run_of_rows_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setattr(parquet, "ROWS_AT_ONCE", 3)
    samples = make_samples()
    source = open_embeddings(write_gallery(tmp_path, samples, form))
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
    block = open_embeddings(write_gallery(tmp_path, samples, form)).read(range(2, 5))
    assert block.dtype == searched
    assert block.flags.c_contiguous
    np.testing.assert_array_equal(block, samples[2:5])


@pytest.mark.parametrize("form", FORMATS)
def test_what_travels_to_workers_holds_no_rows(tmp_path: Path, form: str) -> None:
    few, many = (tmp_path / name for name in ("few", "many"))
    sizes = []
    for folder, n_rows in ((few, 23), (many, 230)):
        folder.mkdir()
        source = open_embeddings(write_gallery(folder, make_samples(n_rows), form))
        sizes.append(len(pickle.dumps(source)))
        np.testing.assert_array_equal(
            pickle.loads(pickle.dumps(source)).read(range(9)),  # noqa: S301  our own
            make_samples(n_rows)[:9],
        )
    assert sizes[1] < sizes[0] + 100


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_no_number_is_named_by_its_row_from_the_start_of_the_file(
    tmp_path: Path, value: float
) -> None:
    samples = make_samples()
    samples[[17, 19], 1] = value
    source = open_embeddings(write_gallery(tmp_path, samples, "npy"))
    np.testing.assert_array_equal(source.read(range(10, 17)), samples[10:17])
    with pytest.raises(EmbeddingsFileError, match=r"npy\.npy: row 17 \(counted from 0\) .* NaN or infinite"):
        source.read(range(10, 23))


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_gallery(tmp_path, make_samples(), "npy")
    monkeypatch.chdir(tmp_path)
    assert open_embeddings(path.name).path == path


def test_nothing_there(tmp_path: Path) -> None:
    with unreadable("no_such_file"):
        open_embeddings(tmp_path / "faces.npy")


def test_another_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "faces.csv").write_text("e0\n1\n")
    with unreadable("unknown_format"):
        open_embeddings(tmp_path / "faces.csv")


@pytest.mark.parametrize(
    "array, code",
    [
        (np.zeros(3), "not_two_dimensions"),
        (np.zeros((3, 2, 2)), "not_two_dimensions"),
        (np.zeros((0, 4)), "no_rows"),
        (np.zeros((4, 2), dtype=complex), "not_numbers"),
    ],
)
@pytest.mark.parametrize("form", ["npy", "zarr"])
def test_an_array_that_holds_no_embeddings(tmp_path: Path, form: str, array: NDArray[Any], code: str) -> None:
    path = tmp_path / f"faces.{form}"
    if form == "npy":
        np.save(path, array)
    else:
        zarr.create_array(path, data=array)
    with unreadable(code):
        open_embeddings(path)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00", b"PK\x03\x04 an archive"])
def test_a_broken_npy_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "faces.npy").write_bytes(content)
    with unreadable("broken_file"):
        open_embeddings(tmp_path / "faces.npy")


def test_an_npy_file_that_was_cut_short(tmp_path: Path) -> None:
    path = write_gallery(tmp_path, make_samples(), "npy")
    path.write_bytes(path.read_bytes()[:-1])
    with unreadable("broken_file"):
        open_embeddings(path)


def test_a_zarr_group_in_place_of_an_array(tmp_path: Path) -> None:
    zarr.create_group(tmp_path / "faces.zarr").create_array("embeddings", data=make_samples())
    with pytest.raises(EmbeddingsFileError, match=r"name the array inside, as in faces\.zarr/embeddings"):
        open_embeddings(tmp_path / "faces.zarr")
    assert open_embeddings(tmp_path / "faces.zarr" / "embeddings").shape == (23, 3)


@pytest.mark.parametrize("package, form", [("dask", "npy"), ("zarr", "zarr")])
def test_without_the_extra_one_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, form: str
) -> None:
    path = write_gallery(tmp_path, make_samples(), form)
    monkeypatch.setitem(sys.modules, package, None)
    sentence = rf'{package} is not installed: run pip install "skknn-syndrome\[distributed\]"\.$'
    with pytest.raises(MissingExtraError, match=sentence) as caught:
        distributed_neighbors(path, 3)
    assert caught.value.code == "missing_extra"


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_nothing_of_it_is_imported_before_it_is_used() -> None:
    program = (
        "import sys, skknn_syndrome.cli, skknn_syndrome.neighbors.distributed;"
        "sys.exit(bool({'dask', 'distributed', 'zarr'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
