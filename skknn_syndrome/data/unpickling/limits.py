"""How much a pickle may ask for before it is refused."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PickleLimits:
    """Bounds on one pickle, so that time and memory stay within them whatever the stream says.

    The defaults hold half a million images. A stream made to do harm costs at most about 300 bytes of memory
    for each container, 100 for each entry of the memo, and 30 times its own bytes for all else.

    Parameters
    ----------
    stream_bytes : int, default=2**31
        Length of the whole pickle, and the largest number of bytes that an array's shape may span.
    opcodes : int, default=50_000_000
        Instructions. An array costs about 25 of them, a number in a list one.
    memo_entries : int, default=5_000_000
        Objects remembered for later use. An array costs about nine.
    containers : int, default=2_500_000
        Dictionaries, lists and tuples, including the tuples that describe arrays: about four for each.
    depth : int, default=32
        Containers within containers. The nested dictionary of embeddings has three.
    text_length : int, default=65_536
        Characters of a string that ends up in the data.
    """

    stream_bytes: int = 2**31
    opcodes: int = 50_000_000
    memo_entries: int = 5_000_000
    containers: int = 2_500_000
    depth: int = 32
    text_length: int = 65_536


DEFAULT_LIMITS = PickleLimits()
