"""Validation of rows, whatever file they came from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome import _limits
from skknn_syndrome.data.rows import RawRow, RawTable, read_simulated_name
from skknn_syndrome.data.validation import ValidatedRows, validate_rows
from skknn_syndrome.errors import ColumnsError, EmbeddingsFileError
from tests.refusing import refused


def rows(*vectors: object) -> list[RawRow]:
    return [RawRow("a", "s", f"i{number}", vector) for number, vector in enumerate(vectors, start=1)]


def refusals(valid: ValidatedRows) -> list[tuple[int, str]]:
    return [(row.row, row.reason) for row in valid.refused]


def test_rows_keep_their_order() -> None:
    valid = validate_rows(RawTable(rows([3.0], [1.0], [2.0])))
    assert valid.embeddings.tolist() == [[3.0], [1.0], [2.0]]
    assert valid.images.tolist() == ["i1", "i2", "i3"]
    assert valid.n_rows == 3
    assert valid.refused == ()


def test_the_dimension_is_the_most_common_one() -> None:
    valid = validate_rows(RawTable(rows([1, 2, 3], [1, 2], [3, 4])))
    assert valid.embeddings.shape == (2, 2)
    assert valid.refused[0].detail == "its vector has 3 values, not 2"


def test_the_dimension_can_be_told() -> None:
    valid = validate_rows(RawTable(rows([1, 2, 3], [1, 2], [3, 4])), n_features=3)
    assert valid.embeddings.tolist() == [[1, 2, 3]]
    assert refusals(valid) == [(2, "wrong_length"), (3, "wrong_length")]


def test_rows_that_are_refused_have_no_say_in_the_dimension() -> None:
    valid = validate_rows(RawTable(rows([np.nan, 1], [np.nan, 2], [1, 2, 3])))
    assert valid.embeddings.tolist() == [[1, 2, 3]]


def test_two_dimensions_may_not_be_equally_common() -> None:
    with refused("two_lengths", "n_features"):
        validate_rows(RawTable(rows([1, 2], [1, 2, 3])))
    assert validate_rows(RawTable(rows([1, 2], [1, 2, 3])), n_features=2).embeddings.tolist() == [[1, 2]]


def test_where_no_vector_has_the_length_asked_for_the_length_is_at_fault() -> None:
    with refused("no_such_length", "n_features") as caught:
        validate_rows(RawTable(rows([1, 2], [1, 2], [1, 2, 3])), n_features=17)
    assert "most have 2: leave n_features out" in str(caught.value)


def test_single_precision_stays_where_all_vectors_taken_have_it() -> None:
    single, double = np.ones(2, np.float32), np.ones(2)
    assert validate_rows(RawTable(rows(single, np.ones(2, np.float16)))).embeddings.dtype == np.float32
    assert validate_rows(RawTable(rows(single, double))).embeddings.dtype == np.float64
    assert validate_rows(RawTable(rows(single, single, np.ones(3)))).embeddings.dtype == np.float32


OTHERS = rows([5.0], [6.0], [7.0])
"""Beside these, two images with one id are a slip and no habit."""


def test_of_two_images_with_one_id_the_first_is_kept_wherever_they_are() -> None:
    table = [RawRow("a", "s", "i", [1.0]), *OTHERS, RawRow("b", "t", "i", [2.0])]
    valid = validate_rows(RawTable(table))
    assert valid.images.tolist() == ["i", "i1", "i2", "i3"]
    assert valid.embeddings[0].tolist() == [1.0]
    assert valid.refused[0].message == (
        "Row 5 (syndrome 'b', subject 't', image 'i'): row 1 has the same image id, and is kept; "
        "give each image an id of its own."
    )


def test_an_integer_id_and_its_text_are_one_id() -> None:
    table = [RawRow("a", "s", 1, [1.0]), RawRow("a", "s", "1", [2.0]), *OTHERS]
    assert refusals(validate_rows(RawTable(table))) == [(2, "duplicate_image")]


def test_rows_that_are_twice_the_same_are_duplicates_however_many() -> None:
    table = [RawRow("a", "s", image, [float(image)]) for image in (1, 2, 1, 2)]
    assert refusals(validate_rows(RawTable(table))) == [(3, "duplicate_image"), (4, "duplicate_image")]


def numbered(*places: tuple[str, str | None]) -> list[RawRow]:
    """Return two images, called 1 and 2, in each place."""
    return [
        RawRow(syndrome, subject, image, [place + image / 10])
        for place, (syndrome, subject) in enumerate(places)
        for image in (1, 2)
    ]


@pytest.mark.parametrize(
    "places,images",
    [
        ([("a", "s"), ("b", "t")], ["s/1", "s/2", "t/1", "t/2"]),
        ([("a", "s"), ("b", "s")], ["a/s/1", "a/s/2", "b/s/1", "b/s/2"]),
        ([("a", None), ("b", None)], ["a/1", "a/2", "b/1", "b/2"]),
    ],
)
def test_images_numbered_anew_are_named_by_their_place(
    places: Sequence[tuple[str, str | None]], images: Sequence[str]
) -> None:
    table = RawTable(numbered(*places), has_subjects=places[0][1] is not None)
    valid = validate_rows(table)
    assert valid.images.tolist() == images
    assert valid.named_by_place
    assert valid.refused == ()


@pytest.mark.parametrize("noise", [0.0, 1e-6])
@pytest.mark.parametrize("subject", [None, "s"])
def test_a_picture_under_two_labels_is_one_image(subject: str | None, noise: float) -> None:
    table = [
        RawRow(syndrome, subject, f"img{image}.jpg", [image + 1.0, image * image + noise * shift])
        for shift, syndrome in enumerate("ab")
        for image in range(10)
    ]
    valid = validate_rows(RawTable(table, has_subjects=subject is not None))
    assert not valid.named_by_place
    assert len(valid.images) == 10
    assert refusals(valid) == [(row, "duplicate_image") for row in range(11, 21)]


def test_several_rows_of_an_image_are_refused_unless_their_average_is_asked_for() -> None:
    table = [RawRow("a", "s", image, np.array([value], np.float32)) for image in "ij" for value in (1, 2)]
    with pytest.raises(ColumnsError) as caught:
        validate_rows(RawTable(table))
    assert (caught.value.codes, caught.value.average_rows) == (("repeated_images",), True)
    valid = validate_rows(RawTable([*table, RawRow("b", "t", "k", [7.0])]), average_rows=True)
    assert valid.embeddings.tolist() == [[1.5], [1.5], [7.0]]
    assert valid.images.tolist() == ["i", "j", "k"]
    assert (valid.n_rows, valid.n_merged) == (5, 2)


def test_an_average_keeps_the_precision() -> None:
    table = [RawRow("a", "s", "i", np.array([value], np.float32)) for value in (1, 2)]
    assert validate_rows(RawTable(table), average_rows=True).embeddings.dtype == np.float32


def test_images_of_two_subjects_are_not_averaged() -> None:
    table = [*numbered(("a", "s"), ("b", "t")), *numbered(("a", "s"), ("b", "t"))]
    valid = validate_rows(RawTable(table), average_rows=True)
    assert valid.images.tolist() == ["s/1", "s/2", "t/1", "t/2"]
    assert valid.n_merged == 4


def test_an_image_that_is_refused_does_not_take_the_id() -> None:
    table = [RawRow("a", "s", "i", None), RawRow("a", "s", "i", [2.0])]
    valid = validate_rows(RawTable(table))
    assert valid.embeddings.tolist() == [[2.0]]
    assert refusals(valid) == [(1, "missing_vector")]


def test_refused_rows_are_in_order_and_counted_with_the_others() -> None:
    valid = validate_rows(RawTable(rows([1.0], [1.0, 2.0], None, [3.0])))
    assert refusals(valid) == [(2, "wrong_length"), (3, "missing_vector")]
    assert valid.n_rows == 4


def test_a_row_that_could_not_be_taken_apart_is_refused_with_its_line() -> None:
    table = [*rows([1.0]), RawRow(None, None, None, None, 7, "it has 1 cells, but the header 4")]
    assert validate_rows(RawTable(table)).refused[0].message == (
        "Row 2 (line 7): it has 1 cells, but the header 4; mend the row or leave it out."
    )


def test_ids_that_are_not_there_are_not_looked_at() -> None:
    table = RawTable([RawRow("a", None, None, [1.0])], has_subjects=False, has_images=False)
    valid = validate_rows(table)
    assert valid.subjects is None
    assert valid.images.tolist() == ["1"]


def test_images_are_numbered_by_their_row_in_the_file() -> None:
    table = [RawRow("a", None, None, None), RawRow("a", None, None, [1.0])]
    valid = validate_rows(RawTable(table, has_subjects=False, has_images=False))
    assert valid.images.tolist() == ["2"]
    assert valid.refused[0].image is None


@pytest.mark.parametrize("kind", ["syndrome", "subject", "image"])
@pytest.mark.parametrize("value,reason", [("", "empty_id"), (None, "empty_id"), (1.5, "invalid_id")])
def test_each_id_is_validated(kind: str, value: object, reason: str) -> None:
    ids: dict[str, object] = {"syndrome": "a", "subject": "s", "image": "j", kind: value}
    valid = validate_rows(RawTable([*rows([1.0]), RawRow(**ids, vector=[1.0])]))  # type: ignore[arg-type]
    assert refusals(valid) == [(2, reason)]


def test_no_rows_are_an_error() -> None:
    with refused("no_rows"):
        validate_rows(RawTable([]))


@pytest.mark.parametrize("n_features", [None, 3])
def test_a_file_without_a_row_to_use_is_an_error_with_the_first_reason(n_features: int | None) -> None:
    with refused("no_usable_rows") as caught:
        validate_rows(RawTable(rows(None, "x")), n_features)
    assert "it holds 2 rows, of which none can be used; the first: Row 1" in str(caught.value)


@pytest.mark.parametrize("vector", [np.ones(500), np.ones(1000, np.float32), [1.0] * 500, ["x"] * 500])
def test_vectors_may_not_take_all_memory(monkeypatch: pytest.MonkeyPatch, vector: Any) -> None:
    monkeypatch.setattr(_limits, "MAX_UNPACKED_BYTES", 10_000)
    table = RawTable(rows(vector, vector, vector))
    with refused("too_much_memory"):
        validate_rows(table)
    monkeypatch.setenv(_limits.TRUST, "1")
    sound = RawRow("a", "s", "i4", vector if isinstance(vector, np.ndarray) else [0.5] * 500)
    assert validate_rows(RawTable([*table.rows, sound])).n_rows == 4


def test_refused_rows_may_not_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limits, "MAX_UNPACKED_BYTES", 10_000)
    with refused("too_much_memory"):
        validate_rows(RawTable(rows([1.0], *[None] * 10)))


def test_ids_may_not_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limits, "MAX_UNPACKED_BYTES", 1000)
    with refused("too_much_memory"):
        validate_rows(RawTable([RawRow("a", "s", "0" * 200, [1.0]), RawRow("a", "s", "1", [1.0])]))


ANY_ID = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.floats(), st.text(max_size=3))
ANY_VECTOR = st.one_of(
    st.none(),
    st.text(max_size=2),
    st.lists(st.one_of(st.floats(), st.none(), st.integers()), max_size=3),
    st.just(np.ones(2, np.float32)),
)


@given(st.lists(st.builds(RawRow, ANY_ID, ANY_ID, ANY_ID, ANY_VECTOR), max_size=6))
def test_every_row_is_either_taken_or_refused(table: list[RawRow]) -> None:
    try:
        valid = validate_rows(RawTable(table), n_features=2)
    except EmbeddingsFileError:
        return
    assert len(valid.images) + len(valid.refused) == valid.n_rows == len(table)
    assert np.isfinite(valid.embeddings).all()
    assert len(set(valid.images.tolist())) == len(valid.images)


def test_a_simulated_set_keeps_its_name() -> None:
    assert read_simulated_name("simulated syndromes") == "simulated syndromes"


@pytest.mark.parametrize("value", ["", None, 1.5, ["a"], "a/b", "a\0b"])
def test_a_name_that_was_never_saved_is_refused(value: object) -> None:
    with refused("broken_mark"):
        read_simulated_name(value)
