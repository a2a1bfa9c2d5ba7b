"""Power of Mantel's test on a given reference, and false positives where pairs are assumed independent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr
from sklearn.utils import check_random_state

from skknn_syndrome._typing import Float64Array, IndexArray, MatrixLike
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.statistics.mantel import RandomState, all_orders, are_all_made
from skknn_syndrome.statistics.matrix_correlation import upper_triangle

LEVEL = 0.05
"""Of a test that finds something where nothing is there."""
POWER = 0.8
"""What is usually asked of a study."""
CORRELATIONS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
"""Those whose power is told."""

_BATCH = 2**22
"""Distances at a time: 32 MB."""
_ROUNDING = 1e-12


@dataclass(frozen=True)
class MantelPower:
    """How often Mantel's test finds a correlation on a reference."""

    correlations: tuple[float, ...]
    rejections: tuple[float, ...]
    """The share of simulations with p of at most 0.05 at each."""
    smallest: float | None
    """The smallest of these correlations from which on at least 80 % are found; None if there is none."""
    n_simulations: int
    n_permutations: int


@dataclass(frozen=True)
class FalsePositives:
    """How often tests find something on a reference where nothing is there."""

    naive: float
    """The share of p-values of at most 0.05 where pairs are assumed independent."""
    naive_strict: float
    """The share of at most 0.001."""
    mantel: float
    """The share of Mantel's p of at most 0.05."""
    n_simulations: int
    n_permutations: int


def power(
    reference: MatrixLike,
    n_features: int = 64,
    *,
    correlations: Sequence[float] = CORRELATIONS,
    n_simulations: int = 300,
    n_permutations: int = 499,
    random_state: RandomState = 0,
) -> MantelPower:
    r"""Simulate how often Mantel's test finds a correlation with a reference.

    Of a correlation r, visual distances are :math:`r z(G) + \sqrt{1 - r^2} z(E)`, where :math:`z(G)` are the
    reference's, standardised, and E are Euclidean distances of random points, drawn anew in each simulation.
    So r is what is expected; what is seen varies about it as it does without a correlation.

    Parameters
    ----------
    reference : array-like of shape (n_classes, n_classes)
    n_features : int, default=64
        Dimensions of the random points.
    correlations : sequence of float, default=(0.1, 0.2, ..., 0.7)
        In rising order.
    n_simulations, n_permutations : int, default=300, 499
        The standard error of a share is at most 0.03.
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    MantelPower

    Examples
    --------
    >>> line = np.arange(12.0)
    >>> found = power(abs(np.subtract.outer(line, line)), correlations=(0.1, 0.7))
    >>> found.rejections[0] < 0.5, found.smallest
    (True, 0.7)
    """
    simulated = _Simulated(reference, n_features, n_simulations, n_permutations, random_state)
    rejections = [float((simulated.p_values(r) <= LEVEL).mean()) for r in correlations]
    enough = [min(rejections[place:]) >= POWER for place in range(len(rejections))]
    return MantelPower(
        correlations=tuple(correlations),
        rejections=tuple(rejections),
        smallest=next((r for r, is_enough in zip(correlations, enough, strict=True) if is_enough), None),
        n_simulations=n_simulations,
        n_permutations=simulated.n_permutations,
    )


def naive_false_positives(
    reference: MatrixLike,
    n_features: int = 64,
    *,
    n_simulations: int = 1000,
    n_permutations: int = 499,
    random_state: RandomState = 0,
) -> FalsePositives:
    """Simulate how often tests find a correlation with a reference where there is none.

    Visual distances are those of random points. The test that assumes pairs independent finds one far too
    often: each class takes part in many pairs.

    Parameters
    ----------
    reference : array-like of shape (n_classes, n_classes)
    n_features : int, default=64
    n_simulations, n_permutations : int, default=1000, 499
    random_state : int, RandomState instance or None, default=0

    Returns
    -------
    FalsePositives

    Examples
    --------
    >>> line = np.arange(20.0)
    >>> found = naive_false_positives(abs(np.subtract.outer(line, line)))
    >>> found.naive > 0.1 > found.mantel
    True
    """
    simulated = _Simulated(reference, n_features, n_simulations, n_permutations, random_state)
    naive = naive_p_value(simulated.observed, simulated.n_pairs)
    return FalsePositives(
        naive=float((naive <= LEVEL).mean()),
        naive_strict=float((naive <= LEVEL / 50).mean()),
        mantel=float((simulated.p_values(0) <= LEVEL).mean()),
        n_simulations=n_simulations,
        n_permutations=simulated.n_permutations,
    )


