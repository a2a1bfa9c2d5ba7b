"""The stack, memo and limits with which a pickle builds plain data."""

from dataclasses import dataclass
from types import NoneType
from typing import TypeAlias

import numpy as np

from skknn_syndrome.data.safe_pickle.arrays import (
    SCALAR_TYPES,
    Budget,
    Name,
    PickledArray,
    PickledDtype,
)
from skknn_syndrome.data.safe_pickle.instructions import Refusal

Container: TypeAlias = dict[str | int, object] | list[object] | tuple[object, ...]

_MARKS_BESIDE_CONTAINERS = 2  # the state of an array, and in it a shape or the state of a dtype
# Data that hold no other data of the stream, and so may lie in several places without harm.
_LEAVES = frozenset((NoneType, bool, int, float, str, bytes, np.ndarray, *SCALAR_TYPES))
_CONTAINER = object()
"""What the memo holds in place of a container."""


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


class Branch:
    """A container that is data, and how many levels of containers it has, itself included.

    It is on the stack once and cannot be fetched from the memo. So it lies in one place of the result, and
    what lies in it is finished: no container can hold itself, and none unfolds to more than the stream holds.
    """

    __slots__ = ("height", "value")

    def __init__(self, value: Container) -> None:
        self.value = value
        self.height = 1


class Arguments:
    """A tuple with a name, a dtype or a buffer in it: good for one call or state, never data."""

    __slots__ = ("values",)

    def __init__(self, values: list[object]) -> None:
        if Arguments in map(type, values):
            raise Refusal("nests the arguments of calls")
        self.values = tuple(value.value if isinstance(value, Branch) else value for value in values)


_NOT_DATA: dict[type, str] = {
    Name: "a function or a class",
    PickledDtype: "a dtype",
    PickledArray: "an unfinished array",
    Arguments: "the arguments of a call",
    bytearray: "a buffer",
}


class Machine:
    """What a stream has built so far.

    Parameters
    ----------
    stream_bytes : int
        Length of the stream.
    limits : PickleLimits
        How much it may ask for.

    Attributes
    ----------
    budget : Budget
        Bytes that may yet become arrays.
    result : object
        What the stream left at its end; None before.
    """

    def __init__(self, stream_bytes: int, limits: PickleLimits) -> None:
        self.budget = Budget(stream_bytes, limits.stream_bytes)
        self.result: object = None
        self._limits = limits
        self._stack: list[object] = []
        self._below: list[list[object]] = []
        self._memo: dict[int, object] = {}
        self._containers = 0

    def push(self, value: object) -> None:
        """Put a value onto the stack."""
        self._stack.append(value)

    def top(self) -> object:
        """Look at the topmost value."""
        if not self._stack:
            raise Refusal("finds no value to work on")
        return self._stack[-1]

    def pop(self) -> object:
        """Take the topmost value off the stack."""
        value = self.top()
        del self._stack[-1]
        return value

    def pop_last(self, n: int) -> list[object]:
        """Take the topmost values off the stack, the lowest first."""
        if len(self._stack) < n:
            raise Refusal("finds too few values to work on")
        values = self._stack[-n:]
        del self._stack[-n:]
        return values

    def mark(self) -> None:
        """Begin a new stack above the present one."""
        if len(self._below) >= self._limits.depth + _MARKS_BESIDE_CONTAINERS:
            raise self._too_deep()
        self._below.append(self._stack)
        self._stack = []

    def pop_to_mark(self) -> list[object]:
        """Take the last mark and all values above it off the stack."""
        if not self._below:
            raise Refusal("finds no mark to go back to")
        values = self._stack
        self._stack = self._below.pop()
        return values

    def pop_arguments(self) -> tuple[object, ...]:
        """Take the tuple of a call or a state off the stack."""
        match self.pop():
            case Arguments(values=values) | Branch(value=tuple() as values):
                return values
        raise Refusal("finds no tuple for its call or state")

    def finish(self) -> None:
        """Take the one value that a finished stream leaves as the result."""
        if self._below or len(self._stack) != 1:
            raise Refusal("ends a stream that does not leave exactly one value")
        value = self.pop()
        self.result = value.value if isinstance(value, Branch) else self._leaf(value)

    def store(self, index: int | None = None) -> None:
        """Remember the topmost value in a free place of the memo; of a container only that it was there."""
        value, places = self.top(), self._memo
        index = len(places) if index is None else index
        if index < 0 or index in places:
            raise Refusal(f"stores at place {index} of the memo, which is taken or does not exist")
        if len(places) >= self._limits.memo_entries:
            raise Refusal(f"remembers more than {self._limits.memo_entries} objects")
        places[index] = _CONTAINER if isinstance(value, Branch | Arguments) else value

    def fetch(self, index: int) -> None:
        """Push what a place of the memo holds, once it is finished."""
        if index not in self._memo:
            raise Refusal(f"asks for place {index} of the memo, where nothing was stored")
        value = self._memo[index]
        if value is _CONTAINER:
            raise Refusal(
                "puts one dictionary, list or tuple in two places or within itself; write the pickle again "
                "with a copy in each place"
            )
        self.push(value.finished if isinstance(value, PickledArray) else value)

    def push_container(self, value: Container) -> Branch:
        """Put a new container onto the stack."""
        self._count_container()
        branch = Branch(value)
        self.push(branch)
        return branch

    def push_tuple(self, values: list[object]) -> None:
        """Put a tuple onto the stack: of data, or of the arguments of a call."""
        if any(type(value) in _NOT_DATA for value in values):
            self._count_container()
            self.push(Arguments(values))
        else:
            branch = self.push_container(())
            branch.value = tuple(self.adopt(branch, values))

    def adopt(self, parent: Branch, values: list[object]) -> list[object]:
        """Let values become data within a container."""
        adopted: list[object] = []
        for value in values:
            if isinstance(value, Branch):
                parent.height = max(parent.height, value.height + 1)
                adopted.append(value.value)
            else:
                adopted.append(self._leaf(value))
        if parent.height > self._limits.depth:
            raise self._too_deep()
        return adopted

    def key(self, value: object) -> str | int:
        """Let a value become the key of a dictionary."""
        plain = value.value if isinstance(value, Branch) else self._leaf(value)
        if isinstance(plain, np.integer):
            return int(plain)
        # Not isinstance for int: a bool is one too, and as a key True would be equal to 1.
        if isinstance(plain, str) or type(plain) is int:
            return plain
        kind = type(plain).__name__
        raise Refusal(
            f"has a key of type {kind}; only whole numbers and text can be keys (of Python 2, ASCII text)"
        )

    def _leaf(self, value: object) -> object:
        """Let a value become data that is no container."""
        kind = type(value)
        if kind not in _LEAVES:
            raise Refusal(f"puts {_NOT_DATA[kind]} among the data")
        if isinstance(value, str) and len(value) > self._limits.text_length:
            raise Refusal(f"puts a text of more than {self._limits.text_length} characters among the data")
        return value

    def _count_container(self) -> None:
        self._containers += 1
        if self._containers > self._limits.containers:
            raise Refusal(f"builds more than {self._limits.containers} dictionaries, lists and tuples")

    def _too_deep(self) -> Refusal:
        return Refusal(f"nests data more than {self._limits.depth} levels deep")
