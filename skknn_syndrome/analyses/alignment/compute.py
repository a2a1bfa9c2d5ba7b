"""Alignment of visual with reference distances: correlations, tests, power, contributions, dendrograms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, cast

import numpy as np
from scipy.stats import pearsonr

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.analyses.alignment.dendrograms import of_linkage, of_tree, renumbered, turned
from skknn_syndrome.analyses.alignment.matching import ImagesOf, Visual, leftovers_of
from skknn_syndrome.analyses.alignment.result import (
    AlignmentAnalysis,
    ClassContribution,
    Dendrogram,
    Dendrograms,
    Leftovers,
    Method,
    NaiveTest,
    PairCorrelation,
    PartialCorrelation,
    PhylogeneticTest,
    PowerPoint,
)
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.study_run import DatasetRun
from skknn_syndrome.data.reference import ReferenceDistances
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.questions import Description
from skknn_syndrome.results.verdicts import ROUNDING
from skknn_syndrome.statistics.class_distances import OF_PAIRS, correlation_interval
from skknn_syndrome.statistics.dendrograms import average_linkage, bakers_gamma, cophenetic_correlation
from skknn_syndrome.statistics.mantel import (
    Alternative,
    MantelResult,
    mantel,
    matrix_correlation,
    phylogenetic_permutations,
    upper_triangle,
)
from skknn_syndrome.statistics.mantel_power import naive_false_positives
from skknn_syndrome.statistics.mantel_power import power as simulate_power
from skknn_syndrome.statistics.matrix_correlation import ranks

METHODS: Final[tuple[Method, ...]] = ("pearson", "spearman", "kendall")
MOST_PAIRS: Final = 20_000
"""Pairs, those of 200 classes, above which there are fewer permutations and simulations."""
PERMUTATIONS: Final = 9_999
FEW_PERMUTATIONS: Final = 999
"""Of more pairs, and of Kendall's tau, which takes longest."""
SIMULATIONS: Final = 1_000
FEW_SIMULATIONS: Final = 200
PHYLOGENETIC_K: Final = 1.0
FEATURES: Final = 64
"""Of the random points of simulations, where nobody knows how long vectors are."""
Found = TypeVar("Found")

_UNDEFINED: Final = frozenset({"constant_distances", "explained_by_nuisance"})
"""Codes of what has no correlation, and is no fault of whoever asks."""


@dataclass(frozen=True, kw_only=True)
class AlignmentSettings:
    """How an alignment is made."""

    alternative: Alternative = "greater"
    n_permutations: int | None = None
    """None for as many as so many classes allow in seconds."""
    random_state: int | None = 0

    def permutations_of(self, n_classes: int) -> int:
        """Return how many permutations there are of so many classes."""
        if self.n_permutations is not None:
            return self.n_permutations
        return PERMUTATIONS if pairs_of(n_classes) <= MOST_PAIRS else FEW_PERMUTATIONS


def pairs_of(n_classes: int) -> int:
    """Return how many pairs so many classes have."""
    return n_classes * (n_classes - 1) // 2


def align(
    visual: Visual,
    reference: ReferenceDistances,
    settings: AlignmentSettings,
    *,
    nuisance: Mapping[str, Float64Array] | None = None,
    leftovers: Leftovers | None = None,
) -> AlignmentAnalysis:
    """Compare visual with reference distances.

    Parameters
    ----------
    visual : Visual
    reference : ReferenceDistances
        Of the same classes, in the same order.
    settings : AlignmentSettings
    nuisance : mapping of str to ndarray of shape (n_classes, n_classes), optional
        Further distances that may account for the correlation, by what they are called.
    leftovers : Leftovers, optional
        Classes that one of the two lacks.

    Returns
    -------
    AlignmentAnalysis
        Its classes in the order of the reference's dendrogram.
    """
    tree = _reference_tree(reference)
    order = np.array(tree.order)
    seen, given = (matrix[np.ix_(order, order)] for matrix in (visual.distances, reference.distances))
    names = tuple(visual.names[place] for place in order)
    whole = _mantel(seen, given, settings)
    images = visual.images
    n_features = FEATURES if images is None else images.means.vectors.shape[1]
    return AlignmentAnalysis(
        distance="given" if images is None else images.distance,
        prototype=None if images is None or images.distance in OF_PAIRS else images.prototype,
        reference=reference.source,
        reference_kind=reference.kind,
        names=names,
        visual=tuple(upper_triangle(seen).tolist()),
        given=tuple(upper_triangle(given).tolist()),
        alternative=settings.alternative,
        n_permutations=settings.permutations_of(len(names)) if whole is None else whole.n_permutations,
        exact=whole is not None and whole.exact,
        unit=visual.unit,
        n_units=visual.n_units,
        n_single=0 if images is None else images.n_fixed,
        all_correlations=_correlations(visual, reference, whole, settings),
        partial=() if whole is None else _partial(visual, reference, nuisance or {}, settings),
        phylogenetic=None if whole is None else _phylogenetic(visual, reference, settings),
        naive=None if whole is None else _naive(seen, given, settings, n_features),
        power=() if whole is None else _power(given, settings, n_features),
        contributions=_contributions(visual, reference, order),
        dendrograms=_dendrograms(seen, reference.of(names), renumbered(tree, tree.order)),
        leftovers=leftovers or Leftovers(),
    )


