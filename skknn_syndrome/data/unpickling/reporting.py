"""What the user is told of a pickle that is refused."""

import codecs
import pickletools

from skknn_syndrome.errors import UnsafePickleError

_NAMES = {ord(opcode.code): opcode.name for opcode in pickletools.opcodes}
_Utf8Decoder = codecs.getincrementaldecoder("utf-8-sig")
_PROTO = b"\x80"
_STOP = b"."
_SAMPLE = 1000


def looks_like_text(content: bytes) -> bool:
    """Tell whether a stream is rather a text file: printable, and with neither begin nor end of a pickle."""
    if content.startswith(_PROTO) or content[-_SAMPLE:].rstrip().endswith(_STOP):
        return False
    try:
        sample = _Utf8Decoder().decode(content[:_SAMPLE])  # which forgives a last character cut in two
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\r\n\t" for character in sample)


def refused(content: bytes, offset: int, reason: str) -> UnsafePickleError:
    """Make the error for the instruction at `offset`; the reason completes the sentence "opcode X ..."."""
    name = _NAMES.get(content[offset], f"0x{content[offset]:02x}")
    if looks_like_text(content):
        message = (
            "This is a text file and not a pickle, or a pickle cut short: "
            f"at byte {offset}, opcode {name} {reason}."
        )
    else:
        message = f"The pickle was refused at byte {offset}: opcode {name} {reason}."
    return UnsafePickleError(message)
