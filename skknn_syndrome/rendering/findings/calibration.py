"""Whether the probabilities can be believed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from skknn_syndrome.results import Calibration, Candidate, TemperatureSelection

EVEN = 0.02
"""Below this difference of confidence and accuracy, the classifier is called as sure as it is right."""

CLEAR = 0.05
"""From this difference on, the gap is called clear."""


@dataclass(frozen=True)
class CalibrationFindings:
    """The weighting schemes at the winner's distance and k."""

    schemes: Sequence[Calibration]
    winner: Candidate
    temperature: TemperatureSelection | None

    @property
    def own(self) -> Calibration:
        """The winner's own scheme, or the first where its own was not measured."""
        own = (entry for entry in self.schemes if entry.weights == self.winner.weights)
        return next(own, self.schemes[0])

    @property
    def best(self) -> Calibration:
        """The scheme with the least expected calibration error over adaptive bins."""
        return min(self.schemes, key=lambda entry: entry.equal_mass.expected_error)

    @property
    def direction(self) -> Literal["over", "under", "even"]:
        """Whether the winner says more or less than it keeps."""
        gap = self.own.overconfidence
        return "even" if abs(gap) < EVEN else "over" if gap > 0 else "under"

    @property
    def is_clear(self) -> bool:
        """Whether the gap is large."""
        return abs(self.own.overconfidence) >= CLEAR

    @property
    def temperatures(self) -> list[tuple[float, int]]:
        """Temperatures that were chosen, with the number of folds, rising."""
        choices = () if self.temperature is None else self.temperature.choices
        return sorted(Counter(choice.temperature for choice in choices).items())

    @property
    def n_at_edge(self) -> int:
        """Folds whose temperature is the least or the greatest that was tried."""
        choices = () if self.temperature is None else self.temperature.choices
        return sum(choice.at_edge for choice in choices)
