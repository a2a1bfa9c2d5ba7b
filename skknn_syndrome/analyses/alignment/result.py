"""Alignment of visual with reference distances: correlations, permutation tests, power, contributions."""

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Literal, Self, TypeAlias

from pydantic import Field, NonNegativeInt, PositiveInt, model_validator

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Named, Result
from skknn_syndrome.results.significance import is_significant
from skknn_syndrome.results.verdicts import ENOUGH_POWER, MODEST_CORRELATION

Method: TypeAlias = Literal["pearson", "spearman", "kendall"]
"""Coefficient of correlation between the distances of pairs of classes."""

ReferenceKind: TypeAlias = Literal["matrix", "tree", "terms"]
"""Where reference distances come from: a table of them, a tree, or terms of an ontology."""


class PairCorrelation(Result):
    """Correlation of the distances of all pairs of classes, each pair once."""

    method: Method
    estimate: float | None
    """None where one of the two does not vary."""
    low: float | None = None
    """Interval over subjects; None where there are no images, or no class has two subjects."""
    high: float | None = None
    p_value: float | None
    """Of a Mantel test, which permutes the classes of one matrix; None where it would take too long, too."""
    n_permutations: NonNegativeInt
    """Kendall's tau, which takes longest, has fewer."""


class PartialCorrelation(Result):
    """Pearson correlation, given further distances that may account for it."""

    nuisance: str
    """What they are, such as "class size"."""
    estimate: float | None
    p_value: float | None
    """Of a partial Mantel test."""


class PhylogeneticTest(Result):
    """Mantel test whose permutations exchange close relatives more often than distant ones."""

    k: float
    """Permutations are uniform as it grows, and keep to relatives at 1."""
    p_value: float


class NaiveTest(Result):
    """P-value that assumes pairs of classes independent, and how often it errs where nothing is there."""

    n_pairs: PositiveInt
    p_value: float
    false_positives: float
    """Share of simulations without association, on this reference, in which it is below 0.05."""
    mantel_false_positives: float
    """The same of the Mantel test."""
    n_simulations: PositiveInt


class PowerPoint(Result):
    """How often the Mantel test finds a correlation of this size with this reference."""

    correlation: float
    power: float


class ClassContribution(Result):
    """What one class has to do with the correlation."""

    name: str
    n_images: PositiveInt | None
    """None where distances were given, and no images."""
    n_subjects: PositiveInt | None
    estimate: float | None
    """Pearson correlation of its own distances to the others."""
    without: float | None
    """That of all pairs of the other classes."""


class Dendrogram(Result):
    """A tree over the classes, its tips first."""

    parents: tuple[int, ...]
    """Of each node; -1 of the root."""
    depths: tuple[float, ...]
    """Of each node, from the root."""
    order: tuple[NonNegativeInt, ...]
    """Tips from top to bottom."""

    @model_validator(mode="after")
    def _is_tree(self) -> Self:
        n_nodes, n_tips = len(self.parents), len(self.order)
        if len(self.depths) != n_nodes or sorted(self.order) != list(range(n_tips)):
            message = "parents, depths and order are not of the same tree"
            raise ValueError(message)
        roots = [node for node, parent in enumerate(self.parents) if parent < 0]
        # Towards the root numbers grow, so that whoever follows parents ends there.
        above = (node < parent < n_nodes for node, parent in enumerate(self.parents) if parent >= 0)
        if roots != [n_nodes - 1] or not all(above) or min(self.parents[:-1], default=n_tips) < n_tips:
            message = "each node but the last needs a parent that comes after it and after all tips"
            raise ValueError(message)
        return self


class Dendrograms(Result):
    """How the classes join by either distance, and how well the two agree."""

    visual: Dendrogram
    """Average linkage of the visual distances, turned towards the order of the other."""
    reference: Dendrogram
    """The reference's own tree, else its average linkage."""
    cophenetic: float | None
    """Pearson correlation of the visual tree's cophenetic distances with the reference distances."""
    bakers_gamma: float | None


