import numpy as np
import pyarrow as pa
import pytest

from skknn_syndrome.data.parquet_ids import array_ids, whole_numbers
from skknn_syndrome.errors import EmbeddingsFileError


@pytest.mark.parametrize(
    "array,ids",
    [
        (pa.array(["a", None, "b"]), ["a", None, "b"]),
        (pa.array([2, None]), [2, None]),
        (pa.array(["a", None, "a"]).dictionary_encode(), ["a", None, "a"]),
        (pa.array([{"bytes": b"x", "path": "a"}, {"bytes": b"x", "path": None}, None]), ["a", None, None]),
    ],
)
def test_ids_come_as_they_are(array: pa.Array, ids: list[object]) -> None:
    assert array_ids(array) == ids


def test_a_text_that_comes_again_is_held_once() -> None:
    first, second = array_ids(pa.array(["long" * 100, "long" * 100]).dictionary_encode())
    assert first is second


def test_floats_that_are_whole_are_integers() -> None:
    assert whole_numbers([3.0, None, float("nan"), -0.0, 2.0**53], "x") == [3, None, None, 0, 2**53]
    assert all(type(value) is int for value in whole_numbers([np.float32(3)], "x"))


@pytest.mark.parametrize("value", [0.5, float("inf"), 2.0**53 + 2])
def test_all_other_floats_are_refused_by_their_place(value: float) -> None:
    with pytest.raises(
        EmbeddingsFileError, match="its column 'x' holds numbers that are not whole, first in row 3"
    ):
        whole_numbers([1.0, None, value], "x")
