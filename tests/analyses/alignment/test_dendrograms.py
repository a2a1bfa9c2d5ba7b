"""Dendrograms: from linkages and trees, turned towards another order."""

import numpy as np

from skknn_syndrome.analyses.alignment.dendrograms import of_linkage, of_tree, renumbered, turned
from skknn_syndrome.analyses.alignment.figures import heights_of
from skknn_syndrome.data.trees import read_newick
from tests.alignment_builders import COMB, FORK


def test_a_linkage_is_a_tree_whose_tips_are_level() -> None:
    found = of_linkage(np.array([[0, 1, 1.0, 2], [2, 4, 2.0, 3], [3, 5, 3.0, 4]]))
    assert found == COMB


def test_a_tree_keeps_its_lengths_and_the_order_it_is_written_in() -> None:
    tree = read_newick("((c:1,a:2):3,(b:1,d:1):0.5);")
    found = of_tree(tree, ["a", "b", "c", "d"])
    assert found.order == (2, 0, 1, 3)
    assert found.depths == (5.0, 1.5, 4.0, 1.5, 0.5, 3.0, 0.0)
    assert [found.parents[tip] for tip in range(4)] == [5, 4, 5, 4]


def test_branches_of_unknown_length_count_one() -> None:
    assert of_tree(read_newick("((a,b),c);"), ["a", "b", "c"]).depths == (2.0, 2.0, 1.0, 1.0, 0.0)


def test_turning_moves_no_tip_to_another_branch() -> None:
    found = turned(FORK, [3, 2, 1, 0])
    assert found.order == (3, 1, 2, 0)
    assert found.parents == FORK.parents


def test_renumbering_names_tips_by_their_place() -> None:
    found = renumbered(FORK, [3, 2, 1, 0])
    assert found.order == (3, 1, 2, 0)
    assert [found.parents[tip] for tip in range(4)] == [FORK.parents[tip] for tip in (3, 2, 1, 0)]


def test_a_node_lies_half_way_between_its_outer_children() -> None:
    assert heights_of(COMB) == [0.0, 1.0, 2.0, 3.0, 0.5, 1.25, 2.125]
