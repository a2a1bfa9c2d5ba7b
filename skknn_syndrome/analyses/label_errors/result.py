"""Confident errors of a classifier, and labels that are likely wrong."""

from collections.abc import Collection, Sequence
from typing import Final, Literal, Self

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis, of_kept
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import CandidateKey

MOST_LISTED: Final = 30
"""Errors that are listed: more than anybody looks through."""


class ConfidentError(Result):
    """An image whose label is not the most probable class."""

    row: int
    """Of the data, counted from 0."""
    image: str | None = None
    """Its id; None of arrays, which have none."""
    syndrome: str
    """As it is labelled."""
    predicted: str
    self_confidence: float
    """Probability of its label."""
    confidence: float
    """Of the predicted class."""
    margin: float
    """Normalised: (self-confidence - highest other probability + 1) / 2; the least is the most suspect."""
    suspected: bool
    """Whether confident learning takes its label for wrong."""
    n_others: int | None
    """Other images of its subject; None without subject ids."""
    n_others_alike: int | None
    """Of these, how many are predicted to be of the same class as this one."""


class LabelNoise(Result):
    """The labels of one class."""

    syndrome: str
    n_images: int
    threshold: float | None
    """Mean self-confidence; None of a class without tested images."""
    n_suspected: int
    """Images with this label that are likely of another class."""
    most_likely: str | None
    """Of these, the class that most are likely of."""


class LabelErrorsAnalysis(Analysis):
    """Where the best candidate was wrong with the most confidence, and which labels are likely wrong."""

    question: Literal["label_errors"] = "label_errors"
    candidate: CandidateKey
    calibrated: bool
    """Whether its head calibrates its probabilities inside the folds."""
    n_images: int = Field(ge=1)
    """Tested."""
    n_errors: int
    """Misclassified."""
    informative: bool
    """Whether the accuracy is significantly above the share of the largest class; else none is suspected."""
    n_suspected: int
    noise_rate: float | None
    """Estimated share of wrong labels; None where nothing is informative."""
    errors: tuple[ConfidentError, ...]
    """The first by margin."""
    classes: tuple[LabelNoise, ...]

    @property
    def accuracy(self) -> float:
        """Share of images whose label is predicted."""
        return 1 - self.n_errors / self.n_images

    def named(self, ids: Sequence[str]) -> Self:
        """Return the same with the id of each image, by its row."""
        return self.revised(errors=tuple(error.revised(image=ids[error.row]) for error in self.errors))

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return the same for some of the classes alone."""
        return self.revised(errors=of_kept(self.errors, kept), classes=of_kept(self.classes, kept))
