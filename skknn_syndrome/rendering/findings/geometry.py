"""Why one distance serves better than another."""

from dataclasses import dataclass
from typing import Literal

from skknn_syndrome.results import Hubness
from skknn_syndrome.results.hubness import DistanceHubness, Hub

RELATED = 0.3
"""From this rank correlation on, norm and k-occurrence are called related."""


@dataclass(frozen=True)
class GeometryFindings:
    """The winner's distance beside the best of the others."""

    hubness: Hubness
    metric: str
    """Of the winner."""
    other_metric: str | None
    """The distance that comes second."""

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
        """Whether fewer hubs and purer neighbours go with the higher score; None where it can't be told."""
        own, other = self.own, self.other
        if other is None or own.skewness is None or other.skewness is None:
            return None
        agreeing = (own.skewness < other.skewness) + (own.neighbor_purity > other.neighbor_purity)
        return ("against", "partly", "explains")[agreeing]

    def norms_rule(self, entry: DistanceHubness) -> Literal["short", "long"] | None:
        """Return which embeddings become hubs under a distance; None where norms say little."""
        if entry.norm_correlation is None or abs(entry.norm_correlation) < RELATED:
            return None
        return "short" if entry.norm_correlation < 0 else "long"

    def _of(self, metric: str) -> DistanceHubness:
        return next(entry for entry in self.hubness.distances if entry.metric == metric)
