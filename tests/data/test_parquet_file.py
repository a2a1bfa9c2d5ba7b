"""Parquet tables of embeddings."""

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from skknn_syndrome import _limits
from skknn_syndrome.data.parquet_file import read_parquet_table
from skknn_syndrome.data.validation import ValidatedRows, validate_rows
from skknn_syndrome.errors import ColumnsError, EmbeddingsFileError
from tests.data.make import parquet_bytes
from tests.refusing import refused


def read(columns: Mapping[str, Any], mapping: Mapping[str, str] | None = None) -> ValidatedRows:
    return validate_rows(read_parquet_table(parquet_bytes(columns), mapping))


@pytest.mark.parametrize(
    "kind,dtype",
    [
        (pa.list_(pa.float32()), np.float32),
        (pa.list_(pa.float32(), 2), np.float32),
        (pa.list_(pa.float16()), np.float32),
        (pa.large_list(pa.float64()), np.float64),
        (pa.list_(pa.int16()), np.float64),
        (pa.list_view(pa.float32()), np.float32),
        (pa.large_list_view(pa.float64()), np.float64),
    ],
)
def test_lists_become_vectors(kind: pa.DataType, dtype: type) -> None:
    vectors = [np.array(numbers, kind.value_type.to_pandas_dtype()) for numbers in ([1, 2], [3, 4])]
    valid = read({"syndrome": ["a", "b"], "embedding": pa.array(vectors, kind)})
    assert valid.embeddings.dtype == dtype
    assert valid.embeddings.tolist() == [[1, 2], [3, 4]]
    assert valid.subjects is None
    assert valid.images.tolist() == ["1", "2"]


def test_numbered_columns_become_vectors_in_order_of_their_numbers() -> None:
    columns = {
        "e1": pa.array([2, 4], pa.float32()),
        "syndrome": ["a", "b"],
        "e0": pa.array([1, 3], pa.float32()),
    }
    valid = read(columns)
    assert valid.embeddings.dtype == np.float32
    assert valid.embeddings.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    "kind", [pa.int64(), pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string()), pa.uint8()]
)
def test_ids_are_text_or_integers_encoded_or_not(kind: pa.DataType) -> None:
    ids = pa.array([8, 7, 8]).cast(kind.value_type if pa.types.is_dictionary(kind) else kind)
    ids = ids.dictionary_encode() if pa.types.is_dictionary(kind) else ids
    valid = read({"syndrome": ids, "subject_id": ids, "image": ["i", "j", "k"], "0": [1.0, 2.0, 3.0]})
    assert valid.syndromes.tolist() == ["8", "7", "8"]
    assert valid.subjects is not None
    assert valid.subjects.tolist() == ["8", "7", "8"]


def test_ids_in_several_groups_of_rows_stay_in_order() -> None:
    columns = {"syndrome": ["a", "b", "c"], "embedding": [[1.0], [2.0], [3.0]]}
    valid = validate_rows(read_parquet_table(parquet_bytes(columns, row_group_size=1), None))
    assert valid.syndromes.tolist() == ["a", "b", "c"]


def test_a_table_from_pandas_may_bring_its_index() -> None:
    frame = pd.DataFrame({"syndrome": ["a", "b"], "e0": [1.0, 2.0]}, index=["x", "y"])
    stream = io.BytesIO()
    frame.to_parquet(stream)
    table = read_parquet_table(stream.getvalue(), None)
    assert table.layout is not None
    assert table.layout.indexes == ("__index_level_0__",)
    assert validate_rows(table).embeddings.tolist() == [[1.0], [2.0]]


