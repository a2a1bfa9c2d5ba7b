"""Whether images of a syndrome that nobody has seen are noticed."""

from dataclasses import dataclass

from skknn_syndrome.results import OpenSet
from skknn_syndrome.results.open_set import RejectionCurve, RejectionPoint, SyndromeNovelty

SHOWN_SHARE = 0.2
"""The share of rejected images that the prose speaks of."""

WORDS = ((0.6, "hardly better than chance"), (0.75, "poorly"), (0.9, "fairly well"), (1.1, "well"))
"""Up to which AUC which word is used."""


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
    def word(self) -> str:
        """The mean AUC in words."""
        area = self.macro_area or 0.0
        return next(word for bound, word in WORDS if area < bound)

    @property
    def known_point(self) -> RejectionPoint:
        """What rejecting about a fifth of the known images does."""
        return _nearest(self.open_set.known_curve)

    @property
    def open_point(self) -> RejectionPoint | None:
        """The same of known and unseen images together."""
        curve = self.open_set.open_curve
        return None if curve is None else _nearest(curve)

    def area(self, entry: SyndromeNovelty) -> float | None:
        """Return a syndrome's AUC by the novelty that thresholds are made of."""
        return entry.roc_auc_mean if self.open_set.novelty == "mean" else entry.roc_auc_nearest


def _nearest(curve: RejectionCurve) -> RejectionPoint:
    return min(curve.points, key=lambda point: abs(point.rejected_share - SHOWN_SHARE))
