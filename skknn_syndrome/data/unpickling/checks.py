"""What must hold of the bytes behind an opcode before `pickletools` may parse them."""

import pickletools
import re
from collections.abc import Callable
from functools import partial

from skknn_syndrome.data.unpickling.forbidden import FORBIDDEN, UNKNOWN
from skknn_syndrome.data.unpickling.refusal import Refusal

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
        message = f"writes a number in {_NUMBER_CHARACTERS} characters or more, or not as Python does"
        raise Refusal(message)


def _check_string(content: bytes, start: int) -> None:
    # genops would warn of an escape that Python does not know, and read on.
    end = content.find(b"\n", start)
    if end >= 0 and not _PYTHON2_TEXT.fullmatch(content, start, end):
        message = "has an escape that Python 2 does not write"
        raise Refusal(message)


def _check_name(content: bytes, start: int) -> None:
    # genops undoes escapes here, which unpickling does not.
    first = content.find(b"\n", start)
    end = max(first, content.find(b"\n", first + 1))
    if content.find(b"\\", start, end) >= 0:
        message = "asks for a name with a backslash, which is not data"
        raise Refusal(message)


_KNOWN = {opcode.name: ord(opcode.code) for opcode in pickletools.opcodes}

CHECKS: dict[int, Callable[[bytes, int], None]] = {
    **{code: partial(_forbid, UNKNOWN) for code in range(256) if code not in _KNOWN.values()},
    **{_KNOWN[name]: partial(_forbid, reason) for name, reason in FORBIDDEN.items()},
    **{_KNOWN[name]: _check_number for name in ("INT", "LONG", "FLOAT", "GET", "PUT")},
    _KNOWN["STRING"]: _check_string,
    _KNOWN["GLOBAL"]: _check_name,
}
"""By the byte of the opcode; each is given the stream and where the argument starts, and raises Refusal."""
