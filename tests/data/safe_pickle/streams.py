"""Streams written by hand or at random, and what must come of them."""

import pickle
import pickletools
from collections import OrderedDict, defaultdict
from types import NoneType

import numpy as np
import pytest
from hypothesis import strategies as st

from skknn_syndrome.data.safe_pickle import PickleLimits, read_pickle
from skknn_syndrome.errors import UnsafePickleError

# An array of two float32 values in the words of Python 2 and NumPy 1, protocol 2.
EMPTY_ARRAY = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
SHAPE = b"K\x02\x85"
DTYPE = b"cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R"
DTYPE_STATE = b"(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t"
FLOAT32 = DTYPE + DTYPE_STATE + b"b"
TWO_NUMBERS = np.array([0.5, -2], "<f4").tobytes()
ARRAY_STATE = b"(K\x01" + SHAPE + FLOAT32 + b"\x89U\x08" + TWO_NUMBERS + b"t"
ARRAY = EMPTY_ARRAY + ARRAY_STATE + b"b"

_LEAVES = (NoneType, bool, int, float, str, bytes)


def assert_refused(
    stream: bytes, opcode: str, offset: int, reason: str, limits: PickleLimits | None = None
) -> None:
    """Expect a refusal that names the opcode, its offset and the reason."""
    with pytest.raises(UnsafePickleError) as caught:
        read_pickle(stream, limits=limits or PickleLimits())
    error, message = caught.value, str(caught.value)
    assert error.code == "unsafe_pickle"
    assert (error.fields["opcode"], error.fields["offset"]) == (opcode, offset)
    assert reason in str(error.fields["reason"])
    assert f"at byte {offset}" in message
    assert f"opcode {opcode} {error.fields['reason']}" in message
    assert message.isprintable()
    assert len(message) < 400


def is_plain(value: object) -> bool:
    """Tell whether a value is nothing but data, all the way down."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "biuf" and value.dtype.itemsize <= 8 and value.dtype.isnative
    if type(value) is dict:
        return all(type(key) in (str, int) for key in value) and all(map(is_plain, value.values()))
    if type(value) is list or type(value) is tuple:
        return all(map(is_plain, value))
    return type(value) in _LEAVES


def read_or_refuse(stream: bytes, limits: PickleLimits) -> str:
    """Read a stream that may be anything: plain data or a refusal must come out."""
    try:
        data = read_pickle(stream, limits=limits)
    except UnsafePickleError as error:
        return str(error)
    assert is_plain(data)
    return "read"


_NESTED = {
    "s": {"p": {"i": np.arange(3, dtype=">f4"), "j": np.ones((2, 2), order="F")}},
    7: [0.5, "é", b"\xff"],
}
_MIXED = [np.float32(1), np.zeros((0, 2), bool), (None, True, (), {}, [[]]), "word", "word", -(2**40)]
_FILLED = defaultdict(
    dict,
    {np.str_("é"): OrderedDict({np.str_("a"): defaultdict(list, {"i": [0.5]})}), 1: defaultdict(OrderedDict)},
)
_EXCHANGED = np.ones((2, 3, 4)).swapaxes(0, 1)

HONEST = tuple(
    pickle.dumps(data, protocol) for protocol in range(6) for data in (_NESTED, _MIXED, _FILLED, _EXCHANGED)
)
"""Pickles as Python and NumPy write them."""

_NUMBERS = [b"0\n", b"1\n", b"-1\n", b"00\n", b"5L\n", b"1e5\n"]
_TEXTS = [b"'f4'\n", b"'\\xff'\n", b"numpy\ndtype\n", b"os\nsystem\n", b"\n"]
_LINES = st.sampled_from(_NUMBERS + _TEXTS) | st.binary(max_size=6).map(lambda line: line + b"\n")
_LENGTH_BYTES = {
    pickletools.TAKEN_FROM_ARGUMENT1: 1,
    pickletools.TAKEN_FROM_ARGUMENT4: 4,
    pickletools.TAKEN_FROM_ARGUMENT4U: 4,
    pickletools.TAKEN_FROM_ARGUMENT8U: 8,
}


def _counted(n_length_bytes: int) -> st.SearchStrategy[bytes]:
    body = st.sampled_from([b"f4", b"<", b"C", b"numpy", b"dtype", b"latin1"]) | st.binary(max_size=9)
    honest = body.map(lambda data: len(data).to_bytes(n_length_bytes, "little") + data)
    return honest | st.binary(min_size=n_length_bytes, max_size=12)


def _instruction(opcode: pickletools.OpcodeInfo) -> st.SearchStrategy[bytes]:
    code = opcode.code.encode("latin-1")
    if opcode.arg is None:
        return st.just(code)
    size = opcode.arg.n
    if size == pickletools.UP_TO_NEWLINE:
        argument = _LINES
    elif size in _LENGTH_BYTES:
        argument = _counted(_LENGTH_BYTES[size])
    else:
        small = st.integers(0, 9).map(lambda number: number.to_bytes(8, "little")[:size])
        argument = small | st.binary(min_size=size, max_size=size)
    return argument.map(lambda data: code + data)


_PIECES = st.sampled_from(
    [
        *(ARRAY, ARRAY_STATE, DTYPE, DTYPE_STATE, EMPTY_ARRAY, FLOAT32, SHAPE, b"q\x00", b"h\x00"),
        *(b"ccollections\nOrderedDict\n)R", b"ccollections\ndefaultdict\n", b"c__builtin__\ndict\n\x85R"),
    ]
)
_INSTRUCTIONS = st.one_of([_instruction(opcode) for opcode in pickletools.opcodes if opcode.name != "STOP"])

programs = st.lists(_INSTRUCTIONS | _PIECES, max_size=30).map(lambda parts: b"".join(parts) + b".")
"""Streams of opcodes in any order, with pieces of honest arrays among them."""


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Draw an honest pickle in which bytes were overwritten, put in, cut out, or taken from another one."""
    stream = draw(st.sampled_from(HONEST))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(stream)))
        stop = draw(st.integers(start, min(start + 20, len(stream))))
        other = draw(st.sampled_from(HONEST))
        cut = draw(st.integers(0, len(other)))
        middle = draw(st.binary(max_size=4) | st.just(other[cut : cut + 20]) | st.just(other[cut:]))
        stream = stream[:start] + middle + stream[stop:]
    return stream
