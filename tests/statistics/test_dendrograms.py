"""Dendrograms of distances and trees, held against cut trees and hand-made merges."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import cut_tree
from scipy.stats import spearmanr

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.data import as_reference, read_newick
from skknn_syndrome.statistics.dendrograms import (
    average_linkage,
    bakers_gamma,
    cophenetic_correlation,
    cophenetic_distances,
    reference_linkage,
    tree_linkage,
)
from skknn_syndrome.statistics.mantel import matrix_correlation, upper_triangle
from tests.data.test_trees import random_newick
from tests.statistics.test_mantel import point_distances

DATED = "((A:1,B:1):2,(C:2,D:2):1);"
"""A and B meet at 1, C and D at 2, all at 3."""


def last_numbers_of_clusters(merges: Float64Array) -> Float64Array:
    """Return, for each pair, the largest number of clusters into which it can be cut with both in one."""
    n = len(merges) + 1
    together = np.zeros((n, n))
    for n_clusters in range(1, n + 1):
        cluster = cut_tree(merges, n_clusters=[n_clusters]).ravel()
        together[cluster[:, np.newaxis] == cluster] = n_clusters
    np.fill_diagonal(together, 0)
    return upper_triangle(together)


def test_heights_of_a_tree_are_those_of_its_merges() -> None:
    tree = read_newick(DATED)
    assert tree_linkage(tree).tolist() == [[0, 1, 1, 2], [2, 3, 2, 2], [4, 5, 3, 4]]
    assert (cophenetic_distances(tree_linkage(tree)) * 2 == tree.tip_distances()).all()


def test_a_node_with_several_children_merges_them_at_one_height() -> None:
    merges = tree_linkage(read_newick("(A:1,B:2,(C:1)only:1,D:0);"))
    assert merges.tolist() == [[0, 1, 2, 2], [4, 2, 2, 3], [5, 3, 2, 4]]
    uneven = tree_linkage(read_newick("((A:1,B:5):1,C:2);"))
    assert uneven.tolist() == [[0, 1, 5, 2], [3, 2, 6, 3]]


def test_branches_are_counted_where_a_length_is_missing_and_never_lead_down() -> None:
    assert tree_linkage(read_newick("((A,B:7):1,C:1);")).tolist() == [[0, 1, 1, 2], [3, 2, 2, 3]]
    assert tree_linkage(read_newick("((A:1,B:1):-2,C:1);")).tolist() == [[0, 1, 1, 2], [3, 2, 1, 3]]
    assert tree_linkage(read_newick("A;")).shape == (0, 4)


def test_the_dendrogram_of_a_reference_is_its_own_tree_in_the_order_of_its_names() -> None:
    reference = as_reference(read_newick(DATED)).of(["D", "A", "C", "B"])
    assert reference_linkage(reference).tolist() == [[1, 3, 1, 2], [2, 0, 2, 2], [4, 5, 3, 4]]
    assert (cophenetic_distances(reference_linkage(reference)) * 2 == reference.distances).all()
    without = as_reference((reference.names, reference.distances))
    assert reference_linkage(without)[:, 2].tolist() == [2, 4, 6]  # distances, not heights


def test_bakers_gamma_compares_numbers_of_clusters() -> None:
    reference = as_reference(read_newick(random_newick(12, seed=4)))
    visual = point_distances(12, seed=5)
    ours = last_numbers_of_clusters(average_linkage(visual))
    theirs = last_numbers_of_clusters(reference_linkage(reference))
    assert bakers_gamma(visual, reference) == pytest.approx(spearmanr(ours, theirs).statistic, abs=1e-12)


def test_bakers_gamma_by_hand() -> None:
    # A-C first, then B, then D: pairs AC 3 clusters; AB, BC 2; AD, BD, CD 1. The tree: AB 3, CD 2, others 1.
    visual = np.array([[0, 2, 1, 9], [2, 0, 2, 9], [1, 2, 0, 9], [9, 9, 9, 0.0]])
    reference = as_reference(read_newick(DATED))
    ours, theirs = [4.5, 6, 2, 4.5, 2, 2], [6, 2.5, 2.5, 2.5, 2.5, 5]  # ranks of AB AC AD BC BD CD
    assert bakers_gamma(visual, reference) == pytest.approx(np.corrcoef(ours, theirs)[0, 1], abs=1e-12)
    assert bakers_gamma(reference.distances, reference) == pytest.approx(1, abs=1e-12)


def test_cophenetic_correlation_takes_paths_of_a_tree_and_clusters_a_matrix() -> None:
    reference = as_reference(read_newick(random_newick(12, seed=4)))
    visual = point_distances(12, seed=5)
    ours = cophenetic_distances(average_linkage(visual))
    assert cophenetic_correlation(visual, reference) == matrix_correlation(ours, reference.distances)
    matrix = as_reference((reference.names, reference.distances))
    theirs = cophenetic_distances(average_linkage(reference.distances))
    assert cophenetic_correlation(visual, matrix) == matrix_correlation(ours, theirs)
