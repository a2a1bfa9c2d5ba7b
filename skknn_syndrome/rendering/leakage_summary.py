"""Subject leakage in a line: its verdict, and the largest effect on the scores."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from skknn_syndrome.analyses.leakage.result import Leak, LeakageAnalysis
from skknn_syndrome.analyses.near_duplicates.present import find_near_duplicates
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import PRINTED_AS_ZERO, SMALL_INFLATION

LeakageVerdict: TypeAlias = Literal[
    "not known",
    "none found",
    "kept in one fold",
    "effect not measured",
    "scores inflated",
    "scores lowered",
    "small effect",
]


@dataclass(frozen=True)
class LeakEffect:
    """How far some subjects' other images in the training parts move the scores at most."""

    change: float
    """Score with them minus score without them, of the score that changes most."""

    @property
    def size(self) -> float:
        """The change without its sign."""
        return abs(self.change)

    @property
    def direction(self) -> Literal["higher", "lower", "equal"]:
        """What scores with them are, beside those without them."""
        if self.size < PRINTED_AS_ZERO:
            return "equal"
        return "higher" if self.change > 0 else "lower"

    @property
    def verdict(self) -> LeakageVerdict:
        """What is called after it."""
        if self.size <= SMALL_INFLATION:
            return "small effect"
        return "scores inflated" if self.change > 0 else "scores lowered"


@dataclass(frozen=True)
class LeakageSummary:
    """One person under several ids, and one id under several syndromes, in a study with subjects."""

    study: StudyResult

    @cached_property
    def _leaks(self) -> tuple[Leak, ...]:
        found = self.study.find(LeakageAnalysis)
        return () if found is None else found.leaks

    @property
    def _copies(self) -> list[Leak]:
        return [leak for leak in self._leaks if leak.kind != "two_syndromes"]

    @property
    def _relabelled(self) -> list[Leak]:
        return [leak for leak in self._leaks if leak.kind == "two_syndromes"]

    @property
    def n_pairs(self) -> int | None:
        """Pairs of images that may show one person under two ids; None where nobody looked."""
        found = find_near_duplicates(self.study)
        if found is None and self.study.find(LeakageAnalysis) is None:
            return None
        return max(0 if found is None else found.n_pairs, sum(leak.n_pairs or 0 for leak in self._copies))

    @property
    def effect(self) -> LeakEffect | None:
        """What such pairs change in the scores of subject-level folds; None where it was not measured."""
        return self._largest(self._copies)

    @property
    def n_relabelled(self) -> int:
        """Subjects with images of several syndromes."""
        return sum(leak.n_subjects for leak in self._relabelled)

    @property
    def effect_of_relabelled(self) -> LeakEffect | None:
        """What these change in the scores of image-level folds; folds by subject keep them together."""
        return self._largest(self._relabelled)

    @property
    def verdict(self) -> LeakageVerdict:
        """Whether images of one person are in training and test parts, and what that changes."""
        if self.study.dataset.n_subjects is None or self.study.primary.protocol == "image":
            return "not known"
        if self.n_pairs is None:
            return "not known"
        if self._copies and all(leak.grouped for leak in self._copies):
            return "kept in one fold"
        if self.effect is not None:
            return self.effect.verdict
        return "effect not measured" if self.n_pairs else "none found"

    def _largest(self, leaks: Iterable[Leak]) -> LeakEffect | None:
        variant = self.study.primary.winner.variant
        changes = [
            entry.inflation
            for leak in leaks
            for entry in leak.inflations
            if entry.variant == variant and entry.inflation is not None
        ]
        return LeakEffect(max(changes, key=abs)) if changes else None
