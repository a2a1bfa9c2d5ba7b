"""Opcodes that no plain data need, refused before their arguments are read."""

_CALLS_CODE = "builds an object through a class of the stream's choice, which can run programs"
_EXTENSION = "asks for a class of the extension registry, which is not data"
_OUTSIDE = "asks for an object that is not in the stream, which the reader would have to supply"
_SET = "builds a set; only dictionaries, lists and tuples are read"
_SHUFFLES = "moves values on the stack as no pickle of plain data does"

FORBIDDEN = {
    "INST": _CALLS_CODE,
    "OBJ": _CALLS_CODE,
    "NEWOBJ": _CALLS_CODE,
    "NEWOBJ_EX": _CALLS_CODE,
    "EXT1": _EXTENSION,
    "EXT2": _EXTENSION,
    "EXT4": _EXTENSION,
    "PERSID": _OUTSIDE,
    "BINPERSID": _OUTSIDE,
    "NEXT_BUFFER": _OUTSIDE,
    "READONLY_BUFFER": _OUTSIDE,
    "EMPTY_SET": _SET,
    "ADDITEMS": _SET,
    "FROZENSET": _SET,
    "DUP": _SHUFFLES,
    "POP": _SHUFFLES,
    "POP_MARK": _SHUFFLES,
}
"""Why each is refused, by its name."""

UNKNOWN = "is not an opcode of any protocol; this is not a pickle, or it is damaged"
"""Why any other byte is refused."""
