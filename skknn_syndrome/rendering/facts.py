"""What the report's prose speaks of, taken from the typed result."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from skknn_syndrome.rendering.findings.alternatives import AlternativeFindings
from skknn_syndrome.rendering.findings.calibration import CalibrationFindings
from skknn_syndrome.rendering.findings.failures import FailureFindings, HardSyndrome
from skknn_syndrome.rendering.findings.geometry import GeometryFindings
from skknn_syndrome.rendering.findings.preprocessing import PreprocessingFindings
from skknn_syndrome.rendering.findings.selection import SelectionFindings
from skknn_syndrome.rendering.findings.unseen import UnseenFindings
from skknn_syndrome.results import (
    Candidate,
    DistanceComparison,
    Evaluation,
    ProtocolInflation,
    Score,
    StudyResult,
    SubjectLevel,
    SyndromeCount,
)
from skknn_syndrome.results.candidate import KNN, entry_of
from skknn_syndrome.results.chance import ChanceTest
from skknn_syndrome.results.uncertainty import Interval, PooledScores
from skknn_syndrome.results.verdicts import SIGNIFICANCE_LEVEL, TIES_MATTER, UNEQUAL_CLASSES
from skknn_syndrome.tables import Table, confusions, distance_comparisons, published_comparison
from skknn_syndrome.wording import head_title, score_title, sentence_list


@dataclass(frozen=True)
class Facts:
    """One study, asked the questions that its report answers."""

    study: StudyResult

    @property
    def winner(self) -> Candidate:
        """The best candidate under the headline protocol."""
        return self.study.headline.winner

    @property
    def refit(self) -> Score:
        """The winner's deciding score."""
        return self.winner.scores[self.study.headline.refit]

    @property
    def refit_title(self) -> str:
        """The deciding score's name in prose."""
        return score_title(self.study.headline.refit)

    @property
    def n_syndromes(self) -> int:
        """Number of classes."""
        return len(self.study.dataset.syndromes)

    @property
    def metrics(self) -> list[str]:
        """The distances tried, in the order of the grid; of heads without one their names."""
        return list(dict.fromkeys(candidate.variant for candidate in self.study.headline.candidates))

    @property
    def weights(self) -> list[str]:
        """The voting schemes tried, in the order of the grid; empty for heads other than k-NN."""
        tried = self.study.headline.candidates
        return list(dict.fromkeys(candidate.weights for candidate in tried if candidate.head == KNN))

    @property
    def grid(self) -> list[int]:
        """The values of k tried, rising; empty for heads other than k-NN."""
        tried = self.study.headline.candidates
        return sorted({candidate.n_neighbors for candidate in tried if candidate.head == KNN})

    @property
    def head_title(self) -> str:
        """What the searched head is called."""
        note = self.study.provenance.head
        return head_title(self.winner.head) if note is None else note.title

    @property
    def ranks_by_decision(self) -> bool:
        """Whether classes are known to be ranked by decision values that are no probabilities."""
        note = self.study.provenance.head
        return note is not None and note.ranks_by_decision

    @property
    def winner_title(self) -> str:
        """The winner of another head than k-NN, with its parameters."""
        params = self.winner.params.items()
        return ", ".join([self.head_title, *(f"{name} = {value}" for name, value in params)])

    @property
    def tried(self) -> list[str]:
        """What values of each parameter were tried: "C was tried at 0.01 and 1"."""
        values: dict[str, dict[str, None]] = {}
        for candidate in self.study.headline.candidates:
            for name, value in candidate.params.items():
                values.setdefault(name, {})[str(value)] = None
        return [
            f"{name} was tried at {sentence_list(list(found))}"
            if len(found) > 1
            else f"{name} was {next(iter(found))}"
            for name, found in values.items()
        ]

    @property
    def n_splits(self) -> int:
        """How many splits tests are over."""
        repeats = self.study.headline.repeats
        return 1 if repeats is None else len(repeats.seeds)

    @property
    def train_sizes(self) -> tuple[int, int]:
        """Images of the smallest and of the largest training part."""
        sizes = [fold.n_train for fold in self.study.headline.folds]
        return min(sizes), max(sizes)

    @property
    def test_sizes(self) -> tuple[int, int]:
        """Images of the smallest and of the largest test part."""
        sizes = [fold.n_test for fold in self.study.headline.folds]
        return min(sizes), max(sizes)

    @property
    def largest(self) -> SyndromeCount:
        """The syndrome with the most images."""
        return max(self.study.dataset.syndromes, key=lambda entry: entry.n_images)

    @property
    def smallest(self) -> SyndromeCount:
        """The syndrome with the fewest images."""
        return min(self.study.dataset.syndromes, key=lambda entry: entry.n_images)

    @property
    def imbalance(self) -> float:
        """Images of the largest syndrome for one of the smallest."""
        return self.largest.n_images / self.smallest.n_images

    @property
    def unequal_classes(self) -> bool:
        """Whether that is so many that it has to be said."""
        return self.imbalance >= UNEQUAL_CLASSES

    @property
    def significance_level(self) -> float:
        """Below which a p-value is called significant."""
        return SIGNIFICANCE_LEVEL

    @property
    def lacks_classes(self) -> bool:
        """Whether a fold has no image of some syndrome in its training or test part."""
        folds = self.study.headline.folds
        return any(fold.absent_from_train or fold.absent_from_test for fold in folds)

    @property
    def images_per_subject(self) -> float | None:
        """Mean number of images of a subject."""
        data = self.study.dataset
        return None if data.n_subjects is None else data.n_images / data.n_subjects

    @property
    def comparison(self) -> DistanceComparison | None:
        """The two distances on the deciding score: over all splits, if there are several."""
        return self._on_refit(self._comparisons)

    @property
    def single_comparison(self) -> DistanceComparison | None:
        """The same on the study's own split, where `comparison` is over several."""
        run = self.study.headline
        return None if self._comparisons is run.comparisons else self._on_refit(run.comparisons)

    @property
    def p_value(self) -> float | None:
        """Of `comparison`, adjusted for the other scores where that was done."""
        return _adjusted(self.comparison)

    @property
    def single_p_value(self) -> float | None:
        """Of `single_comparison`, adjusted likewise."""
        return _adjusted(self.single_comparison)

    @property
    def significant_elsewhere(self) -> list[DistanceComparison]:
        """Significant differences of the two distances in scores that do not decide, equal ones once."""
        found: dict[tuple[str, float, float | None], DistanceComparison] = {}
        for entry in self._comparisons:
            if entry.significant and entry.score != self.refit.name:
                found.setdefault((entry.first, round(entry.mean_difference, 12), entry.p_value), entry)
        return list(found.values())

    @property
    def disagreeing(self) -> list[str]:
        """Scores by which the other distance is significantly better."""
        decided = self.comparison
        return [
            score_title(entry.score)
            for entry in self.significant_elsewhere
            if decided is not None and entry.first != decided.first
        ]

    @property
    def agreeing(self) -> list[str]:
        """Further scores by which the distance that the deciding score prefers is significantly better."""
        decided = self.comparison
        return [
            score_title(entry.score)
            for entry in self.significant_elsewhere
            if decided is not None and entry.first == decided.first
        ]

    @property
    def pooled(self) -> PooledScores | None:
        """The winner's pooled scores with their intervals."""
        return entry_of(self.study.headline.pooled, self.winner)

    def pooled_score(self, score: str) -> Interval | None:
        """Return one of these scores, with its interval if it has one; None if it is not defined."""
        entry = None if self.pooled is None else self.pooled.scores.get(score)
        return None if entry is None or entry.estimate is None else entry

    def interval(self, score: str) -> Interval | None:
        """Return one of these scores; None if it has no interval."""
        entry = self.pooled_score(score)
        return None if entry is None or entry.low is None else entry

    @property
    def alternatives(self) -> AlternativeFindings | None:
        """What the winner was compared with beside the other candidates."""
        run = self.study.headline
        return AlternativeFindings(run.alternatives, run.refit) if run.alternatives else None

    @property
    def subject_level(self) -> SubjectLevel | None:
        """The winner by subjects."""
        return entry_of(self.study.headline.subject_levels, self.winner)

    def is_trivial(self, score: str) -> bool:
        """Return whether a top-k accuracy names as many syndromes as there are."""
        return int(score.split("_")[1]) >= self.n_syndromes

    def ties_decide(self, score: str) -> bool:
        """Return whether the order of equally probable classes moves a top-k accuracy by a point or more."""
        found = self.winner.scores[score]
        return (found.mean_upper or 0.0) - (found.mean_lower or 0.0) >= TIES_MATTER

    @property
    def chance(self) -> ChanceTest | None:
        """The whole search against permuted labels."""
        return self.study.headline.chance

    @property
    def by_chance(self) -> bool:
        """Whether the search was tested against chance and is not significantly better."""
        return self.chance is not None and not self.chance.significant

    @property
    def selection(self) -> SelectionFindings | None:
        """What choosing on the reporting folds was worth."""
        run = self.study.headline
        return None if run.nested is None else SelectionFindings(run.nested, run.refit)

    @property
    def calibration(self) -> CalibrationFindings | None:
        """Whether the winner's probabilities can be believed."""
        run, winner = self.study.headline, self.winner
        schemes = [entry for entry in run.calibrations if entry.variant == winner.variant]
        temperature = entry_of(run.temperatures, winner)
        return CalibrationFindings(schemes, winner, temperature) if schemes else None

    @property
    def geometry(self) -> GeometryFindings | None:
        """The winner's distance beside the one that comes second."""
        run, hubness = self.study.headline, self.study.hubness
        if hubness is None or self.winner.metric is None:
            return None
        others = [best for variant, best in run.best.items() if variant != self.winner.variant]
        second = max(others, key=run.refit_mean, default=None)
        differ = self.comparison is not None and self.comparison.significant
        return GeometryFindings(
            hubness, self.winner.metric, None if second is None else second.metric, scores_differ=differ
        )

    @property
    def unseen(self) -> UnseenFindings | None:
        """The winner before syndromes that are absent from training."""
        entry = entry_of(self.study.headline.open_sets, self.winner)
        return None if entry is None else UnseenFindings(entry)

    @property
    def preprocessing(self) -> PreprocessingFindings | None:
        """What scaling and resampling are worth."""
        return None if self.study.ablation is None else PreprocessingFindings(self.study.ablation)

    @property
    def published_resampling(self) -> Table | None:
        """Published figures of resampled embeddings beside both ways; the full table is a CSV file."""
        found = self.preprocessing
        return None if found is None else found.published_resampling(self.study.published)

    @property
    def inflation(self) -> ProtocolInflation | None:
        """Image-level minus subject-level folds, by the deciding score, at the winner."""
        found = (
            entry for entry in self.study.protocol_inflations if entry.score == self.study.headline.refit
        )
        return entry_of(found, self.winner)

    @property
    def overestimated(self) -> bool:
        """Whether image-level folds give a significantly higher deciding score."""
        found = self.inflation
        return found is not None and found.excludes_zero and found.difference > 0

    @property
    def evaluation(self) -> Evaluation | None:
        """The winner, syndrome by syndrome."""
        return entry_of(self.study.headline.evaluations, self.winner)

    @property
    def failures(self) -> FailureFindings | None:
        """Which syndromes the winner does not recognise."""
        return None if self.evaluation is None else FailureFindings(self.evaluation)

    @cached_property
    def weakest(self) -> list[HardSyndrome]:
        """The syndromes with the lowest F1, the hardest first."""
        return [] if self.failures is None else self.failures.weakest

    @property
    def confusion_table(self) -> Table | None:
        """The winner's most frequent errors."""
        return None if self.evaluation is None else confusions(self.evaluation)

    @property
    def distance_table(self) -> Table | None:
        """Both distances, score by score."""
        run = self.study.headline
        return distance_comparisons(run) if run.comparisons else None

    @property
    def published_table(self) -> Table | None:
        """Published scores that this study has a counterpart of."""
        table = published_comparison(self.study)
        return table if table.rows else None

    @property
    def published_gap(self) -> float:
        """The largest difference between a published score and its counterpart."""
        rows = published_comparison(self.study).rows
        return max(abs(row[-1]) for row in rows if isinstance(row[-1], float))

    @property
    def closest(self) -> tuple[str, str, float] | None:
        """The two syndromes whose mean embeddings are most alike, and how much."""
        found = next((entry for entry in self.study.centroid_similarities if entry.measure == "cosine"), None)
        if found is None:
            return None
        value, first, second = max(
            (value, found.syndromes[row], found.syndromes[column])
            for row, line in enumerate(found.matrix)
            for column, value in enumerate(line[:row])
        )
        return second, first, value

    @property
    def closest_are_confused(self) -> bool:
        """Whether the two most alike syndromes are confused more often than any other two, both ways."""
        failures, closest = self.failures, self.closest
        return failures is not None and closest is not None and failures.most_confused(*closest[:2])

    @property
    def _comparisons(self) -> tuple[DistanceComparison, ...]:
        run = self.study.headline
        return (
            run.repeats.comparisons
            if run.repeats is not None and run.repeats.comparisons
            else run.comparisons
        )

    def _on_refit(self, entries: Sequence[DistanceComparison]) -> DistanceComparison | None:
        return next((entry for entry in entries if entry.score == self.study.headline.refit), None)


def _adjusted(comparison: DistanceComparison | None) -> float | None:
    if comparison is None:
        return None
    return comparison.p_value if comparison.p_holm is None else comparison.p_holm
