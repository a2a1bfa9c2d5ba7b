"""Mantel's test of two distance matrices: simple, partial, and with phylogenetic permutations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import factorial
from typing import Literal, TypeAlias

import numpy as np
from sklearn.utils import check_random_state

from skknn_syndrome._typing import Float64Array, IndexArray, MatrixLike
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.statistics.matrix_correlation import (
    CorrelationMethod,
    MatrixPair,
    check_choice,
    square_matrix,
)
from skknn_syndrome.statistics.matrix_correlation import matrix_correlation as matrix_correlation
from skknn_syndrome.statistics.matrix_correlation import upper_triangle as upper_triangle

Alternative: TypeAlias = Literal["greater", "two-sided"]
RandomState: TypeAlias = "int | np.random.RandomState | None"

ALTERNATIVES = ("greater", "two-sided")
ALWAYS_EXACT = 6
"""Classes up to which all permutations are made, 720 at most, whatever their number is to be."""

_BATCH = 2**21
"""Distances that are permuted at a time: 16 MB."""
_ROUNDING = 1e-12
"""What correlations may differ by that are the same."""


@dataclass(frozen=True)
class MantelResult:
    """A correlation between two distance matrices, and where it lies among those of permuted classes."""

    correlation: float
    p_value: float
    n_permutations: int
    """The identity counts where all were made (`exact`), and not where they were drawn."""
    exact: bool
    null_mean: float
    """Of the correlations of permuted classes, as is the next."""
    null_sd: float


def mantel(
    A: MatrixLike,
    B: MatrixLike,
    *,
    method: CorrelationMethod = "pearson",
    n_permutations: int = 9999,
    random_state: RandomState = None,
    alternative: Alternative = "greater",
    nuisance: Sequence[MatrixLike] = (),
    scheme: IndexArray | None = None,
) -> MantelResult:
    r"""Test whether two distance matrices are correlated, by permuting the classes of the first [1]_.

    The pairs of n classes are not independent: each class takes part in n - 1 of them. So classes are
    permuted, rows and columns together. With b permutations of m whose correlation is at least the observed
    one, :math:`p = (b + 1) / (m + 1)`; where all :math:`m = n!` are made, which they are if that is no more
    than `n_permutations` + 1 or n is at most 6, :math:`p = b / m` is exact.

    **Nuisance matrices** make it a partial test: A and B are both taken as residuals of a linear regression
    on these. What is permuted are the residuals of A, which are added to its fit again and regressed anew.
    Of four ways to permute this is the one that Legendre found to keep its level throughout, unless few
    classes meet very skewed distances; permuted raw distances do not where a nuisance matrix has outliers
    [2]_. Spearman's takes ranks before the regression.

    Under the null hypothesis all orders of the classes are as likely. Where both matrices follow a third
    structure, such as where the classes live, or their phylogeny where neither matrix is made of it, they
    are not: p is then too small, and a partial test helps only in part [3]_. See `phylogenetic_permutations`.

    Parameters
    ----------
    A, B : array-like of shape (n_classes, n_classes)
        As in `matrix_correlation`.
    method : {"pearson", "spearman", "kendall"}, default="pearson"
        Kendall's takes about thirty times as long, and no nuisance.
    n_permutations : int, default=9999
        How many to draw.
    random_state : int, RandomState instance or None, default=None
    alternative : {"greater", "two-sided"}, default="greater"
        Whether small correlations speak against chance too.
    nuisance : sequence of array-like of shape (n_classes, n_classes), default=()
        Symmetric; what is on their diagonals does not matter.
    scheme : ndarray of shape (n_permutations, n_classes), optional
        The permutations to be made, instead of drawn ones that are all as likely.

    Returns
    -------
    MantelResult

    Raises
    ------
    ParameterError
        As `matrix_correlation`; or if nuisance matrices explain one of the two, or leave no freedom.

    References
    ----------
    .. [1] N. Mantel, "The detection of disease clustering and a generalized regression approach", Cancer
       Research 27, 1967, 209-220.
    .. [2] P. Legendre, "Comparison of permutation methods for the partial correlation and partial Mantel
       tests", Journal of Statistical Computation and Simulation 67, 2000, 37-73.
       doi:10.1080/00949650008812035
    .. [3] G. Guillot and F. Rousset, "Dismantling the Mantel tests", Methods in Ecology and Evolution 4,
       2013, 336-344. doi:10.1111/2041-210x.12018

    Examples
    --------
    >>> place = np.arange(5.0)
    >>> A = abs(place[:, np.newaxis] - place)
    >>> result = mantel(A, A**2)
    >>> result.p_value == 2 / 120, result.exact  # the identity, and the other direction
    (True, True)
    """
    check_choice("alternative", alternative, ALTERNATIVES)
    pair = MatrixPair(A, B, method, nuisance)
    exact = scheme is None and are_all_made(pair.n, n_permutations)
    size = max(1, _BATCH // pair.n_pairs)
    if scheme is not None:
        batches = _in_batches(_as_permutations(scheme, pair.n), size)
    elif exact:
        batches = _in_batches(all_orders(pair.n), size)
    else:
        random = check_random_state(random_state)
        batches = (random.random_sample((k, pair.n)).argsort(axis=1) for k in _sizes(n_permutations, size))
    null = np.concatenate([pair.permuted(batch) for batch in batches])
    size_of = np.abs if alternative == "two-sided" else np.asarray
    extreme = size_of(null) >= size_of(pair.observed) - _ROUNDING
    own = not exact  # the identity is among all permutations already
    return MantelResult(
        correlation=pair.observed,
        p_value=float((extreme.sum() + own) / (len(null) + own)),
        n_permutations=len(null),
        exact=exact,
        null_mean=float(null.mean()),
        null_sd=float(null.std()),
    )


def phylogenetic_permutations(
    distances: MatrixLike, *, k: float = 1.0, n_permutations: int = 9999, random_state: RandomState = None
) -> IndexArray:
    r"""Draw permutations in which close relatives change places more often, for the `scheme` of `mantel`.

    Class i goes to the place of class j with a probability proportional to

    .. math:: k - d_{ij} / \max d

    among the places that are free, class after class in a random order [1]_. At k = 1, as Harmon and Glor
    took it [2]_, the most distant classes never change places; as k grows all permutations become as likely.

    **The null hypothesis is not Mantel's**: it says that the first matrix tells no more of the second than
    it would if classes were exchanged with their relatives, the nearer the more often. Where the second
    matrix is made of the tree itself, permuted classes still correlate with it: what is tested is whether the
    first follows the tree among close relatives too, with less power. For two matrices that both follow the
    tree, and neither of which is made of it, there are fewer false positives, and still far too many: the
    tree's distances as a `nuisance` leave fewer (docs/distance_tests.md).

    Parameters
    ----------
    distances : array-like of shape (n_classes, n_classes)
        Between the tips of the tree.
    k : float, default=1.0
        1 or more.
    n_permutations : int, default=9999
    random_state : int, RandomState instance or None, default=None

    Returns
    -------
    ndarray of shape (n_permutations, n_classes)
        The class that stands in the place of each.

    References
    ----------
    .. [1] F.-J. Lapointe and T. Garland, "A generalized permutation model for the analysis of cross-species
       data", Journal of Classification 18, 2001, 109-127. doi:10.1007/s00357-001-0007-0
    .. [2] L. J. Harmon and R. E. Glor, "Poor statistical performance of the Mantel test in phylogenetic
       comparative analyses", Evolution 64, 2010, 2173-2178. doi:10.1111/j.1558-5646.2010.00973.x

    Examples
    --------
    >>> two_pairs = [[0, 1, 9, 9], [1, 0, 9, 9], [9, 9, 0, 1], [9, 9, 1, 0]]
    >>> drawn = phylogenetic_permutations(two_pairs, n_permutations=100, random_state=0)
    >>> np.unique(drawn[:, 0]).tolist()
    [0, 1]
    """
    matrix = square_matrix(distances, "distances")
    if not np.isfinite(k) or k < 1:
        raise ParameterError(
            "{k} must be a number of at least 1.", code="k_out_of_range", parameter="k", k=Argument("k", k)
        )
    random = check_random_state(random_state)
    weights = k - matrix / (matrix.max() or 1)
    sizes = _sizes(n_permutations, max(1, _BATCH // len(matrix)))
    return np.concatenate([_draw_weighted(weights, size, random) for size in sizes])


def _draw_weighted(weights: Float64Array, size: int, random: np.random.RandomState) -> IndexArray:
    drawn = np.empty((size, len(weights)), dtype=np.intp)
    free = np.ones((size, len(weights)), dtype=bool)
    rows = np.arange(size)
    for movers in random.random_sample((size, len(weights))).argsort(axis=1).T:
        chances = weights[movers] * free
        # Where only the most distant places are left, one of these it has to be.
        stuck = ~chances.any(axis=1)
        chances[stuck] = free[stuck]
        reached = chances.cumsum(axis=1)
        places = (reached > reached[:, -1:] * random.random_sample((size, 1))).argmax(axis=1)
        drawn[rows, places] = movers
        free[rows, places] = False
    return drawn


def _as_permutations(scheme: IndexArray, n_classes: int) -> IndexArray:
    found = np.asarray(scheme)
    if found.ndim != 2 or not len(found) or not (np.sort(found) == np.arange(n_classes)).all():  # noqa: PLR2004
        raise ParameterError(
            f"scheme must hold permutations of {n_classes} classes, one a row.",
            code="no_permutations",
            parameter="scheme",
        )
    return found


def _in_batches(rows: IndexArray, size: int) -> Iterator[IndexArray]:
    yield from (rows[start : start + size] for start in range(0, len(rows), size))


def are_all_made(n_classes: int, n_permutations: int) -> bool:
    """Return whether all permutations are made, for there are few, or no more than are asked for."""
    return n_classes <= ALWAYS_EXACT or factorial(n_classes) <= n_permutations + 1


def all_orders(n_classes: int) -> IndexArray:
    """Return all permutations of so many classes, the identity first.

    Examples
    --------
    >>> all_orders(2).tolist()
    [[0, 1], [1, 0]]
    """
    return np.array([*permutations(range(n_classes))], dtype=np.intp)


def _sizes(n_permutations: int, size: int) -> list[int]:
    """Return the sizes of batches."""
    if n_permutations < 1:
        raise ParameterError(
            "{n_permutations} must be at least 1.",
            code="too_few_permutations",
            parameter="n_permutations",
            n_permutations=Argument("n_permutations", n_permutations),
        )
    return [min(size, n_permutations - start) for start in range(0, n_permutations, size)]
