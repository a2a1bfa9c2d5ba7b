"""Instructions of a pickle: checked before `pickletools` parses them, and refused in words safe to print."""

import io
import pickletools
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from skknn_syndrome.errors import UnsafePickleError

SHOWN_CHARACTERS = 60
_HIGHEST_PROTOCOL = 5
_NAMES = {ord(opcode.code): opcode.name for opcode in pickletools.opcodes}
_CODES = {name: code for code, name in _NAMES.items()}


class Refusal(Exception):  # noqa: N818 - never leaves the package: the reader adds opcode and offset to it
    """An opcode asks for more than plain data; its only argument completes the sentence "opcode X ..."."""


def shown(text: str) -> str:
    r"""Quote a string of the stream: shortened, and with nothing in it that a terminal would obey.

    Examples
    --------
    >>> print(shown("id\x1b[2J"))
    'id\x1b[2J'
    >>> print(shown("a" * 1000))
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...'
    """
    quoted = ascii(text[:SHOWN_CHARACTERS])
    if len(text) <= SHOWN_CHARACTERS and len(quoted) <= SHOWN_CHARACTERS + 2:
        return quoted
    return f"{quoted[: SHOWN_CHARACTERS - 2]}...{quoted[0]}"


def refused(content: bytes, offset: int, reason: str) -> UnsafePickleError:
    """Make the error for the instruction at `offset`; the reason completes the sentence "opcode X ..."."""
    return UnsafePickleError(
        "The pickle was refused at byte {offset}: opcode {opcode} {reason}.",
        code="unsafe_pickle",
        offset=offset,
        opcode=_NAMES.get(content[offset], f"0x{content[offset]:02x}"),
        reason=reason,
    )


_CALLS_CODE = "builds an object through a class of the stream's choice, which can run programs"
_EXTENSION = "asks for a class of the extension registry, which is not data"
_OUTSIDE = "asks for an object that is not in the stream, which the reader would have to supply"
_SET = "builds a set; only dictionaries, lists and tuples are read"
_SHUFFLES = "moves values on the stack as no pickle of plain data does"
_UNKNOWN = "is not an opcode of any protocol; this is not a pickle, or it is damaged"

FORBIDDEN = {
    **dict.fromkeys(("INST", "OBJ", "NEWOBJ", "NEWOBJ_EX"), _CALLS_CODE),
    **dict.fromkeys(("EXT1", "EXT2", "EXT4"), _EXTENSION),
    **dict.fromkeys(("PERSID", "BINPERSID", "NEXT_BUFFER", "READONLY_BUFFER"), _OUTSIDE),
    **dict.fromkeys(("EMPTY_SET", "ADDITEMS", "FROZENSET"), _SET),
    **dict.fromkeys(("DUP", "POP", "POP_MARK"), _SHUFFLES),
}
"""Opcodes that no plain data need, and why each is refused before its argument is read."""

_NUMBER_CHARACTERS = 32  # 64 bits have 20 digits, the longest float has 24 characters
_NUMBER = re.compile(rb"-?(?:inf|nan|(?:0|[1-9]\d*)(?:L|(?:\.\d*)?(?:e[+-]?\d+)?))|0[01]")
_PYTHON2_TEXT = re.compile(rb"(?:[^\\]++|\\(?:[\\'\"nrt]|x[0-9A-Fa-f]{2}))*+")


def _forbid(reason: str, content: bytes, start: int) -> None:  # noqa: ARG001 - the signature of all checks
    raise Refusal(reason)


def _check_number(content: bytes, start: int) -> None:
    # Parsing digits takes quadratic time, so the line is measured first. And genops takes forms that
    # unpickling reads otherwise or not at all: 010 is 8 there.
    line, newline, _ = content[start : start + _NUMBER_CHARACTERS].partition(b"\n")
    if len(line) == _NUMBER_CHARACTERS or (newline and not _NUMBER.fullmatch(line)):
        raise Refusal(f"writes a number in {_NUMBER_CHARACTERS} characters or more, or not as Python does")


