"""Image-level against subject-level folds."""

from skknn_syndrome.results.candidate import CandidateKey


class ProtocolDifference(CandidateKey):
    """How much higher a score is when images of one subject may lie on both sides of a split.

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
