"""The instructions of a pickle, one by one, from `pickletools.genops`."""

import io
from collections.abc import Iterator
from pickletools import genops
from typing import Any, TypeAlias

from skknn_syndrome.data.unpickling.checks import CHECKS
from skknn_syndrome.data.unpickling.refusal import Refusal, shown
from skknn_syndrome.data.unpickling.reporting import refused
from skknn_syndrome.errors import UnsafePickleError

Instruction: TypeAlias = tuple[int, str, Any]
"""Offset, name of the opcode, and its argument as `genops` reads it."""

_HIGHEST_PROTOCOL = 5


class _Source:
    """Reads one instruction after another; every refusal leaves it as Refusal."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._stream = io.BytesIO(content)
        self._operations = genops(self._stream)

    def read(self, offset: int) -> tuple[str, Any, int]:
        """Return name, argument and end of the instruction at `offset`."""
        code = self._content[offset]
        if code in CHECKS:
            CHECKS[code](self._content, offset + 1)
        try:
            opcode, argument, _ = next(self._operations)
        except ValueError as error:
            return "STRING", self._python2_bytes(code, error), self._stream.tell()
        return opcode.name, argument, self._stream.tell()

    def _python2_bytes(self, code: int, error: ValueError) -> bytes:
        # A str of Python 2 holds any bytes: genops undoes its escapes, but then fails where it is not ASCII.
        if code == ord("S") and isinstance(error, UnicodeDecodeError):
            self._operations = genops(self._stream)  # a generator that raised has ended
            return error.object
        if self._stream.tell() == len(self._content):
            message = "needs more bytes than are left; the file is cut short or damaged"
        else:
            message = f"has an argument that cannot be read, {shown(str(error))}"
        raise Refusal(message) from None


def _check_framing(name: str, argument: int, offset: int, n_left: int) -> None:
    if name == "PROTO" and (argument > _HIGHEST_PROTOCOL or offset > 0):
        message = (
            f"announces protocol {argument}; only 0 to {_HIGHEST_PROTOCOL} are read, announced at byte 0"
        )
        raise Refusal(message)
    if name == "FRAME" and argument > n_left:
        message = f"announces {argument} bytes where {n_left} are left; the file is cut short or damaged"
        raise Refusal(message)
    if name == "STOP" and n_left:
        message = f"ends the pickle, but {n_left} bytes follow; nothing may stand behind it"
        raise Refusal(message)


_FRAMING = frozenset(("PROTO", "FRAME", "STOP"))


def instructions(content: bytes, max_opcodes: int) -> Iterator[Instruction]:
    """Read the instructions up to and including STOP.

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
    message = f"The pickle ends at byte {offset} without opcode STOP: the file is cut short."
    raise UnsafePickleError(message)
