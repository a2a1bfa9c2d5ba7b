"""Image-level against subject-level folds: differences and inflation."""

from typing import Literal

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import PooledDifference


class ProtocolDifference(CandidateKey):
    """How much higher a score is when images of one subject may be in training and test part.

    Both protocols score the same candidate: the best of the subject-level folds.
    """

    score: str
    image_mean: float | None
    subject_mean: float | None

    @property
    def inflation(self) -> float | None:
        """Image-level mean minus subject-level mean, None where one of them is not defined."""
        if self.image_mean is None or self.subject_mean is None:
            return None
        return self.image_mean - self.subject_mean


class ProtocolInflation(CandidateKey):
    """The same over repeated splits, with one interval.

    Both protocols divide the images with the same seeds. The figure is the mean over the splits; its variance
    is that over resampled subjects, each resample scored fold by fold under both protocols, and that of the
    mean over the splits.
    """

    score: str
    n_splits: int
    """Seeds, each of which divides the images by image and by subject."""
    image_mean: float
    subject_mean: float
    difference: float
    """`image_mean` minus `subject_mean`, the mean over the splits."""
    low: float | None
    high: float | None
    """95 % confidence interval; None where the difference does not vary."""
    split_std: float | None
    """Standard deviation (divisor n - 1) of the difference over the splits; None with one split."""
    n_subjects: int
    n_resamples: int

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 lies outside the interval."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


class InflationAnalysis(Analysis):
    """What image-level folds add to the scores of the best candidates of subject-level ones."""

    question: Literal["inflation"] = "inflation"
    differences: tuple[ProtocolDifference, ...] = ()
    """Image-level minus subject-level, on one split."""
    protocol_inflations: tuple[ProtocolInflation, ...] = ()
    """The same over repeated splits, with intervals: one a distance and score."""
    inflations: tuple[PooledDifference, ...] = ()
    """Of pooled out-of-fold scores of one split, in files of schema version 3 and older."""
