"""Which scaling or resampling helps, and which gain is leakage."""

from dataclasses import dataclass

from skknn_syndrome.results import AblationResult, Gain, Inflation, PublishedScore
from skknn_syndrome.results.ablation import UNTOUCHED
from skknn_syndrome.tables.ablation.published import prepared_how

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

    @property
    def leaked(self) -> float:
        """How much of what it seems to add is leakage."""
        return self.claimed - self.honest


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
        """What resamples, "none" left out."""
        return [step.name for step in self.ablation.steps if step.kind == "resampler" and step.name != "none"]

    @property
    def scalers(self) -> list[str]:
        """What scales, "none" left out."""
        return [step.name for step in self.ablation.steps if step.kind == "scaler" and step.name != "none"]

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
        """Whether anything that resamples is among those that help."""
        return any(gain.resampler != "none" for gain in self.helping(metric))

    @staticmethod
    def resampled(published: tuple[PublishedScore, ...]) -> tuple[PublishedScore, ...]:
        """Return those of published scores that are F1 of resampled embeddings."""
        return tuple(
            entry for entry in published if entry.score == SCORE and prepared_how(entry.dataset)[1] != "none"
        )

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
        )
