"""Data sets in files, and back."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.data import EmbeddingDataset, load_embeddings, save_embeddings
from tests.refusing import refused

SUFFIXES = [".npz", ".parquet"]
IDS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20
).filter(lambda text: not text.isspace())
VECTORS = npst.arrays(
    st.sampled_from([np.float32, np.float64]),
    st.tuples(st.integers(1, 4), st.integers(1, 3)),
    elements={"allow_nan": False, "allow_infinity": False},
)


def assert_same_arrays(one: EmbeddingDataset, other: EmbeddingDataset) -> None:
    for name in ("embeddings", "syndromes", "subjects", "images"):
        array, again = getattr(one, name), getattr(other, name)
        if array is None:
            assert again is None
        else:
            assert again.dtype == array.dtype
            assert again.shape == array.shape
            assert again.tobytes() == array.tobytes()


@pytest.fixture
def dataset() -> EmbeddingDataset:
    vectors = np.array([[0.1, -0.0], [1e-40, 3.4e38]], dtype=np.float32)
    return EmbeddingDataset.from_arrays(vectors, ["a", "b"], [" 007", "é"], ["i", "j"], name="x.p")


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(VECTORS, st.data())
@settings(deadline=None, max_examples=40)
def test_what_is_saved_loads_again_bit_by_bit(suffix: str, vectors: FloatArray, data: st.DataObject) -> None:
    rows = len(vectors)
    ids = st.lists(IDS, min_size=rows, max_size=rows)
    images = data.draw(st.lists(IDS, min_size=rows, max_size=rows, unique=True))
    subjects = data.draw(st.none() | ids)
    dataset = EmbeddingDataset.from_arrays(vectors, data.draw(ids), subjects, images)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"saved{suffix}"
        save_embeddings(dataset, path)
        loaded = load_embeddings(path)
    assert_same_arrays(dataset, loaded)
    assert loaded.audit == dataset.audit


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_data_give_the_same_bytes(dataset: EmbeddingDataset, suffix: str, tmp_path: Path) -> None:
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    save_embeddings(dataset, one)
    save_embeddings(replace(dataset, name="other"), other)
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_simulated_set_stays_simulated_and_keeps_its_name(
    dataset: EmbeddingDataset, suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"faces{suffix}"
    save_embeddings(replace(dataset, simulated=True, name="simulated syndromes"), path)
    loaded = load_embeddings(path)
    assert loaded.simulated
    assert loaded.name == "simulated syndromes"


@pytest.mark.parametrize("suffix", [".npz", ".PARQUET"])
def test_a_real_set_is_named_by_its_new_file(dataset: EmbeddingDataset, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"faces{suffix}"
    save_embeddings(dataset, path)
    loaded = load_embeddings(path)
    assert not loaded.simulated
    assert loaded.name == path.name


def test_other_formats_are_not_written(dataset: EmbeddingDataset, tmp_path: Path) -> None:
    with refused("unknown_suffix", "path"):
        save_embeddings(dataset, tmp_path / "x.p")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_can_not_be_written_leaves_nothing(dataset: EmbeddingDataset, tmp_path: Path) -> None:
    (tmp_path / "x.npz").mkdir()
    with refused("unwritable", "path"):
        save_embeddings(dataset, tmp_path / "x.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["x.npz"]


def test_the_real_file_is_converted_bit_by_bit(real_file: Path, tmp_path: Path) -> None:
    dataset = load_embeddings(real_file)
    for suffix in SUFFIXES:
        save_embeddings(dataset, tmp_path / f"real{suffix}")
        assert_same_arrays(dataset, load_embeddings(tmp_path / f"real{suffix}"))
