"""Correlation of projected distances with the reference, between classes fitted to and classes left out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.verdicts import SIGNIFICANCE_LEVEL

Pairs: TypeAlias = Literal["train", "held_train", "held_held"]
"""Two classes that the projection was fitted to; one of these and one left out; two left out."""
Unit: TypeAlias = Literal["classes", "groups"]
"""What is left out: single classes, or all of a wider group."""
Metric: TypeAlias = Literal["cosine", "euclidean"]
ProjectionMethod: TypeAlias = Literal["ridge", "attention"]
"""Ridge regression on principal coordinates, or a network with attention pooling: as
`DistanceGuidedProjection` names them."""
Verdict: TypeAlias = Literal["carries over", "no gain", "gain unknown", "not significant"]

METRICS: Final[tuple[Metric, ...]] = ("cosine", "euclidean")
"""Distances of embeddings that projecting is compared with: a change of metric alone is no gain."""

PAIRS: Final[Mapping[Pairs, str]] = MappingProxyType(
    {"train": "Both fitted", "held_train": "One left out", "held_held": "Both left out"}
)
"""What pairs are called for readers."""


class PairCorrelation(Result):
    """Pearson's correlation with the reference over one kind of pairs, as the mean over folds."""

    pairs: Pairs
    raw: float | None
    """Of distances between embeddings; None where it is not defined in any fold."""
    projected: float | None
    """Of distances between projected embeddings."""


class Gain(Result):
    """A mean difference over folds, with its 95 % interval by the corrected resampled t test."""

    estimate: float
    low: float
    high: float


class HeldOutJudgement(Result):
    """What a projection is worth to classes that it was not fitted to."""

    unit: Unit
    n_units: int
    """Number of classes, or of groups."""
    n_folds: int
    n_divisions: int
    """How often classes were divided into folds; correlations are means over all folds."""
    raw_distance: str
    """The distance between embeddings that `raw` is of: the one that follows the reference most closely."""
    correlations: tuple[PairCorrelation, ...] = Field(min_length=3, max_length=3)
    tested: Pairs
    """Whose correlation the test is of: that of two left out, unless folds hold too few classes for it."""
    observed: float
    """The same in the first division, which the test is of; 0 where it is not defined."""
    p_value: float
    """Share of permuted references, with all folds fitted again, whose correlation is at least as high as
    `observed`, one that is not defined counting as 0. Whole groups are permuted where these are left out."""
    n_permutations: int
    is_exhaustive: bool = False
    """Whether these are all orders of the units but their own."""
    null_mean: float
    """Of the correlations of permuted references."""
    null_high: float
    """Their 95 % quantile."""
    gain: Gain | None
    """What projecting adds to the correlation, less the mean of permuted references; None where that is
    defined in fewer than five folds."""

    @property
    def by_pairs(self) -> Mapping[Pairs, PairCorrelation]:
        """The correlations by the kind of pairs."""
        return MappingProxyType({entry.pairs: entry for entry in self.correlations})

    @property
    def judged(self) -> PairCorrelation:
        """The correlation that the test is of."""
        return self.by_pairs[self.tested]

    @property
    def significant(self) -> bool:
        """Whether permuted references seldom do as well."""
        return self.p_value <= SIGNIFICANCE_LEVEL

    @property
    def verdict(self) -> Verdict:
        """Whether the projection carries over: not by chance, and better than embeddings as they are."""
        if not self.significant:
            return "not significant"
        if self.gain is None:
            return "gain unknown"
        return "carries over" if self.gain.low > 0 else "no gain"


class RecognitionChange(Result):
    """What projecting does to recognition by the nearest neighbour, on folds that keep subjects apart."""

    n_folds: int
    n_images: int
    """Images whose class has another subject in the training part: shares are of these."""
    n_left_out: int
    """Other images, which can't be recognised, as those of a class of one subject."""
    metric: Metric
    """Of embeddings as they are: the one that recognises more."""
    raw: float
    """Share of images whose nearest neighbour in the training part is of their class."""
    projected: float
    difference: MeanInterval
    """Projected minus raw."""


class GuidedProjectionAnalysis(Analysis):
    """Judgement of a projection on classes left out."""

    question: Literal["guided_projection"] = "guided_projection"
    n_classes: int
    method: ProjectionMethod = "ridge"
    """Which projection was judged."""
    hidden_size: int | None = None
    """Of the network's hidden layer; None where it has none, or where there is no network."""
    distance: str
    """Asked for between classes of the embeddings; projected ones have Euclidean distances by ridge
    regression, and cosine ones by a network."""
    penalty: float | None
    """Of the ridge regression on all classes; None of a network."""
    negative_share: float
    """Share of negative eigenvalues of the reference: 0 where its distances are those of points."""
    judgements: tuple[HeldOutJudgement, ...] = Field(min_length=1)
    """Classes left out, then groups where classes have four or more."""
    recognition: RecognitionChange | None
    """None where no class has two subjects that are kept apart."""
