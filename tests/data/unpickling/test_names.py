"""Names that a pickle asks for."""

import sys

import pytest

from skknn_syndrome.data.unpickling.names import Name, recognise
from skknn_syndrome.data.unpickling.refusal import Refusal
from tests.data.unpickling.streams import assert_refused


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
