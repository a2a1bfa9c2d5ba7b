"""Syndromes with the lowest F1, and what they are misclassified as."""

from dataclasses import dataclass
from functools import cached_property

from skknn_syndrome.results import Evaluation
from skknn_syndrome.results.evaluation import RankCorrelation

HARD_SYNDROMES = 3
"""How many of the hardest syndromes the prose names."""


@dataclass(frozen=True)
class HardSyndrome:
    """A syndrome that is recognised badly, and what it is taken for."""

    syndrome: str
    f1: float
    recall: float
    n_images: int
    taken_for: str | None
    share: float
    """Of its images, those taken for `taken_for`."""
    beyond_chance: bool = False
    """Whether its errors fall on `taken_for` more often than by chance."""


@dataclass(frozen=True)
class FailureFindings:
    """The errors of one candidate."""

    evaluation: Evaluation

    @cached_property
    def weakest(self) -> list[HardSyndrome]:
        """The syndromes with the lowest F1, the hardest first: of those that are tested and have errors."""
        tested = {
            name
            for name, row in zip(self.evaluation.syndromes, self.evaluation.confusion, strict=True)
            if sum(row)
        }
        failing = [row for row in self.evaluation.per_syndrome if row.syndrome in tested and row.f1 < 1]
        ranked = sorted(failing, key=lambda row: (row.f1, row.syndrome))
        return [self._hard(row.syndrome) for row in ranked[:HARD_SYNDROMES]]

    @property
    def size_recall(self) -> RankCorrelation | None:
        """Whether small or large syndromes have the lower recall."""
        return self.evaluation.size_recall

    def n_confused(self, first: str, second: str) -> int:
        """Return how many images of either of two syndromes are taken for the other."""
        names = self.evaluation.syndromes
        row, column = names.index(first), names.index(second)
        return self.evaluation.confusion[row][column] + self.evaluation.confusion[column][row]

    def most_confused(self, first: str, second: str) -> bool:
        """Return whether these two are confused, in both directions, more often than any other pair.

        A pair that is the only one is not called so.
        """
        names = self.evaluation.syndromes
        others = [
            self.n_confused(one, other)
            for place, one in enumerate(names)
            for other in names[:place]
            if {one, other} != {first, second}
        ]
        return bool(others) and self.n_confused(first, second) > max(others)

    def _hard(self, syndrome: str) -> HardSyndrome:
        evaluation = self.evaluation
        position = evaluation.syndromes.index(syndrome)
        row = evaluation.confusion[position]
        errors = [(count, -column) for column, count in enumerate(row) if column != position and count]
        count, column = max(errors, default=(0, 0))
        taken_for = evaluation.syndromes[-column] if count else None
        scores = next(entry for entry in evaluation.per_syndrome if entry.syndrome == syndrome)
        return HardSyndrome(
            syndrome=syndrome,
            f1=scores.f1,
            recall=scores.recall,
            n_images=scores.n_images,
            taken_for=taken_for,
            share=count / sum(row),
            beyond_chance=taken_for is not None and evaluation.confused_pair(syndrome, taken_for) is not None,
        )
