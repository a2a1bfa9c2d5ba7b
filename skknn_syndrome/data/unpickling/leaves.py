"""Opcodes that bring a number, a text or bytes along."""

from skknn_syndrome.data.unpickling.machine import Machine
from skknn_syndrome.data.unpickling.refusal import Refusal, shown

_INTEGER_BITS = 64  # beyond that, whole numbers can be chosen to have equal hashes, and take long to print


def push(machine: Machine, argument: object) -> None:
    """Push a value that is what it is: a float, bytes, a buffer, a bool or None."""
    machine.push(argument)


def push_integer(machine: Machine, argument: int) -> None:
    """Push a whole number that fits 64 bits."""
    if argument.bit_length() > _INTEGER_BITS:
        message = f"holds a whole number of more than {_INTEGER_BITS} bits"
        raise Refusal(message)
    machine.push(argument)


def push_text(machine: Machine, argument: str) -> None:
    """Push text, unless it holds half a surrogate pair, which no file or terminal can be given."""
    if not argument.isascii():
        try:
            argument.encode()
        except UnicodeEncodeError:
            message = f"holds text that is not valid Unicode, {shown(argument)}"
            raise Refusal(message) from None
    machine.push(argument)


def push_python2_text(machine: Machine, argument: str | bytes) -> None:
    """Push a str of Python 2: as text if it is ASCII, else as bytes, since nothing tells its encoding."""
    raw = argument.encode("latin-1") if isinstance(argument, str) else argument
    machine.push(raw.decode("ascii") if raw.isascii() else raw)