@pytest.mark.parametrize("people", [[row // 2 for row in range(40)], [f"p{row // 2}" for row in range(40)]])
def test_columns_left_unread_are_looked_at_for_subject_ids(people: list[object]) -> None:
    labels = ["ab"[row // 20] for row in range(40)]
    others = {"blur": [0.5] * 40, "seen": [dt.datetime(2026, 1, 1, tzinfo=dt.UTC)] * 40}
    content = parquet_bytes({"y": labels, "who": people, **others, "0": [1.0] * 40, "1": [2.0] * 40})
    table = read_parquet_table(content, {"syndrome": "y", "features": "0"})
    assert table.layout is not None
    assert table.layout.unread == ("who", "blur", "seen")
    assert table.layout.suspect is not None
    assert table.layout.suspect.name == "who"


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
def test_vectors_may_be_text(kind: pa.DataType) -> None:
    vectors = pa.array(["", "[1, 2.5]", None, "[3. 4.]", "[[5 6]]", "[7, x]", "none"])
    columns = {"syndrome": [*"abcdefg"], "embedding": vectors.cast(kind)}
    valid = read(columns)
    assert valid.embeddings.tolist() == [[1, 2.5], [3, 4], [5, 6]]
    assert [(row.row, row.reason) for row in valid.refused] == [
        (1, "missing_vector"),
        (3, "missing_vector"),
        (6, "not_numeric"),
        (7, "not_numeric"),
    ]
    assert read({"syndrome": [*"abcdefg"], "v": vectors}, {"features": "v"}).embeddings.shape == (3, 2)


def test_a_column_of_vectors_as_text_is_proposed_by_its_name() -> None:
    columns = {"label": ["a"], "notes": ["[sic]x"], "emb": ["[1, 2]"]}
    with pytest.raises(ColumnsError) as caught:
        read(columns)
    assert caught.value.columns == {"syndrome": "label", "features": "emb"}
    assert read(columns, caught.value.columns).embeddings.tolist() == [[1, 2]]


def test_a_vector_that_numpy_has_shortened_is_told_by_its_row() -> None:
    with refused("shortened_vector") as caught:
        read({"syndrome": ["a", "b"], "embedding": ["[1 2]", "[1 ... 2]"]})
    assert "row 2" in str(caught.value)


def test_where_the_column_of_vectors_is_named_no_other_is_one() -> None:
    columns = {"syndrome": ["a"], "notes": ["none"], "v": [[1.0]], "w": ["[1.0]"]}
    layout = read_parquet_table(parquet_bytes(columns), {"features": "v"}).layout
    assert layout is not None
    assert layout.unread == ("notes", "w")
    with pytest.raises(ColumnsError) as caught:
        read(columns, {"features": "notes"})
    assert caught.value.codes == ("no_features",)
    assert caught.value.columns == {"features": "v"}


def test_a_mapping_names_the_columns() -> None:
    columns = {"label": ["a"], "v": [[1.0, 2.0]], "e0": [5.0], "age": ["old"]}
    assert read(columns, {"syndrome": "label", "features": "v"}).embeddings.tolist() == [[1.0, 2.0]]
    assert read(columns, {"syndrome": "label", "features": "e"}).embeddings.tolist() == [[5.0]]


NULLS_IN_FIXED_LISTS = pytest.mark.skipif(
    int(pa.__version__.partition(".")[0]) < 26, reason="pyarrow before 26 can't read them"
)


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.float32()), pytest.param(pa.list_(pa.float32(), 2), marks=NULLS_IN_FIXED_LISTS)]
)
def test_nulls_in_lists_are_refused_row_by_row(kind: pa.DataType) -> None:
    vectors = pa.array([None, [1.0, 2.0], [1.0, None], [3.0, 4.0]], kind)
    valid = read({"syndrome": ["a", None, "b", "c"], "embedding": vectors})
    assert [row.detail for row in valid.refused] == [
        "it has no vector",
        "its syndrome id is empty",
        "value 2 of its vector is missing",
    ]
    assert valid.embeddings.tolist() == [[3.0, 4.0]]


def test_nulls_in_numbered_columns_are_refused_row_by_row() -> None:
    valid = read({"syndrome": ["a", "b", "c"], "e0": [1.0, None, 3.0], "e1": [float("nan"), 2.0, 4.0]})
    assert [(row.reason, row.detail) for row in valid.refused] == [
        ("not_finite", "column 'e1' is NaN or infinite"),
        ("missing_vector", "column 'e0' is missing"),
    ]
    assert valid.embeddings.tolist() == [[3.0, 4.0]]


def test_lists_of_another_length_are_refused_row_by_row() -> None:
    valid = read({"syndrome": ["a", "b", "c"], "embedding": [[1.0], [2.0], [3.0, 4.0]]})
    assert [row.detail for row in valid.refused] == ["its vector has 2 values, not 1"]


def test_a_simulated_set_is_marked() -> None:
    table = pa.table({"syndrome": ["a"], "e0": [1.0]}).replace_schema_metadata({"simulated_name": "made up"})
    stream = io.BytesIO()
    parquet.write_table(table, stream)
    assert read_parquet_table(stream.getvalue(), None).simulated_name == "made up"
    assert read_parquet_table(parquet_bytes({"syndrome": ["a"], "e0": [1.0]}), None).simulated_name is None


@pytest.mark.parametrize(
    "columns,code",
    [
        ({"subject": [1.0, 1.5]}, "not_whole"),
        ({"subject": [True, True]}, "unsupported_type"),
        ({"image": [dt.datetime(2026, 1, day, tzinfo=dt.UTC) for day in (1, 2)]}, "unsupported_type"),
        ({"e0": ["x", "y"]}, "unsupported_type"),
        ({"syndrome": pa.array([], pa.string()), "e0": pa.array([], pa.float32())}, "no_rows"),
    ],
)
def test_columns_that_do_not_fit_are_an_error(columns: Mapping[str, Any], code: str) -> None:
    with refused(code):
        read({"syndrome": ["a", "b"], "e0": [1.0, 2.0], **columns})


@pytest.mark.parametrize("column", [{"age": [3]}, {"embedding": ["x"]}])
def test_columns_that_have_no_part_are_told(column: Mapping[str, Any]) -> None:
    with pytest.raises(ColumnsError) as caught:
        read({"syndrome": ["a"], "e0": [1.0], **column})
    assert "unread_columns" in caught.value.codes


def test_no_row_is_lost_where_footer_and_pages_disagree() -> None:
    """Every number 6 becomes a 5, one after the other: rows of the file, of the group, or lists of a page."""
    columns = {"syndrome": ["a", "b", "c", "d", "e", "f"], "embedding": [[1.0]] * 6}
    content = parquet_bytes(columns, compression="none", use_dictionary=False)
    refusals = 0
    for position in [place for place, byte in enumerate(content) if byte == 2 * 6]:
        damaged = content[:position] + bytes([2 * 5]) + content[position + 1 :]
        try:
            assert validate_rows(read_parquet_table(damaged, None)).n_rows == 6
        except EmbeddingsFileError:
            refusals += 1
    assert refusals >= 3


def test_a_broken_file() -> None:
    content = parquet_bytes({"syndrome": ["a"], "e0": [1.0]})
    with refused("broken_parquet"):
        read_parquet_table(content[:-1], None)


def test_a_changed_value_is_noticed_where_the_writer_left_a_checksum() -> None:
    columns = {"syndrome": ["a"], "e0": [1.5]}
    content = parquet_bytes(columns, compression="none", use_dictionary=False, write_page_checksum=True)
    content = content.replace(np.float64(1.5).tobytes(), np.float64(1.25).tobytes())
    with refused("broken_parquet"):
        validate_rows(read_parquet_table(content, None))


def tensors(shape: list[int]) -> pa.Array:
    values = pa.array(np.arange(6, dtype=np.float32))
    lists = pa.FixedSizeListArray.from_arrays(values, 3)
    return pa.ExtensionArray.from_storage(pa.fixed_shape_tensor(pa.float32(), shape), lists)


@pytest.mark.parametrize("shape", [[3], [1, 3]])
def test_tensors_become_vectors(shape: list[int]) -> None:
    valid = read({"syndrome": ["a", "b"], "embedding": tensors(shape)})
    assert valid.embeddings.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_tensors_of_several_rows_are_no_vectors() -> None:
    with refused("wrong_shape"):
        read({"syndrome": ["a", "b"], "embedding": tensors([3, 1])})


def test_half_floats_in_numbered_columns() -> None:
    valid = read({"syndrome": ["a"], "e0": np.array([0.5], np.float16), "e1": np.array([2], np.float16)})
    assert valid.embeddings.dtype == np.float32
    assert valid.embeddings.tolist() == [[0.5, 2]]


def test_integers_that_pandas_made_floats_are_integers_again() -> None:
    frame = pd.DataFrame({"syndrome": ["a", "b", "c"], "subject": [939, None, 7], "e0": [1.0, 2.0, 3.0]})
    assert frame.subject.dtype == np.float64
    stream = io.BytesIO()
    frame.to_parquet(stream)
    valid = validate_rows(read_parquet_table(stream.getvalue(), None))
    assert valid.subjects is not None
    assert valid.subjects.tolist() == ["939", "7"]
    assert [row.detail for row in valid.refused] == ["its subject id is empty"]


def pictures(*paths: str | None) -> list[dict[str, object]]:
    return [{"bytes": b"no picture", "path": path} for path in paths]


def hugging_face(*paths: str | None) -> dict[str, Any]:
    vectors = [[float(number), 1.0] for number in range(len(paths))]
    return {"image": pictures(*paths), "label": [*range(len(paths))], "embedding": vectors}


def test_pictures_of_hugging_face_name_images_by_their_paths() -> None:
    valid = read(hugging_face("f/1.jpg", "f/2.jpg"), {"syndrome": "label"})
    assert valid.images.tolist() == ["f/1.jpg", "f/2.jpg"]
    assert valid.syndromes.tolist() == ["0", "1"]
    assert valid.embeddings.tolist() == [[0, 1], [1, 1]]


def test_paths_in_several_groups_of_rows_stay_in_order() -> None:
    paths = [f"f/{number}.jpg" for number in range(10)]
    content = parquet_bytes(hugging_face(*paths), row_group_size=3)
    assert validate_rows(read_parquet_table(content, {"syndrome": "label"})).images.tolist() == paths


def test_pictures_without_a_path_leave_images_without_a_name() -> None:
    assert read(hugging_face(None, None), {"syndrome": "label"}).images.tolist() == ["1", "2"]
    valid = read(hugging_face("f/1.jpg", None), {"syndrome": "label"})
    assert [row.detail for row in valid.refused] == ["its image id is empty"]


def test_pictures_are_never_read_where_a_column_names_the_images() -> None:
    valid = read({**hugging_face("f/1.jpg", None), "image_id": ["i", "j"]}, {"syndrome": "label"})
    assert valid.images.tolist() == ["i", "j"]


def test_trusted_sizes_are_read_whatever_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    content = parquet_bytes({"syndrome": ["a"] * 500, "embedding": [[1.0] * 50] * 500}, compression="zstd")
    monkeypatch.setattr(_limits, "FREE_BYTES", 1000)
    monkeypatch.setattr(_limits, "MAX_RATIO", 1)
    with refused("too_much_memory"):
        validate_rows(read_parquet_table(content, None))
    monkeypatch.setenv(_limits.TRUST, "1")
    assert validate_rows(read_parquet_table(content, None)).embeddings.shape == (500, 50)


@pytest.mark.parametrize(
    "paths,averaged",
    [
        ([f"f/{row}.jpg" for row in range(8)], False),
        ([None] * 8, False),
        (["f/0.jpg", None, *[f"f/{row}.jpg" for row in range(2, 8)]], False),
        ([f"f/{row // 2}.jpg" for row in range(8)], True),
    ],
)
@pytest.mark.parametrize("name,mapping", [("image", {}), ("portrait", {"image": "portrait"})])
def test_averaging_is_proposed_only_where_pictures_come_again(
    paths: list[str | None], *, averaged: bool, name: str, mapping: dict[str, str]
) -> None:
    columns = {
        name: pictures(*paths),
        "label": ["ab"[row // 4] for row in range(8)],
        "patient_id": [row // 3 for row in range(8)],
        "embedding": [[float(row)] for row in range(8)],
    }
    with pytest.raises(ColumnsError) as caught:
        read_parquet_table(parquet_bytes(columns), mapping)
    assert caught.value.average_rows == averaged
    assert caught.value.columns == {"syndrome": "label", "subject": "patient_id", **mapping}


def test_pictures_and_measurements_are_no_subject_ids() -> None:
    faces = pictures(*(f"{row // 2}.jpg" for row in range(40)))
    labels = ["ab"[row // 20] for row in range(40)]
    columns = {"y": labels, "who": faces, "depth": [0.5] * 40, "embedding": [[1.0]] * 40}
    table = read_parquet_table(parquet_bytes(columns), {"syndrome": "y", "features": "embedding"})
    assert table.layout is not None
    assert table.layout.suspect is None
