"""Which scaling or resampling helps, and what preprocessing before splitting adds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from skknn_syndrome.analyses.preprocessing.class_tables import preprocessing_published
from skknn_syndrome.analyses.preprocessing.effects import (
    UNTOUCHED,
    DistanceVerdict,
    Gain,
    Inflation,
    VariantVerdict,
)
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.display.table import Table
from skknn_syndrome.questions import Advice
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import metric_title, score_title, variant_title

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
    within_folds: float
    """Within folds: likewise."""
    score_before_splitting: float
    score_within_folds: float
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
    before_splitting: float
    within_folds: float


@dataclass(frozen=True)
class PreprocessingFindings:
    """A comparison of preprocessing, asked the questions that the report answers."""

    comparison: PreprocessingComparison
    published: tuple[PublishedScore, ...] = ()
    """What others reported on such data."""

    @property
    def metric(self) -> str:
        """The distance under which unprocessed embeddings do best."""
        return self.comparison.metric

    @property
    def metrics(self) -> list[str]:
        """All distances, this one first."""
        return list(dict.fromkeys([self.metric, *(variant.metric for variant in self.comparison.ranking())]))

    @property
    def resamplers(self) -> list[str]:
        """Names of what resamples."""
        return [step.name for step in self.comparison.steps if step.kind == "resampler"]

    @property
    def scalers(self) -> list[str]:
        """Names of what scales."""
        return [step.name for step in self.comparison.steps if step.kind == "scaler"]

    @property
    def interpolates(self) -> bool:
        """Whether a resampler puts rows between rows of one syndrome."""
        return any(part in {"mixup", "smote"} for name in self.resamplers for part in name.split("+"))

    @property
    def verdicts(self) -> tuple[DistanceVerdict, ...]:
        """Whether preprocessing helps, for each distance."""
        return self.comparison.verdicts

    def best_resampled(self, metric: str) -> VariantVerdict | None:
        """Return the resampled variant with the highest composite score, where it was compared."""
        best = self.comparison.best_resampled(metric)
        compared = self.comparison.verdict(metric).variants
        return next((entry for entry in compared if best and best.name[:2] == entry.name), None)

    def resampler_helps(self, metric: str) -> bool:
        """Whether anything that resamples is among those that help, with no scaler before it."""
        helping = self.comparison.verdict(metric).helping
        return any(entry.resampler != "none" and entry.scaler == "none" for entry in helping)

    def n_splits(self, gain: Gain) -> int:
        """Return on how many splits a variant was compared."""
        return gain.n_splits or len(self.comparison.seeds)

    def is_cosine(self, entry: VariantVerdict) -> bool:
        """Whether a variant makes the Euclidean distance order neighbours as the cosine distance does."""
        return self.comparison.orders_as_cosine(entry.scaler, entry.resampler, entry.metric)

    @property
    def published_resampling(self) -> Table:
        """Published F1 of resampled embeddings beside this study's; the CSV file has all scores."""
        table = preprocessing_published(self.comparison, self.published)
        keys = [column.key for column in table.columns]
        resampler, score = keys.index("resampler"), keys.index("score")
        kept = tuple(row for row in table.rows if row[resampler] != "none" and row[score] == SCORE)
        return replace(table, rows=kept)

    @property
    def published_claim(self) -> PublishedClaim | None:
        """The highest published F1 of resampled embeddings that is no copy of another row."""
        rows = (row for row in self.published_resampling.rows if row[-1] is None)
        found = [PublishedClaim(*row[:-2]) for row in rows if None not in row[:-2]]  # type: ignore[arg-type]
        return max(found, key=lambda claim: claim.published, default=None)

    @property
    def n_combinations(self) -> int:
        """Scalers times resamplers."""
        return len({variant.name[:2] for variant in self.comparison.variants})

    @property
    def claims(self) -> list[Claim]:
        """Resampled variants of the best distance, those that seem to add most before splitting first."""
        found = {(entry.scaler, entry.resampler): entry for entry in self._inflations()}
        unprocessed = found.get(UNTOUCHED)
        if unprocessed is None:
            return []
        claims = [self._claim(entry, unprocessed) for name, entry in found.items() if name[1] != "none"]
        return sorted(claims, key=lambda claim: claim.claimed, reverse=True)

    @property
    def changes_within_folds(self) -> tuple[float, float]:
        """The lowest and the highest change within folds among the claims."""
        changes = [claim.within_folds for claim in self.claims]
        return min(changes), max(changes)

    @property
    def unprocessed_inflation(self) -> Inflation | None:
        """What folds by image alone add to unprocessed embeddings."""
        own = (entry for entry in self._inflations() if (entry.scaler, entry.resampler) == UNTOUCHED)
        return next(own, None)

    def _inflations(self) -> list[Inflation]:
        return [
            entry
            for entry in self.comparison.inflations
            if (entry.metric, entry.score) == (self.metric, SCORE)
        ]

    def _claim(self, entry: Inflation, unprocessed: Inflation) -> Claim:
        variant = self.comparison.variant(entry.scaler, entry.resampler, entry.metric, "before_splitting")
        parts = set(entry.resampler.split("+"))
        counts = [
            (count.before, count.after)
            for count in self.comparison.class_counts
            if (count.scaler, count.resampler) == (entry.scaler, entry.resampler)
        ]
        return Claim(
            scaler=entry.scaler,
            resampler=entry.resampler,
            metric=entry.metric,
            claimed=entry.before_splitting - unprocessed.before_splitting,
            within_folds=entry.within_folds - unprocessed.within_folds,
            score_before_splitting=entry.before_splitting,
            score_within_folds=entry.within_folds,
            difference=entry.difference,
            low=entry.low,
            high=entry.high,
            share_related=variant.share_related,
            removes_rows="balanced" in parts or any(after < before for before, after in counts),
            adds_rows=bool(parts & SYNTHETIC) or any(after > before for before, after in counts),
        )


def advise(study: StudyResult) -> Iterator[Advice]:
    """Say under each distance which variant to take, if any."""
    found = find_preprocessing(study)
    for judged in () if found is None else found.verdicts:
        under = f"Under the {metric_title(judged.metric)} distance"
        if found is not None and judged.helping:
            yield Advice(20, f"{under}, {_advise(found, judged.helping[0])}")
        elif judged.metric != study.primary.winner.metric:
            continue
        elif judged.verdict == "hurts":
            yield Advice(
                20,
                f"{under}, leave the embeddings unprocessed: some variants are significantly worse, and none "
                "significantly better.",
            )
        else:
            yield Advice(
                20,
                f"{under}, unprocessed embeddings are the simplest choice: whether scaling or resampling "
                "helps is inconclusive, and more splits or images would be needed to tell.",
            )


def _advise(found: PreprocessingFindings, helping: VariantVerdict) -> str:
    title = variant_title(helping.scaler, helping.resampler)
    if found.is_cosine(helping):
        return f"scale embeddings by {title}, or take the cosine distance: both order neighbours alike."
    scores = " and ".join(score_title(gain.score) for gain in helping.better)
    return f"preprocess embeddings by {title}, fitted within the folds: it significantly improves {scores}."


def find_preprocessing(study: StudyResult) -> PreprocessingFindings | None:
    """Return what the report says of preprocessing; None where it was not compared."""
    found = study.find(PreprocessingComparison)
    return None if found is None else PreprocessingFindings(found, study.analyses.gathered("published"))
