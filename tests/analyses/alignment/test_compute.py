"""Alignment: figures of small cases, and what has no correlation."""

from itertools import permutations

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.alignment import compute
from skknn_syndrome.analyses.alignment.compute import AlignmentSettings, align, class_size, same_group
from skknn_syndrome.analyses.alignment.matching import Visual
from skknn_syndrome.analyses.alignment.result import AlignmentAnalysis
from skknn_syndrome.data import as_reference, make_taxonomy_embeddings, read_newick
from skknn_syndrome.study.alignment import compare_distances
from tests.refusing import refused

NAMES = ("a", "b", "c", "d", "e")
TREE = "(((a:1,b:1):1,c:2):1,(d:1.5,e:1.5):1.5);"
QUICK = AlignmentSettings(n_permutations=99)


@pytest.fixture(autouse=True)
def few_simulations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate twenty times."""
    monkeypatch.setattr(compute, "SIMULATIONS", 20)
    monkeypatch.setattr(compute, "FEW_SIMULATIONS", 10)


def points(*places: float) -> Float64Array:
    """Return distances of points on a line."""
    return np.abs(np.subtract.outer(places, places))


def test_what_is_the_reference_correlates_perfectly() -> None:
    reference = as_reference(read_newick(TREE)).of(NAMES)
    found = align(Visual(NAMES, reference.distances), reference, QUICK)
    assert found.correlations["pearson"].estimate == pytest.approx(1)
    assert found.correlations["kendall"].estimate == pytest.approx(1)
    assert found.dendrograms.bakers_gamma == pytest.approx(1)
    assert found.exact
    # Of all orders, those that exchange a with b, and d with e, change nothing.
    assert found.correlations["pearson"].p_value == 4 / 120
    assert found.n_permutations == 120
    assert all(entry.estimate == pytest.approx(1) for entry in found.contributions)


def test_the_p_value_counts_all_permutations() -> None:
    visual, given = points(0, 1, 3, 4, 9), points(2, 0, 3, 8, 5)
    found = align(Visual(NAMES, visual), as_reference(given, NAMES), QUICK)
    above = np.triu_indices(5, 1)
    orders = [list(order) for order in permutations(range(5))]
    values = [np.corrcoef(visual[np.ix_(order, order)][above], given[above])[0, 1] for order in orders]
    observed = found.correlations["pearson"]
    assert observed.estimate == pytest.approx(values[0])
    assert observed.p_value == np.mean(np.array(values) >= values[0] - 1e-12)


def test_classes_come_in_the_order_of_the_reference() -> None:
    reference = as_reference(points(0, 5, 1, 6, 2), NAMES)
    visual = points(1, 2, 3, 4, 7)
    found = align(Visual(NAMES, visual), reference, QUICK)
    assert {*found.names[:2]} == {"b", "d"} or {*found.names[3:]} == {"b", "d"}
    for first, second, seen, given in found.pairs():
        one, other = NAMES.index(first), NAMES.index(second)
        assert (seen, given) == (visual[one, other], reference.distances[one, other])
    assert found.dendrograms.reference.order == tuple(range(5))


def test_distances_that_are_all_the_same_have_no_correlation() -> None:
    constant = 1 - np.eye(5)
    found = align(Visual(NAMES, constant), as_reference(points(0, 1, 2, 4, 8), NAMES), QUICK)
    assert {entry.estimate for entry in found.all_correlations} == {None}
    assert (found.naive, found.power, found.dendrograms.cophenetic) == (None, (), None)
    assert {entry.estimate for entry in found.contributions} == {None}


def test_a_star_has_a_correlation_and_no_dendrogram_to_compare() -> None:
    star = as_reference(read_newick("(a:1,b:2,c:3,d:4,e:5);")).of(NAMES)
    found = align(Visual(NAMES, points(0, 1, 3, 4, 9)), star, QUICK)
    assert found.correlations["pearson"].estimate is not None
    assert found.dendrograms.bakers_gamma is None


def test_differences_that_ranks_take_for_rounding_have_no_rank_correlation() -> None:
    nearly = 1 - np.eye(5) + 5e-10 * points(0, 1, 3, 4, 9)
    found = align(Visual(NAMES, nearly), as_reference(points(0, 1, 2, 4, 8), NAMES), QUICK)
    assert found.correlations["pearson"].estimate is not None
    assert found.correlations["spearman"].estimate is None


def test_what_is_wrong_otherwise_is_not_taken_for_undefined() -> None:
    with refused("too_few_permutations", "n_permutations"):
        align(
            Visual(tuple("abcdefg"), points(*range(7))),
            as_reference(points(*range(7)), list("abcdefg")),
            AlignmentSettings(n_permutations=0),
        )


def test_a_nuisance_that_explains_everything_leaves_nothing() -> None:
    given = points(0, 1, 2, 4, 8)
    found = align(
        Visual(NAMES, points(0, 1, 3, 4, 9)),
        as_reference(given, NAMES),
        QUICK,
        nuisance={"the same": given, "another": points(1, 0, 4, 2, 3)},
    )
    assert [(entry.nuisance, entry.estimate is None) for entry in found.partial] == [
        ("the same", True),
        ("another", False),
        ("all of these", True),
    ]


def test_many_classes_have_fewer_permutations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "MOST_PAIRS", 9)
    monkeypatch.setattr(compute, "FEW_PERMUTATIONS", 19)
    made = make_taxonomy_embeddings(7, n_features=3, n_tree_features=3, n_subjects=2)
    found = compare_distances(made.dataset, made.reference, projection=False).alignment
    kendall, spearman = found.correlations["kendall"], found.correlations["spearman"]
    assert (found.n_permutations, found.naive.n_simulations) == (19, 10)
    assert (kendall.p_value, kendall.n_permutations, spearman.low) == (None, 0, None)


def test_class_sizes_that_are_the_same_account_for_nothing() -> None:
    assert class_size([3, 3, 3]) is None
    assert same_group(["a", "b", "c"]) is None
    assert same_group(["a", "a", "a"]) is None


@pytest.fixture(scope="module")
def simulated() -> AlignmentAnalysis:
    """Return the alignment of eight families with a tree that they follow."""
    made = make_taxonomy_embeddings(8, n_features=16, n_tree_features=16, n_subjects=3, strength=1.0)
    found = compare_distances(made.dataset, made.reference, n_permutations=99, projection=False).alignment
    assert isinstance(found, AlignmentAnalysis)
    return found


def test_images_give_an_interval_and_a_partial_test_of_their_number(simulated: AlignmentAnalysis) -> None:
    pearson = simulated.correlations["pearson"]
    assert pearson.low is not None
    assert pearson.high is not None
    assert pearson.estimate is not None
    assert pearson.low < pearson.estimate < pearson.high
    assert [entry.nuisance for entry in simulated.partial] == ["class size"]
    assert simulated.phylogenetic is not None
    assert (simulated.distance, simulated.prototype, simulated.unit) == ("cosine", "mean", "subjects")
