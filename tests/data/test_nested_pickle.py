"""Pickled nested dictionaries."""

import pickle
from collections import OrderedDict, defaultdict

import numpy as np
import pytest

from skknn_syndrome.data.nested_pickle import flatten_nested, read_pickle_table
from skknn_syndrome.data.validation import validate_rows
from skknn_syndrome.errors import EmbeddingsFileError, UnsafePickleError
from tests.refusing import refused


def test_rows_come_in_the_dictionaries_own_order() -> None:
    nested = {"b": {2: {"i": [1.0], "h": [2.0]}}, "a": {"1": {"k": None}}}
    rows = [(row.syndrome, row.subject, row.image, row.vector) for row in flatten_nested(nested)]
    assert rows == [("b", 2, "i", [1.0]), ("b", 2, "h", [2.0]), ("a", "1", "k", None)]


def test_vectors_are_handed_on_as_they_are() -> None:
    vector = np.ones(3, np.float32)
    assert next(flatten_nested({"a": {"s": {"i": vector}}})).vector is vector


@pytest.mark.parametrize(
    "nested,code,place",
    [
        ([1], "not_nested", "the file holds a list where a dictionary of syndromes"),
        (None, "not_nested", "the file holds a NoneType"),
        ({}, "empty_level", "the file holds no syndromes"),
        ({"a": []}, "not_nested", "syndrome 'a' holds a list where a dictionary of subjects"),
        ({"a": {}}, "empty_level", "syndrome 'a' holds no subjects"),
        ({"a": {"s": [1.0]}}, "not_nested", "syndrome 'a', subject 's' holds a list"),
        ({"a": {"s": np.ones(2)}}, "not_nested", "syndrome 'a', subject 's' holds a ndarray"),
        ({"a": {"s": {}}}, "empty_level", "syndrome 'a', subject 's' holds no images"),
        ({1: {"s": {"i": [1.0]}}, "1": {"s": {"j": [1.0]}}}, "ambiguous_id", "the syndrome id 1"),
        ({"a": {1: {"i": [1.0]}, "1": {"j": [1.0]}}}, "ambiguous_id", "syndrome 'a' holds the subject id 1"),
    ],
)
def test_a_level_is_a_dictionary_that_holds_something_under_ids_that_differ(
    nested: object, code: str, place: str
) -> None:
    with refused(code) as caught:
        list(flatten_nested(nested))
    assert place in str(caught.value)


def test_a_hostile_label_is_quoted_and_shortened() -> None:
    with pytest.raises(EmbeddingsFileError, match=r"^syndrome 'a\\nb{2,60}\.\.\.b{2,60}' holds no subjects"):
        list(flatten_nested({"a\n" + "b" * 999: {}}))


def test_images_that_would_merge_are_left_to_the_rule_for_duplicates() -> None:
    assert len(list(flatten_nested({"a": {"s": {1: [1.0], "1": [1.0]}}}))) == 2


def test_a_nested_dictionary_becomes_rows() -> None:
    table = read_pickle_table(pickle.dumps({"a": {"s": {"i": [1.0, 2.0]}}}), None)
    assert [(row.syndrome, row.subject, row.image, row.vector) for row in table.rows] == [
        ("a", "s", "i", [1.0, 2.0])
    ]


def test_a_pickle_with_code_is_never_run() -> None:
    with refused("unsafe_pickle", error=UnsafePickleError):
        read_pickle_table(pickle.dumps({"a": {"s": {"i": print}}}), None)


def test_a_pickle_has_no_columns() -> None:
    with refused("no_columns_to_name", "columns"):
        read_pickle_table(pickle.dumps({}), {"syndrome": "label"})


@pytest.mark.parametrize("protocol", range(6))
def test_dictionaries_as_programs_fill_them(protocol: int) -> None:
    """Keys out of a NumPy array of text, OrderedDict, defaultdict, and vectors as a network gives them."""
    keys = np.array(["Noonan", "Kabuki"])
    nested: dict[str, object] = defaultdict(dict)
    subjects: dict[object, object] = {np.int64(7): OrderedDict(i=np.array([[1, 2]], np.float32))}
    nested[keys[0]] = defaultdict(dict, subjects)
    nested[keys[1]] = OrderedDict({np.str_("8"): defaultdict(list, {np.str_("j"): [[3.0, 4.0]]})})
    valid = validate_rows(read_pickle_table(pickle.dumps(nested, protocol), None))
    assert valid.syndromes.tolist() == ["Noonan", "Kabuki"]
    assert valid.subjects is not None
    assert valid.subjects.tolist() == ["7", "8"]
    assert valid.images.tolist() == ["i", "j"]
    assert valid.embeddings.tolist() == [[1, 2], [3, 4]]


def test_several_vectors_of_one_image_are_refused_with_their_number() -> None:
    nested = {"a": {"s": {"i": np.ones((12, 3)), "j": np.ones(3)}}}
    valid = validate_rows(read_pickle_table(pickle.dumps(nested), None))
    message = "it has 12 vectors (shape (12, 3)), not one; write a plain list of numbers."
    assert [row.message for row in valid.refused] == [
        f"Row 1 (syndrome 'a', subject 's', image 'i'): {message}"
    ]


def test_tensors_are_refused_with_the_way_to_convert_them() -> None:
    # What torch 2 writes of a tensor begins so.
    stream = b"\x80\x02}X\x01\x00\x00\x00actorch._utils\n_rebuild_tensor_v2\n."
    with refused("unsafe_pickle") as caught:
        read_pickle_table(stream, None)
    assert "torch._utils._rebuild_tensor_v2, a PyTorch tensor; save NumPy arrays instead" in str(caught.value)
