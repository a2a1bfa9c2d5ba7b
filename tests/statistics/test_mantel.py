"""Mantel's test, held against SciPy, hand-computed permutations and constructed correlations."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import kendalltau, kstest, pearsonr, spearmanr

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.data import read_newick
from skknn_syndrome.statistics.mantel import (
    mantel,
    matrix_correlation,
    phylogenetic_permutations,
    upper_triangle,
)
from tests.data.test_trees import random_newick
from tests.refusing import refused

PATH = np.array([[0, 1, 3, 4], [1, 0, 2, 3], [3, 2, 0, 1], [4, 3, 1, 0.0]])
"""Distances between 0, 1, 3 and 4 on a line."""


def point_distances(n: int, seed: int, n_features: int = 3) -> Float64Array:
    """Return distances between random points."""
    points = np.random.default_rng(seed).normal(size=(n, n_features))
    return np.asarray(np.sqrt(((points[:, np.newaxis] - points) ** 2).sum(axis=2)))


def tree_distances(n: int, seed: int) -> Float64Array:
    """Return distances between the tips of a random tree, whose order says nothing."""
    return read_newick(random_newick(n, seed)).tip_distances()


def as_matrix(n: int, values: Float64Array) -> Float64Array:
    """Put values above and below the diagonal."""
    matrix = np.zeros((n, n))
    matrix[np.triu_indices(n, 1)] = values
    return matrix + matrix.T


def correlated(reference: Float64Array, r: float, seed: int) -> Float64Array:
    """Return a matrix whose correlation with another is exactly r."""
    g = upper_triangle(reference)
    g = (g - g.mean()) / g.std()
    noise = np.random.default_rng(seed).normal(size=g.size)
    noise -= noise.mean()
    noise -= (noise @ g) / (g @ g) * g
    return as_matrix(len(reference), r * g + np.sqrt(1 - r**2) * noise / noise.std())


def residuals(values: Float64Array, *nuisance: Float64Array) -> Float64Array:
    """Regress by least squares."""
    design = np.column_stack([np.ones(values.size), *nuisance])
    return np.asarray(values - design @ np.linalg.lstsq(design, values)[0])


@pytest.mark.parametrize("r", [0.4032, 0.0, 0.78])
def test_a_constructed_correlation_is_found(r: float) -> None:
    reference = tree_distances(20, seed=3)
    assert matrix_correlation(correlated(reference, r, seed=4), reference) == pytest.approx(r, abs=1e-12)


def test_correlations_are_those_of_scipy() -> None:
    A, B = point_distances(15, seed=1), np.round(point_distances(15, seed=2), 1)  # B has ties
    a, b = upper_triangle(A), upper_triangle(B)
    expected = {
        "pearson": pearsonr(a, b).statistic,
        "spearman": spearmanr(a, b).statistic,
        "kendall": kendalltau(a, b).statistic,
    }
    for method, value in expected.items():
        found = mantel(A, B, method=method, n_permutations=99, random_state=0)  # type: ignore[arg-type]
        assert found.correlation == pytest.approx(value, abs=1e-12)


def test_all_permutations_of_six_classes_give_the_exact_p() -> None:
    A, B = point_distances(6, seed=6), tree_distances(6, seed=7)
    null = np.array([matrix_correlation(A[np.ix_(order, order)], B) for order in permutations(range(6))])
    found = mantel(A, B, n_permutations=9)
    assert found.p_value == (null >= null[0] - 1e-9).mean()
    assert (found.n_permutations, found.exact) == (720, True)
    assert found.null_mean == pytest.approx(null.mean(), abs=1e-12)
    assert found.null_sd == pytest.approx(null.std(), abs=1e-12)
    assert mantel(A, B, alternative="two-sided").p_value == (abs(null) >= abs(null[0]) - 1e-9).mean()


def test_symmetries_count_as_equal_correlations() -> None:
    # Of 24 orders of points on a line only the line itself and its reversal correlate perfectly.
    for method in ("pearson", "spearman", "kendall"):
        found = mantel(PATH, PATH, method=method)
        assert found.correlation == pytest.approx(1, abs=1e-12)
        assert found.p_value == 2 / 24


def test_permutations_are_all_made_where_these_are_few() -> None:
    A, B = point_distances(7, seed=1), point_distances(7, seed=2)
    assert mantel(A, B, n_permutations=5039).n_permutations == 5040
    drawn = mantel(A, B, n_permutations=5038, random_state=0)
    assert (drawn.n_permutations, drawn.exact) == (5038, False)
    assert drawn.p_value == pytest.approx(mantel(A, B).p_value, abs=0.03)
    assert drawn == mantel(A, B, n_permutations=5038, random_state=0)


def test_the_partial_test_permutes_residuals_of_the_first_matrix() -> None:
    A, B = point_distances(5, seed=8), tree_distances(5, seed=9)
    nuisance = [point_distances(5, seed=10), np.eye(5) + point_distances(5, seed=11, n_features=1)]
    z = [upper_triangle(other) for other in nuisance]
    left = residuals(upper_triangle(B), *z)
    moved = as_matrix(5, residuals(upper_triangle(A), *z))
    null = np.array(
        [
            pearsonr(residuals(upper_triangle(moved[np.ix_(order, order)]), *z), left).statistic
            for order in permutations(range(5))
        ]
    )
    found = mantel(A, B, nuisance=nuisance)
    assert found.correlation == pytest.approx(null[0], abs=1e-12)
    assert found.p_value == (null >= null[0] - 1e-9).mean()
    again = mantel(A, B, nuisance=[*nuisance, nuisance[0]])
    assert again.correlation == pytest.approx(null[0], abs=1e-12)  # what is collinear changes nothing


def test_the_partial_correlation_is_the_textbook_s() -> None:
    A, B, C = point_distances(6, seed=8), tree_distances(6, seed=9), point_distances(6, seed=10)
    ab, ac, bc = (matrix_correlation(*pair) for pair in [(A, B), (A, C), (B, C)])
    expected = (ab - ac * bc) / np.sqrt((1 - ac**2) * (1 - bc**2))
    assert mantel(A, B, nuisance=[C]).correlation == pytest.approx(expected, abs=1e-12)


def test_p_is_uniform_where_nothing_is_there_and_the_naive_one_is_not() -> None:
    reference = tree_distances(30, seed=5)
    visual = [point_distances(30, seed) for seed in range(200)]
    p = [mantel(A, reference, n_permutations=99, random_state=0).p_value for A in visual]
    jitter = np.random.default_rng(0).uniform(0, 0.01, size=len(p))
    assert kstest(p - jitter, "uniform").pvalue > 0.01
    naive = [pearsonr(upper_triangle(A), upper_triangle(reference)).pvalue for A in visual]
    assert np.mean(np.array(p) <= 0.05) < 0.1 < np.mean(np.array(naive) <= 0.05)


def test_phylogenetic_permutations_exchange_relatives() -> None:
    distances = read_newick("(((A:1,B:1):1,(C:1,D:1):1):2,(E:1,F:1):3);").tip_distances()
    drawn = phylogenetic_permutations(distances, n_permutations=4000, random_state=0)
    assert drawn.shape == (4000, 6)
    assert (np.sort(drawn) == np.arange(6)).all()
    places = np.array([[(drawn[:, place] == tip).mean() for place in range(6)] for tip in range(6)])
    assert places[0, 1] > places[0, 2] > 0  # nearer, farther
    assert not places[:4, 4:].any()  # the most distant ones
    even = phylogenetic_permutations(distances, k=1e9, n_permutations=4000, random_state=0)
    assert (even[:, 0] == 5).mean() == pytest.approx(1 / 6, abs=0.03)
    # E and F go first or last: what is left over has to be taken, however far.
    two = phylogenetic_permutations([[0, 1], [1, 0]], n_permutations=3, random_state=0)
    assert two.tolist() == [[0, 1]] * 3


def test_a_scheme_gives_the_permutations_that_are_made() -> None:
    A, B = point_distances(8, seed=1), tree_distances(8, seed=2)
    drawn = phylogenetic_permutations(B, n_permutations=200, random_state=0)
    found = mantel(A, B, scheme=drawn)
    null = np.array(
        [pearsonr(upper_triangle(A[np.ix_(order, order)]), upper_triangle(B)).statistic for order in drawn]
    )
    assert found.p_value == ((null >= found.correlation - 1e-9).sum() + 1) / 201
    assert (found.n_permutations, found.exact) == (200, False)


def test_rounding_breaks_no_ties() -> None:
    exact = as_matrix(4, np.array([0.3, 0.3, 0.6, 0.6, 0.9, 0.9]))
    rounded = as_matrix(4, np.array([0.1 + 0.2, 0.3, 0.6, 0.1 + 0.2 + 0.3, 0.9, 0.3 * 3]))
    for method in ("spearman", "kendall"):
        assert matrix_correlation(rounded, PATH, method) == matrix_correlation(exact, PATH, method)


@pytest.mark.parametrize(
    "code, parameter, matrix",
    [
        ("not_square", "A", upper_triangle(PATH)),
        ("not_square", "A", PATH[:3]),
        ("diagonal_not_zero", "A", 1 - PATH / 4),
        ("not_symmetric", "A", np.triu(PATH)),
        ("not_finite", "A", np.where(PATH == 4, np.nan, PATH)),
        ("constant_distances", "A", 1 - np.eye(4)),
        ("different_sizes", None, np.zeros((5, 5))),
    ],
)
def test_what_is_no_distance_matrix_is_refused(
    code: str, parameter: str | None, matrix: Float64Array
) -> None:
    with refused(code, parameter):
        matrix_correlation(matrix, PATH)


def test_what_cannot_be_tested_is_refused() -> None:
    with refused("not_square", "distances"):
        upper_triangle([1, 2, 3])
    with refused("constant_distances", "B"):
        mantel(PATH, np.zeros((4, 4)))
    with refused("too_few_classes"):
        mantel([[0, 1], [1, 0]], [[0, 1], [1, 0]])
    with refused("explained_by_nuisance", "nuisance"):
        mantel(PATH, point_distances(4, seed=1), nuisance=[2 * PATH])
    with refused("partial_kendall", "method"):
        mantel(PATH, PATH, method="kendall", nuisance=[PATH])
    with refused("unknown_method", "method"):
        mantel(PATH, PATH, method="pearsons")  # type: ignore[arg-type]
    with refused("unknown_alternative", "alternative"):
        mantel(PATH, PATH, alternative="less")  # type: ignore[arg-type]
    with refused("no_permutations", "scheme"):
        mantel(PATH, PATH, scheme=np.array([[0, 1, 1, 2]]))
    with refused("too_few_permutations", "n_permutations"):
        mantel(point_distances(9, 1), point_distances(9, 2), n_permutations=0)
    with refused("k_out_of_range", "k"):
        phylogenetic_permutations(PATH, k=0.5)