def _check_string(content: bytes, start: int) -> None:
    # genops would warn of an escape that Python does not know, and read on.
    end = content.find(b"\n", start)
    if end >= 0 and not _PYTHON2_TEXT.fullmatch(content, start, end):
        raise Refusal("has an escape that Python 2 does not write")


def _check_name(content: bytes, start: int) -> None:
    # genops undoes escapes here, which unpickling does not.
    first = content.find(b"\n", start)
    end = max(first, content.find(b"\n", first + 1))
    if content.find(b"\\", start, end) >= 0:
        raise Refusal("asks for a name with a backslash, which is not data")


_CHECKS: dict[int, Callable[[bytes, int], None]] = {
    **{code: partial(_forbid, _UNKNOWN) for code in range(256) if code not in _NAMES},
    **{_CODES[name]: partial(_forbid, reason) for name, reason in FORBIDDEN.items()},
    **{_CODES[name]: _check_number for name in ("INT", "LONG", "FLOAT", "GET", "PUT")},
    _CODES["STRING"]: _check_string,
    _CODES["GLOBAL"]: _check_name,
}
"""By the byte of the opcode; each is given the stream and where the argument starts."""


class _Source:
    """Reads one instruction after another; every refusal leaves it as Refusal."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._stream = io.BytesIO(content)
        self._operations = pickletools.genops(self._stream)

    def read(self, offset: int) -> tuple[str, Any, int]:
        """Return name, argument and end of the instruction at `offset`."""
        code = self._content[offset]
        if code in _CHECKS:
            _CHECKS[code](self._content, offset + 1)
        try:
            opcode, argument, _ = next(self._operations)
        except ValueError as error:
            return "STRING", self._python2_bytes(code, error), self._stream.tell()
        return opcode.name, argument, self._stream.tell()

    def _python2_bytes(self, code: int, error: ValueError) -> bytes:
        # A str of Python 2 holds any bytes: genops undoes its escapes, but then fails where it is not ASCII.
        if code == _CODES["STRING"] and isinstance(error, UnicodeDecodeError):
            self._operations = pickletools.genops(self._stream)  # a generator that raised has ended
            return error.object
        if self._stream.tell() == len(self._content):
            raise Refusal("needs more bytes than are left; the file is cut short or damaged") from None
        raise Refusal(f"has an argument that cannot be read, {shown(str(error))}") from None


def _check_framing(name: str, argument: int, offset: int, n_left: int) -> None:
    if name == "PROTO" and (argument > _HIGHEST_PROTOCOL or offset > 0):
        raise Refusal(
            f"announces protocol {argument}; only 0 to {_HIGHEST_PROTOCOL} are read, announced at byte 0"
        )
    if name == "FRAME" and argument > n_left:
        raise Refusal(f"announces {argument} bytes where {n_left} are left; the file is cut short or damaged")
    if name == "STOP" and n_left:
        raise Refusal(f"ends the pickle, but {n_left} bytes follow; nothing may stand behind it")


_FRAMING = frozenset(("PROTO", "FRAME", "STOP"))


def instructions(content: bytes, max_opcodes: int) -> Iterator[tuple[int, str, Any]]:
    """Read the instructions up to and including STOP: offset, name of the opcode, and its argument.

    Raises
    ------
    UnsafePickleError
        If the stream cannot be read, is cut short, goes on after STOP, or has too many instructions.
    """
    source = _Source(content)
    offset = n_read = 0
    while offset < len(content):
        if n_read == max_opcodes:
            raise refused(content, offset, f"follows on {max_opcodes} others, and no more are read")
        try:
            name, argument, end = source.read(offset)
            if name in _FRAMING:
                _check_framing(name, argument, offset, len(content) - end)
        except Refusal as refusal:
            raise refused(content, offset, str(refusal)) from None
        yield offset, name, argument
        if name == "STOP":
            return
        offset = end
        n_read += 1
    raise UnsafePickleError(
        "The pickle ends at byte {offset} without opcode STOP: the file is cut short.",
        code="pickle_cut_short",
        offset=offset,
    )