class Leftovers(Result):
    """Classes that only one side has, which were left out."""

    only_data: tuple[str, ...] = ()
    only_reference: tuple[str, ...] = ()
    """The first of them."""
    n_only_reference: NonNegativeInt = 0
    near_misses: tuple[tuple[str, str], ...] = ()
    """Names of the data beside similar ones of the reference."""


class AlignmentAnalysis(Analysis):
    """Whether classes that lie near one another in the embeddings are near by the reference."""

    question: Literal["alignment"] = "alignment"
    distance: str
    """Between classes in the embeddings, "given" where it was handed over as a matrix."""
    prototype: str | None
    """What stands for a class; None where the distance needs none."""
    reference: str
    """Name of the file."""
    reference_kind: ReferenceKind
    names: tuple[str, ...] = Field(min_length=4)
    """Classes, in the order of the reference's dendrogram."""
    visual: tuple[float, ...]
    """Distances of all pairs, row by row of the upper triangle."""
    given: tuple[float, ...]
    """The reference's, likewise."""
    alternative: Literal["greater", "two-sided"]
    n_permutations: PositiveInt
    exact: bool
    """Whether these are all permutations that there are."""
    unit: Literal["subjects", "images"] = "subjects"
    """What intervals are over: images where nobody knows the subjects."""
    n_units: NonNegativeInt
    """How many these are; 0 where distances were given."""
    n_single: NonNegativeInt = 0
    """Classes of one subject, of which no variation is known."""
    all_correlations: tuple[PairCorrelation, ...] = Field(min_length=1)
    partial: tuple[PartialCorrelation, ...] = ()
    phylogenetic: PhylogeneticTest | None = None
    """None where the reference is no tree."""
    naive: NaiveTest | None
    power: tuple[PowerPoint, ...] = ()
    contributions: tuple[ClassContribution, ...]
    dendrograms: Dendrograms
    leftovers: Leftovers = Leftovers()

    @property
    def correlations(self) -> Mapping[str, PairCorrelation]:
        """By name of the coefficient, such as ``correlations["pearson"].p_value``."""
        return MappingProxyType(Named({entry.method: entry for entry in self.all_correlations}))

    def pairs(self) -> Iterator[tuple[str, str, float, float]]:
        """Yield each pair of classes with its visual and its reference distance."""
        named = combinations(self.names, 2)
        for (first, second), visual, given in zip(named, self.visual, self.given, strict=True):
            yield first, second, visual, given

    @property
    def is_shown(self) -> bool:
        """Whether the Mantel test of Pearson's correlation finds an association, with its sign."""
        found = self.correlations["pearson"]
        return is_significant(found.p_value) and found.estimate is not None and found.estimate > 0

    @property
    def detectable(self) -> float | None:
        """The least simulated correlation from which on the power is enough; None where it never is."""
        points = sorted(self.power, key=lambda point: point.correlation)
        for place, point in enumerate(points):
            if all(later.power >= ENOUGH_POWER for later in points[place:]):
                return point.correlation
        return None

    @property
    def has_low_power(self) -> bool:
        """Whether a modest correlation is not found often enough; False where power was not simulated."""
        return bool(self.power) and (self.detectable is None or self.detectable > MODEST_CORRELATION)

    @model_validator(mode="after")
    def _is_of_its_classes(self) -> Self:
        n_classes = len(self.names)
        n_pairs = n_classes * (n_classes - 1) // 2
        same = {len(self.visual), len(self.given)} == {n_pairs}
        trees = (self.dendrograms.visual, self.dendrograms.reference)
        if not same or any(len(tree.order) != n_classes for tree in trees):
            message = f"distances and dendrograms are not of its {n_classes} classes"
            raise ValueError(message)
        if [entry.name for entry in self.contributions] != list(self.names):
            message = "contributions are not of its classes"
            raise ValueError(message)
        if "pearson" not in self.correlations:
            message = "the correlation 'pearson' is missing"
            raise ValueError(message)
        if any(after.correlation <= before.correlation for before, after in pairwise(self.power)):
            message = "the correlations of 'power' do not rise"
            raise ValueError(message)
        return self
