"""Names that a pickle asks for, and calls of those that are recognised."""

import sys

import pytest

from skknn_syndrome.data.safe_pickle import PickleLimits, read_pickle
from skknn_syndrome.data.safe_pickle.arrays import Name, recognise
from skknn_syndrome.data.safe_pickle.instructions import Refusal
from tests.data.safe_pickle.streams import ARRAY, DTYPE, FLOAT32, assert_refused


def test_numpy_1_and_2_mean_the_same() -> None:
    for package in ("numpy.core", "numpy._core"):
        assert recognise(f"{package}.multiarray", "_reconstruct") is Name.RECONSTRUCT
        assert recognise(f"{package}.multiarray", "scalar") is Name.SCALAR
        assert recognise(f"{package}.numeric", "_frombuffer") is Name.FROMBUFFER


@pytest.mark.parametrize(
    "module, name",
    [
        ("os", "system"),
        ("numpy", "load"),
        ("numpy.core.multiarray", "fromfile"),
        ("numpy", "dtype.newbyteorder"),
        ("builtins", "bytes"),
        ("_codecs", "decode"),
        ("collections", "Counter"),
        ("collections", "defaultdict.update"),
        ("builtins", "set"),
        ("builtins", "eval"),
        ("numpy ndarray", ""),
    ],
)
def test_any_other_name_is_refused(module: str, name: str) -> None:
    with pytest.raises(Refusal, match="which is not data"):
        recognise(module, name)


@pytest.mark.parametrize(
    "module, name, advice",
    [
        (
            "torch._utils",
            "_rebuild_tensor_v2",
            r"a PyTorch tensor; .* tensor\.detach\(\)\.cpu\(\)\.numpy\(\)",
        ),
        ("torch", "FloatStorage", "a PyTorch tensor"),
        ("pandas.core.frame", "DataFrame", r"part of a pandas table; save it by frame\.to_parquet\(\)"),
    ],
)
def test_what_people_do_save_is_refused_with_what_to_do_instead(module: str, name: str, advice: str) -> None:
    with pytest.raises(Refusal, match=advice):
        recognise(module, name)


def test_a_program_called_by_global() -> None:
    assert_refused(
        b"cposix\nsystem\n(S'ls'\ntR.", "GLOBAL", 0, "asks for posix.system, which is not data; a pickle"
    )
    assert_refused(
        b"\x80\x02cos\nsystem\nU\x02ls\x85R.", "GLOBAL", 2, "asks for os.system, which is not data"
    )


def test_nothing_that_is_asked_for_is_imported() -> None:
    assert_refused(b"cthis\ns\n.", "GLOBAL", 0, "asks for this.s, which is not data")
    assert "this" not in sys.modules


def test_a_program_called_by_stack_global() -> None:
    stream = b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02ls\x85R."
    assert_refused(stream, "STACK_GLOBAL", stream.index(b"\x93"), "asks for posix.system, which is not data")


def test_a_name_built_of_something_else_than_text() -> None:
    assert_refused(b"\x80\x04K\x01\x8c\x01a\x93.", "STACK_GLOBAL", 7, "asks for a name that is not text")
    assert_refused(b"\x80\x04\x8c\x01a]\x93.", "STACK_GLOBAL", 6, "asks for a name that is not text")


def test_a_name_that_is_no_name_is_shown_harmlessly() -> None:
    stream = b"\x8c\x05\x1b[2J\n\x8c\x02\xe2\x82\x93."
    assert_refused(
        b"\x80\x04\x8c\x05\x1b[2J\n\x8c\x03\xe2\x82\xac\x93.", "STACK_GLOBAL", 14, r"'\x1b[2J\n.\u20ac'"
    )
    assert_refused(stream, "SHORT_BINUNICODE", 7, "has an argument that cannot be read, \"'utf-8'")
    assert_refused(
        b"c" + b"m" * 500 + b"\nn\n.", "GLOBAL", 0, "asks for '" + "m" * 57 + "...', which is not data"
    )


def test_a_backslash_in_a_name() -> None:
    for stream in (b"cn\\x6fs\nsystem\n.", b"cos\ns\\ystem\n.", b"cos\\\n"):
        assert_refused(stream, "GLOBAL", 0, "asks for a name with a backslash")


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
