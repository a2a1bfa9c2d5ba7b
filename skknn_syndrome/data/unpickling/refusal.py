"""Why a pickle is refused, in words that are safe to print."""

SHOWN_CHARACTERS = 60


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
