"""Thrift's compact encoding, as far as Parquet needs it: the few fields that are asked for, and no others."""

from collections.abc import Mapping
from typing import Any, TypeAlias

I32, I64 = 5, 6
"""Kinds of whole numbers."""

Wanted: TypeAlias = Mapping[int, Any]
"""Numbers of the fields to keep, with the kind of a whole number, or what to keep of the structs there."""

_TRUE, _FALSE, _BYTE, _I16, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 4, 7, 8, 9, 10, 11, 12
_BITS = {_I16: 16, I32: 32, I64: 64}
_FIXED_BYTES = {_BYTE: 1, _DOUBLE: 8}
_LONG_LIST = 15
_MAX_FIELD = 2**15
_MAX_DEPTH = 64


class ThriftReader:
    """Reads structs from bytes that may be anything.

    Parameters
    ----------
    content : bytes
        They hold the structs somewhere.
    at : int
        Where the first one begins.

    Attributes
    ----------
    at : int
        Where the next one begins.
    """

    def __init__(self, content: bytes, at: int) -> None:
        self._content = content
        self.at = at

    def struct(self, wanted: Wanted, depth: int = 0) -> dict[int, Any]:
        """Read one struct.

        Raises
        ------
        ValueError, IndexError, KeyError
            If it is broken, or written so that Thrift's own reader may understand it in another way: a number
            beyond its kind, another kind than is wanted, or a field that comes twice.
        """
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deep")
        kept: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer(_I16)
            kind = head & 15
            if number in kept or not 0 < number < _MAX_FIELD:
                raise ValueError("a field that comes twice or has no number")
            if number in wanted:
                kept[number] = self._value(kind, wanted[number], depth)
            elif kind not in (_TRUE, _FALSE):  # a bool lies in the head itself
                self._value(kind, {}, depth)
        return kept

    def _value(self, kind: int, wanted: Wanted | int, depth: int) -> object:
        if isinstance(wanted, int):
            if kind != wanted:
                raise ValueError("a number of another kind")
            return self._integer(kind)
        if kind in _BITS:
            return self._integer(kind)
        if kind == _STRUCT:
            return self.struct(wanted, depth + 1)
        if kind in (_LIST, _SET):
            head = self._byte()
            size = head >> 4 if head >> 4 < _LONG_LIST else self._varint()
            return self._elements(size, (head & 15,), wanted, depth + 1)
        if kind == _MAP:
            size = self._varint()
            kinds = self._byte() if size else 0
            return self._elements(size, (kinds >> 4, kinds & 15), wanted, depth + 1)
        n_bytes = self._varint() if kind == _BINARY else _FIXED_BYTES[kind]
        self.at += n_bytes
        return None

    def _elements(self, size: int, kinds: tuple[int, ...], wanted: Wanted, depth: int) -> list[object]:
        if size > len(self._content) - self.at or depth > _MAX_DEPTH:
            raise ValueError("a list longer than its file, or nested too deep")
        kept: list[object] = []
        for _ in range(size):
            for kind in kinds:
                value = self._value(_BYTE if kind in (_TRUE, _FALSE) else kind, wanted, depth)
                if wanted:
                    kept.append(value)
        return kept

    def _byte(self) -> int:
        self.at += 1
        return self._content[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while shift <= _BITS[I64]:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:  # noqa: PLR2004 - the highest bit says that more follow
                return value
            shift += 7
        raise ValueError("a number of more than 64 bits")

    def _integer(self, kind: int) -> int:
        value = self._varint()
        if value >> _BITS[kind]:
            raise ValueError("a number beyond its kind")
        return (value >> 1) ^ -(value & 1)
