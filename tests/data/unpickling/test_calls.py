"""Calls of the recognised names."""

import pytest

from skknn_syndrome.data.unpickling import PickleLimits, read_pickle
from tests.data.unpickling.streams import ARRAY, DTYPE, FLOAT32, assert_refused


@pytest.mark.parametrize("callee", [b"cnumpy\nndarray\n", b"N", b"U\x06system", ARRAY, DTYPE, b"}"])
def test_only_the_constructors_that_numpy_calls_can_be_called(callee: bytes) -> None:
    stream = callee + b")R."
    assert_refused(
        stream, "REDUCE", len(stream) - 2, "calls something that is not one of NumPy's own constructors"
    )


@pytest.mark.parametrize("arguments", [b"N", b"]", b"}", b"U\x02ab", ARRAY])
def test_arguments_are_a_tuple(arguments: bytes) -> None:
    stream = b"cnumpy\ndtype\n" + arguments + b"R."
    assert_refused(stream, "REDUCE", len(stream) - 2, "finds no tuple for its call or state")


@pytest.mark.parametrize(
    "arguments",
    [
        b")",
        b"(U\x04abcd" + FLOAT32 + b"K\x01\x85t",  # no order
        b"(U\x04abcd" + FLOAT32 + b"K\x01\x85U\x01At",  # another order
        b"(U\x04abcd" + FLOAT32 + b"K\x01\x85U\x01Kt",  # axes promised but not there
        b"(U\x04abcd" + FLOAT32 + b"K\x01\x85U\x01CK\x00\x85t",  # axes where none are promised
        b"(U\x04abcd" + FLOAT32 + b"K\x01U\x01Ct",  # a number for a shape
        b"(U\x04abcdU\x02f4K\x01\x85U\x01Ct",  # a text for a dtype
        b"(U\x04abcd" + FLOAT32 + b"K\x01\x85" + ARRAY + b"t",  # an array compares to no bool
    ],
)
def test_frombuffer_is_called_as_numpy_calls_it_or_not_at_all(arguments: bytes) -> None:
    stream = b"cnumpy._core.numeric\n_frombuffer\n" + arguments + b"R."
    assert_refused(stream, "REDUCE", len(stream) - 2, "calls NumPy's _frombuffer otherwise than NumPy does")


def test_scalar_is_called_as_numpy_calls_it_or_not_at_all() -> None:
    for arguments in (b")", FLOAT32 + b"\x85", b"U\x02f4U\x04abcd\x86", FLOAT32 + b"U\x04abcdN\x87"):
        stream = b"cnumpy._core.multiarray\nscalar\n" + arguments + b"R."
        assert_refused(stream, "REDUCE", len(stream) - 2, "calls NumPy's scalar otherwise than NumPy does")


def test_encode_only_writes_bytes() -> None:
    prefix = b"c_codecs\nencode\n"
    assert read_pickle(prefix + b"X\x03\x00\x00\x00a\xc3\xa9X\x06\x00\x00\x00latin1\x86R.") == b"a\xe9"
    for arguments in (
        b")",
        b"U\x01a\x85",
        b"U\x01aU\x05rot13\x86",
        b"NU\x06latin1\x86",
        b"U\x01a" + ARRAY + b"\x86",
    ):
        stream = prefix + arguments + b"R."
        assert_refused(
            stream, "REDUCE", len(stream) - 2, "calls encode otherwise than to write bytes as latin1"
        )
    stream = prefix + b"X\x03\x00\x00\x00\xe2\x82\xacX\x06\x00\x00\x00latin1\x86R."
    assert_refused(stream, "REDUCE", len(stream) - 2, "calls encode with text that does not stand for bytes")


def test_bytes_is_only_called_for_empty_bytes() -> None:
    assert read_pickle(b"c__builtin__\nbytes\n)R.") == b""
    stream = b"c__builtin__\nbytes\nJ\xff\xff\xff\x7f\x85R."
    assert_refused(stream, "REDUCE", len(stream) - 2, "calls bytes with an argument")


ORDERED, DEFAULT = b"ccollections\nOrderedDict\n", b"ccollections\ndefaultdict\n"
FACTORIES = [b"c__builtin__\ndict\n", b"cbuiltins\nlist\n", ORDERED, DEFAULT, b"N"]


@pytest.mark.parametrize(
    "start", [ORDERED + b")R", DEFAULT + b")R", *(DEFAULT + f + b"\x85R" for f in FACTORIES)]
)
def test_other_dictionaries_become_plain_ones(start: bytes) -> None:
    assert read_pickle(start + b".") == {}
    data = read_pickle(start + b"U\x01aK\x01s.")
    assert data == {"a": 1}
    assert type(data) is dict


@pytest.mark.parametrize(
    "call",
    [
        ORDERED + b"]\x85",  # as Python 2 does, with its pairs
        ORDERED + FACTORIES[0] + b"\x85",
        DEFAULT + b"K\x01\x85",
        DEFAULT + b"cnumpy\nndarray\n\x85",  # which would be called for every gap
        DEFAULT + FACTORIES[0] + b"}\x86",
        DEFAULT + ARRAY + b"\x85",
    ],
)
def test_other_dictionaries_are_made_as_python_3_makes_them_or_not_at_all(call: bytes) -> None:
    stream = call + b"R."
    assert_refused(
        stream, "REDUCE", len(stream) - 2, "makes an OrderedDict or defaultdict otherwise than Python 3"
    )


def test_what_would_fill_gaps_is_never_called_and_no_data() -> None:
    stream = FACTORIES[0] + b")R."
    assert_refused(stream, "REDUCE", len(stream) - 2, "calls something that is not one of NumPy's own")
    assert_refused(
        FACTORIES[0] + b".", "STOP", len(FACTORIES[0]), "puts a function or a class among the data"
    )


def test_other_dictionaries_count_as_containers_and_lie_in_one_place() -> None:
    limits = PickleLimits(containers=2)  # the empty tuple of the call counts too
    stream = b"]" + ORDERED + b")Ra."
    assert_refused(stream, "REDUCE", len(stream) - 3, "builds more than 2 dictionaries", limits)
    stream = b"](" + ORDERED + b")Rq\x00h\x00e."
    assert_refused(stream, "BINGET", len(stream) - 4, "puts one dictionary, list or tuple in two places")
