"""Calibration: over- and underconfidence of the weighting schemes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from skknn_syndrome.results import Calibration, Candidate, TemperatureSelection
from skknn_syndrome.results.verdicts import DECIMALS


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
    def better(self) -> Calibration | None:
        """The scheme with the least expected calibration error over adaptive bins; None if that is the own.

        Errors that are printed as equal are equal: of several the own one counts as the least.
        """
        errors = [round(entry.equal_mass.expected_error, DECIMALS) for entry in self.schemes]
        least = min(errors)
        if round(self.own.equal_mass.expected_error, DECIMALS) == least:
            return None
        return self.schemes[errors.index(least)]

    @property
    def costs_accuracy(self) -> bool:
        """Whether `better` has another accuracy than the own scheme."""
        better = self.better
        return better is not None and round(better.accuracy - self.own.accuracy, DECIMALS) != 0

    @property
    def direction(self) -> Literal["over", "under", "even"]:
        """The winner's verdict in short: "even" where it is inconclusive."""
        verdict = self.own.verdict
        return "over" if verdict == "overconfident" else "under" if verdict == "underconfident" else "even"

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
