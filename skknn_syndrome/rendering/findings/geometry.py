"""Hubs, norms and neighbour purity under the distances."""

from dataclasses import dataclass
from typing import Literal

from skknn_syndrome.results import Hubness
from skknn_syndrome.results.hubness import DistanceHubness, Hub


@dataclass(frozen=True)
class GeometryFindings:
    """The winner's distance beside the best of the others."""

    hubness: Hubness
    metric: str
    """Of the winner."""
    other_metric: str | None
    """The distance that comes second."""
    scores_differ: bool = False
    """Whether the deciding scores of the two differ significantly: else there is no difference to explain."""

    @property
    def own(self) -> DistanceHubness:
        """The winner's distance."""
        return self._of(self.metric)

    @property
    def other(self) -> DistanceHubness | None:
        """The distance that comes second; None where there is one alone."""
        return None if self.other_metric is None else self._of(self.other_metric)

    @property
    def hub(self) -> tuple[DistanceHubness, Hub]:
        """The largest hub of all, with its distance."""
        found = max(self.hubness.distances, key=lambda entry: entry.largest)
        return found, found.hubs[0]

    @property
    def norms(self) -> tuple[float, float, float, float]:
        """Least norm, the bounds of most, and the greatest."""
        values = [quantile.value for quantile in self.hubness.norms]
        return values[0], values[1], values[-2], values[-1]

    @property
    def verdict(self) -> Literal["explains", "partly", "against"] | None:
        """Whether fewer hubs and purer neighbours go with the higher score.

        None where the scores don't differ significantly, or skewness or purity do not differ at all.
        """
        own, other = self.own, self.other
        if not self.scores_differ or other is None or own.skewness is None or other.skewness is None:
            return None
        if own.skewness == other.skewness or own.neighbor_purity == other.neighbor_purity:
            return None
        agreeing = (own.skewness < other.skewness) + (own.neighbor_purity > other.neighbor_purity)
        return ("against", "partly", "explains")[agreeing]

    def _of(self, metric: str) -> DistanceHubness:
        return next(entry for entry in self.hubness.distances if entry.metric == metric)
