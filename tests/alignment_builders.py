"""Small alignments of distances, for tests of what is drawn and written."""

from itertools import combinations
from typing import Any

from skknn_syndrome.analyses.alignment.result import (
    AlignmentAnalysis,
    ClassContribution,
    Dendrogram,
    Dendrograms,
    Leftovers,
    NaiveTest,
    PairCorrelation,
    PartialCorrelation,
    PhylogeneticTest,
    PowerPoint,
)
from skknn_syndrome.results.analysis import Analyses, Analysis
from skknn_syndrome.results.distance_alignment import DistanceAlignment
from tests.builders import make_study

COMB = Dendrogram(
    parents=(4, 4, 5, 6, 5, 6, -1), depths=(3.0, 3.0, 3.0, 3.0, 2.0, 1.0, 0.0), order=(0, 1, 2, 3)
)
"""((0, 1), 2), 3."""

FORK = Dendrogram(
    parents=(4, 5, 4, 5, 6, 6, -1), depths=(2.0, 2.0, 2.0, 2.0, 1.0, 1.0, 0.0), order=(0, 2, 1, 3)
)
"""(0, 2), (1, 3)."""


def make_alignment_analysis(
    estimate: float | None = 0.6,
    p_value: float | None = 0.01,
    **changes: Any,
) -> AlignmentAnalysis:
    """Return an alignment of four classes with all its parts."""
    names = "Arcidae", "<b>Limidae</b>", "Ostreidae", "Pinnidae"
    fields = {
        "distance": "cosine",
        "prototype": "mean",
        "reference": "families.nwk",
        "reference_kind": "tree",
        "names": names,
        "visual": (0.1, 0.4, 0.5, 0.3, 0.6, 0.7),
        "given": tuple(0.25 * (second - first) for first, second in combinations(range(4), 2)),
        "alternative": "greater",
        "n_permutations": 23,
        "exact": True,
        "n_units": 16,
        "n_single": 1,
        "all_correlations": (
            PairCorrelation(
                method="pearson", estimate=estimate, low=0.4, high=0.75, p_value=p_value, n_permutations=23
            ),
            PairCorrelation(method="spearman", estimate=0.5, p_value=0.02, n_permutations=23),
        ),
        "partial": (
            PartialCorrelation(nuisance="class size", estimate=0.55, p_value=0.02),
            PartialCorrelation(nuisance="same genus", estimate=0.1, p_value=0.4),
            PartialCorrelation(nuisance="constant", estimate=None, p_value=None),
        ),
        "phylogenetic": PhylogeneticTest(k=1.0, p_value=0.03),
        "naive": NaiveTest(
            n_pairs=6, p_value=0.0004, false_positives=0.22, mantel_false_positives=0.05, n_simulations=200
        ),
        "power": (PowerPoint(correlation=0.3, power=0.2), PowerPoint(correlation=0.6, power=0.85)),
        "contributions": tuple(
            ClassContribution(name=name, n_images=9, n_subjects=4, estimate=0.5, without=0.4 + place / 10)
            for place, name in enumerate(names)
        ),
        "dendrograms": Dendrograms(visual=FORK, reference=COMB, cophenetic=0.58, bakers_gamma=0.7),
        "leftovers": Leftovers(
            only_data=("Pectinidae ",),
            only_reference=("Pectinidae",),
            n_only_reference=3,
            near_misses=(("Pectinidae ", "Pectinidae"),),
        ),
    }
    return AlignmentAnalysis.model_validate(fields | changes)


def make_alignment(*analyses: Analysis, with_images: bool = True) -> DistanceAlignment:
    """Return an alignment with these analyses; by default with all parts of its own."""
    study = make_study()
    return DistanceAlignment(
        dataset=study.dataset if with_images else None,
        analyses=Analyses.of(analyses or [make_alignment_analysis()]),
        provenance=study.provenance,
    )
