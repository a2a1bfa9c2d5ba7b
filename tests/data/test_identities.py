"""Ids of syndromes, subjects and images."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.data.identities import (
    MAX_ID_LENGTH,
    RefusalError,
    ids_by_place,
    mostly_repeated,
    plain_ids,
    read_id,
    show_id,
)


@pytest.mark.parametrize("text", ["007", " padded ", "Müller", "\u202e", "x" * MAX_ID_LENGTH])
def test_text_stays_exactly_as_written(text: str) -> None:
    assert read_id(text, "image") == text


@pytest.mark.parametrize("value", [7, np.int64(7), np.uint8(7)])
def test_integers_become_text(value: object) -> None:
    assert read_id(value, "image") == "7"


def test_numpy_text_becomes_plain_text() -> None:
    assert type(read_id(np.str_("a"), "image")) is str


@pytest.mark.parametrize("value", ["", " ", "\t\n", "\u2003", None, float("nan"), np.float32("nan")])
def test_nothing_is_an_empty_id_however_it_is_written(value: object) -> None:
    with pytest.raises(RefusalError, match="its subject id is empty") as caught:
        read_id(value, "subject")
    assert caught.value.reason == "empty_id"


@pytest.mark.parametrize(
    "value,detail",
    [
        (1.0, "its image id is a float"),
        (np.float32(1), "its image id is a float32"),
        (True, "its image id is a bool"),
        (np.True_, "its image id is a bool"),
        (b"a", "its image id is a bytes"),
        ("a\0b", "holds a NUL character"),
        ("a\ud800", "is not valid Unicode"),
        ("x" * (MAX_ID_LENGTH + 1), "has 1,001 characters"),
    ],
)
def test_what_is_no_id_is_refused_without_quoting_it(value: object, detail: str) -> None:
    with pytest.raises(RefusalError, match=detail) as caught:
        read_id(value, "image")
    assert caught.value.reason == "invalid_id"


@given(st.one_of(st.none(), st.integers(), st.floats(), st.booleans(), st.binary(), st.text()))
def test_whatever_it_was_it_can_be_shown(value: object) -> None:
    shown = show_id(value)
    if value is None:
        assert shown is None
    else:
        assert isinstance(shown, str)
        assert "\0" not in shown
        shown.encode("utf-8")


def test_a_valid_id_is_shown_whole_and_another_one_shortened() -> None:
    assert show_id("x" * MAX_ID_LENGTH) == "x" * MAX_ID_LENGTH
    assert show_id("x" * (MAX_ID_LENGTH + 1)) == "x" * 100
    assert show_id("a\ud800\0") == "a\\ud800\\x00"


@pytest.mark.parametrize(
    "column,plain",
    [
        (["939.0", "0.0", "-2.0"], ["939", "0", "-2"]),
        (["939.0", "", " ", None], ["939", "", " ", None]),
        ([None, None], [None, None]),
        ([], []),
    ],
)
def test_whole_numbers_that_were_floats_become_integers(
    column: list[str | None], plain: list[str | None]
) -> None:
    assert plain_ids(column) == plain


@pytest.mark.parametrize(
    "column",
    [
        ["12", "12.0"],
        ["12.0", "12.5"],
        ["007.0"],
        ["1.00"],
        ["12.0 "],
        ["\u0661.0"],
        ["a", None],
    ],
)
def test_one_other_value_leaves_the_whole_column_as_it_is(column: list[str | None]) -> None:
    assert plain_ids(column) == column


def test_no_ids_repeat_nothing() -> None:
    assert not mostly_repeated([])


def test_ids_that_come_once_need_no_place() -> None:
    assert ids_by_place(["1", "2"], ["s", "t"], ["a", "a"]) is None


def test_one_slip_among_many_numbers_does_not_hide_the_habit() -> None:
    images = [str(number) for number in range(20)] * 2 + ["0"]
    names = ids_by_place(images, ["s"] * 20 + ["t"] * 21, ["a"] * 41)
    assert names is not None
    assert (names[0], names[20], names[40]) == ("s/0", "t/0", "t/0")


def test_a_place_that_makes_an_id_too_long_is_not_taken() -> None:
    long = "x" * MAX_ID_LENGTH
    assert ids_by_place(["1", "1"], [long, "t"], ["a", "a"]) is None


def test_a_slash_in_an_id_may_not_make_two_places_one() -> None:
    assert ids_by_place(["1", "b/1", "1", "b/1"], ["a/b", "a", "c", "d"], ["x"] * 4) != [
        "a/b/1",
        "a/b/1",
        "c/1",
        "d/b/1",
    ]
