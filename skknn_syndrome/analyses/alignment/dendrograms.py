"""Dendrograms of classes from trees and linkages, turned so that one follows the order of another."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.analyses.alignment.result import Dendrogram
from skknn_syndrome.data.rooted_tree import Tree


def of_linkage(merges: Float64Array) -> Dendrogram:
    """Return the dendrogram of a linkage as SciPy has it.

    Parameters
    ----------
    merges : ndarray of shape (n_classes - 1, 4)
        The two nodes that each step merges, the distance, and how many classes are below.

    Returns
    -------
    Dendrogram
        All classes are as deep as the largest distance.

    Examples
    --------
    >>> tree = of_linkage(np.array([[0, 1, 1.0, 2], [2, 3, 4.0, 3]]))
    >>> tree.parents, tree.depths, tree.order
    ((3, 3, 4, 4, -1), (4.0, 4.0, 4.0, 3.0, 0.0), (0, 1, 2))
    """
    n_tips = len(merges) + 1
    children = merges[:, :2].astype(int)
    parents = np.full(2 * n_tips - 1, -1)
    for step, pair in enumerate(children):
        parents[pair] = n_tips + step
    top = merges[-1, 2]
    depths = np.concatenate([np.full(n_tips, top), top - merges[:, 2]])
    return _dendrogram(parents, depths, n_tips, np.arange(n_tips, dtype=float))


def of_tree(tree: Tree, names: Sequence[str]) -> Dendrogram:
    """Return the dendrogram of a tree whose tips are these classes, with branches as long as they are.

    Where the length of a branch is not known, all count as 1.
    """
    n_nodes, n_tips = len(tree.parent), len(names)
    places = {name: place for place, name in enumerate(names)}
    # Nodes come before their children there, and behind them here.
    number = np.empty(n_nodes, dtype=int)
    inner = np.setdiff1d(np.arange(n_nodes), tree.tips)
    number[inner] = n_tips + np.arange(len(inner))[::-1]
    number[tree.tips] = [places[name] for name in tree.tip_names]
    known = bool(np.isfinite(tree.length[1:]).all())
    depth = np.zeros(n_nodes)
    parents = np.full(n_nodes, -1)
    for node in range(1, n_nodes):
        above = tree.parent[node]
        depth[node] = depth[above] + (tree.length[node] if known else 1.0)
        parents[number[node]] = number[above]
    depths = np.empty(n_nodes)
    depths[number] = depth
    written = np.empty(n_tips)
    written[number[tree.tips]] = np.arange(n_tips)
    return _dendrogram(parents, depths, n_tips, written)


def turned(tree: Dendrogram, wanted: Sequence[int]) -> Dendrogram:
    """Return a dendrogram whose branches are turned towards an order of the tips, so that fewer lines cross.

    Children of a node are put in the order of the mean place that their tips have in `wanted`.

    Examples
    --------
    >>> tree = of_linkage(np.array([[0, 1, 1.0, 2], [2, 3, 4.0, 3]]))
    >>> turned(tree, [1, 0, 2]).order
    (1, 0, 2)
    """
    places = np.empty(len(wanted))
    places[list(wanted)] = np.arange(len(wanted))
    return _dendrogram(np.array(tree.parents), np.array(tree.depths), len(wanted), places)


def _dendrogram(parents: IndexArray, depths: Float64Array, n_tips: int, places: Float64Array) -> Dendrogram:
    below: list[list[int]] = [[] for _ in parents]
    for node, parent in enumerate(parents.tolist()):
        if parent >= 0:
            below[parent].append(node)
    sums = np.concatenate([places, np.zeros(len(parents) - n_tips)])
    counts = np.concatenate([np.ones(n_tips), np.zeros(len(parents) - n_tips)])
    for node, parent in enumerate(parents.tolist()):
        if parent >= 0:
            sums[parent] += sums[node]
            counts[parent] += counts[node]
    means = sums / counts
    order: list[int] = []
    waiting = [len(parents) - 1]
    while waiting:
        node = waiting.pop()
        if node < n_tips:
            order.append(node)
        # The last of the stack comes first.
        waiting += sorted(below[node], key=lambda child: (-means[child], -child))
    return Dendrogram(parents=tuple(parents.tolist()), depths=tuple(depths.tolist()), order=tuple(order))


def renumbered(tree: Dendrogram, order: Sequence[int]) -> Dendrogram:
    """Return the same with tips numbered by their place in an order."""
    n_tips = len(order)
    number = np.arange(len(tree.parents))
    number[list(order)] = np.arange(n_tips)
    parents, depths = np.array(tree.parents), np.array(tree.depths)
    parents[:n_tips], depths[:n_tips] = parents[list(order)], depths[list(order)]
    return Dendrogram(
        parents=tuple(parents.tolist()),
        depths=tuple(depths.tolist()),
        order=tuple(number[list(tree.order)].tolist()),
    )