def naive_p_value(correlations: Float64Array | float, n_pairs: int) -> Float64Array:
    """Return the two-sided p-value of Pearson correlations of pairs that were independent.

    Pairs of classes are not, so that it is too small, by orders of magnitude: see `naive_false_positives`.

    Parameters
    ----------
    correlations : float or ndarray
    n_pairs : int

    Returns
    -------
    ndarray

    Examples
    --------
    >>> f"{naive_p_value(0.4, 2775):.1e}"
    '3.9e-107'
    """
    r = np.asarray(correlations, dtype=np.float64)
    freedom = n_pairs - 2
    with np.errstate(divide="ignore"):  # of a correlation of 1
        t = np.abs(r) * np.sqrt(freedom / (1 - r**2))
    return np.asarray(2 * stdtr(freedom, -t))


class _Simulated:
    """Correlations of distances of random points with a reference, and with the reference permuted."""

    def __init__(
        self,
        reference: MatrixLike,
        n_features: int,
        n_simulations: int,
        n_permutations: int,
        random_state: RandomState,
    ) -> None:
        for name, number in (
            ("n_features", n_features),
            ("n_simulations", n_simulations),
            ("n_permutations", n_permutations),
        ):
            _check_positive(name, number)
        random = check_random_state(random_state)
        self._matrix = np.asarray(reference, dtype=np.float64)
        goal = _unit(upper_triangle(reference))
        n = len(self._matrix)
        self.n_pairs = len(goal)
        self._above = np.triu_indices(n, 1)
        self._exact = are_all_made(n, n_permutations)
        orders = all_orders(n) if self._exact else random.random_sample((n_permutations, n)).argsort(axis=1)
        self.n_permutations = n_permutations = len(orders)
        size = max(1, _BATCH // self.n_pairs)
        self.observed = np.empty(n_simulations)
        """Shape (n_simulations,)."""
        self._null = np.empty((n_simulations, n_permutations))
        self._own = np.empty(n_permutations)
        for some in _slices(n_simulations, size):
            drawn = self._draw(some.stop - some.start, n_features, random)
            self.observed[some] = drawn @ goal
            for part in _slices(n_permutations, size):
                permuted = self._permuted(orders[part])
                self._null[some, part] = drawn @ permuted.T
                self._own[part] = permuted @ goal

    def p_values(self, r: float) -> Float64Array:
        """Return Mantel's p of each simulation where the expected correlation is r."""
        rest = np.sqrt(1 - r**2)
        observed = r + rest * self.observed
        null = r * self._own + rest * self._null
        n_extreme = (null >= observed[:, np.newaxis] - _ROUNDING).sum(axis=1)
        own = not self._exact  # the identity is among all orders already
        return np.asarray((n_extreme + own) / (null.shape[1] + own))

    def _draw(self, size: int, n_features: int, random: np.random.RandomState) -> Float64Array:
        rows, columns = self._above
        distances = np.empty((size, self.n_pairs))
        for one in distances:
            points = random.standard_normal((len(self._matrix), n_features))
            lengths = (points**2).sum(axis=1)
            squared = lengths[rows] + lengths[columns] - 2 * (points @ points.T)[rows, columns]
            one[:] = _unit(np.sqrt(np.maximum(squared, 0)))
        return distances

    def _permuted(self, orders: IndexArray) -> Float64Array:
        rows, columns = self._above
        return _unit(self._matrix[orders[:, rows], orders[:, columns]])


def _unit(values: Float64Array) -> Float64Array:
    """Return distances, along the last axis, of mean 0 and length 1."""
    centred = values - values.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(centred, axis=-1, keepdims=True)
    if not length.all():
        raise ParameterError("all distances of the reference are the same.", code="constant_distances")
    return np.asarray(centred / length)


def _slices(total: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, total)) for start in range(0, total, size))


def _check_positive(name: str, number: int) -> None:
    if number < 1:
        raise ParameterError(
            "{given} must be at least 1.",
            code="not_positive",
            parameter=name,
            given=Argument(name, number),
        )
