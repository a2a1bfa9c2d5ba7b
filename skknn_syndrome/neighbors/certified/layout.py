"""Rows dealt out to blocks like cards, each block filled up to the same width."""

from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import Float32Array, IndexArray


@dataclass(frozen=True)
class Layout:
    """Every n-th row goes to the same block, so that each block is a sample of all rows."""

    n_rows: int
    n_blocks: int
    width: int
    """Places of a block, a multiple of what is tested at a time; those without a row come last."""

    @classmethod
    def of(cls, n_rows: int, block_rows: int, multiple: int) -> "Layout":
        """Return a layout with no more than `block_rows` rows in a block."""
        n_blocks = -(-n_rows // block_rows)
        longest = -(-n_rows // n_blocks)
        return cls(n_rows, n_blocks, -(-longest // multiple) * multiple)

    @property
    def size(self) -> int:
        """Number of places."""
        return self.n_blocks * self.width

    def rows(self, block: int) -> slice:
        """Return which rows a block holds."""
        return slice(block, None, self.n_blocks)

    def count(self, block: int) -> int:
        """Return how many rows a block holds."""
        return len(range(block, self.n_rows, self.n_blocks))

    def places(self, block: int) -> slice:
        """Return the places of a block's rows."""
        start = block * self.width
        return slice(start, start + self.count(block))

    def row_of(self, places: IndexArray) -> IndexArray:
        """Return which row stands at each place."""
        blocks, offsets = np.divmod(places, self.width)
        numbers: IndexArray = offsets * self.n_blocks + blocks
        return numbers

    def spread(self, values: Float32Array, filling: float) -> Float32Array:
        """Return the rows' values, shape (n_rows,), at their places, shape (size,)."""
        spread = np.full(self.size, filling, dtype=np.float32)
        for block in range(self.n_blocks):
            spread[self.places(block)] = values[self.rows(block)]
        return spread
