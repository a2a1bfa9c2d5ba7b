"""Trees of a forest as arrays, and back: checked, for the compiled code that walks them checks nothing."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.tree._tree import NODE_DTYPE, Tree

from skknn_syndrome.model.archive import broken

_LEAF = -1


def write_tree(tree: Tree) -> dict[str, Any]:
    """Return a tree as plain values and arrays.

    Parameters
    ----------
    tree : sklearn.tree._tree.Tree

    Returns
    -------
    dict
    """
    _, (n_features, n_classes, n_outputs), state = tree.__reduce__()
    return {
        "n_features": int(n_features),
        "n_classes": np.asarray(n_classes),
        "n_outputs": int(n_outputs),
        "max_depth": int(state["max_depth"]),
        "nodes": state["nodes"],
        "values": state["values"],
    }


def read_tree(written: Mapping[str, Any]) -> Tree:
    """Return the tree again.

    Parameters
    ----------
    written : mapping
        As `write_tree` returns it, of unknown origin.

    Raises
    ------
    ModelFileError
        It is no tree: a walk from its root would leave it, or go on for ever.
    """
    nodes, values = written["nodes"], written["values"]
    n_features, n_classes = written["n_features"], written["n_classes"]
    shape = (len(nodes), 1, int(np.max(n_classes)))
    if (
        nodes.dtype != NODE_DTYPE
        or nodes.ndim != 1
        or values.dtype != np.float64
        or values.shape != shape
        or n_classes.shape != (1,)
        or n_classes.dtype != np.intp
        or written["n_outputs"] != 1
    ):
        raise broken("Its forest has a tree of another kind")
    _check_walks(nodes, n_features)
    tree = Tree(n_features, n_classes, 1)
    tree.__setstate__(
        {
            "max_depth": written["max_depth"],
            "node_count": len(nodes),
            "nodes": np.ascontiguousarray(nodes),
            "values": np.ascontiguousarray(values),
        }
    )
    return tree


def _check_walks(nodes: NDArray[Any], n_features: int) -> None:
    """Refuse trees in which a child does not come after its parent, or that ask for a feature too many."""
    left, right = nodes["left_child"], nodes["right_child"]
    inner = left != _LEAF
    place = np.arange(len(nodes))
    forward = (left > place) & (left < len(nodes)) & (right > place) & (right < len(nodes))
    known = (nodes["feature"] >= 0) & (nodes["feature"] < n_features)
    if not len(nodes) or not (forward & known)[inner].all() or not (right == _LEAF)[~inner].all():
        raise broken("Its forest has a tree that leads nowhere")
