"""Arrays in two steps: an empty one, and its state."""

import pytest

from tests.data.unpickling.streams import (
    ARRAY,
    ARRAY_STATE,
    DTYPE,
    DTYPE_STATE,
    EMPTY_ARRAY,
    FLOAT32,
    SHAPE,
    assert_refused,
)

RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\n"


@pytest.mark.parametrize(
    "arguments",
    [
        b")",
        b"cnumpy\nndarray\nK\x00\x85\x86",
        b"cnumpy\ndtype\nK\x00\x85U\x01b\x87",  # another class
        b"NK\x00\x85U\x01b\x87",  # no class
        b"cnumpy\nndarray\nK\x01\x85U\x01b\x87",  # one element
        b"cnumpy\nndarray\n)U\x01b\x87",  # no dimension
        b"cnumpy\nndarray\nK\x00\x85U\x01O\x87",  # of objects
        b"cnumpy\nndarray\nK\x00\x85N\x87",
        ARRAY + b"K\x00\x85U\x01b\x87",  # an array compares to no bool
    ],
)
def test_reconstruct_is_called_as_numpy_calls_it_or_not_at_all(arguments: bytes) -> None:
    stream = RECONSTRUCT + arguments + b"R."
    assert_refused(stream, "REDUCE", len(stream) - 2, "calls NumPy's _reconstruct otherwise than NumPy does")


@pytest.mark.parametrize(
    "state",
    [
        b"(t",
        b"(" + SHAPE + FLOAT32 + b"\x89U\x00t",  # no version
        b"(K\x02" + SHAPE + FLOAT32 + b"\x89U\x00t",  # another version
        b"(K\x01K\x02" + FLOAT32 + b"\x89U\x00t",  # a number for a shape
        b"(K\x01" + SHAPE + b"U\x02f4\x89U\x00t",  # a text for a dtype
        b"(K\x01" + SHAPE + FLOAT32 + b"K\x00U\x00t",  # a number for a bool
        b"(K\x01" + SHAPE + FLOAT32 + b"\x89U\x00Nt",  # one too many
    ],
)
def test_a_state_that_numpy_does_not_write(state: bytes) -> None:
    stream = EMPTY_ARRAY + state + b"b."
    assert_refused(stream, "BUILD", len(stream) - 2, "gives an array a state that NumPy does not write")


def test_an_array_of_objects_in_a_list_is_refused() -> None:
    stream = EMPTY_ARRAY + b"(K\x01" + SHAPE + FLOAT32 + b"\x89]tb."
    assert_refused(stream, "BUILD", len(stream) - 2, "finds no bytes to build an array from")


def test_an_array_is_built_once() -> None:
    stream = ARRAY + ARRAY_STATE + b"b."
    assert_refused(stream, "BUILD", len(stream) - 2, "neither a dtype nor an array still to be built")


def test_an_array_within_its_own_state_is_refused() -> None:
    stream = EMPTY_ARRAY + b"q\x00(K\x01" + SHAPE + FLOAT32 + b"\x89h\x00tb."
    assert_refused(stream, "BINGET", stream.rindex(b"h\x00"), "uses an array that has not been built yet")


def test_an_unfinished_array_is_not_data() -> None:
    assert_refused(EMPTY_ARRAY + b".", "STOP", len(EMPTY_ARRAY), "puts an unfinished array among the data")
    stream = b"]" + EMPTY_ARRAY + b"a."
    assert_refused(stream, "APPEND", len(stream) - 2, "puts an unfinished array among the data")


def test_states_are_for_dtypes_and_arrays_alone() -> None:
    for target in (b"cnumpy\nndarray\n", b"cnumpy.core.numeric\n_frombuffer\n", b"}", b"N"):
        stream = target + DTYPE_STATE + b"b."
        assert_refused(stream, "BUILD", len(stream) - 2, "neither a dtype nor an array still to be built")


def test_attributes_cannot_be_set_on_a_name() -> None:
    stream = b"cnumpy.core.multiarray\n_reconstruct\n}U\x01aK\x01sb."
    assert_refused(stream, "BUILD", len(stream) - 2, "finds no tuple for its call or state")
    stream = DTYPE + b"N}U\x01aK\x01s\x86b."
    assert_refused(stream, "BUILD", len(stream) - 2, "gives a dtype a state that plain numbers do not have")
