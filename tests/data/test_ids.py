import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.data.ids import MAX_ID_LENGTH, RefusalError, plain_ids, read_id, show_id


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
        ([939.0, 0.0, -2.0], ["939", "0", "-2"]),
        ([np.float32(7), float("nan"), None], ["7", None, None]),
        (["939.0", "0.0", "-2.0"], ["939", "0", "-2"]),
        (["939.0", "", " "], ["939", "", " "]),
        ([None, None], [None, None]),
        ([], []),
    ],
)
def test_whole_numbers_that_were_floats_become_integers(column: list[object], plain: list[object]) -> None:
    assert plain_ids(column) == plain


@pytest.mark.parametrize(
    "column",
    [
        [939.0, 0.5],
        [1.0, float("inf")],
        [2.0**53 + 2],
        ["12", "12.0"],
        ["12.0", "12.5"],
        ["007.0"],
        ["1.00"],
        ["12.0 "],
        ["\u0661.0"],
        [7, 8],
        ["a", None],
    ],
)
def test_one_other_value_leaves_the_whole_column_as_it_is(column: list[object]) -> None:
    assert plain_ids(column) == column
