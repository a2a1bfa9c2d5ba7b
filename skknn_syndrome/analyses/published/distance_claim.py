"""A published correlation of visual and genetic distances: diagonal, dependent pairs, training target."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import stdtrit

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.published.protocols import packaged_figures
from skknn_syndrome.analyses.published.result import ClaimFinding, DistanceClaim
from skknn_syndrome.data.reference import ReferenceDistances
from skknn_syndrome.errors import ReferenceDistancesError
from skknn_syndrome.statistics.mantel import mantel, upper_triangle
from skknn_syndrome.statistics.mantel_power import naive_false_positives

SOURCE: Final = "bivalve-families"
"""Whose figures: ResNet50 features of shells, pooled by learned attention, against distances of families."""

N_FEATURES = 64
"""Of random vectors, where nothing is there."""
FEWEST_CLASSES = 10
"""Below, permutations of the classes tell next to nothing."""
N_FAMILIES, END_OF_FAMILY = 74, "idae"
"""How many families the source has, and how the name of a family of animals ends."""
N_MATRICES = 200
"""Random matrices behind each mean."""


def review_claim(reference: ReferenceDistances, random_state: int = 0) -> DistanceClaim:
    """Take the published correlation with a reference apart.

    Parameters
    ----------
    reference : ReferenceDistances
        The distances between families that the source had, or others.
    random_state : int, default=0

    Returns
    -------
    DistanceClaim

    Raises
    ------
    ReferenceDistancesError
        If there are fewer than 10 classes, or all their distances are the same.

    Examples
    --------
    >>> from skknn_syndrome.data import as_reference
    >>> line = abs(np.subtract.outer(np.arange(12.0), np.arange(12.0)))
    >>> claim = review_claim(as_reference(line, [f"family {number}" for number in range(12)]))
    >>> claim.findings[0].message
    '12 classes have 66 pairs. 2,775 counts the 74 cells of a diagonal among those of 74.'
    """
    n_classes = len(reference.names)
    if n_classes < FEWEST_CLASSES or not np.ptp(upper_triangle(reference.distances)):
        raise ReferenceDistancesError(
            f"the correlation is taken apart on {FEWEST_CLASSES} classes or more, whose distances differ.",
            code="too_few_distances",
            parameter="reference",
        )
    claim = _Claim(reference, random_state)
    return DistanceClaim(
        source=SOURCE,
        reference=reference.source,
        n_classes=n_classes,
        findings=(
            claim.pairs(),
            claim.diagonal(),
            claim.independence(),
            claim.p_value(),
            claim.training_target(),
            claim.weighted_errors(),
        ),
        other_reference=_other_reference(reference.names),
    )


def _other_reference(names: Sequence[str]) -> str:
    if len(names) == N_FAMILIES and all(name.casefold().endswith(END_OF_FAMILY) for name in names):
        return ""
    return (
        f"Warning: these {len(names):,} names are not those of the source's {N_FAMILIES} families "
        f"(-{END_OF_FAMILY}): the figures are of another reference than the source's."
    )


class _Claim:
    def __init__(self, reference: ReferenceDistances, random_state: int) -> None:
        figures = {figure.score: figure.value for figure in packaged_figures() if figure.source == SOURCE}
        self.r, self.p = figures["pearson_r"], figures["p_value"]
        self.n_cells = round(figures["n_pairs"])
        self.r_of_errors = figures["pearson_r_of_weighted_errors"]
        self.matrix = reference.distances
        self.n = len(self.matrix)
        self.above = upper_triangle(self.matrix)
        self.seed = random_state

    @property
    def exact_r(self) -> float:
        """The correlation that the published p is of: it has more digits than the published one."""
        freedom = self.n_cells - 2
        t = -stdtrit(freedom, self.p / 2)
        return float(t / np.sqrt(freedom + t**2))

    def pairs(self) -> ClaimFinding:
        n_diagonal = round((np.sqrt(8 * self.n_cells + 1) - 1) / 2)
        return ClaimFinding(
            check="pairs",
            title="Pairs of different classes",
            published=self.n_cells,
            on_reference=len(self.above),
            message=f"{self.n} classes have {len(self.above):,} pairs. {self.n_cells:,} counts the "
            f"{n_diagonal} cells of a diagonal among those of {n_diagonal}.",
        )

    def diagonal(self) -> ClaimFinding:
        cells = np.triu_indices(self.n)
        random = np.random.default_rng(self.seed)
        drawn = [_cosine_distances(random.standard_normal((self.n, N_FEATURES))) for _ in range(N_MATRICES)]
        unrelated = [_r(visual[cells], self.matrix[cells]) for visual in drawn]
        # With spreads s = sd/mean of distances and the diagonal's share f of all cells, r off the diagonal
        # becomes (r s1 s2 + f) / sqrt((s1^2 + f) (s2^2 + f)).
        spread, other = (_spread(values) for values in (self.above, upper_triangle(drawn[0])))
        share = self.n / (self.n + len(self.above))
        limit = np.sqrt(share / (share + spread**2))
        length = np.sqrt((spread**2 + share) * (other**2 + share))
        without = (self.r * length - share) / (spread * other)
        return ClaimFinding(
            check="diagonal",
            title="r from the diagonal alone",
            published=self.r,
            on_reference=float(np.mean(unrelated)),
            message=f"With the zeros of both diagonals counted in, cosine distances of random points "
            f"({N_FEATURES} features) correlate with the reference at {np.mean(unrelated):.2f} on average; "
            f"the more even visual distances are, the nearer to {limit:.2f}. Without it they correlate at 0, "
            f"and an r of {self.r:g} with the diagonal is one of {without:.2f} without, for such distances.",
        )

    def independence(self) -> ClaimFinding:
        found = naive_false_positives(self.matrix, N_FEATURES, random_state=self.seed)
        return ClaimFinding(
            check="independence",
            title="False positives, pairs assumed independent",
            published=0.05,
            on_reference=found.naive,
            message=f"Of {found.n_simulations:,} unrelated matrices {_percent(found.naive)} have p <= "
            f"0.05 and {_percent(found.naive_strict)} p <= 0.001 where pairs are assumed independent; by "
            f"Mantel's test {_percent(found.mantel)} have p <= 0.05.",
        )

    def p_value(self) -> ClaimFinding:
        test = mantel(self._correlated(), self.matrix, random_state=self.seed)
        pairs = 1 + 1 / test.null_sd**2
        return ClaimFinding(
            check="p_value",
            title="p by Mantel's test",
            published=self.p,
            on_reference=test.p_value,
            message=f"p = {self.p:g} is that of r = {self.exact_r:.4f} in {self.n_cells:,} independent "
            f"pairs. With classes permuted, r has a standard deviation of {test.null_sd:.3f}, as in "
            f"{pairs:,.0f} independent pairs. Off the diagonal, and not trained for, such an r would have "
            f"p = {test.p_value:.4g} ({test.n_permutations:,} permutations).",
        )

    def training_target(self) -> ClaimFinding:
        random = np.random.default_rng(self.seed)
        fits = {d: self._fitted_r(random.standard_normal((self.n, d))) for d in (N_FEATURES, self.n)}
        return ClaimFinding(
            check="training_target",
            title="r from training alone",
            published=self.r,
            on_reference=fits[N_FEATURES],
            message="The reference was the target of the training, and r is of the pairs trained on. Random "
            f"vectors with {N_FEATURES} features, projected linearly to fit it, reach "
            f"{fits[N_FEATURES]:.2f}, with as many features as classes or more {fits[self.n]:.2f}. Only "
            "pairs of classes left out of the training tell something.",
        )

    def weighted_errors(self) -> ClaimFinding:
        random = np.random.default_rng(self.seed)
        orders = [random.permutation(self.n) for _ in range(N_MATRICES)]
        target = np.triu(self.matrix).ravel()
        shuffled = (np.triu(self.matrix[np.ix_(order, order)]).ravel() for order in orders)
        unrelated = [_r(target, np.abs(target - visual) * target) for visual in shuffled]
        return ClaimFinding(
            check="weighted_errors",
            title="r of weighted errors, classes shuffled",
            published=self.r_of_errors,
            on_reference=float(np.mean(unrelated)),
            message="The notebook correlates the reference with |reference - visual| x reference, over all "
            "cells of two matrices whose lower triangles are zeros. The reference stands on both sides: "
            f"where visual distances are its own with classes shuffled, r is {np.mean(unrelated):.2f} "
            f"({min(unrelated):.2f} to {max(unrelated):.2f}).",
        )

    def _correlated(self) -> Float64Array:
        """Return distances that correlate with the reference as published, off the diagonal."""
        goal = _standardised(self.above)
        points = np.random.default_rng(self.seed).standard_normal((self.n, N_FEATURES))
        noise = _standardised(upper_triangle(_euclidean_distances(points)))
        noise = _standardised(noise - (noise @ goal) / (goal @ goal) * goal)
        matrix = np.zeros_like(self.matrix)
        matrix[np.triu_indices(self.n, 1)] = self.exact_r * goal + np.sqrt(1 - self.exact_r**2) * noise
        return matrix + matrix.T

    def _fitted_r(self, features: Float64Array) -> float:
        """Fit features by least squares to the principal coordinates of the reference, and correlate."""
        centring = np.eye(self.n) - 1 / self.n
        sizes, axes = np.linalg.eigh(-centring @ self.matrix**2 @ centring / 2)
        coordinates = axes * np.sqrt(np.maximum(sizes, 0))
        weights = np.linalg.lstsq(centring @ features, coordinates)[0]
        return _r(upper_triangle(_euclidean_distances(centring @ features @ weights)), self.above)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _cosine_distances(points: Float64Array) -> Float64Array:
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    distances = np.asarray(1 - unit @ unit.T)
    np.fill_diagonal(distances, 0)
    return np.asarray((distances + distances.T) / 2)


def _spread(values: Float64Array) -> float:
    return float(values.std() / values.mean())


def _euclidean_distances(points: Float64Array) -> Float64Array:
    return np.asarray(np.sqrt(((points[:, np.newaxis] - points) ** 2).sum(axis=2)))


def _standardised(values: Float64Array) -> Float64Array:
    return np.asarray((values - values.mean()) / values.std())


def _r(first: Float64Array, second: Float64Array) -> float:
    return float(np.corrcoef(first, second)[0, 1])
