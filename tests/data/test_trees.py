"""Newick and NEXUS text, distances between tips, and parts of trees."""

import numpy as np
import pytest

from skknn_syndrome.data import Tree, read_newick, read_nexus
from skknn_syndrome.errors import ReferenceDistancesError, SkknnSyndromeError
from tests.refusing import refused

FOUR = "((Unio:1,Hyria:2):0.5,(Pinna:3,Mytilus:4)95:0.25);"
"""3 from Unio to Hyria, 7 from Pinna to Mytilus, and 0.75 more than both tips from pair to pair."""


def random_newick(n_tips: int, seed: int) -> str:
    """Join two random nodes until one is left."""
    random = np.random.default_rng(seed)
    nodes = [f"tip_{number}" for number in range(n_tips)]
    while len(nodes) > 1:
        first, second = (nodes.pop(random.integers(len(nodes))) for _ in range(2))
        nodes.append(f"({first}:{random.random():.17g},{second}:{random.random():.17g})")
    return f"{nodes[0]};"


def test_paths_add_up_branches_or_count_them() -> None:
    tree = read_newick(FOUR)
    assert tree.tip_names == ("Unio", "Hyria", "Pinna", "Mytilus")
    assert tree.tip_distances().tolist() == [
        [0, 3, 4.75, 5.75],
        [3, 0, 5.75, 6.75],
        [4.75, 5.75, 0, 7],
        [5.75, 6.75, 7, 0],
    ]
    assert tree.tip_distances("edges").tolist() == [[0, 2, 4, 4], [2, 0, 4, 4], [4, 4, 0, 2], [4, 4, 2, 0]]


def test_a_part_of_a_tree_keeps_its_distances_and_has_no_unary_nodes() -> None:
    tree = read_newick(random_newick(20, seed=2))
    part = tree.of(["tip_3", "tip_17", "tip_5", "tip_11"])
    places = [tree.tip_names.index(name) for name in part.tip_names]
    assert places == sorted(places)
    assert len(part.parent) == 7
    np.testing.assert_allclose(
        part.tip_distances(), tree.tip_distances()[np.ix_(places, places)], rtol=0, atol=1e-14
    )
    assert repr(tree.of(["tip_3"])) == "Tree(1 tips, 1 nodes)"
    with refused("no_such_name", "reference"):
        tree.of(["tip_3", "tip_99"])


@pytest.mark.parametrize(
    "text, names",
    [
        ("(Papilio_machaon,Papilio_xuthus);", ["Papilio_machaon", "Papilio_xuthus"]),
        ("('Papilio machaon','O''Hara')", ["Papilio machaon", "O'Hara"]),
        ("(Papilio machaon , B\n);", ["Papilio machaon", "B"]),
        ("('(;','a[b]');", ["(;", "a[b]"]),
        ("[&R] (A[&rate=[1]][x]:[&x]1e-1,B:.5,C:+2.)AB[y];\n[end]\n", ["A", "B", "C"]),
        ("A;", ["A"]),
    ],
    ids=["underscores", "quoted", "blanks", "marks", "comments", "single"],
)
def test_names_are_taken_as_written(text: str, names: list[str]) -> None:
    assert list(read_newick(text).tip_names) == names


@pytest.mark.parametrize(
    "code, text",
    [
        ("no_tree", ""),
        ("no_tree", "A:"),
        ("unbalanced_brackets", "((A:1,B:1):1,C:1"),
        ("invalid_newick", "(A,B));"),
        ("invalid_newick", "(A,B)(C,D);"),
        ("invalid_newick", "(A;B);"),
        ("invalid_newick", "(A:1:2,B);"),
        ("invalid_newick", "(A:one,B:1);"),
        ("invalid_newick", "(A:nan,B:1);"),
        ("invalid_newick", "(A:1e999,B:1);"),
        ("invalid_newick", "('A' b,B);"),
        ("invalid_newick", "(A:1 b,B);"),
        ("invalid_newick", f"({'A ' * 600},B);"),
        ("no_name", "(A,,B);"),
        ("no_name", "();"),
        ("repeated_name", "(A,(A,B));"),
        ("several_trees", "(A,B);\n(A,B);"),
        ("open_quote", "('A,B);"),
        ("open_quote", "(A],B);"),
        ("open_comment", "(A[[x],B);"),
    ],
)
def test_what_is_no_tree_is_refused(code: str, text: str) -> None:
    with refused(code, "reference"):
        read_newick(text)


