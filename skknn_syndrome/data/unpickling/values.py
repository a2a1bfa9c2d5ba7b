"""What lies on the machine's stack, and the rules of what may become data."""

from types import NoneType
from typing import TypeAlias

import numpy as np

from skknn_syndrome.data.unpickling.arrays import PickledArray
from skknn_syndrome.data.unpickling.dtypes import SCALAR_TYPES, PickledDtype
from skknn_syndrome.data.unpickling.limits import PickleLimits
from skknn_syndrome.data.unpickling.names import Name
from skknn_syndrome.data.unpickling.refusal import Refusal

Container: TypeAlias = dict[str | int, object] | list[object] | tuple[object, ...]

# Data that hold no other data of the stream, and so may lie in several places without harm.
_LEAVES = frozenset((NoneType, bool, int, float, str, bytes, np.ndarray, *SCALAR_TYPES))


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
            message = "nests the arguments of calls"
            raise Refusal(message)
        self.values = tuple(value.value if isinstance(value, Branch) else value for value in values)


_NOT_DATA: dict[type, str] = {
    Name: "a function or a class",
    PickledDtype: "a dtype",
    PickledArray: "an unfinished array",
    Arguments: "the arguments of a call",
    bytearray: "a buffer",
}


def are_data(values: list[object]) -> bool:
    """Tell whether all values are data, or some can only be arguments."""
    return not any(type(value) in _NOT_DATA for value in values)


def leaf(value: object, limits: PickleLimits) -> object:
    """Let a value become data that is no container.

    Raises
    ------
    Refusal
        If it is not data, or a text that is too long.
    """
    kind = type(value)
    if kind not in _LEAVES:
        message = f"puts {_NOT_DATA[kind]} among the data"
        raise Refusal(message)
    if isinstance(value, str) and len(value) > limits.text_length:
        message = f"puts a text of more than {limits.text_length} characters among the data"
        raise Refusal(message)
    return value


def adopt(parent: Branch, values: list[object], limits: PickleLimits) -> list[object]:
    """Let values become data within a container.

    Raises
    ------
    Refusal
        If one of them is not data, a text too long, or a container that makes the nesting too deep.
    """
    adopted: list[object] = []
    for value in values:
        if isinstance(value, Branch):
            parent.height = max(parent.height, value.height + 1)
            adopted.append(value.value)
        else:
            adopted.append(leaf(value, limits))
    if parent.height > limits.depth:
        message = f"nests data more than {limits.depth} levels deep"
        raise Refusal(message)
    return adopted


def key(value: object, limits: PickleLimits) -> str | int:
    """Let a value become the key of a dictionary.

    Raises
    ------
    Refusal
        If it is neither text nor a whole number.
    """
    plain = value.value if isinstance(value, Branch) else leaf(value, limits)
    if isinstance(plain, np.integer):
        return int(plain)
    # Not isinstance for int: a bool is one too, and as a key True would be equal to 1.
    if isinstance(plain, str) or type(plain) is int:
        return plain
    kind = type(plain).__name__
    message = f"has a key of type {kind}; only whole numbers and text can be keys (of Python 2, ASCII text)"
    raise Refusal(message)
