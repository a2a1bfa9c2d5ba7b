"""Vectors: what may be an embedding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.data.identities import RefusalError
from skknn_syndrome.data.vectors import read_vector
from skknn_syndrome.results.audit import RefusalReason


@pytest.mark.parametrize(
    "given_dtype,dtype",
    [
        ("float16", "float32"),
        ("float32", "float32"),
        (">f4", "float32"),
        ("float64", "float64"),
        (">f8", "float64"),
        ("longdouble", "float64"),
        ("int8", "float64"),
        ("uint64", "float64"),
    ],
)
def test_arrays_keep_single_precision_and_all_else_is_double(given_dtype: str, dtype: str) -> None:
    vector = read_vector(np.array([1, 2], dtype=given_dtype))
    assert vector.dtype == np.dtype(dtype)
    assert vector.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("numbers", [[1, 2.5], (1.0, 2.5), [np.int8(1), np.float32(2.5)]])
def test_lists_of_numbers_are_double_precision(numbers: object) -> None:
    vector = read_vector(numbers)
    assert vector.dtype == np.float64
    assert vector.tolist() == [1.0, 2.5]


@pytest.mark.parametrize(
    "value,dtype",
    [
        (np.array([[1, 2.5]], dtype=np.float32), np.float32),
        ([[1, 2.5]], np.float64),
        ([np.array([1, 2.5], dtype=np.float32)], np.float32),
        (((1, 2.5),), np.float64),
    ],
)
def test_a_batch_of_one_vector_is_that_vector(value: object, dtype: type) -> None:
    vector = read_vector(value)
    assert vector.dtype == dtype
    assert vector.tolist() == [1.0, 2.5]


@pytest.mark.parametrize(
    "value,reason,detail",
    [
        (None, "missing_vector", "it has no vector"),
        ([1.0, None], "missing_vector", "value 2 of its vector is missing"),
        ("abc", "not_numeric", "its vector is a str"),
        (1.5, "not_numeric", "its vector is a float"),
        ({"a": 1}, "not_numeric", "its vector is a dict"),
        ([1.0, "secret"], "not_numeric", "value 2 of its vector is text"),
        ([1.0, True], "not_numeric", "value 2 of its vector is a bool"),
        ([np.True_], "not_numeric", "value 1 of its vector is a bool"),
        ([1j], "not_numeric", "value 1 of its vector is a complex"),
        ([1.0, [1.0]], "not_numeric", "value 2 of its vector is a list"),
        (np.ones((12, 2)), "not_numeric", r"it has 12 vectors \(shape \(12, 2\)\), not one"),
        (np.ones((2, 1)), "not_numeric", r"it has 2 vectors \(shape \(2, 1\)\), not one"),
        (np.ones((0, 2)), "not_numeric", r"it has 0 vectors \(shape \(0, 2\)\), not one"),
        ([[1.0], [2.0]], "not_numeric", "it has 2 vectors, not one"),
        ([np.ones(2), np.ones(2)], "not_numeric", "it has 2 vectors, not one"),
        (np.ones((1, 1, 2)), "not_numeric", "an array of 3 dimensions, not of one"),
        ([np.ones((1, 2))], "not_numeric", "an array of 2 dimensions, not of one"),
        ([[[1.0]]], "not_numeric", "value 1 of its vector is a list"),
        (np.ones((1, 0)), "wrong_length", "its vector is empty"),
        (np.array(1.0), "not_numeric", "an array of 0 dimensions, not of one"),
        (np.array([True]), "not_numeric", "an array of bool"),
        (np.array([1j]), "not_numeric", "an array of complex128"),
        (np.array(["1"]), "not_numeric", "an array of <U1"),
        (np.array([1.0], dtype=object), "not_numeric", "an array of object"),
        ([], "wrong_length", "its vector is empty"),
        (np.empty(0), "wrong_length", "its vector is empty"),
        ([1.0, float("nan")], "not_finite", "value 2 of its vector is NaN or infinite"),
        (np.array([np.inf, 1], dtype=np.float32), "not_finite", "value 1 of its vector is NaN or infinite"),
        ([10**400], "not_finite", "an integer beyond the range of float64"),
        (np.array([np.finfo(np.longdouble).max]), "not_finite", "value 1 of its vector is NaN or infinite"),
    ],
)
def test_what_is_no_vector_is_refused_without_quoting_it(
    value: object, reason: RefusalReason, detail: str
) -> None:
    with pytest.raises(RefusalError, match=detail) as caught:
        read_vector(value)
    assert caught.value.reason == reason


def test_a_value_is_placed_by_its_column_where_it_has_one() -> None:
    with pytest.raises(RefusalError, match="column 'e1' is text"):
        read_vector([1.0, "x"], ("e0", "e1"))


@given(npst.arrays(st.sampled_from([np.float32, np.float64]), st.integers(1, 5)))
def test_a_finite_array_comes_back_bit_by_bit_and_no_other_does(array: FloatArray) -> None:
    if np.isfinite(array).all():
        assert read_vector(array).tobytes() == array.tobytes()
    else:
        with pytest.raises(RefusalError, match="NaN or infinite"):
            read_vector(array)
