"""Dendrograms of distances between classes, and how far two of them agree."""

import numpy as np
from scipy.cluster.hierarchy import cophenet, linkage
from scipy.spatial.distance import squareform

from skknn_syndrome._typing import Float64Array, MatrixLike
from skknn_syndrome.data.reference import ReferenceDistances
from skknn_syndrome.data.rooted_tree import Tree
from skknn_syndrome.statistics.matrix_correlation import matrix_correlation, upper_triangle


def average_linkage(distances: MatrixLike) -> Float64Array:
    """Cluster classes by average linkage (UPGMA).

    Parameters
    ----------
    distances : array-like of shape (n_classes, n_classes)

    Returns
    -------
    ndarray of shape (n_classes - 1, 4)
        As SciPy's `linkage` has it: which two clusters are merged, at what height, to how many classes.

    Examples
    --------
    >>> average_linkage([[0, 1, 4], [1, 0, 6], [4, 6, 0]]).tolist()
    [[0.0, 1.0, 1.0, 2.0], [2.0, 3.0, 5.0, 3.0]]
    """
    return np.asarray(linkage(upper_triangle(distances), "average"))


def tree_linkage(tree: Tree) -> Float64Array:
    """Return the merges of a tree from its tips upwards, to be drawn and compared as a dendrogram.

    The height of a node is the distance to the farthest tip below it: of a dated tree, its age. Branches are
    counted where not all have a length; one of negative length counts as 0. A node with several children
    merges them one after the other at one height.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    ndarray of shape (n_tips - 1, 4)
        As in `average_linkage`, of the tips in the tree's order.

    Examples
    --------
    >>> from skknn_syndrome.data import read_newick
    >>> tree_linkage(read_newick("((Unio:1,Hyria:1):2,Pinna:3);")).tolist()
    [[0.0, 1.0, 1.0, 2.0], [3.0, 2.0, 3.0, 3.0]]
    """
    known = not np.isnan(tree.length[1:]).any()
    length = np.maximum(tree.length, 0) if known else np.ones(len(tree.parent))
    height = np.zeros(len(tree.parent))
    children: list[list[int]] = [[] for _ in tree.parent]
    for node in range(len(height) - 1, 0, -1):
        above = tree.parent[node]
        height[above] = max(height[above], height[node] + length[node])
        children[above].insert(0, node)
    cluster = dict(zip(tree.tips.tolist(), range(len(tree.tips)), strict=True))
    size = [1] * len(tree.tips)
    merges: list[tuple[int, int, float, int]] = []
    # The highest come last, and of two at one height the one above, whose number is lower.
    for node in sorted(range(len(height)), key=lambda node: (height[node], -node)):
        for child in children[node]:
            if node in cluster:
                pair = cluster[node], cluster[child]
                size.append(size[pair[0]] + size[pair[1]])
                merges.append((*pair, height[node], size[-1]))
                cluster[node] = len(size) - 1
            else:
                cluster[node] = cluster[child]
    return np.array(merges, dtype=np.float64).reshape(-1, 4)


def reference_linkage(reference: ReferenceDistances) -> Float64Array:
    """Return the dendrogram of a reference, in the order of its names: its own tree, else by average linkage.

    Examples
    --------
    >>> from skknn_syndrome.data import as_reference
    >>> reference = as_reference([[0, 4, 1], [4, 0, 6], [1, 6, 0]], ["Unio", "Pinna", "Hyria"])
    >>> reference_linkage(reference).tolist()
    [[0.0, 2.0, 1.0, 2.0], [1.0, 3.0, 5.0, 3.0]]
    """
    if reference.tree is None:
        return average_linkage(reference.distances)
    merges = tree_linkage(reference.tree)
    places = {name: place for place, name in enumerate(reference.names)}
    order = [places[name] for name in reference.tree.tip_names]
    renumbered = np.array([*order, *range(len(order), 2 * len(order))])
    merges[:, :2] = renumbered[merges[:, :2].astype(np.intp)]
    return merges


def cophenetic_distances(merges: Float64Array) -> Float64Array:
    """Return the height at which any two classes are first in one cluster.

    Examples
    --------
    >>> cophenetic_distances(average_linkage([[0, 1, 4], [1, 0, 6], [4, 6, 0]])).tolist()
    [[0.0, 1.0, 5.0], [1.0, 0.0, 5.0], [5.0, 5.0, 0.0]]
    """
    return np.asarray(squareform(cophenet(merges)))


def cophenetic_correlation(distances: MatrixLike, reference: ReferenceDistances) -> float:
    """Correlate the cophenetic distances of two dendrograms [1]_.

    Parameters
    ----------
    distances : array-like of shape (n_classes, n_classes)
        In the order of the reference's names; clustered by average linkage.
    reference : ReferenceDistances
        Where it has a tree, the distances are those of its paths; else its dendrogram is made likewise.

    Returns
    -------
    float
        Pearson's.

    References
    ----------
    .. [1] R. R. Sokal and F. J. Rohlf, "The comparison of dendrograms by objective methods", Taxon 11, 1962,
       33-40. doi:10.2307/1217208

    Examples
    --------
    >>> from skknn_syndrome.data import as_reference
    >>> reference = as_reference([[0, 1, 4], [1, 0, 6], [4, 6, 0]], ["Unio", "Hyria", "Pinna"])
    >>> round(cophenetic_correlation(reference.distances, reference), 3)
    1.0
    """
    theirs = reference.distances
    if reference.tree is None:
        theirs = cophenetic_distances(average_linkage(theirs))
    return matrix_correlation(cophenetic_distances(average_linkage(distances)), theirs)


def bakers_gamma(distances: MatrixLike, reference: ReferenceDistances) -> float:
    """Correlate the order in which classes are merged in two dendrograms: Baker's gamma [1]_.

    It is Spearman's correlation, over all pairs of classes, of the largest number of clusters into which a
    dendrogram can be cut so that both are in one. That number falls as the height of their merge rises, so
    that heights have the same ranks.

    Parameters
    ----------
    distances : array-like of shape (n_classes, n_classes)
        In the order of the reference's names; clustered by average linkage.
    reference : ReferenceDistances
        Its own tree is taken where it has one.

    Returns
    -------
    float

    References
    ----------
    .. [1] F. B. Baker, "Stability of two hierarchical grouping techniques", Journal of the American
       Statistical Association 69, 1974, 440-445. doi:10.1080/01621459.1974.10482971

    Examples
    --------
    >>> from skknn_syndrome.data import as_reference
    >>> names = ["Unio", "Hyria", "Pinna", "Mytilus"]
    >>> line = abs(np.subtract.outer([0, 1, 3, 7], [0, 1, 3, 7]))
    >>> bakers_gamma(line**2, as_reference(line, names))
    1.0
    """
    ours, theirs = average_linkage(distances), reference_linkage(reference)
    return matrix_correlation(cophenetic_distances(ours), cophenetic_distances(theirs), "spearman")
