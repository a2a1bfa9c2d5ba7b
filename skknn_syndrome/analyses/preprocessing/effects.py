"""Preprocessing variants over the grid of k: scores, gains, inflation, verdicts, clusters."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from skknn_syndrome.results.analysis import at_places, of_kept, points_of
from skknn_syndrome.results.base import Result, check_known, check_lengths
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.significance import is_significant

Way: TypeAlias = Literal["within_folds", "before_splitting"]
"""Scaled and resampled in each training part alone; or all rows at once, and split afterwards."""

UNTOUCHED = ("none", "none")
"""Scaler and resampler of unprocessed embeddings."""


class PreprocessingStep(Result):
    """What one name stands for."""

    kind: Literal["scaler", "resampler"]
    name: str
    description: str
    """As it would be written in Python; several samplers one after another."""


class ScoreCurve(Result):
    """One score against k, over all folds of all splits in which it is defined."""

    score: str
    means: tuple[float | None, ...]
    """One for each k of the grid; None where the score is nowhere defined."""
    stds: tuple[float | None, ...]
    """Standard deviation (population form), likewise."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_lengths(len(self.means), stds=self.stds)
        return self


class SyndromeCurve(Result):
    """How well one syndrome is recognised against k, the predictions of all folds of all splits pooled."""

    syndrome: str
    precision: tuple[float | None, ...]
    """One for each k of the grid; None where the syndrome is never predicted."""
    recall: tuple[float | None, ...]
    """None where the syndrome is never tested."""
    f1: tuple[float | None, ...]
    """None where it is neither tested nor predicted."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_lengths(len(self.f1), precision=self.precision, recall=self.recall)
        return self


class VariantRoc(Result):
    """The micro-average ROC curve at one k: all one-against-the-rest decisions of a fold pooled."""

    n_neighbors: int
    curve: RocCurve


class VariantResult(Result):
    """One scaler, resampler and distance, taken in one way, over the grid of k."""

    scaler: str
    resampler: str
    metric: str
    way: Way
    curves: tuple[ScoreCurve, ...] = Field(min_length=1)
    best_n_neighbors: int
    """By the composite score, of equals the smallest."""
    composite: float | None
    """There: cube root of mean AUC x mean F1 x mean top-5 accuracy; None where one of them is not defined."""
    scores: tuple[Score, ...]
    """There: every score in each fold, the splits one after another."""
    syndromes: tuple[SyndromeCurve, ...]
    rocs: tuple[VariantRoc, ...]
    """At k = 1 and k = 10, where the grid has them; empty before splitting."""
    n_train_rows: float
    """Mean number of rows that voted, after resampling."""
    share_related: float | None
    """Share of the tested rows that have a row of the same subject, or a child of one, in their training
    part; None where a sampler does not say where its rows came from."""

    @property
    def name(self) -> tuple[str, str, str]:
        """Scaler, resampler and distance."""
        return self.scaler, self.resampler, self.metric

    @property
    def by_score(self) -> Mapping[str, ScoreCurve]:
        """The curves by score: ``variant.by_score["f1_macro"].means``."""
        return MappingProxyType({curve.score: curve for curve in self.curves})


class Gain(Result):
    """What a variant adds within folds: its score less that of unprocessed embeddings, on the same folds.

    By the corrected t test for repeated cross-validation, each at its own best k unless one was asked for.
    Variants that are cheap to repeat are compared on more splits than those that resample.
    """

    scaler: str
    resampler: str
    metric: str
    n_neighbors: int
    """Of the variant."""
    baseline_n_neighbors: int
    """Of the unprocessed embeddings."""
    score: str
    mean_difference: float
    low: float
    high: float
    """95 % confidence interval of the mean difference."""
    p_value: float | None
    """Two-sided; None where the difference is the same in every fold."""
    p_holm: float | None
    """Adjusted for the other variants of the same distance."""
    n_folds: int | None = None
    """In which both scores are defined; None in files of version 1."""
    n_splits: int | None = None
    """Splits that both were scored on, likewise."""

    @property
    def significant(self) -> bool:
        """Whether the adjusted p-value is below the level."""
        return is_significant(self.p_holm)

    @property
    def differs(self) -> bool:
        """Whether the scores differ in any fold."""
        return not self.low == self.high == 0


class Inflation(Result):
    """What preparing before splitting adds to a score at the same k; its folds are not those of the other.

    The interval is Welch's, each variance enlarged for folds that share training rows, after Nadeau and
    Bengio (doi:10.1023/A:1024068626366).
    """

    scaler: str
    resampler: str
    metric: str
    n_neighbors: int
    score: str
    within_folds: float
    before_splitting: float
    difference: float
    """The latter minus the former."""
    low: float
    high: float
    """95 % confidence interval."""

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 lies outside the interval."""
        return self.low > 0 or self.high < 0


class LeftOut(Result):
    """A variant that the data do not allow: at all, or before splitting alone."""

    scaler: str
    resampler: str
    reason: str
    """One sentence."""
    way: Way = "before_splitting"
    """``"within_folds"``: not compared at all; ``"before_splitting"``: compared within folds alone."""


class ClassCount(Result):
    """Rows of one syndrome before and after all rows went through a variant, as for a classifier in use."""

    scaler: str
    resampler: str
    syndrome: str
    before: int
    after: int


JUDGED_BY: Final = ("roc_auc_ovr", "f1_macro")
"""Macro AUC decides; F1 stands beside it, for resampling is meant to raise it where classes are unequal."""

