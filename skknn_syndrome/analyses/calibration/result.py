"""Whether the probabilities of out-of-fold predictions mean what they say."""

from typing import Literal

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import MeanInterval


class ReliabilityBin(Result):
    """Predictions of about the same confidence."""

    lower: float
    """Confidence at which the bin begins."""
    upper: float
    n_images: int
    """At least one: empty bins are left out."""
    confidence: float
    """Mean probability of the predicted syndrome."""
    accuracy: float


class Reliability(Result):
    """A reliability curve, and what is read off it."""

    n_bins: int
    """Bins asked for; `bins` has fewer where some are empty or equal confidences fill several."""
    bins: tuple[ReliabilityBin, ...] = Field(min_length=1)
    expected_error: float
    """Expected calibration error of the predicted syndrome, from 0 to 1."""
    maximum_error: float
    """Maximum calibration error, from 0 to 1."""


class Calibration(CandidateKey):
    """How far one weighting scheme's out-of-fold probabilities can be taken at their word.

    The estimand is this study's pooled out-of-fold predictions: each image once a repeat.
    """

    temperatures: tuple[float, ...] = ()
    """Of softmax weights, one a fold; empty for other weights."""
    n_predictions: int
    mean_confidence: float
    """Mean probability of the predicted syndrome."""
    accuracy: float
    equal_width: Reliability
    """Over bins of the same width between 0 and 1."""
    equal_mass: Reliability
    """Over adaptive bins, with as many images each, equal confidences together."""
    brier: float
    """Multiclass form, summed over the syndromes: from 0 to 2."""
    log_loss: float
    """Natural logarithm; probabilities clipped at 2.2e-16, where an image counts 36.04: this constant can be
    most of it. `log_loss_of_possible` and `zero_share` part the two."""
    zero_share: float
    """Share of the images whose true syndrome has probability 0: unclipped, `log_loss` were infinite."""
    log_loss_of_possible: float | None = None
    """Mean over the images whose true syndrome has a probability above 0; None where there is none, and in
    files of earlier versions."""
    gap: MeanInterval | None = None
    """`overconfidence` with its interval over subjects; None in files of earlier versions."""

    @property
    def overconfidence(self) -> float:
        """Mean confidence minus accuracy: below 0 where the classifier is better than it says."""
        return self.mean_confidence - self.accuracy

    @property
    def verdict(self) -> Literal["overconfident", "underconfident", "inconclusive"]:
        """Which of the two, where the interval of the gap excludes 0."""
        sign = 0 if self.gap is None else self.gap.sign
        return "overconfident" if sign > 0 else "underconfident" if sign < 0 else "inconclusive"


class TemperatureChoice(Result):
    """The temperature that was chosen inside the training part of one fold."""

    fold: int
    """Position among the protocol's folds, counted from 0."""
    temperature: float
    """In the unit of the distance."""
    log_loss: float
    """On the inner folds."""
    at_edge: bool
    """It is the least or the greatest that was tried: another one beyond may be better."""


class TemperatureSelection(CandidateKey):
    """How the temperatures of softmax weights were chosen: by log loss, without the images that report."""

    tried: tuple[float, ...]
    """Rising."""
    n_inner_folds: int
    choices: tuple[TemperatureChoice, ...] = Field(min_length=1)
    """One a fold."""


class CalibrationAnalysis(Analysis):
    """Calibration of the best candidate of each distance."""

    question: Literal["calibration"] = "calibration"
    calibrations: tuple[Calibration, ...] = Field(min_length=1)
    """Under each weighting scheme."""
    temperatures: tuple[TemperatureSelection, ...] = ()
    """How softmax weights got their temperatures, one a distance."""
