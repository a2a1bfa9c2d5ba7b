"""What is read: the data of honest pickles, whoever wrote them."""

import pickle
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from skknn_syndrome.data.safe_pickle import PickleLimits, read_pickle
from skknn_syndrome.errors import UnsafePickleError
from tests.data.safe_pickle.streams import ARRAY, assert_refused
from tests.refusing import refused

PROTOCOLS = pytest.mark.parametrize("protocol", range(6))


def reread(value: object) -> list[object]:
    """Return what is read of a value's pickles, by each protocol."""
    return [read_pickle(pickle.dumps(value, protocol)) for protocol in range(6)]


PLAIN = {
    "300000082": {"1": {"10": [0.5, -1.5e300], "11": (1, 2, 3, 4, (5,), ())}, 2: {}},
    "naïve 名 \\ \n": [None, True, False, 0, -1, 255, 256, 65536, 2**31, -(2**63), 2**64 - 1],
    "bytes": [b"", b"a", b"\x00\xff", b"x" * 300],
    "long": "x" * 300,
    "lists": [[], [[]], list(range(2500))],
}


@PROTOCOLS
def test_plain_data_come_back_as_they_were(protocol: int) -> None:
    assert read_pickle(pickle.dumps(PLAIN, protocol)) == PLAIN


@pytest.mark.parametrize("value", [None, True, 3, 0.5, "text", b"bytes", (), [], {}])
def test_any_plain_value_may_be_the_whole_pickle(value: object) -> None:
    read = reread(value)
    assert read == [value] * 6
    assert {type(one) for one in read} == {type(value)}


