"""Opcodes, and the way from the bytes of a pickle to plain data."""

from collections.abc import Callable
from typing import Any, TypeAlias

from skknn_syndrome.data.safe_pickle.arrays import (
    Name,
    PickledArray,
    PickledDtype,
    call,
    check_dictionary,
    recognise,
)
from skknn_syndrome.data.safe_pickle.instructions import Refusal, instructions, refused, shown
from skknn_syndrome.data.safe_pickle.machine import Branch, Machine, PickleLimits
from skknn_syndrome.errors import UnsafePickleError

_INTEGER_BITS = 64  # beyond that, whole numbers can be chosen to have equal hashes, and take long to print
_DEFAULT_LIMITS = PickleLimits()

Handler: TypeAlias = Callable[[Machine, Any], object]
"""Is given the argument that `genops` read, None if the opcode has none; what it returns is not used."""


def read_pickle(content: bytes, *, limits: PickleLimits = _DEFAULT_LIMITS) -> object:
    """Read plain data from a pickle without running it.

    A pickle is a program. Here its instructions are interpreted one by one, and all they can do is build
    data: `dict`, `list`, `tuple`, `str`, `bytes`, `int`, `float`, `bool`, `None`, NumPy arrays and NumPy
    numbers. Nothing that a pickle names is imported, called or given attributes. The names that NumPy writes
    are only recognised, and stand for checked code of this package.

    Parameters
    ----------
    content : bytes
        The whole pickle, of protocol 0 to 5, written by Python 2 or 3 with NumPy 1 or 2.
    limits : PickleLimits, optional
        How much it may ask for.

    Returns
    -------
    object
        The data.

    Raises
    ------
    UnsafePickleError
        If the pickle asks for anything else, is broken, or exceeds a limit. The message names the opcode, its
        offset and the reason; so do the error's `fields`.

    Notes
    -----
    - Arrays are read-only and in the machine's byte order; they have one of the dtypes bool, int8 to int64,
      uint8 to uint64, float16, float32 and float64, and exactly the bytes that their shape needs.
    - Keys are text or whole numbers (a NumPy integer becomes an `int`), and no key comes twice in one
      dictionary; 1 and "1" are different keys. Whole numbers fit 64 bits.
    - Texts, bytes and arrays may lie in several places of the data. A dictionary, list or tuple may not: so
      none contains itself, and no small pickle unfolds into endless data.
    - The `str` of Python 2 is read as text if it is ASCII and as bytes if not, since nothing tells its
      encoding.

    Examples
    --------
    >>> import pickle
    >>> read_pickle(pickle.dumps({"300000082": {"1": {"10": [0.5, 1.5]}}}))
    {'300000082': {'1': {'10': [0.5, 1.5]}}}
    >>> read_pickle(pickle.dumps(print))
    Traceback (most recent call last):
    skknn_syndrome.errors.UnsafePickleError: The pickle was refused at byte 30: opcode STACK_GLOBAL asks for
    builtins.print, which is not data; ...
    """
    if not content:
        raise UnsafePickleError("The pickle is empty: the file has no bytes.", code="empty_pickle")
    if len(content) > limits.stream_bytes:
        raise UnsafePickleError(
            f"The pickle has {len(content)} bytes; at most {limits.stream_bytes} are read.",
            code="too_large",
        )
    machine = Machine(len(content), limits)
    for offset, name, argument in instructions(content, limits.opcodes):
        try:
            HANDLERS[name](machine, argument)
        except Refusal as refusal:
            raise refused(content, offset, str(refusal)) from None
    return machine.result


def _integer(machine: Machine, argument: int) -> None:
    if argument.bit_length() > _INTEGER_BITS:
        raise Refusal(f"holds a whole number of more than {_INTEGER_BITS} bits")
    machine.push(argument)


def _text(machine: Machine, argument: str) -> None:
    """Push text, unless it holds half a surrogate pair, which no file or terminal can be given."""
    if not argument.isascii():
        try:
            argument.encode()
        except UnicodeEncodeError:
            raise Refusal(f"holds text that is not valid Unicode, {shown(argument)}") from None
    machine.push(argument)


def _python2_text(machine: Machine, argument: str | bytes) -> None:
    """Push a str of Python 2: as text if it is ASCII, else as bytes, since nothing tells its encoding."""
    raw = argument.encode("latin-1") if isinstance(argument, str) else argument
    machine.push(raw.decode("ascii") if raw.isascii() else raw)


