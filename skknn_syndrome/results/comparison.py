"""Whether two distances differ by more than chance."""

from skknn_syndrome.results.base import Result


class DistanceComparison(Result):
    """The best candidates of two distances on the same folds, by the corrected resampled t test.

    Folds share training images, so a plain t test finds differences that are none; the correction of
    Nadeau and Bengio (doi:10.1023/A:1024068626366) enlarges the variance accordingly.
    """

    score: str
    first: str
    """The distance with the higher mean."""
    second: str
    mean_difference: float
    """Mean over the folds of first minus second."""
    standard_error: float
    t_statistic: float | None
    """None where the difference is the same in every fold."""
    p_value: float | None
    """Two-sided."""
    confidence_low: float
    confidence_high: float
    """95 % confidence interval of the mean difference."""
    p_holm: float | None = None
    """Adjusted for the other scores that were tested beside this one, after Holm."""
    n_folds: int
    """Of all repeats."""
