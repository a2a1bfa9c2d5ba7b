"""Image-level against subject-level folds."""

from skknn_syndrome.results.base import Result


class ProtocolDifference(Result):
    """How much higher a score is when images of one subject may lie on both sides of a split.

    Both protocols score the same candidate: the best of the subject-level folds.
    """

    metric: str
    weights: str
    n_neighbors: int
    score: str
    image_mean: float | None
    subject_mean: float | None

    @property
    def inflation(self) -> float | None:
        """Image-level mean minus subject-level mean, None where one of them is not defined."""
        if self.image_mean is None or self.subject_mean is None:
            return None
        return self.image_mean - self.subject_mean
