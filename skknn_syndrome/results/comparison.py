"""Whether two methods differ significantly on the same folds."""

from typing import Literal

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.significance import is_significant


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
    """Adjusted for the other scores that were tested beside this one, after Holm; scores with the same
    differences count once."""
    n_folds: int
    """Of all repeats."""
    repeat_std: float | None = None
    """Standard deviation (divisor n - 1) over the repeats of the mean difference of each: how far the
    difference moves with the division into folds. None with one repeat."""

    @property
    def significant(self) -> bool:
        """Whether the difference is significant at 5 %, after Holm where several scores were tested."""
        return is_significant(self.p_value if self.p_holm is None else self.p_holm)


class AlternativeDifference(Result):
    """One score of another method minus that of the best candidate, on the same folds."""

    score: str
    mean: float
    """Of the other method, over all folds."""
    best_mean: float
    """Of the best candidate, over the same folds."""
    mean_difference: float
    low: float
    high: float
    """95 % confidence interval of the mean difference, by the corrected resampled t test."""
    p_value: float | None
    """Two-sided; None where the difference is the same in every fold."""
    p_holm: float | None
    """Adjusted for the other scores that were tested beside this one, after Holm."""
    n_folds: int
    """Of all repeats."""

    @property
    def verdict(self) -> Literal["better", "worse", "inconclusive"]:
        """Whether the other method is significantly better or worse at 5 %, after Holm."""
        if not is_significant(self.p_holm):
            return "inconclusive"
        return "better" if self.mean_difference > 0 else "worse"


class Alternative(CandidateKey):
    """What the best candidate of the grid is compared with: a baseline, or a k beyond the grid.

    Its folds are those of the repeated splits, where there are any. A k beyond the grid was taken for its
    score on the study's own split, so that its lead there is partly chance.
    """

    kind: Literal["baseline", "larger_k"]
    n_splits: int
    """Splits into folds with seeds of their own."""
    differences: tuple[AlternativeDifference, ...]
    """One a score that is defined in two folds at least."""

    def difference(self, score: str) -> AlternativeDifference | None:
        """Return one score's; None where it was not compared."""
        return next((entry for entry in self.differences if entry.score == score), None)
