"""What each opcode does to the machine."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

from skknn_syndrome.data.unpickling.arrays import PickledArray
from skknn_syndrome.data.unpickling.calls import call, check_dictionary
from skknn_syndrome.data.unpickling.dtypes import PickledDtype
from skknn_syndrome.data.unpickling.leaves import push, push_integer, push_python2_text, push_text
from skknn_syndrome.data.unpickling.machine import Machine
from skknn_syndrome.data.unpickling.names import Name, recognise
from skknn_syndrome.data.unpickling.refusal import Refusal, shown
from skknn_syndrome.data.unpickling.values import Branch, adopt, key

Handler: TypeAlias = Callable[[Machine, Any], object]
"""Is given the argument that `genops` read, None if the opcode has none; what it returns is not used."""


def _extend(machine: Machine, values: list[object]) -> None:
    match machine.top():
        case Branch(value=list() as items) as branch:
            items.extend(adopt(branch, values, machine.limits))
        case _:
            message = "appends to something that is no list"
            raise Refusal(message)


def _fill(machine: Machine, keys_and_values: list[object]) -> None:
    branch = machine.top()
    if not isinstance(branch, Branch) or not isinstance(branch.value, dict) or len(keys_and_values) % 2:
        message = "does not set pairs of key and value in a dictionary"
        raise Refusal(message)
    values = adopt(branch, keys_and_values[1::2], machine.limits)
    for name, value in zip((key(name, machine.limits) for name in keys_and_values[::2]), values, strict=True):
        if name in branch.value:
            message = f"gives one dictionary the key {shown(str(name))} twice"
            raise Refusal(message)
        branch.value[name] = value


def _list(machine: Machine, _: None) -> None:
    values = machine.pop_to_mark()
    machine.push_branch([])
    _extend(machine, values)


def _dict(machine: Machine, _: None) -> None:
    keys_and_values = machine.pop_to_mark()
    machine.push_branch({})
    _fill(machine, keys_and_values)


def _append(machine: Machine, _: None) -> None:
    _extend(machine, machine.pop_last(1))


def _setitem(machine: Machine, _: None) -> None:
    _fill(machine, machine.pop_last(2))


def _short_tuple(length: int, machine: Machine, _: None) -> None:
    machine.push_tuple(machine.pop_last(length))


def _global(machine: Machine, argument: str) -> None:
    module, _, name = argument.partition(" ")
    machine.push(recognise(module, name))


def _stack_global(machine: Machine, _: None) -> None:
    module, name = machine.pop_last(2)
    if not (isinstance(module, str) and isinstance(name, str)):
        message = "asks for a name that is not text"
        raise Refusal(message)
    machine.push(recognise(module, name))


def _reduce(machine: Machine, _: None) -> None:
    arguments = machine.pop_arguments()
    name = machine.pop()
    if name is Name.ORDERED_DICT or name is Name.DEFAULT_DICT:
        check_dictionary(name, arguments)
        machine.push_branch({})
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
            message = "sets the state of something that is neither a dtype nor an array still to be built"
            raise Refusal(message)


def _memoize(machine: Machine, _: None) -> None:
    machine.memo.store(len(machine.memo), machine.top())


def _put(machine: Machine, argument: int) -> None:
    machine.memo.store(argument, machine.top())


def _nothing(_machine: Machine, _: int) -> None:
    """Protocol and frames concern only how the stream is cut, and that is checked before."""


def _get(machine: Machine, argument: int) -> None:
    machine.push(machine.memo.fetch(argument))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4"), push_integer),
    **dict.fromkeys(
        ("FLOAT", "BINFLOAT", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "NONE"), push
    ),
    **dict.fromkeys(("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"), push_text),
    **dict.fromkeys(("STRING", "BINSTRING", "SHORT_BINSTRING"), push_python2_text),
    **dict.fromkeys(("PROTO", "FRAME"), _nothing),
    "STOP": lambda machine, _: machine.finish(),
    "NEWTRUE": lambda machine, _: machine.push(True),  # noqa: FBT003 - it pushes that value
    "NEWFALSE": lambda machine, _: machine.push(False),  # noqa: FBT003 - it pushes that value
    "EMPTY_LIST": lambda machine, _: machine.push_branch([]),
    "EMPTY_DICT": lambda machine, _: machine.push_branch({}),
    "EMPTY_TUPLE": lambda machine, _: machine.push_branch(()),
    "LIST": _list,
    "DICT": _dict,
    "TUPLE": lambda machine, _: machine.push_tuple(machine.pop_to_mark()),
    "TUPLE1": partial(_short_tuple, 1),
    "TUPLE2": partial(_short_tuple, 2),
    "TUPLE3": partial(_short_tuple, 3),
    "APPEND": _append,
    "APPENDS": lambda machine, _: _extend(machine, machine.pop_to_mark()),
    "SETITEM": _setitem,
    "SETITEMS": lambda machine, _: _fill(machine, machine.pop_to_mark()),
    "MARK": lambda machine, _: machine.mark(),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _get),
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _put),
    "MEMOIZE": _memoize,
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "BUILD": _build,
}
"""By the name of the opcode; opcodes that are refused never come this far."""
