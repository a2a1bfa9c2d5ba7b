"""The names that pickles of NumPy and of dictionaries ask for. They are recognised, never imported."""

import re
from enum import Enum, auto

from skknn_syndrome.data.unpickling.refusal import SHOWN_CHARACTERS, Refusal, shown


class Name(Enum):
    """What a recognised name stands for; NumPy 1 and 2 keep it in different modules."""

    RECONSTRUCT = auto()
    NDARRAY = auto()
    DTYPE = auto()
    FROMBUFFER = auto()
    SCALAR = auto()
    ENCODE = auto()
    BYTES = auto()
    ORDERED_DICT = auto()
    DEFAULT_DICT = auto()
    BUILTIN = auto()


_RECOGNISED = {
    ("numpy.core.multiarray", "_reconstruct"): Name.RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): Name.RECONSTRUCT,
    ("numpy", "ndarray"): Name.NDARRAY,
    ("numpy", "dtype"): Name.DTYPE,
    ("numpy.core.numeric", "_frombuffer"): Name.FROMBUFFER,
    ("numpy._core.numeric", "_frombuffer"): Name.FROMBUFFER,
    ("numpy.core.multiarray", "scalar"): Name.SCALAR,
    ("numpy._core.multiarray", "scalar"): Name.SCALAR,
    ("_codecs", "encode"): Name.ENCODE,
    ("__builtin__", "bytes"): Name.BYTES,
    ("collections", "OrderedDict"): Name.ORDERED_DICT,
    ("collections", "defaultdict"): Name.DEFAULT_DICT,
    # What a defaultdict fills gaps with. It fills none here, so these are never called.
    **{(module, name): Name.BUILTIN for module in ("builtins", "__builtin__") for name in ("dict", "list")},
}
_ADVICE = {
    "torch": "a PyTorch tensor; save NumPy arrays instead, by tensor.detach().cpu().numpy()",
    "pandas": "part of a pandas table; save it by frame.to_parquet() instead",
}


def dotted(module: str, name: str) -> str:
    """Write a name as in a program if it is one, else quoted and shortened."""
    full = f"{module}.{name}"
    if len(full) <= SHOWN_CHARACTERS and re.fullmatch(r"[A-Za-z0-9_.]+", full):
        return full
    return shown(full)


def recognise(module: str, name: str) -> Name:
    """Look a name up among those that plain data needs.

    Raises
    ------
    Refusal
        If it is any other name.

    Examples
    --------
    >>> recognise("numpy", "dtype")
    <Name.DTYPE: 3>
    """
    try:
        return _RECOGNISED[module, name]
    except KeyError:
        advice = _ADVICE.get(module.partition(".")[0])
        if advice is not None:
            message = f"asks for {dotted(module, name)}, {advice}"
            raise Refusal(message) from None
        message = (
            f"asks for {dotted(module, name)}, which is not data; a pickle from a source that you do not "
            "know can run programs, so only plain dictionaries, lists, numbers and NumPy arrays are read"
        )
        raise Refusal(message) from None
