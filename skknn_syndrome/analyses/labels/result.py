"""What models say of single labels: the positive class of two, or each of several labels an image."""

from typing import Literal, Self

from pydantic import Field, model_validator

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result, check_lengths
from skknn_syndrome.results.intervals import MeanInterval

CHANCE_AUC = 0.5
"""Of whoever guesses."""


class OperatingPoint(Result):
    """Decisions at the threshold that inner folds chose, by Youden's index, in each outer training part.

    Intervals are over subjects, whose images are dependent. None where there is nothing to divide by.
    """

    thresholds: tuple[float, ...] = Field(min_length=1)
    """One a fold, in their order."""
    sensitivity: MeanInterval | None
    """Share of the images with the label that are found."""
    specificity: MeanInterval | None
    """Share of the images without it that are passed over."""
    positive_predictive_value: MeanInterval | None
    """Share of the images found that have it."""
    negative_predictive_value: MeanInterval | None
    """Share of the images passed over that lack it."""


class LabelCurves(Result):
    """Curves of all out-of-fold predictions of the first repeat, on grids of a hundred steps."""

    false_positive_rate: tuple[float, ...]
    true_positive_rate: tuple[float, ...]
    recall: tuple[float, ...]
    precision: tuple[float, ...]
    """The highest at this recall or a higher one."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_lengths(len(self.false_positive_rate), true_positive_rate=self.true_positive_rate)
        check_lengths(len(self.recall), precision=self.precision)
        return self


class LabelScores(Result):
    """One label, as one model tells it from the rest: pooled over the folds, the mean over the repeats."""

    model: str
    label: str
    n_positive: int
    """Images that have it."""
    prevalence: float
    """Their share."""
    roc_auc: float | None
    average_precision: float | None
    """A classifier that knows nothing has the prevalence."""
    f1: float | None
    """Of the model's own predictions, as sensitivity and specificity are."""
    sensitivity: float | None
    specificity: float | None
    undefined: str | None = None
    """Why something is None."""
    operating_point: OperatingPoint | None = None
    """Of two classes; None where inner folds could not choose a threshold."""
    curves: LabelCurves | None = None
    """Of two classes."""


class LabelsAnalysis(Analysis):
    """Each label by itself, model after model."""

    question: Literal["labels"] = "labels"
    task: Literal["binary", "multilabel"]
    labels: tuple[LabelScores, ...] = Field(min_length=1)
    largest_set: tuple[str, ...] | None = None
    """Of several labels: those that most images have together; empty where most images have none."""
    largest_set_share: float | None = None
    """Share of these images: the subset accuracy of whoever always says so."""

    def of_model(self, name: str) -> tuple[LabelScores, ...]:
        """Return the labels of a model, in the order of the data."""
        return tuple(entry for entry in self.labels if entry.model == name)

    def is_misled_by_subset_accuracy(self, subset_accuracy: float | None, auc_low: float | None) -> bool:
        """Return whether single labels are told apart, and whole sets worse than by always saying one.

        Parameters
        ----------
        subset_accuracy : float or None
            Of a model, pooled.
        auc_low : float or None
            The lower end of the interval of its macro AUC.
        """
        if self.largest_set_share is None or subset_accuracy is None or auc_low is None:
            return False
        return subset_accuracy < self.largest_set_share and auc_low > CHANCE_AUC

    @property
    def undefined(self) -> tuple[LabelScores, ...]:
        """Labels of which something is not defined, of the first model."""
        return tuple(entry for entry in self.of_model(self.labels[0].model) if entry.undefined)
