"""Rooted trees as arrays, parts of them, and the distances between their tips."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np

from skknn_syndrome._limits import check_count
from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.errors import Argument, ReferenceDistancesError, quote

PathMeasure: TypeAlias = Literal["length", "edges"]
"""How long a path is: the sum of its branches' lengths, or their number."""

MOST_TIPS = 10_000
"""Their distances take 800 MB."""


class _CountBranches(Argument):
    """What makes paths the numbers of their branches: a flag, and in Python a value of `load_reference`."""

    def __str__(self) -> str:
        """Spell it as Python would."""
        return 'kind="edges"'


@dataclass(frozen=True, eq=False)
class Tree:
    """A rooted tree, its nodes numbered depth first, each before its children.

    Parameters
    ----------
    parent : ndarray of shape (n_nodes,)
        Number of the node above each; -1 above the root, which is node 0.
    length : ndarray of shape (n_nodes,)
        Of the branch above each node, NaN where it is not known. The root's lies on no path.
    names : tuple of str
        Of all nodes, "" for none.

    Examples
    --------
    >>> from skknn_syndrome.data.trees import read_newick
    >>> tree = read_newick("((Noonan:1,Kabuki:1):2,Sotos:3);")
    >>> tree
    Tree(3 tips, 5 nodes)
    >>> tree.tip_names
    ('Noonan', 'Kabuki', 'Sotos')
    >>> tree.tip_distances().tolist()
    [[0.0, 2.0, 6.0], [2.0, 0.0, 6.0], [6.0, 6.0, 0.0]]
    >>> tree.of(["Sotos", "Kabuki"]).tip_names
    ('Kabuki', 'Sotos')
    """

    parent: IndexArray
    length: Float64Array
    names: tuple[str, ...]

    def __repr__(self) -> str:
        """Its size."""
        return f"Tree({len(self.tips):,} tips, {len(self.parent):,} nodes)"

    @cached_property
    def tips(self) -> IndexArray:
        """Shape (n_tips,): the nodes without children, in order."""
        return np.setdiff1d(np.arange(len(self.parent)), self.parent)

    @property
    def tip_names(self) -> tuple[str, ...]:
        """The names of the tips, in order."""
        return tuple(self.names[tip] for tip in self.tips)

    @cached_property
    def tip_spans(self) -> IndexArray:
        """Shape (n_nodes, 2): places of the first tip below each node, and of the first behind these."""
        first = np.searchsorted(self.tips, np.arange(len(self.parent)))
        return np.column_stack([first, first + self._tips_below(self.tips)])

    def tip_distances(self, by: PathMeasure = "length") -> Float64Array:
        """Return the length of the path between any two tips.

        Parameters
        ----------
        by : {"length", "edges"}, default="length"
            Whether branches are added up or counted.

        Returns
        -------
        ndarray of shape (n_tips, n_tips)
            In the order of `tip_names`.

        Raises
        ------
        ReferenceDistancesError
            If a branch has no length, and lengths are asked for.
        """
        check_count(len(self.tips), MOST_TIPS, "tips of a tree")
        length = np.ones(len(self.parent)) if by == "edges" else self._known_lengths()
        distances = np.zeros((len(self.tips), len(self.tips)))
        # From the tips upwards: differences of depths would round where sums are exact.
        climbed = np.zeros(len(self.tips))
        for node in range(len(self.parent) - 1, 0, -1):
            first, last = self.tip_spans[node]
            end = self.tip_spans[self.parent[node], 1]
            climbed[first:last] += length[node]
            # The tips below its later siblings have climbed to the same parent already.
            between = climbed[first:last, np.newaxis] + climbed[last:end]
            distances[first:last, last:end] = between
            distances[last:end, first:last] = between.T
        return distances

    def of(self, names: Sequence[str]) -> "Tree":
        """Return the tree of some tips, in the order of this tree.

        Nodes that are left with one child are passed over, and their branches joined.

        Parameters
        ----------
        names : sequence of str
            Of tips, one at least.

        Raises
        ------
        ReferenceDistancesError
            If there is no such tip.
        """
        places = dict(zip(self.tip_names, self.tips.tolist(), strict=True))
        for name in names:
            if name not in places:
                raise reference_error("no_such_name", f"there is no tip {quote(name)} in the tree")
        below = self._tips_below(np.unique([places[name] for name in names]))
        kept = np.flatnonzero(below)
        n_children = np.bincount(self.parent[kept[1:]], minlength=len(below))
        grown = GrowingTree()
        # Of each node of this tree: the node that stands for it below, and the branch from there on.
        stands, branch = np.full(len(below), -1), np.zeros(len(below))
        for node in kept.tolist():
            above = self.parent[node]
            length = self.length[node] + (branch[above] if node else 0)
            over = stands[above] if node else -1
            if n_children[node] == 1:
                stands[node], branch[node] = over, length
            else:
                stands[node] = grown.add(over, length, self.names[node])
        return grown.tree()

    def _known_lengths(self) -> Float64Array:
        unknown = np.isnan(self.length[1:])
        if unknown.any():
            first, end = self.tip_spans[1 + int(unknown.argmax())]
            names = self.tip_names[first:end]
            raise ReferenceDistancesError(
                "branches lack a length, {n_unknown:,} of the tree's {n:,}, the first above {tips}: give all "
                "of them lengths, or count branches by {edges}.",
                code="no_branch_lengths",
                parameter="reference",
                tips=" to ".join(map(quote, dict.fromkeys([names[0], names[-1]]))),
                n_unknown=int(unknown.sum()),
                n=len(unknown),
                edges=_CountBranches("edges"),
            )
        return self.length

    def _tips_below(self, tips: IndexArray) -> IndexArray:
        """Shape (n_nodes,): how many of some tips lie below each node."""
        below = np.bincount(tips, minlength=len(self.parent))
        for node in range(len(below) - 1, 0, -1):
            below[self.parent[node]] += below[node]
        return below


class GrowingTree:
    """Nodes as they are found, depth first."""

    def __init__(self) -> None:
        self.parent: list[int] = []
        self.length: list[float] = []
        self.names: list[str] = []

    def add(self, parent: int, length: float = math.nan, name: str = "") -> int:
        """Add a node and return its number."""
        self.parent.append(parent)
        self.length.append(length)
        self.names.append(name)
        return len(self.parent) - 1

    def tree(self) -> Tree:
        """Return what has grown."""
        return Tree(np.array(self.parent, np.intp), np.array(self.length), tuple(self.names))


def reference_error(code: str, sentence: str) -> ReferenceDistancesError:
    """Return the error that a reference is at fault."""
    return ReferenceDistancesError(f"{sentence}.", code=code, parameter="reference")
