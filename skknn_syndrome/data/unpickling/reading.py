"""The way from the bytes of a pickle to plain data."""

from skknn_syndrome.data.unpickling.limits import DEFAULT_LIMITS, PickleLimits
from skknn_syndrome.data.unpickling.machine import Machine
from skknn_syndrome.data.unpickling.opcodes import HANDLERS
from skknn_syndrome.data.unpickling.refusal import Refusal
from skknn_syndrome.data.unpickling.reporting import refused
from skknn_syndrome.data.unpickling.tokens import instructions
from skknn_syndrome.errors import UnsafePickleError


def read_pickle(content: bytes, *, limits: PickleLimits = DEFAULT_LIMITS) -> object:
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
        offset and the reason.

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
        message = "The pickle is empty: the file has no bytes."
        raise UnsafePickleError(message)
    if len(content) > limits.stream_bytes:
        message = f"The pickle has {len(content)} bytes; at most {limits.stream_bytes} are read."
        raise UnsafePickleError(message)
    machine = Machine(len(content), limits)
    for offset, name, argument in instructions(content, limits.opcodes):
        try:
            HANDLERS[name](machine, argument)
        except Refusal as refusal:
            raise refused(content, offset, str(refusal)) from None
    return machine.result