def test_the_place_of_a_fault_is_told() -> None:
    with pytest.raises(SkknnSyndromeError, match=r"^line 2, character 3: '\)' can't stand there\.$"):
        read_newick("(A:1,\nB:)")


def test_branches_without_lengths_can_be_counted() -> None:
    tree = read_newick("((A,B:1):1,C:1);")
    assert tree.tip_distances("edges").tolist() == [[0, 2, 3], [2, 0, 3], [3, 3, 0]]
    with refused("no_branch_lengths", "reference"):
        tree.tip_distances()


@pytest.mark.parametrize(
    "text, first",
    [
        ("((A,B:1):1,C);", "2 of the tree's 4, the first above 'A': "),
        ("((A:1,B:1),C:1);", "1 of the tree's 4, the first above 'A' to 'B': "),
    ],
)
def test_a_branch_without_a_length_is_named_with_what_counts_branches(text: str, first: str) -> None:
    with pytest.raises(ReferenceDistancesError, match=first) as caught:
        read_newick(text).tip_distances()
    assert str(caught.value).endswith(' or count branches by kind="edges".')
    assert caught.value.spelled(lambda argument: f"--{argument.name}").endswith(" by --edges.")


def test_nexus_names_are_translated_at_the_tips() -> None:
    tree = read_nexus(
        "#NEXUS\nBegin taxa; dimensions ntax=3; end;\n[a comment; with a tree]\nBEGIN TREES;\n\tTranslate\n"
        "\t\t1 Unio_pictorum,\n\t\t2 'Hyria x',\n\t\t3 Pinna nobilis,\n\t\t;\n;"
        "tree * TREE1=[&R] ((1[&rate=2]:1,2:2)1:0.5,3:3);\nEnd;\nbegin other; tree; end;\n"
    )
    assert tree.tip_names == ("Unio_pictorum", "Hyria x", "Pinna nobilis")
    assert tree.names[1] == "1"
    assert tree.tip_distances()[0].tolist() == [0, 3, 4.5]


@pytest.mark.parametrize(
    "code, text",
    [
        ("no_tree", "#NEXUS begin data; end;"),
        ("no_tree", "#NEXUS begin trees; end;"),
        ("no_tree", "#NEXUS begin trees; title x;"),
        ("no_tree", "#NEXUS begin trees; tree a = ; end;"),
        ("several_trees", "#NEXUS begin trees; tree a=(A,B); tree b=(A,B); end;"),
        ("repeated_name", "#NEXUS begin trees; translate 1 A, 2 A; tree a=(1,2); end;"),
    ],
)
def test_nexus_without_one_tree_is_refused(code: str, text: str) -> None:
    with refused(code, "reference"):
        read_nexus(text)


def test_deep_and_wide_trees_need_no_recursion() -> None:
    depth = 10_000
    nested = read_newick("(" * depth + "A" + ")" * depth + ";")
    assert nested.tip_distances("edges").tolist() == [[0.0]]
    assert len(nested.of(["A"]).parent) == 1
    caterpillar = read_newick("(" * 500 + "A" + "".join(f",B{number})" for number in range(500)))
    assert caterpillar.tip_distances("edges")[0].tolist() == [0, *range(2, 502)]
    assert read_newick(f"(A{'[' * depth}{']' * depth},B);").tip_names == ("A", "B")


def test_sizes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skknn_syndrome.data.rooted_tree.MOST_TIPS", 3)
    with refused("too_many"):
        read_newick(FOUR).tip_distances()
    monkeypatch.setattr("skknn_syndrome.data.trees.MOST_CHARACTERS", 3)
    with refused("too_many"):
        read_newick(FOUR)


def test_a_tree_of_arrays() -> None:
    tree = Tree(np.array([-1, 0, 0]), np.array([np.nan, 1.0, 2.0]), ("", "A", "B"))
    assert tree.tip_distances().tolist() == [[0, 3], [3, 0]]
