import numpy as np
import pytest

from skknn_syndrome.data.flattening import flatten_nested
from skknn_syndrome.errors import EmbeddingsFileError


def test_rows_come_in_the_dictionaries_own_order() -> None:
    nested = {"b": {2: {"i": [1.0], "h": [2.0]}}, "a": {"1": {"k": None}}}
    rows = [(row.syndrome, row.subject, row.image, row.vector) for row in flatten_nested(nested)]
    assert rows == [("b", 2, "i", [1.0]), ("b", 2, "h", [2.0]), ("a", "1", "k", None)]


def test_vectors_are_handed_on_as_they_are() -> None:
    vector = np.ones(3, np.float32)
    assert next(flatten_nested({"a": {"s": {"i": vector}}})).vector is vector


@pytest.mark.parametrize(
    "nested,message",
    [
        ([1], "the file holds a list where a dictionary of syndromes should be; the shape is {syndrome"),
        (None, "the file holds a NoneType where a dictionary of syndromes"),
        ({}, "the file holds no syndromes"),
        ({"a": []}, "syndrome 'a' holds a list where a dictionary of subjects"),
        ({"a": {}}, "syndrome 'a' holds no subjects"),
        ({"a": {"s": [1.0]}}, "syndrome 'a', subject 's' holds a list where a dictionary of images"),
        ({"a": {"s": np.ones(2)}}, "syndrome 'a', subject 's' holds a ndarray where a dictionary of images"),
        ({"a": {"s": {}}}, "syndrome 'a', subject 's' holds no images"),
        ({"a\n" + "b" * 999: {}}, r"^syndrome 'a\\nb{2,60}\.\.\.b{2,60}' holds no subjects"),
    ],
)
def test_a_level_must_be_a_dictionary_that_holds_something(nested: object, message: str) -> None:
    with pytest.raises(EmbeddingsFileError, match=message):
        list(flatten_nested(nested))


@pytest.mark.parametrize(
    "nested,message",
    [
        (
            {1: {"s": {"i": [1.0]}}, "1": {"s": {"j": [1.0]}}},
            "the file holds the syndrome id 1 as an integer",
        ),
        ({"a": {1: {"i": [1.0]}, "1": {"j": [1.0]}}}, "syndrome 'a' holds the subject id 1 as an integer"),
    ],
)
def test_an_integer_and_its_text_may_not_merge_in_silence(nested: object, message: str) -> None:
    with pytest.raises(EmbeddingsFileError, match=message):
        list(flatten_nested(nested))


def test_images_that_would_merge_are_left_to_the_rule_for_duplicates() -> None:
    assert len(list(flatten_nested({"a": {"s": {1: [1.0], "1": [1.0]}}}))) == 2
