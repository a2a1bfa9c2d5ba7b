"""Permutations of classes that move whole groups."""

from itertools import permutations
from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import IndexArray, StringArray

MOST_ENUMERATED = 6
"""Classes or groups up to which all permutations are made: of six there are 720."""


class Permutations(NamedTuple):
    """Orders of the classes of a reference."""

    orders: list[IndexArray]
    is_exhaustive: bool = False
    """Whether these are all orders of the units but their own."""


def permute_units(
    members: StringArray,
    n_permutations: int,
    random: np.random.RandomState,
    most_enumerated: int = MOST_ENUMERATED,
) -> Permutations:
    """Return for each permutation of whole units whose place in the reference each class takes.

    Parameters
    ----------
    members : ndarray of shape (n_classes,)
        The group of each class; its own name where classes are permuted.
    n_permutations : int
        Of many units; of few, all are made but the one that changes nothing.
    random : RandomState
    most_enumerated : int, default=6
        Units that are few.

    Examples
    --------
    >>> members = np.array(["a", "a", "b", "b", "b"])
    >>> [order.tolist() for order in permute_units(members, 9, np.random.RandomState(0)).orders]
    [[2, 3, 0, 1, 0]]
    """
    _, unit, sizes = np.unique(members, return_inverse=True, return_counts=True)
    by_unit = np.argsort(unit, kind="stable")
    starts = np.cumsum(sizes) - sizes
    rank = np.empty(len(members), dtype=np.intp)
    rank[by_unit] = np.arange(len(members)) - np.repeat(starts, sizes)
    is_exhaustive = len(sizes) <= most_enumerated
    if is_exhaustive:
        moves = [np.array(move) for move in permutations(range(len(sizes)))][1:]
    else:
        moves = [random.permutation(len(sizes)) for _ in range(n_permutations)]
    orders = [by_unit[starts[to] + rank % sizes[to]] for to in (move[unit] for move in moves)]
    return Permutations(orders, is_exhaustive)
