"""Which baselines and which larger k do better than the best candidate of the grid."""

from collections.abc import Sequence
from dataclasses import dataclass

from skknn_syndrome.results import Alternative, AlternativeDifference

MOST_NAMED = 4
"""Alternatives that a sentence names."""

RANKED_BY_DISTANCE = frozenset({"nearest_centroid", "nearest_image"})
"""Baselines without probabilities. AUC compares their distances between images, which are hardly comparable:
a low one says nothing against their decisions."""


@dataclass(frozen=True)
class AlternativeFindings:
    """What the best candidate was compared with, judged by the deciding score and by macro F1."""

    alternatives: Sequence[Alternative]
    refit: str

    @property
    def scores(self) -> tuple[str, ...]:
        """The scores that judge, the deciding one first."""
        return tuple(dict.fromkeys((self.refit, "f1_macro")))

    @property
    def better(self) -> list[Alternative]:
        """Those that are significantly better by one of the scores, by the deciding score's difference."""
        return self._all_better[:MOST_NAMED]

    @property
    def n_more_better(self) -> int:
        """How many more of them there are."""
        return len(self._all_better) - len(self.better)

    @property
    def _all_better(self) -> list[Alternative]:
        found = [entry for entry in self.alternatives if "better" in self._verdicts(entry)]
        return sorted(found, key=self._gain, reverse=True)

    @property
    def ahead(self) -> list[Alternative]:
        """Those that are ahead by one of the scores, by no significant difference, and worse by none."""
        found = [
            entry
            for entry in self.alternatives
            if not {"better", "worse"} & set(self._verdicts(entry))
            and any(difference.mean_difference > 0 for difference in self.differences(entry))
        ]
        return sorted(found, key=self._gain, reverse=True)[:MOST_NAMED]

    @property
    def better_baseline(self) -> Alternative | None:
        """The baseline that is furthest ahead, where one is significantly better by the deciding score."""
        return next(
            (entry for entry in self.better if entry.kind == "baseline" and self._decides(entry)), None
        )

    @property
    def better_k(self) -> Alternative | None:
        """The k beyond the grid that is furthest ahead, where one is significantly better likewise."""
        return next(
            (entry for entry in self.better if entry.kind == "larger_k" and self._decides(entry)), None
        )

    @property
    def tried_larger_k(self) -> bool:
        """Whether any k beyond the grid was compared."""
        return any(entry.kind == "larger_k" for entry in self.alternatives)

    def differences(self, entry: Alternative) -> list[AlternativeDifference]:
        """Return an alternative's differences in the scores that judge it."""
        found = (entry.difference(score) for score in self.scores)
        return [
            difference
            for difference in found
            if difference is not None
            and not (
                entry.head in RANKED_BY_DISTANCE
                and difference.score == "roc_auc_ovr"
                and difference.verdict != "better"
            )
        ]

    def _verdicts(self, entry: Alternative) -> list[str]:
        return [difference.verdict for difference in self.differences(entry)]

    def _decides(self, entry: Alternative) -> bool:
        found = entry.difference(self.refit)
        return found is not None and found.verdict == "better"

    def _gain(self, entry: Alternative) -> float:
        found = entry.difference(self.refit)
        return float("-inf") if found is None else found.mean_difference
