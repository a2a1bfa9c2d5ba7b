"""What the one-page summary speaks of: participants, main result, classes, three verdicts, limits."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from skknn_syndrome.analyses.calibration.present import CalibrationFindings, find_calibration
from skknn_syndrome.analyses.inflation.present import InflationFindings, find_inflation
from skknn_syndrome.analyses.per_class.forest import ForestRow, forest_rows
from skknn_syndrome.analyses.prediction_sets.present import SetFindings, find_sets
from skknn_syndrome.analyses.subgroups.present import find_subgroups
from skknn_syndrome.analyses.subgroups.result import Gap
from skknn_syndrome.analyses.uncertainty.top_k import TopShare, find_top_shares
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.leakage_summary import LeakageSummary
from skknn_syndrome.results.comparison import Alternative, AlternativeDifference
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import CAUGHT_HALF, CAUGHT_MOST, LOW_SENSITIVITY

OpenSetVerdict: TypeAlias = Literal[
    "unsafe without review", "review needed", "most are flagged", "not measured"
]
MOST_NAMED = 3
"""Classes, or methods, that a line of the summary names."""

SIMPLE = frozenset({"nearest_centroid"})
"""Baselines with fewer parameters than any k-NN, which keeps all training images: a mean a class."""


@dataclass(frozen=True)
class SummaryFindings:
    """One study, in as few figures as answer what a reader asks first."""

    facts: Facts

    @property
    def study(self) -> StudyResult:
        """The study."""
        return self.facts.study

    @property
    def n_folds(self) -> int:
        """Folds of one division."""
        return len({fold.split for fold in self.study.primary.folds})

    @property
    def covariates(self) -> list[str]:
        """Names of what is known of the images beside their class."""
        found = find_subgroups(self.study)
        return [] if found is None else [entry.name for entry in found.analysis.covariates]

    @property
    def gap(self) -> tuple[str, Gap] | None:
        """The largest gap between levels of a covariate, a significant one first; None without a test."""
        found = find_subgroups(self.study)
        gaps = [] if found is None else found.gaps
        return max(gaps, key=lambda entry: (entry[1].verdict == "gap", entry[1].difference), default=None)

    @property
    def shares(self) -> list[TopShare]:
        """Top-k accuracies, pooled with intervals where there are some."""
        return find_top_shares(self.study)

    @property
    def guessing(self) -> float:
        """Share of the images of the largest class: what naming it always would reach."""
        counts = [entry.n_images for entry in self.study.dataset.syndromes]
        return max(counts) / sum(counts)

    @cached_property
    def classes(self) -> list[ForestRow]:
        """The classes that were tested, the highest sensitivity first."""
        found = self.facts.failures
        return [] if found is None else forest_rows(found.evaluation)

    @property
    def best(self) -> list[ForestRow]:
        """The classes with the highest sensitivity, several where they share it; none if it is unreliable."""
        highest = self.classes[0].scores.recall if self.classes else 0.0
        return [row for row in self.reliable if row.scores.recall == highest]

    @property
    def worst(self) -> list[ForestRow]:
        """The reliable classes with the lowest sensitivity, where that is not the highest."""
        lowest = self.classes[-1].scores.recall if self.classes else 0.0
        return [row for row in self.reliable if row.scores.recall == lowest and row not in self.best]

    @property
    def reliable(self) -> list[ForestRow]:
        """Classes that are recognised reliably, the highest sensitivity first."""
        return [row for row in self.classes if row not in self.unreliable]

    @property
    def unreliable(self) -> list[ForestRow]:
        """Classes that are not recognised reliably, the worst first."""
        return [row for row in reversed(self.classes) if row.scores.recall < LOW_SENSITIVITY]

    @property
    def least_sensitivity(self) -> float:
        """Below which a class is called so."""
        return LOW_SENSITIVITY

    @property
    def most_named(self) -> int:
        """How many classes, or methods, are named."""
        return MOST_NAMED

    @property
    def calibration(self) -> CalibrationFindings | None:
        """The winner's calibration; None where it was not measured."""
        return find_calibration(self.study)

    @property
    def open_set(self) -> OpenSetVerdict:
        """Whether images of absent classes are noticed."""
        found = None if self.facts.open_set is None else self.facts.open_set.flagged
        if found is None:
            return "not measured"
        if found.share < CAUGHT_HALF:
            return "unsafe without review"
        return "review needed" if found.share < CAUGHT_MOST else "most are flagged"

    @property
    def sets(self) -> SetFindings | None:
        """The winner's prediction sets; None where none were made."""
        return find_sets(self.study)

    @property
    def leakage(self) -> LeakageSummary:
        """Whether images of one person are in training and test parts, and what that changes."""
        return LeakageSummary(self.study)

    @property
    def inflation(self) -> InflationFindings | None:
        """What image-level folds add; None where that is not significantly more than 0."""
        found = find_inflation(self.study)
        return found if found is not None and found.is_overestimate else None

    def differences(self, entry: Alternative) -> list[AlternativeDifference]:
        """Return an alternative's differences in all scores that judge it."""
        found = self.facts.alternatives
        return [] if found is None else found.differences(entry)

    def is_simpler(self, entry: Alternative) -> bool:
        """Return whether a method is simpler than nearest neighbours."""
        return entry.head in SIMPLE

    @property
    def better(self) -> list[Alternative]:
        """Methods significantly better by a judging score and worse by none; none where all is chance."""
        return self._leading(worse=False)

    @property
    def mixed(self) -> list[Alternative]:
        """Methods significantly better by one judging score and worse by the other, likewise."""
        return self._leading(worse=True)

    def _leading(self, *, worse: bool) -> list[Alternative]:
        found = self.facts.alternatives
        if found is None or self.facts.by_chance:
            return []
        return [entry for entry in found.better if ("worse" in self._verdicts(entry)) == worse][:MOST_NAMED]

    @property
    def level(self) -> list[Alternative]:
        """Baselines and larger k that differ significantly by no judging score, likewise."""
        found = self.facts.alternatives
        if found is None or self.facts.by_chance:
            return []
        return [entry for entry in found.alternatives if self._verdicts(entry) == {"inconclusive"}][
            :MOST_NAMED
        ]

    def _verdicts(self, entry: Alternative) -> set[str]:
        return {difference.verdict for difference in self.differences(entry)}
