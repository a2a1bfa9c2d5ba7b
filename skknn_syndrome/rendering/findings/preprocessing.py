"""Which scaling or resampling helps, and what preparing before splitting does to the scores."""

from dataclasses import dataclass, replace

from skknn_syndrome.results import AblationResult, Gain, Inflation, PublishedScore
from skknn_syndrome.results.ablated_variant import UNTOUCHED
from skknn_syndrome.results.preprocessing_verdicts import DistanceVerdict, VariantVerdict
from skknn_syndrome.tables.ablation.published import preprocessing_published
from skknn_syndrome.tables.table import Table

SCORE = "f1_macro"
"""In which preparing before splitting is set beside preparing within folds."""

SYNTHETIC = frozenset({"mixup", "noise", "smote"})
"""Resamplers that make rows."""


@dataclass(frozen=True)
class Claim:
    """A resampled variant before splitting, beside the same within folds."""

    scaler: str
    resampler: str
    metric: str
    claimed: float
    """Before splitting: its score less that of unprocessed embeddings."""
    honest: float
    """Within folds: likewise."""
    leaky_score: float
    honest_score: float
    difference: float
    """The former score minus the latter."""
    low: float
    high: float
    """95 % confidence interval of the difference."""
    share_related: float | None
    """Of the rows tested before splitting."""
    removes_rows: bool
    """Whether resampling drops rows, which are then not tested."""
    adds_rows: bool
    """Whether resampling adds rows, which are then tested too."""

    @property
    def inflated(self) -> bool:
        """Whether the interval of the difference lies above 0."""
        return self.low > 0

    @property
    def deflated(self) -> bool:
        """Whether the interval of the difference lies below 0."""
        return self.high < 0


@dataclass(frozen=True)
class PublishedClaim:
    """One published score of resampled embeddings beside this study's, before splitting and within folds."""

    source: str
    table: str
    scaler: str
    resampler: str
    distance: str
    n_neighbors: int
    score: str
    published: float
    leaky: float
    honest: float


@dataclass(frozen=True)
class PreprocessingFindings:
    """A comparison of preprocessing, asked the questions that the report answers."""

    ablation: AblationResult

    @property
    def metric(self) -> str:
        """The distance under which unprocessed embeddings do best."""
        return self.ablation.metric

    @property
    def metrics(self) -> list[str]:
        """All distances, this one first."""
        return list(dict.fromkeys([self.metric, *(variant.metric for variant in self.ablation.ranking())]))

    @property
    def resamplers(self) -> list[str]:
        """Names of what resamples."""
        return [step.name for step in self.ablation.steps if step.kind == "resampler"]

    @property
    def scalers(self) -> list[str]:
        """Names of what scales."""
        return [step.name for step in self.ablation.steps if step.kind == "scaler"]

    @property
    def interpolates(self) -> bool:
        """Whether a resampler puts rows between rows of one syndrome."""
        return any(part in {"mixup", "smote"} for name in self.resamplers for part in name.split("+"))

    @property
    def verdicts(self) -> tuple[DistanceVerdict, ...]:
        """Whether preprocessing helps, for each distance."""
        return self.ablation.verdicts

    def best_resampled(self, metric: str) -> VariantVerdict | None:
        """Return the resampled variant with the highest composite score, where it was compared."""
        best = self.ablation.best_resampled(metric)
        compared = self.ablation.verdict(metric).variants
        return next((entry for entry in compared if best and best.name[:2] == entry.name), None)

    def resampler_helps(self, metric: str) -> bool:
        """Whether anything that resamples is among those that help, with no scaler before it."""
        helping = self.ablation.verdict(metric).helping
        return any(entry.resampler != "none" and entry.scaler == "none" for entry in helping)

    def n_splits(self, gain: Gain) -> int:
        """Return on how many splits a variant was compared."""
        return gain.n_splits or len(self.ablation.seeds)

    def is_cosine(self, entry: VariantVerdict) -> bool:
        """Whether a variant makes the Euclidean distance order neighbours as the cosine distance does."""
        return self.ablation.orders_as_cosine(entry.scaler, entry.resampler, entry.metric)

    def published_resampling(self, published: tuple[PublishedScore, ...]) -> Table:
        """Return published F1 of resampled embeddings beside this study's."""
        table = preprocessing_published(self.ablation, published)
        keys = [column.key for column in table.columns]
        resampler, score = keys.index("resampler"), keys.index("score")
        kept = tuple(row for row in table.rows if row[resampler] != "none" and row[score] == SCORE)
        return replace(table, rows=kept)

    def published_claim(self, published: tuple[PublishedScore, ...]) -> PublishedClaim | None:
        """Return the highest published F1 of resampled embeddings that is no copy of another row."""
        rows = (row for row in self.published_resampling(published).rows if row[-1] is None)
        found = [PublishedClaim(*row[:-2]) for row in rows if None not in row[:-2]]  # type: ignore[arg-type]
        return max(found, key=lambda claim: claim.published, default=None)

    @property
    def n_combinations(self) -> int:
        """Scalers times resamplers."""
        return len({variant.name[:2] for variant in self.ablation.variants})

    @property
    def claims(self) -> list[Claim]:
        """Resampled variants of the best distance, those that seem to add most before splitting first."""
        leaky = {(entry.scaler, entry.resampler): entry for entry in self._inflations()}
        unprocessed = leaky.get(UNTOUCHED)
        if unprocessed is None:
            return []
        found = [self._claim(entry, unprocessed) for name, entry in leaky.items() if name[1] != "none"]
        return sorted(found, key=lambda claim: claim.claimed, reverse=True)

    @property
    def honest_changes(self) -> tuple[float, float]:
        """The lowest and the highest change within folds among the claims."""
        changes = [claim.honest for claim in self.claims]
        return min(changes), max(changes)

    @property
    def unprocessed_inflation(self) -> Inflation | None:
        """What folds by image alone add to unprocessed embeddings."""
        own = (entry for entry in self._inflations() if (entry.scaler, entry.resampler) == UNTOUCHED)
        return next(own, None)

    def _inflations(self) -> list[Inflation]:
        return [
            entry for entry in self.ablation.inflations if (entry.metric, entry.score) == (self.metric, SCORE)
        ]

    def _claim(self, entry: Inflation, unprocessed: Inflation) -> Claim:
        variant = self.ablation.variant(entry.scaler, entry.resampler, entry.metric, "leaky")
        parts = set(entry.resampler.split("+"))
        counts = [
            (count.before, count.after)
            for count in self.ablation.class_counts
            if (count.scaler, count.resampler) == (entry.scaler, entry.resampler)
        ]
        return Claim(
            scaler=entry.scaler,
            resampler=entry.resampler,
            metric=entry.metric,
            claimed=entry.leaky - unprocessed.leaky,
            honest=entry.honest - unprocessed.honest,
            leaky_score=entry.leaky,
            honest_score=entry.honest,
            difference=entry.difference,
            low=entry.low,
            high=entry.high,
            share_related=variant.share_related,
            removes_rows="balanced" in parts or any(after < before for before, after in counts),
            adds_rows=bool(parts & SYNTHETIC) or any(after > before for before, after in counts),
        )
