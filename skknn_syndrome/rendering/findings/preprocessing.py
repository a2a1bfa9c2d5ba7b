"""Which scaling or resampling helps, and which gain is leakage."""

from dataclasses import dataclass, replace

from skknn_syndrome.results import AblationResult, Gain, Inflation, PublishedScore
from skknn_syndrome.results.ablated_variant import UNTOUCHED
from skknn_syndrome.tables.ablation.published import preprocessing_published
from skknn_syndrome.tables.table import Table

SCORE = "f1_macro"
"""By which variants are judged: where classes are unequal, resampling is meant to raise it."""


@dataclass(frozen=True)
class Claim:
    """What resampling before the split seems to add, and what it adds."""

    scaler: str
    resampler: str
    metric: str
    claimed: float
    """Leaky score of the variant less leaky score of untouched embeddings."""
    honest: float
    """The same difference, honest."""
    leaky_score: float
    share_related: float | None
    """Of the tested rows of the leaky way."""
    settled: bool
    """Whether the leaky score is above the honest one by more than chance."""

    @property
    def leaked(self) -> float:
        """How much of what it seems to add is leakage."""
        return self.claimed - self.honest


@dataclass(frozen=True)
class PublishedClaim:
    """One published score of resampled embeddings beside both ways."""

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
        """The distance under which untouched embeddings do best."""
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
    def prunes(self) -> bool:
        """Whether the largest claim's resampler drops rows."""
        return bool(self.claims) and "balanced" in self.claims[0].resampler.split("+")

    def gains(self, metric: str) -> list[Gain]:
        """Return the gains in F1 under one distance, the largest first."""
        own = [gain for gain in self.ablation.gains if (gain.metric, gain.score) == (metric, SCORE)]
        return sorted(own, key=lambda gain: gain.mean_difference, reverse=True)

    def helping(self, metric: str) -> list[Gain]:
        """Return those that are up by more than chance."""
        return [gain for gain in self.gains(metric) if gain.settled and gain.mean_difference > 0]

    def hurting(self, metric: str) -> list[Gain]:
        """Return those that are down by more than chance, the worst first."""
        return [gain for gain in reversed(self.gains(metric)) if gain.settled and gain.mean_difference < 0]

    def resampler_helps(self, metric: str) -> bool:
        """Whether anything that resamples is among those that help, with no scaler before it."""
        helping = self.helping(metric)
        return any(gain.resampler != "none" and gain.scaler == "none" for gain in helping)

    def best_gain(self, metric: str) -> Gain | None:
        """Return the largest gain among variants that differ from untouched embeddings at all."""
        return next((gain for gain in self.gains(metric) if gain.p_value is not None), None)

    def n_tested(self, metric: str) -> int:
        """Return how many variants Holm's correction is for."""
        return sum(gain.p_value is not None for gain in self.gains(metric))

    def published_resampling(self, published: tuple[PublishedScore, ...]) -> Table:
        """Return published F1 of resampled embeddings beside both ways."""
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
        """What resampling seems to add under the best distance in the leaky way, the most first."""
        leaky = {(entry.scaler, entry.resampler): entry for entry in self._inflations()}
        untouched = leaky.get(UNTOUCHED)
        if untouched is None:
            return []
        found = [self._claim(entry, untouched) for name, entry in leaky.items() if name[1] != "none"]
        return sorted(found, key=lambda claim: claim.claimed, reverse=True)

    @property
    def honest_changes(self) -> tuple[float, float]:
        """The lowest and the highest honest change among the claims."""
        changes = [claim.honest for claim in self.claims]
        return min(changes), max(changes)

    @property
    def untouched_inflation(self) -> Inflation | None:
        """What folds by image alone add to untouched embeddings."""
        own = (entry for entry in self._inflations() if (entry.scaler, entry.resampler) == UNTOUCHED)
        return next(own, None)

    def _inflations(self) -> list[Inflation]:
        return [
            entry for entry in self.ablation.inflations if (entry.metric, entry.score) == (self.metric, SCORE)
        ]

    def _claim(self, entry: Inflation, untouched: Inflation) -> Claim:
        variant = self.ablation.variant(entry.scaler, entry.resampler, entry.metric, "leaky")
        return Claim(
            scaler=entry.scaler,
            resampler=entry.resampler,
            metric=entry.metric,
            claimed=entry.leaky - untouched.leaky,
            honest=entry.honest - untouched.honest,
            leaky_score=entry.leaky,
            share_related=variant.share_related,
            settled=entry.settled and entry.difference > 0,
        )