@pytest.mark.parametrize("code", ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"])
def test_arrays_of_every_numeric_dtype_come_back_in_native_byte_order(code: str) -> None:
    for order in "<>":
        array = np.array([[0, 1, 1], [1, 0, 100]]).astype(f"{order}{code}")
        for read in reread(array):
            assert isinstance(read, np.ndarray)
            assert read.dtype == np.dtype(code)
            assert read.dtype.isnative
            assert not read.flags.writeable
            assert_array_equal(read, array)


CUBE = np.arange(24.0).reshape(2, 3, 4)
LAYOUTS = {
    "C order": CUBE,
    "Fortran order": np.asfortranarray(CUBE),
    "axes exchanged": CUBE.transpose(1, 0, 2),
    "every other": CUBE[:, ::2],
    "backwards": CUBE[::-1],
    "read-only": np.frombuffer(b"abcd", dtype=np.int8),
    "no dimension": np.array(2.5),
    "no rows": np.zeros((0, 320)),
    "no columns": np.zeros((3, 0), order="F"),
    "nothing": np.zeros(0, dtype=">f4"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_arrays_of_every_layout_keep_their_shape_and_values(layout: str) -> None:
    for read in reread(LAYOUTS[layout]):
        assert_array_equal(read, LAYOUTS[layout], strict=layout != "nothing")  # there the byte order changes


@pytest.mark.parametrize(
    "number", [np.float32(0.1), np.float16(3), np.int64(-5), np.uint8(200), np.array([True])[0]]
)
def test_numpy_numbers_stay_numpy_numbers(number: np.generic) -> None:
    for read in reread([number]):
        assert read == [number]
        assert isinstance(read, list)
        assert type(read[0]) is type(number)


@PROTOCOLS
def test_numpy_integers_become_plain_keys(protocol: int) -> None:
    read = read_pickle(pickle.dumps({np.int64(300000082): "a", np.uint8(7): "b"}, protocol))
    assert read == {300000082: "a", 7: "b"}
    assert all(type(key) is int for key in read)


@PROTOCOLS
def test_texts_and_arrays_may_be_shared(protocol: int) -> None:
    array = np.arange(4.0)
    word = "a word of its own"
    read = read_pickle(pickle.dumps({word: [word, array], "other": array}, protocol))
    assert isinstance(read, dict)
    assert read[word][1] is read["other"]
    assert read[word][0] == word


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_names_of_numpy_1_are_read_too(protocol: int) -> None:
    stream = pickle.dumps({"a": CUBE, "b": CUBE[:, ::2], "c": np.float32(2)}, protocol)
    for module in (b"numpy._core.multiarray", b"numpy._core.numeric"):
        older = module.replace(b"_core", b"core")
        stream = stream.replace(bytes((len(module),)) + module, bytes((len(older),)) + older)
        stream = stream.replace(b"c" + module, b"c" + older)
    if protocol >= 4:
        stream = (
            stream[:2] + stream[11:]
        )  # the frame counts bytes; without it the stream is a pickle all the same
    assert b"_core" not in stream
    read = read_pickle(stream)
    assert isinstance(read, dict)
    assert_array_equal(read["a"], CUBE)
    assert_array_equal(read["b"], CUBE[:, ::2])
    assert read["c"] == 2


def test_an_array_of_python_2_in_binary() -> None:
    assert_array_equal(read_pickle(b"\x80\x02" + ARRAY + b"."), np.array([0.5, -2], np.float32), strict=True)


def test_an_array_of_python_2_in_text() -> None:
    # b"\x00\x00\x00?" is 0.5, all ASCII; b"\x00\x00\x00\xc0" is -2 and is not.
    for escaped, value in ((b"\\x00\\x00\\x00?", 0.5), (b"\\x00\\x00\\x00\\xc0", -2)):
        stream = (
            b"(dp0\nS'10'\np1\ncnumpy.core.multiarray\n_reconstruct\np2\n(cnumpy\nndarray\np3\n(I0\ntp4\nS'b'\np5\n"
            b"tp6\nRp7\n(I1\n(L1L\ntp8\ncnumpy\ndtype\np9\n(S'f4'\np10\nI0\nI1\ntp11\nRp12\n"
            b"(I3\nS'<'\np13\nNNNI-1\nI-1\nI0\ntp14\nbI00\nS'" + escaped + b"'\np15\ntp16\nbs."
        )
        read = read_pickle(stream)
        assert isinstance(read, dict)
        assert_array_equal(read["10"], np.array([value], np.float32), strict=True)


def test_text_of_python_2_is_text_if_it_is_ascii_and_bytes_if_not() -> None:
    assert read_pickle(b"(U\x02abT\x01\x00\x00\x00cS'd\\n\\''\nl.") == ["ab", "c", "d\n'"]
    assert read_pickle(b"(U\x02\xc3\xa9T\x01\x00\x00\x00\xffS'\\xe9'\nl.") == [b"\xc3\xa9", b"\xff", b"\xe9"]


def test_the_nested_dictionary_needs_three_levels_in_every_protocol() -> None:
    nested = {"s": {"p": {"i": np.arange(4.0)}}}
    for protocol in range(6):
        read_pickle(pickle.dumps(nested, protocol), limits=PickleLimits(depth=3))


def test_the_public_file_is_read_as_pickle_itself_reads_it(real_file: Path) -> None:
    content = real_file.read_bytes()
    expected = pickle.loads(content)  # noqa: S301 - the public file, known by its bytes
    read = read_pickle(content)
    assert isinstance(read, dict)
    assert list(read) == list(expected)
    n_images = 0
    for syndrome, subjects in expected.items():
        assert list(read[syndrome]) == list(subjects)
        for subject, images in subjects.items():
            assert list(read[syndrome][subject]) == list(images)
            for image, vector in images.items():
                assert_array_equal(read[syndrome][subject][image], vector, strict=True)
                n_images += 1
    assert n_images == 1116


def test_an_empty_stream() -> None:
    with refused("empty_pickle"):
        read_pickle(b"")


def test_a_stream_above_the_limit() -> None:
    with refused("too_large"):
        read_pickle(b"K\x01K.", limits=PickleLimits(stream_bytes=3))


@PROTOCOLS
def test_a_pickle_cut_short_anywhere_is_refused(protocol: int) -> None:
    stream = pickle.dumps({"s": {"p": {"i": np.arange(2.0), "j": [0.25, 1000, "x"]}}}, protocol)
    for length in range(1, len(stream)):
        with pytest.raises(UnsafePickleError, match=r"cut short|more than .* left|finds"):
            read_pickle(stream[:length])


def test_a_function_is_refused_by_name() -> None:
    assert_refused(
        pickle.dumps(print, 4),
        "STACK_GLOBAL",
        30,
        "asks for builtins.print, which is not data; a pickle from a source that you do not know can run "
        "programs, so only plain dictionaries, lists, numbers and NumPy arrays are read",
    )
