"""Opcodes that are refused whatever comes with them."""

import pickletools

import pytest

from skknn_syndrome.data.unpickling.forbidden import FORBIDDEN
from skknn_syndrome.data.unpickling.opcodes import HANDLERS
from tests.data.unpickling.streams import EMPTY_ARRAY, assert_refused


def test_every_opcode_is_either_handled_or_refused() -> None:
    assert HANDLERS.keys() | FORBIDDEN.keys() == {opcode.name for opcode in pickletools.opcodes}
    assert not HANDLERS.keys() & FORBIDDEN.keys()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_opcode_is_refused_before_its_argument_is_read(name: str) -> None:
    (code,) = (opcode.code.encode("latin-1") for opcode in pickletools.opcodes if opcode.name == name)
    for behind in (b"", b".", b"\xff" * 300, b"1\n2\n."):
        assert_refused(b"\x80\x04((N" + code + behind, name, 5, FORBIDDEN[name])


@pytest.mark.parametrize(
    "stream, opcode, offset, reason",
    [
        (b"(S'ls'\niposix\nsystem\n.", "INST", 7, "builds an object through a class"),
        (b"\x80\x02\x82\x01.", "EXT1", 2, "asks for a class of the extension registry"),
        (b"\x80\x02\x83\x01\x00.", "EXT2", 2, "asks for a class of the extension registry"),
        (b"\x80\x02\x84\x01\x00\x00\x00.", "EXT4", 2, "asks for a class of the extension registry"),
        (b"Pos.system\n.", "PERSID", 0, "asks for an object that is not in the stream"),
        (b"U\x01aQ.", "BINPERSID", 3, "asks for an object that is not in the stream"),
        (b"\x80\x05\x97.", "NEXT_BUFFER", 2, "asks for an object that is not in the stream"),
        (b"N2\x86.", "DUP", 1, "moves values on the stack"),
        (b"\x80\x04\x8f.", "EMPTY_SET", 2, "builds a set"),
    ],
)
def test_a_forbidden_opcode_in_a_stream_that_would_work(
    stream: bytes, opcode: str, offset: int, reason: str
) -> None:
    assert_refused(stream, opcode, offset, reason)


def test_classes_cannot_be_built_even_by_recognised_names() -> None:
    for code, opcode in ((b"\x81", "NEWOBJ"), (b"\x92", "NEWOBJ_EX")):
        stream = b"cnumpy\nndarray\n(K\x02t}"[: None if code == b"\x92" else -1] + code + b"."
        assert_refused(stream, opcode, len(stream) - 2, "builds an object through a class")
    assert_refused(b"(cnumpy\nndarray\nK\x02o.", "OBJ", 18, "builds an object through a class")


def test_an_array_cannot_be_thrown_away_unfinished() -> None:
    assert_refused(EMPTY_ARRAY + b"0N.", "POP", len(EMPTY_ARRAY), "moves values on the stack")
