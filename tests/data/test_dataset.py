"""The embeddings of a study."""

from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from skknn_syndrome._typing import StringArray
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.results.audit import Audit
from tests.refusing import refused

VECTORS = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]


@pytest.fixture
def dataset() -> EmbeddingDataset:
    return EmbeddingDataset.from_arrays(VECTORS, ["a", "b", "b"], subjects=["s", "t", "t"])


def text(*ids: str) -> StringArray:
    return np.array(ids, dtype=np.str_)


def test_it_knows_its_shape(dataset: EmbeddingDataset) -> None:
    assert (dataset.n_images, dataset.n_features) == (3, 2)


def test_images_without_ids_are_numbered_from_one(dataset: EmbeddingDataset) -> None:
    assert dataset.images.tolist() == ["1", "2", "3"]


def test_integer_ids_become_text() -> None:
    dataset = EmbeddingDataset.from_arrays(VECTORS, [0, 1, 1], subjects=np.array([7, 8, 8]), images=[3, 2, 1])
    assert dataset.syndromes.tolist() == ["0", "1", "1"]
    assert dataset.subjects is not None
    assert dataset.subjects.tolist() == ["7", "8", "8"]
    assert dataset.images.tolist() == ["3", "2", "1"]


@pytest.mark.parametrize(
    "given_dtype,dtype",
    [
        ("float16", "float32"),
        ("float32", "float32"),
        (">f4", "float32"),
        ("float64", "float64"),
        ("int64", "float64"),
    ],
)
def test_single_precision_is_kept_and_all_else_is_double(given_dtype: str, dtype: str) -> None:
    vectors = np.array(VECTORS, dtype=given_dtype)
    assert EmbeddingDataset.from_arrays(vectors, ["a", "b", "b"]).embeddings.dtype == np.dtype(dtype)


def test_arrays_are_read_only_and_contiguous(dataset: EmbeddingDataset) -> None:
    assert dataset.subjects is not None
    for array in (dataset.embeddings, dataset.syndromes, dataset.subjects, dataset.images):
        assert array.flags.c_contiguous
        assert not array.flags.writeable


def test_columns_in_memory_order_are_laid_out_in_rows() -> None:
    vectors = np.asfortranarray(VECTORS)
    vectors.flags.writeable = False
    made = EmbeddingDataset(vectors, text("a", "b", "b"), None, text("1", "2", "3"), Audit(n_rows=3), "x")
    assert made.embeddings.flags.c_contiguous


def test_a_later_change_in_the_arrays_does_not_reach_it() -> None:
    vectors = np.array(VECTORS)
    dataset = EmbeddingDataset.from_arrays(vectors, ["a", "b", "b"])
    vectors[0, 0] = 5
    assert dataset.embeddings[0, 0] == 1


def test_arrays_that_are_read_only_already_are_not_copied(dataset: EmbeddingDataset) -> None:
    assert replace(dataset, name="other").embeddings is dataset.embeddings


def test_it_is_frozen(dataset: EmbeddingDataset) -> None:
    with pytest.raises(FrozenInstanceError, match="name"):
        dataset.name = "other"  # type: ignore[misc]


def test_it_is_equal_to_itself_alone(dataset: EmbeddingDataset) -> None:
    assert dataset != replace(dataset)
    assert len({dataset, dataset}) == 1


def test_subjects_can_be_left_out(dataset: EmbeddingDataset) -> None:
    bare = dataset.without_subjects()
    assert bare.subjects is None
    assert bare.audit == dataset.audit
    assert repr(bare) == "EmbeddingDataset('arrays': 3 images x 2 float64, 2 syndromes, no subjects)"


def test_its_repr_says_where_it_is_simulated(dataset: EmbeddingDataset) -> None:
    simulated = replace(dataset, simulated=True)
    assert (
        repr(simulated)
        == "EmbeddingDataset('arrays': 3 images x 2 float64, 2 syndromes, 2 subjects, simulated)"
    )


def test_its_repr_counts_in_words_that_fit() -> None:
    one = EmbeddingDataset.from_arrays([[1.0, 2.0]], ["a"], subjects=["s"])
    assert repr(one) == "EmbeddingDataset('arrays': 1 image x 2 float64, 1 syndrome, 1 subject)"
    many = EmbeddingDataset.from_arrays(np.ones((1000, 1)), ["a"] * 1000, subjects=range(1000))
    assert repr(many) == "EmbeddingDataset('arrays': 1,000 images x 1 float64, 1 syndrome, 1,000 subjects)"


def test_dangers_in_arrays_are_in_the_audit() -> None:
    dataset = EmbeddingDataset.from_arrays(VECTORS, ["a", "b", "b"], subjects=["s", "s", "t"])
    assert [warning.code for warning in dataset.audit.warnings] == ["subject_in_two_syndromes"]


@pytest.mark.parametrize(
    "embeddings,syndromes,code,parameter",
    [
        ([["x", "y"]], ["a"], "unsupported_type", "embeddings"),
        ([[True]], ["a"], "unsupported_type", "embeddings"),
        ([1.0, 2.0], ["a", "b"], "wrong_shape", "embeddings"),
        (np.empty((0, 3)), [], "wrong_shape", "embeddings"),
        ([[1.0], [np.nan]], ["a", "b"], "not_finite", "embeddings"),
        (VECTORS, ["a", "b"], "wrong_shape", "syndromes"),
        (VECTORS, [["a"], ["b"], ["b"]], "wrong_shape", "syndromes"),
        (VECTORS, ["a", " ", "b"], "empty_id", "syndromes"),
        (VECTORS, ["a", None, "b"], "empty_id", "syndromes"),
        (VECTORS, ["a", "b", 1.5], "invalid_id", "syndromes"),
    ],
)
def test_arrays_that_are_not_sound_are_refused(
    embeddings: ArrayLike, syndromes: ArrayLike, code: str, parameter: str
) -> None:
    with refused(code, parameter, error=ParameterError):
        EmbeddingDataset.from_arrays(embeddings, syndromes)


def test_an_image_comes_once() -> None:
    with refused("repeated_images", "images"):
        EmbeddingDataset.from_arrays(VECTORS, ["a", "b", "b"], images=["i", "j", "i"])


@pytest.mark.parametrize(
    "changed,code,parameter",
    [
        ({"embeddings": np.ones((3, 2), int)}, "unsupported_type", "embeddings"),
        ({"embeddings": np.ones((3, 2), ">f8")}, "unsupported_type", "embeddings"),
        ({"syndromes": np.array([1, 2, 2])}, "wrong_shape", "syndromes"),
        ({"subjects": text("s")}, "wrong_shape", "subjects"),
        ({"subjects": text("s", "", "t")}, "empty_id", "subjects"),
        ({"audit": Audit(n_rows=4)}, "wrong_count", "audit"),
        ({"name": ""}, "invalid_name", "name"),
        ({"name": "folder/x.p"}, "invalid_name", "name"),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(
    dataset: EmbeddingDataset, changed: dict[str, Any], code: str, parameter: str
) -> None:
    with refused(code, parameter):
        replace(dataset, **changed)
