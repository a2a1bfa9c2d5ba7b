"""What variants of preprocessing add, honestly and in the leaky way."""

from skknn_syndrome.results.base import Result


class Gain(Result):
    """What a variant adds honestly: its score less that of untouched embeddings, on the same folds.

    By the corrected t test for repeated cross-validation, each at its own best k unless one was asked for.
    """

    scaler: str
    resampler: str
    metric: str
    n_neighbors: int
    """Of the variant."""
    baseline_n_neighbors: int
    """Of the untouched embeddings."""
    score: str
    mean_difference: float
    low: float
    high: float
    """95 % confidence interval of the mean difference."""
    p_value: float | None
    """Two-sided; None where the difference is the same in every fold."""
    p_holm: float | None
    """Adjusted for the other variants of the same distance."""

    @property
    def settled(self) -> bool:
        """Whether the difference is more than chance at 5 % among all variants of the distance."""
        return self.p_holm is not None and self.p_holm < 0.05  # noqa: PLR2004  the customary level


class Inflation(Result):
    """How much the leaky way adds to a score at the same k; its folds are not those of the honest way.

    The interval is Welch's, each variance enlarged for folds that share training rows, after Nadeau and
    Bengio (doi:10.1023/A:1024068626366).
    """

    scaler: str
    resampler: str
    metric: str
    n_neighbors: int
    score: str
    honest: float
    leaky: float
    difference: float
    """Leaky minus honest."""
    low: float
    high: float
    """95 % confidence interval."""

    @property
    def settled(self) -> bool:
        """Whether 0 lies outside the interval."""
        return self.low > 0 or self.high < 0


class LeftOut(Result):
    """A variant that could not be taken in the leaky way."""

    scaler: str
    resampler: str
    reason: str
    """One sentence."""


class ClassCount(Result):
    """Rows of one syndrome before and after all rows went through a variant, as for a classifier in use."""

    scaler: str
    resampler: str
    syndrome: str
    before: int
    after: int
