"""Open-set recognition: syndromes absent from training."""

from dataclasses import dataclass

from skknn_syndrome.results import OpenSet
from skknn_syndrome.results.open_set import RejectionEffect, SyndromeNovelty


@dataclass(frozen=True)
class UnseenFindings:
    """The winner before syndromes that were left out."""

    open_set: OpenSet

    @property
    def judged(self) -> list[SyndromeNovelty]:
        """The syndromes that have an AUC, the hardest first."""
        return sorted(
            (entry for entry in self.open_set.syndromes if entry.reason is None),
            key=lambda entry: (self.area(entry) or 0.0, entry.syndrome),
        )

    @property
    def macro_area(self) -> float | None:
        """Mean AUC by the novelty that thresholds are made of."""
        found = self.open_set
        return found.macro_roc_auc_mean if found.novelty == "mean" else found.macro_roc_auc_nearest

    @property
    def other_area(self) -> float | None:
        """Mean AUC by the other novelty."""
        found = self.open_set
        return found.macro_roc_auc_nearest if found.novelty == "mean" else found.macro_roc_auc_mean

    @property
    def known_effect(self) -> RejectionEffect | None:
        """What rejecting about a fifth of the known images does; None in files of earlier versions."""
        return self.open_set.known_curve.effect

    @property
    def open_effect(self) -> RejectionEffect | None:
        """The same of known and unseen images together."""
        curve = self.open_set.open_curve
        return None if curve is None else curve.effect

    def area(self, entry: SyndromeNovelty) -> float | None:
        """Return a syndrome's AUC by the novelty that thresholds are made of."""
        return entry.roc_auc_mean if self.open_set.novelty == "mean" else entry.roc_auc_nearest
