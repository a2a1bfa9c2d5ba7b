"""Confidence intervals of scores and means over resampled subjects or images."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.verdicts import CONFIDENCE

Unit: TypeAlias = Literal["subjects", "images", "syndromes"]
"""What varies: subjects with all their images, single images where there are no subjects; or syndromes, where
each gives one figure."""


Method: TypeAlias = Literal["bca", "percentile", "exact"]
"""Bias-corrected and accelerated bootstrap; quantiles of the resamples; Clopper and Pearson's interval."""


class Interval(Result):
    """A figure with its confidence intervals, from resampled subjects or images.

    A score that is the same in every resample has no interval by quantiles: resampling says nothing of how
    far it could have come out otherwise. Where it is a proportion of none or of all, the exact binomial
    interval of Clopper and Pearson (doi:10.1093/biomet/26.4.404) on the units takes their place; else there
    is none.
    """

    score: str
    estimate: float | None
    """None where the score is not defined."""
    percentile_low: float | None
    """None where the score never varies, or is not defined in every resample, as AUC is not where one
    syndrome is left."""
    percentile_high: float | None
    bca_low: float | None
    """Bias-corrected and accelerated; None where that is not defined."""
    bca_high: float | None
    exact_low: float | None = None
    """None unless accuracy or top-k accuracy is 0 or 1 in every resample."""
    exact_high: float | None = None
    level: float | None = None
    """Of the quantiles: above the confidence, for resamples vary less than samples do; it follows the units
    that the score rests on. None without quantiles, and where the first files did not say."""

    @property
    def method(self) -> Method | None:
        """What `low` and `high` are of: exact, else BCa, else percentile; None where there is no interval."""
        return next(iter(self._by_method), None)

    @property
    def low(self) -> float | None:
        """The lower end of the interval; None where there is none."""
        return next((low for low, _ in self._by_method.values()), None)

    @property
    def high(self) -> float | None:
        """The upper end, likewise."""
        return next((high for _, high in self._by_method.values()), None)

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 lies outside a difference's interval: of these fits, and no test of the methods."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    @property
    def _by_method(self) -> dict[Method, tuple[float, float]]:
        """The intervals that there are, the one to be reported first."""
        ends: dict[Method, tuple[float | None, float | None]] = {
            "exact": (self.exact_low, self.exact_high),
            "bca": (self.bca_low, self.bca_high),
            "percentile": (self.percentile_low, self.percentile_high),
        }
        # Quantiles may coincide, and the first files have 1 to 1 of a score that never varies: no interval.
        return {
            method: (low, high)
            for method, (low, high) in ends.items()
            if low is not None and high is not None and low < high
        }


class MeanInterval(Result):
    """A mean over images with its confidence interval, in which the images of one unit are dependent.

    Both ends are None where there is no interval: of one unit alone, or where the units do not vary.
    """

    estimate: float
    low: float | None
    high: float | None
    unit: Unit
    """What is taken as independent."""
    n_units: int
    confidence: float = CONFIDENCE

    @property
    def excludes_zero(self) -> bool:
        """Whether the mean differs significantly from 0: 0 lies outside the interval.

        Examples
        --------
        >>> found = MeanInterval(estimate=-0.03, low=-0.1, high=0.03, unit="subjects", n_units=9)
        >>> found.excludes_zero, found.sign
        (False, 0)
        """
        return self.sign != 0

    @property
    def sign(self) -> Literal[-1, 0, 1]:
        """1 or -1 where the whole interval lies on one side of 0, else 0."""
        if self.low is None or self.high is None:
            return 0
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


class PooledIntervals(Result):
    """Scores of pooled out-of-fold predictions.

    The estimand is the score of these fits on people drawn as those of the data set were: every image is
    predicted by the fold's classifier that did not see it, and all folds are pooled. The classifiers are not
    fitted again for a resample, so that what another training set would change is not in the interval. AUC
    compares images of different folds, and may differ from the mean over the folds in the third decimal.
    """

    unit: Unit
    n_units: int
    """That were predicted."""
    n_resamples: int
    confidence: float
    all_scores: tuple[Interval, ...]

    @property
    def scores(self) -> Mapping[str, Interval]:
        """The intervals by score: ``pooled.scores["f1_macro"].low``."""
        return MappingProxyType({entry.score: entry for entry in self.all_scores})


class PooledScores(CandidateKey, PooledIntervals):
    """The pooled out-of-fold scores of one candidate."""

    protocol: Literal["image", "subject"]


class PooledDifference(Result):
    """First minus second, each image predicted by both, and the same units drawn for both."""

    kind: Literal["distance", "protocol"]
    """Two distances on the same folds; or image-level minus subject-level folds of one candidate."""
    first: str
    second: str
    variant: str | None = None
    """Of a candidate under two protocols; None where `first` and `second` are variants."""
    unit: Unit
    n_resamples: int
    confidence: float
    all_scores: tuple[Interval, ...]

    @property
    def scores(self) -> Mapping[str, Interval]:
        """The intervals by score."""
        return MappingProxyType({entry.score: entry for entry in self.all_scores})
