"""Prediction sets of a nominal coverage, and what they cover."""

from collections.abc import Collection
from typing import Literal, Self

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis, of_kept
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import MeanInterval


class ClassCoverage(Result):
    """The test images of one syndrome, and the sets that they get."""

    syndrome: str
    n_images: int
    """At least one."""
    covered: MeanInterval
    """Share of them whose set holds the syndrome, each subject counted once."""
    mean_size: float
    always_in: bool
    """Whether some training part has too few of its subjects for it ever to be left out of a set."""


class SetCoverage(Result):
    """Sets that are to hold the true syndrome with some probability."""

    coverage: float
    """Nominal: with which probability a set is to hold it."""
    covered: MeanInterval
    """Share of the test images whose set holds their syndrome, each subject counted once."""
    mean_size: float
    """Syndromes in a set."""
    single_share: float
    """Share of the images whose set has one syndrome."""
    single_right: float | None
    """Share of these whose syndrome is that one; None where there are none."""
    empty_share: float
    """Share of the images that are more unlike every syndrome than the coverage allows for."""
    full_share: float
    """Share of the images whose set has all syndromes, and says nothing."""
    classes: tuple[ClassCoverage, ...] = Field(min_length=1)

    @property
    def verdict(self) -> Literal["below", "as promised", "above"]:
        """Where the interval of what is covered lies, as seen from the nominal coverage."""
        low, high = self.covered.low, self.covered.high
        if low is None or high is None:
            return "as promised"
        return "below" if high < self.coverage else "above" if low > self.coverage else "as promised"

    @property
    def too_few(self) -> list[str]:
        """Syndromes with too few subjects to be left out of any set."""
        return [entry.syndrome for entry in self.classes if entry.always_in]

    @property
    def worst(self) -> ClassCoverage:
        """The syndrome that is covered least, the first of equals."""
        return min(self.classes, key=lambda entry: entry.covered.estimate)


class PredictionSets(CandidateKey):
    """Sets of the best configuration, calibrated inside the training part of each fold.

    The estimand is this study's pooled test parts, each image once a repeat. The configuration was
    chosen on the folds that report coverage, so that it can look a little better here than on new subjects.
    """

    n_inner_folds: int
    n_images: int
    class_conditional: tuple[SetCoverage, ...] = Field(min_length=1)
    """Calibrated within each syndrome, by rising coverage."""
    marginal: tuple[SetCoverage, ...]
    """Calibrated over all syndromes together, for comparison: their coverage is an average over syndromes."""

    @property
    def too_few(self) -> list[str]:
        """Syndromes with too few subjects for the highest coverage."""
        return self.class_conditional[-1].too_few


class PredictionSetsAnalysis(Analysis):
    """Coverage and size of prediction sets."""

    question: Literal["prediction_sets"] = "prediction_sets"
    prediction_sets: PredictionSets

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return the same for some of the syndromes alone."""
        found = self.prediction_sets

        def narrowed(entries: tuple[SetCoverage, ...]) -> tuple[SetCoverage, ...]:
            return tuple(entry.revised(classes=of_kept(entry.classes, kept)) for entry in entries)

        return self.revised(
            prediction_sets=found.revised(
                class_conditional=narrowed(found.class_conditional), marginal=narrowed(found.marginal)
            )
        )