Verdict: TypeAlias = Literal["helps", "hurts", "inconclusive"]
VariantVerdictName: TypeAlias = Verdict | Literal["mixed", "no difference"]


@dataclass(frozen=True)
class VariantVerdict:
    """One variant against unprocessed embeddings, under one distance."""

    scaler: str
    resampler: str
    metric: str
    gains: tuple[Gain, ...]
    """In the scores of `JUDGED_BY`, as far as they are defined."""

    @property
    def name(self) -> tuple[str, str]:
        """Scaler and resampler."""
        return self.scaler, self.resampler

    @property
    def better(self) -> tuple[Gain, ...]:
        """The gains that are significant, and up."""
        return tuple(gain for gain in self.gains if gain.significant and gain.mean_difference > 0)

    @property
    def worse(self) -> tuple[Gain, ...]:
        """The gains that are significant, and down."""
        return tuple(gain for gain in self.gains if gain.significant and gain.mean_difference < 0)

    @property
    def differs(self) -> bool:
        """Whether any score differs in any fold."""
        return any(gain.differs for gain in self.gains)

    @property
    def verdict(self) -> VariantVerdictName:
        """In one word; "mixed" where one score is significantly better and the other worse."""
        if not self.differs:
            return "no difference"
        if self.better and self.worse:
            return "mixed"
        if self.better:
            return "helps"
        return "hurts" if self.worse else "inconclusive"

    def gain(self, score: str) -> Gain | None:
        """Return the gain in one score, where it is defined."""
        return next((gain for gain in self.gains if gain.score == score), None)


@dataclass(frozen=True)
class DistanceVerdict:
    """All variants under one distance.

    Examples
    --------
    >>> from skknn_syndrome import compare_preprocessing, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> result = compare_preprocessing(
    ...     data.embeddings, data.syndromes, resamplers=["none"], metrics="cosine", n_neighbors=[5], cv=3
    ... )
    >>> result.verdict("cosine").verdict
    'inconclusive'
    """

    metric: str
    variants: tuple[VariantVerdict, ...]
    """Those that differ from unprocessed embeddings in any fold, the highest composite score first."""

    @property
    def verdict(self) -> Verdict:
        """In one word.

        "helps" where a variant is significantly better in macro AUC or macro F1 and significantly worse in
        neither; "hurts" where none is better and one or more are worse; otherwise "inconclusive", for what
        is not significant need not be nothing.
        """
        if self.helping:
            return "helps"
        return "hurts" if self.hurting and not self.mixed else "inconclusive"

    @property
    def helping(self) -> tuple[VariantVerdict, ...]:
        """Variants that are better, the highest composite score first."""
        return self._of("helps")

    @property
    def hurting(self) -> tuple[VariantVerdict, ...]:
        """Variants that are worse."""
        return self._of("hurts")

    @property
    def mixed(self) -> tuple[VariantVerdict, ...]:
        """Variants that are better in one score and worse in the other."""
        return self._of("mixed")

    @property
    def open(self) -> tuple[VariantVerdict, ...]:
        """Variants of which the folds do not tell."""
        return self._of("inconclusive")

    @property
    def widest(self) -> Gain | None:
        """The widest interval of a variant that is inconclusive: what the folds can't exclude."""
        gains = [gain for variant in self.open for gain in variant.gains]
        return max(gains, key=lambda gain: gain.high - gain.low, default=None)

    def _of(self, verdict: VariantVerdictName) -> tuple[VariantVerdict, ...]:
        return tuple(variant for variant in self.variants if variant.verdict == verdict)


class Agreement(Result):
    """How far clusters and syndromes are the same partition."""

    adjusted_rand: float
    """1 for the same partition, 0 on average by chance (Hubert and Arabie, doi:10.1007/BF01908075)."""
    normalized_mutual_information: float
    """1 for the same partition, 0 for independent ones; chance is not taken off."""


class Cluster(Result):
    """One K-means cluster in the plane."""

    x: float
    y: float
    """Its centroid."""
    radius: float
    """90th percentile of its points' distances to the centroid, in the units of the plane."""
    n_points: int
    syndrome: str
    """The most frequent syndrome among its points."""


class VariantMap(Result):
    """All rows of a variant in the plane by t-SNE, with as many K-means clusters as there are syndromes.

    A picture of all rows at once, resampled ones included; nothing is tested on it.
    """

    scaler: str
    resampler: str
    random_state: int
    perplexity: float
    syndromes: tuple[str, ...]
    labels: tuple[int, ...]
    """For each point its syndrome, as a position in `syndromes`."""
    n_images: int
    """The first so many points are images; the others are synthetic."""
    x: tuple[float, ...]
    y: tuple[float, ...]
    clusters: tuple[Cluster, ...]
    in_plane: Agreement
    """Of these clusters."""
    in_space: Agreement
    """Of K-means clusters of the embeddings themselves."""

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return the same for some of the syndromes alone."""
        names, labels, points = points_of(self.syndromes, self.labels, kept)
        return self.revised(
            syndromes=names,
            labels=labels,
            x=at_places(self.x, points),
            y=at_places(self.y, points),
            n_images=sum(point < self.n_images for point in points),
            clusters=of_kept(self.clusters, kept),
        )

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_lengths(len(self.labels), x=self.x, y=self.y)
        check_known("place among the syndromes", self.labels, range(len(self.syndromes)))
        check_known("syndrome", (cluster.syndrome for cluster in self.clusters), self.syndromes)
        return self
