"""Which syndromes are recognised badly, and what they are taken for."""

from dataclasses import dataclass
from functools import cached_property

from scipy.stats import spearmanr

from skknn_syndrome.results import Evaluation

HARD_SYNDROMES = 3
"""How many of the hardest syndromes the prose names."""

ENOUGH = 5
"""Syndromes from which on a rank correlation tells something."""


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


@dataclass(frozen=True)
class FailureFindings:
    """The errors of one candidate."""

    evaluation: Evaluation

    @cached_property
    def weakest(self) -> list[HardSyndrome]:
        """The syndromes with the lowest F1, the hardest first."""
        ranked = sorted(self.evaluation.per_syndrome, key=lambda row: (row.f1, row.syndrome))
        return [self._hard(row.syndrome) for row in ranked[:HARD_SYNDROMES]]

    @property
    def size_recall_correlation(self) -> float | None:
        """Spearman's rank correlation of a syndrome's images and its recall.

        None if either is constant, or there are too few syndromes to tell.
        """
        rows = self.evaluation.per_syndrome
        sizes, recalls = [row.n_images for row in rows], [row.recall for row in rows]
        if len(rows) < ENOUGH or min(len(set(sizes)), len(set(recalls))) == 1:
            return None
        return float(spearmanr(sizes, recalls).statistic)

    def _hard(self, syndrome: str) -> HardSyndrome:
        evaluation = self.evaluation
        position = evaluation.syndromes.index(syndrome)
        row = evaluation.confusion[position]
        errors = [(count, -column) for column, count in enumerate(row) if column != position and count]
        count, column = max(errors, default=(0, 0))
        scores = next(entry for entry in evaluation.per_syndrome if entry.syndrome == syndrome)
        return HardSyndrome(
            syndrome=syndrome,
            f1=scores.f1,
            recall=scores.recall,
            n_images=scores.n_images,
            taken_for=evaluation.syndromes[-column] if count else None,
            share=count / sum(row),
        )
