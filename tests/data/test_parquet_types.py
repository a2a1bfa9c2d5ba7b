"""Arrow types of the columns, and the ids in them."""

import numpy as np
import pyarrow as pa
import pytest

from skknn_syndrome.data.column_layout import Layout
from skknn_syndrome.data.parquet_types import (
    array_ids,
    check_types,
    column_names,
    is_image,
    is_list,
    leaf_of,
    whole_numbers,
)
from tests.refusing import refused

PICTURES = pa.struct({"bytes": pa.binary(), "path": pa.string()})
LAYOUT = Layout("syndrome", None, None, ("e",))


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.float32()),
        pa.large_list(pa.float64()),
        pa.list_(pa.float16(), 3),
        pa.list_(pa.int8()),
        pa.list_view(pa.float32()),
        pa.large_list_view(pa.float32()),
        pa.fixed_shape_tensor(pa.float32(), [3]),
        pa.fixed_shape_tensor(pa.float32(), [1, 3]),
    ],
)
def test_lists_of_numbers_hold_vectors(kind: pa.DataType) -> None:
    assert is_list(kind)
    check_types(pa.schema({"syndrome": pa.string(), "e": kind}), LAYOUT)


@pytest.mark.parametrize("kind", [pa.float32(), pa.int64(), pa.uint8()])
def test_numbers_are_features(kind: pa.DataType) -> None:
    assert not is_list(kind)
    check_types(pa.schema({"syndrome": pa.string(), "e": kind}), LAYOUT)


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.int32(),
        pa.dictionary(pa.int8(), pa.string()),
        pa.dictionary(pa.int8(), pa.int64()),
        pa.float64(),
        pa.float32(),
    ],
)
def test_text_and_numbers_are_ids(kind: pa.DataType) -> None:
    check_types(pa.schema({"syndrome": kind, "e": pa.float32()}), LAYOUT)


@pytest.mark.parametrize(
    "kind",
    [pa.bool_(), pa.binary(), pa.null(), pa.date32(), pa.timestamp("us"), pa.struct({"path": pa.string()})],
)
def test_nothing_else_is_an_id(kind: pa.DataType) -> None:
    with refused("unsupported_type"):
        check_types(pa.schema({"syndrome": kind, "e": pa.float32()}), LAYOUT)


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.bool_(), pa.decimal128(5), pa.list_(pa.list_(pa.float32()))]
)
def test_nothing_else_is_a_feature(kind: pa.DataType) -> None:
    with refused("unsupported_type"):
        check_types(pa.schema({"syndrome": pa.string(), "e": kind}), LAYOUT)


def test_a_tensor_of_several_rows_is_refused_with_its_shape() -> None:
    schema = pa.schema({"syndrome": pa.string(), "e": pa.fixed_shape_tensor(pa.float32(), [12, 512])})
    with refused("wrong_shape"):
        check_types(schema, LAYOUT)


@pytest.mark.parametrize(
    "kind",
    [
        PICTURES,
        pa.struct({"path": pa.large_string()}),
        pa.struct({"path": pa.null()}),
        pa.struct({"path": pa.dictionary(pa.int8(), pa.string())}),
    ],
)
def test_pictures_name_images_by_their_paths(kind: pa.DataType) -> None:
    assert is_image(kind)
    assert leaf_of("image", kind) == "image.path"
    schema = pa.schema({"syndrome": pa.string(), "image": kind, "e": pa.float32()})
    check_types(schema, Layout("syndrome", None, "image", ("e",)))


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.struct({"bytes": pa.binary()}), pa.struct({"path": pa.int8()})]
)
def test_nothing_else_is_a_picture(kind: pa.DataType) -> None:
    assert not is_image(kind)
    assert leaf_of("image", kind) == "image"


def test_pictures_have_no_part_where_another_column_names_the_images() -> None:
    assert column_names(pa.schema({"image": PICTURES, "y": pa.string()})) == ["image", "y"]
    assert column_names(pa.schema({"image": PICTURES, "image_id": pa.string()})) == ["image_id"]


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
    with refused("not_whole"):
        whole_numbers([1.0, None, value], "x")