def _mantel(
    seen: Float64Array,
    given: Float64Array,
    settings: AlignmentSettings,
    method: Method = "pearson",
    nuisance: Sequence[Float64Array] = (),
    scheme: IndexArray | None = None,
) -> MantelResult | None:
    """Test a correlation; None where there is none, for one of the two does not vary."""
    n_permutations = settings.permutations_of(len(seen))
    if method == "kendall":
        n_permutations = min(n_permutations, FEW_PERMUTATIONS)
    return _defined(
        lambda: mantel(
            seen,
            given,
            method=method,
            n_permutations=n_permutations,
            random_state=settings.random_state,
            alternative=settings.alternative,
            nuisance=nuisance,
            scheme=scheme,
        )
    )


def _correlations(
    visual: Visual, reference: ReferenceDistances, whole: MantelResult | None, settings: AlignmentSettings
) -> tuple[PairCorrelation, ...]:
    if whole is None:
        return tuple(
            PairCorrelation(method=method, estimate=None, p_value=None, n_permutations=0)
            for method in METHODS
        )
    return tuple(
        _correlation(method, visual, reference, whole if method == "pearson" else None, settings)
        for method in METHODS
    )


def _correlation(
    method: Method,
    visual: Visual,
    reference: ReferenceDistances,
    tested: MantelResult | None,
    settings: AlignmentSettings,
) -> PairCorrelation:
    if method == "kendall" and pairs_of(len(visual.names)) > MOST_PAIRS:
        estimate = matrix_correlation(visual.distances, reference.distances, method)
        return PairCorrelation(method=method, estimate=estimate, p_value=None, n_permutations=0)
    found = tested or _mantel(visual.distances, reference.distances, settings, method)
    if found is None:  # differences that ranks take for rounding
        return PairCorrelation(method=method, estimate=None, p_value=None, n_permutations=0)
    low, high = _interval(visual, reference, method) or (None, None)
    return PairCorrelation(
        method=method,
        estimate=found.correlation,
        low=low,
        high=high,
        p_value=found.p_value,
        n_permutations=found.n_permutations,
    )


def _interval(visual: Visual, reference: ReferenceDistances, method: Method) -> tuple[float, float] | None:
    above = np.triu_indices(len(visual.names), 1)
    if visual.images is None or method == "kendall" or (method == "spearman" and len(above[0]) > MOST_PAIRS):
        return None
    prepared = np.asarray if method == "pearson" else ranks
    given = prepared(reference.distances[above])

    def correlate(distances: Float64Array) -> float:
        # Checked once before: this is done for every subject.
        return float(np.corrcoef(prepared(distances[above]), given)[0, 1])

    return correlation_interval(visual.images, correlate)


def _partial(
    visual: Visual,
    reference: ReferenceDistances,
    nuisance: Mapping[str, Float64Array],
    settings: AlignmentSettings,
) -> tuple[PartialCorrelation, ...]:
    """Test the correlation given each nuisance matrix, and given all of them."""
    entries = {name: [matrix] for name, matrix in nuisance.items()}
    if len(entries) > 1:
        entries["all of these"] = [*nuisance.values()]
    return tuple(
        PartialCorrelation(
            nuisance=name,
            estimate=None if found is None else found.correlation,
            p_value=None if found is None else found.p_value,
        )
        for name, matrices in entries.items()
        for found in [_mantel(visual.distances, reference.distances, settings, nuisance=matrices)]
    )


def _phylogenetic(
    visual: Visual, reference: ReferenceDistances, settings: AlignmentSettings
) -> PhylogeneticTest | None:
    """Test among close relatives, where the reference is a tree."""
    if reference.kind != "tree":
        return None
    scheme = phylogenetic_permutations(
        reference.distances,
        k=PHYLOGENETIC_K,
        n_permutations=settings.permutations_of(len(visual.names)),
        random_state=settings.random_state,
    )
    found = _mantel(visual.distances, reference.distances, settings, scheme=scheme)
    return None if found is None else PhylogeneticTest(k=PHYLOGENETIC_K, p_value=found.p_value)


