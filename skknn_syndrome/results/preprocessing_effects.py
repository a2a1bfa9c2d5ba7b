"""What variants of preprocessing add within folds, and what preparing before splitting adds to that."""

from skknn_syndrome.results.ablated_variant import Way
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.significance import is_significant


class Gain(Result):
    """What a variant adds within folds: its score less that of unprocessed embeddings, on the same folds.

    By the corrected t test for repeated cross-validation, each at its own best k unless one was asked for.
    Variants that are cheap to repeat are compared on more splits than those that resample.
    """

    scaler: str
    resampler: str
    metric: str
    n_neighbors: int
    """Of the variant."""
    baseline_n_neighbors: int
    """Of the unprocessed embeddings."""
    score: str
    mean_difference: float
    low: float
    high: float
    """95 % confidence interval of the mean difference."""
    p_value: float | None
    """Two-sided; None where the difference is the same in every fold."""
    p_holm: float | None
    """Adjusted for the other variants of the same distance."""
    n_folds: int | None = None
    """In which both scores are defined; None in files of version 1."""
    n_splits: int | None = None
    """Splits that both were scored on, likewise."""

    @property
    def significant(self) -> bool:
        """Whether the adjusted p-value is below the level."""
        return is_significant(self.p_holm)

    @property
    def differs(self) -> bool:
        """Whether the scores differ in any fold."""
        return not self.low == self.high == 0


class Inflation(Result):
    """What preparing before splitting adds to a score at the same k; its folds are not those of the other.

    The interval is Welch's, each variance enlarged for folds that share training rows, after Nadeau and
    Bengio (doi:10.1023/A:1024068626366).
    """

    scaler: str
    resampler: str
    metric: str
    n_neighbors: int
    score: str
    honest: float
    """Within folds."""
    leaky: float
    """Before splitting."""
    difference: float
    """The latter minus the former."""
    low: float
    high: float
    """95 % confidence interval."""

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 lies outside the interval."""
        return self.low > 0 or self.high < 0


class LeftOut(Result):
    """A variant that the data do not allow: at all, or before splitting alone."""

    scaler: str
    resampler: str
    reason: str
    """One sentence."""
    way: Way = "leaky"
    """``"honest"``: not compared at all; ``"leaky"``: within folds alone."""


class ClassCount(Result):
    """Rows of one syndrome before and after all rows went through a variant, as for a classifier in use."""

    scaler: str
    resampler: str
    syndrome: str
    before: int
    after: int