def _extend(machine: Machine, values: list[object]) -> None:
    match machine.top():
        case Branch(value=list() as items) as branch:
            items.extend(machine.adopt(branch, values))
        case _:
            raise Refusal("appends to something that is no list")


def _fill(machine: Machine, keys_and_values: list[object]) -> None:
    branch = machine.top()
    if not isinstance(branch, Branch) or not isinstance(branch.value, dict) or len(keys_and_values) % 2:
        raise Refusal("does not set pairs of key and value in a dictionary")
    values = machine.adopt(branch, keys_and_values[1::2])
    for name, value in zip(map(machine.key, keys_and_values[::2]), values, strict=True):
        if name in branch.value:
            raise Refusal(f"gives one dictionary the key {shown(str(name))} twice")
        branch.value[name] = value


def _list(machine: Machine, _: None) -> None:
    values = machine.pop_to_mark()
    machine.push_container([])
    _extend(machine, values)


def _dict(machine: Machine, _: None) -> None:
    keys_and_values = machine.pop_to_mark()
    machine.push_container({})
    _fill(machine, keys_and_values)


def _global(machine: Machine, argument: str) -> None:
    module, _, name = argument.partition(" ")
    machine.push(recognise(module, name))


def _stack_global(machine: Machine, _: None) -> None:
    module, name = machine.pop_last(2)
    if not (isinstance(module, str) and isinstance(name, str)):
        raise Refusal("asks for a name that is not text")
    machine.push(recognise(module, name))


def _reduce(machine: Machine, _: None) -> None:
    arguments = machine.pop_arguments()
    name = machine.pop()
    if name is Name.ORDERED_DICT or name is Name.DEFAULT_DICT:
        check_dictionary(name, arguments)
        machine.push_container({})
    else:
        machine.push(call(name, arguments, machine.budget))


def _build(machine: Machine, _: None) -> None:
    state = machine.pop_arguments()
    match machine.pop():
        case PickledDtype() as dtype:
            dtype.set_state(state)
            machine.push(dtype)
        case PickledArray() as array:
            machine.push(array.set_state(state, machine.budget))
        case _:
            raise Refusal(
                "sets the state of something that is neither a dtype nor an array still to be built"
            )


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4"), _integer),
    **dict.fromkeys(
        ("FLOAT", "BINFLOAT", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "NONE"), Machine.push
    ),
    **dict.fromkeys(("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"), _text),
    **dict.fromkeys(("STRING", "BINSTRING", "SHORT_BINSTRING"), _python2_text),
    # Protocol and frames concern only how the stream is cut, and that is checked before.
    **dict.fromkeys(("PROTO", "FRAME"), lambda _machine, _: None),
    "STOP": lambda machine, _: machine.finish(),
    "NEWTRUE": lambda machine, _: machine.push(True),  # noqa: FBT003 - it pushes that value
    "NEWFALSE": lambda machine, _: machine.push(False),  # noqa: FBT003 - it pushes that value
    "EMPTY_LIST": lambda machine, _: machine.push_container([]),
    "EMPTY_DICT": lambda machine, _: machine.push_container({}),
    "EMPTY_TUPLE": lambda machine, _: machine.push_container(()),
    "LIST": _list,
    "DICT": _dict,
    "TUPLE": lambda machine, _: machine.push_tuple(machine.pop_to_mark()),
    "TUPLE1": lambda machine, _: machine.push_tuple(machine.pop_last(1)),
    "TUPLE2": lambda machine, _: machine.push_tuple(machine.pop_last(2)),
    "TUPLE3": lambda machine, _: machine.push_tuple(machine.pop_last(3)),
    "APPEND": lambda machine, _: _extend(machine, machine.pop_last(1)),
    "APPENDS": lambda machine, _: _extend(machine, machine.pop_to_mark()),
    "SETITEM": lambda machine, _: _fill(machine, machine.pop_last(2)),
    "SETITEMS": lambda machine, _: _fill(machine, machine.pop_to_mark()),
    "MARK": lambda machine, _: machine.mark(),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), Machine.fetch),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"), Machine.store),
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "BUILD": _build,
}
"""By the name of the opcode; opcodes that are refused never come this far."""