def _contributions(
    visual: Visual, reference: ReferenceDistances, order: IndexArray
) -> tuple[ClassContribution, ...]:
    return tuple(
        ClassContribution(
            name=visual.names[place],
            n_images=None if visual.n_images is None else visual.n_images[place],
            n_subjects=None if visual.n_subjects is None else visual.n_subjects[place],
            estimate=_pearson(own[0], own[1]),
            without=_pearson(*(upper_triangle(matrix[np.ix_(rest, rest)]) for matrix in both)),
        )
        for place in order.tolist()
        for both in [(visual.distances, reference.distances)]
        for rest in [np.delete(np.arange(len(order)), place)]
        for own in [[matrix[place, rest] for matrix in both]]
    )


def _pearson(first: Float64Array, second: Float64Array) -> float | None:
    """Return the correlation of distances, None where it is not defined."""
    if min(np.ptp(first), np.ptp(second)) <= ROUNDING * max(np.abs(first).max(), np.abs(second).max()):
        return None
    return float(np.corrcoef(first, second)[0, 1])


COST = Cost(
    "permutations of the classes, and simulations without association",
    (Term(2_400.0, "python", ("classes", "classes")), Term(4e6, "python")),
)


def describe_alignment(run: DatasetRun) -> AlignmentAnalysis:
    """Compare the classes of a data set with the reference that its study was given."""
    reference = cast("ReferenceDistances", run.reference)  # as `of_reference` has it
    seen = ImagesOf.classes(run.dataset, reference.names).see("cosine", "mean")
    size = class_size(seen.n_subjects or ())
    return align(
        seen,
        reference.of(seen.names),
        AlignmentSettings(random_state=run.random_state),
        nuisance={} if size is None else {"class size": size},
        leftovers=leftovers_of(reference.match(seen.names)),
    )


DESCRIPTION = Description(question="alignment", cost=COST, describe=describe_alignment, of_reference=True)


def class_size(counts: Sequence[int]) -> Float64Array | None:
    """Return how many subjects two classes have, as the sum of logarithms; None where all have as many.

    Prototypes of few subjects are noisy, which moves them apart from all others.

    Examples
    --------
    >>> class_size([1, 2, 4]).round(2).tolist()
    [[0.0, 0.69, 1.39], [0.69, 0.0, 2.08], [1.39, 2.08, 0.0]]
    """
    if len(set(counts)) == 1:
        return None
    sizes = np.log(counts)
    together = sizes[:, np.newaxis] + sizes
    np.fill_diagonal(together, 0.0)
    return np.asarray(together)


def same_group(groups: Sequence[str]) -> Float64Array | None:
    """Return 0 for classes of one group and 1 for others; None where that is all the same.

    Examples
    --------
    >>> same_group(["Papilio", "Papilio", "Parnassius"]).tolist()
    [[0.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    """
    _, numbers = np.unique(groups, return_inverse=True)
    if len(set(numbers.tolist())) in {1, len(groups)}:
        return None
    return np.asarray(numbers[:, np.newaxis] != numbers, dtype=np.float64)


def _reference_tree(reference: ReferenceDistances) -> Dendrogram:
    if reference.tree is not None:
        return of_tree(reference.tree, reference.names)
    return of_linkage(average_linkage(reference.distances))


def _dendrograms(seen: Float64Array, reference: ReferenceDistances, tree: Dendrogram) -> Dendrograms:
    """Return both dendrograms, the classes in the order of the reference's."""
    return Dendrograms(
        visual=turned(of_linkage(average_linkage(seen)), tree.order),
        reference=tree,
        cophenetic=_defined(lambda: cophenetic_correlation(seen, reference)),
        bakers_gamma=_defined(lambda: bakers_gamma(seen, reference)),
    )


def _defined(compute: Callable[[], Found]) -> Found | None:
    """Return what there is of distances that vary, None where they do not, as the heights of a star."""
    try:
        return compute()
    except ParameterError as error:
        if error.code in _UNDEFINED:
            return None
        raise


def _naive(
    seen: Float64Array, given: Float64Array, settings: AlignmentSettings, n_features: int
) -> NaiveTest:
    pairs = upper_triangle(given)
    found = naive_false_positives(
        given,
        n_features,
        n_simulations=SIMULATIONS if len(pairs) <= MOST_PAIRS else FEW_SIMULATIONS,
        random_state=settings.random_state,
    )
    return NaiveTest(
        n_pairs=len(pairs),
        p_value=float(pearsonr(upper_triangle(seen), pairs).pvalue),
        false_positives=found.naive,
        mantel_false_positives=found.mantel,
        n_simulations=found.n_simulations,
    )


def _power(given: Float64Array, settings: AlignmentSettings, n_features: int) -> tuple[PowerPoint, ...]:
    found = simulate_power(given, n_features, random_state=settings.random_state)
    return tuple(
        PowerPoint(correlation=correlation, power=share)
        for correlation, share in zip(found.correlations, found.rejections, strict=True)
    )
