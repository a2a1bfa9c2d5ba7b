"""Participants by covariate, scores of the subgroups, their gap, and levels held out in turn."""

from collections.abc import Iterator, Mapping
from statistics import NormalDist
from types import MappingProxyType
from typing import Literal, TypeAlias

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import Interval, PooledIntervals, Unit
from skknn_syndrome.results.verdicts import (
    CONFIDENCE,
    FEWEST_IN_SUBGROUP,
    ROUNDING,
    SIGNIFICANCE_LEVEL,
    WIDEST_INTERVAL,
)

GAP_SCORE = "accuracy"
"""The score whose gap is tested: unlike macro means, it does not need every class in every subgroup."""

MIN_LEVELS = 2
"""That are compared."""


class NumberSummary(Result):
    """Median and quartiles of the values that are known."""

    n_known: int
    """Of subjects where each has one value, else of images."""
    lower_quartile: float
    median: float
    upper_quartile: float


class LevelCount(Result):
    """Images and subjects of one level; a subject with images of several levels counts in each."""

    level: str
    is_missing: bool = False
    """Whether it holds what is not known."""
    n_images: int
    n_subjects: int | None
    images_by_class: tuple[int, ...]
    """In the order of the data set's syndromes."""
    subjects_by_class: tuple[int, ...] | None


class CovariateSummary(Result):
    """The participants by the levels of one covariate."""

    name: str
    cuts: tuple[float, ...] = ()
    """Where bands of its numbers begin."""
    levels: tuple[LevelCount, ...] = Field(min_length=1)
    """The level of missing values last, where there are some."""
    n_subjects: int | None
    """In all; None where nobody knows whose images they are."""
    n_varying: int | None
    """Subjects with images of several levels, likewise."""
    numbers: NumberSummary | None = None
    """Of all images; None where the values are no numbers."""
    numbers_by_class: tuple[NumberSummary | None, ...] = ()

    @property
    def missing(self) -> LevelCount | None:
        """Images whose value is not known; None where there are none."""
        return next((entry for entry in self.levels if entry.is_missing), None)


TooSmall: TypeAlias = Literal["few_units", "wide_interval"]
"""Why nothing can be said of a level: fewer than ten subjects, so that one more error would move its accuracy
by more than ten percentage points; or more of them, but an interval of accuracy wider than 0.2."""


class SubgroupScores(PooledIntervals):
    """Pooled out-of-fold scores of the images of one level."""

    level: str
    is_missing: bool = False
    n_images: int
    n_classes: int
    """Classes that it has images of; macro means are over these."""

    @property
    def too_small(self) -> TooSmall | None:
        """Why it is too small to tell how well the classifier works there; None where it is not."""
        if self.n_units < FEWEST_IN_SUBGROUP:
            return "few_units"
        found = self.scores[GAP_SCORE]
        if found.low is None or found.high is None or found.high - found.low > WIDEST_INTERVAL:
            return "wide_interval"
        return None


Exchange: TypeAlias = Literal["units", "images_and_units"]
"""What a permutation exchanges: the levels of subjects; or also those of the images of a subject."""


class Gap(Result):
    """The largest difference in accuracy between two levels of a covariate, within classes.

    Images are compared with those of the same class, so that a level with more images of an easy class is not
    ahead for that. Levels of too few subjects, and missing values, are left out.
    """

    higher: str
    lower: str
    difference: float
    low: float | None
    """Of the interval, widened for the number of pairs of levels; None where the units do not vary."""
    high: float | None
    n_levels: int
    unit: Unit
    n_units: int
    n_images_alone: int = 0
    """Of the two levels, images of classes that the other level lacks: they are not compared."""
    n_permutations: int
    p_value: float
    """Of the largest difference among all pairs of levels."""
    p_holm: float
    """Adjusted for the other covariates."""
    exchange: Exchange

    @property
    def equal(self) -> bool:
        """Whether no two levels differ at all, so that neither is higher."""
        return self.difference <= ROUNDING

    @property
    def verdict(self) -> Literal["gap", "no_gap", "inconclusive"]:
        """Whether accuracy differs: by the test and by the interval, which has to be narrow to say no."""
        significant = self.p_holm < SIGNIFICANCE_LEVEL
        if self.low is None or self.high is None:
            return "inconclusive"
        if significant and self.low > 0:
            return "gap"
        return "no_gap" if not significant and self.high - self.low <= WIDEST_INTERVAL else "inconclusive"


class Subgroups(Result):
    """Scores of each level of one covariate, and the largest gap between them."""

    covariate: str
    levels: tuple[SubgroupScores, ...] = Field(min_length=1)
    gap: Gap | None
    """None where no two levels could be compared."""

    @property
    def not_compared(self) -> Literal["few_units", "few_in_common"] | None:
        """Why there is no gap: too few subjects, or too few of the same classes; None where there is one."""
        if self.gap is not None:
            return None
        enough = [
            entry for entry in self.levels if entry.n_units >= FEWEST_IN_SUBGROUP and not entry.is_missing
        ]
        return "few_units" if len(enough) < MIN_LEVELS else "few_in_common"

    def small(self, reason: TooSmall) -> tuple[SubgroupScores, ...]:
        """Return the levels that are too small to tell for this reason; that of missing values is none."""
        return tuple(entry for entry in self.levels if entry.too_small == reason and not entry.is_missing)


class HeldOutLevel(Result):
    """One level, predicted by a classifier that was trained on all others."""

    level: str
    n_images: int
    """Predicted."""
    n_train: int
    """Training images, of other subjects at other levels: the least over folds, where there are several."""
    n_subjects_shared: int
    """Subjects with images at this level and at others: where they are tested, the latter do not train."""
    n_without_class: int
    """Images whose class has no training image: they are not scored."""
    held_out: PooledIntervals | None
    """None where nothing could be predicted."""
    difference: tuple[Interval, ...] = ()
    """Held out minus the primary cross-validation, on the same images and resamples."""
    n_compared: int = 1
    """Levels that are compared so in all, of every covariate: the verdict is adjusted for their number."""

    @property
    def differences(self) -> Mapping[str, Interval]:
        """The differences by score."""
        return MappingProxyType({entry.score: entry for entry in self.difference})

    @property
    def adjusted(self) -> tuple[float, float] | None:
        """The interval of the difference in accuracy, widened by Bonferroni for the levels compared.

        A few thousand resamples have no quantiles so far out: each end is moved away from the estimate as
        that of a normal distribution. None where there is no interval.
        """
        found = self.differences.get(GAP_SCORE)
        if found is None or found.estimate is None or found.low is None or found.high is None:
            return None
        usual, wider = (
            NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / 2 / number) for number in (1, self.n_compared)
        )
        low, high = (
            found.estimate + wider / usual * (end - found.estimate) for end in (found.low, found.high)
        )
        return low, high

    @property
    def verdict(self) -> Literal["lower", "higher", "inconclusive"]:
        """Whether accuracy differs from cross-validation, where the widened interval excludes 0."""
        low, high = self.adjusted or (0.0, 0.0)
        return "lower" if high < 0 else "higher" if low > 0 else "inconclusive"


class LeaveOneGroupOut(Result):
    """Each level of one covariate, held out in turn."""

    covariate: str
    levels: tuple[HeldOutLevel, ...] = Field(min_length=1)

    @property
    def n_subjects_shared(self) -> int:
        """Of the level that shares most subjects with others, how many these are."""
        return max(level.n_subjects_shared for level in self.levels)


class SubgroupAnalysis(Analysis):
    """How the best candidate does in the subgroups that covariates make."""

    question: Literal["subgroups"] = "subgroups"
    candidate: CandidateKey
    """Of the primary protocol, the best."""
    covariates: tuple[CovariateSummary, ...] = Field(min_length=1)
    subgroups: tuple[Subgroups, ...] = Field(min_length=1)
    """A covariate each."""
    left_out: tuple[LeaveOneGroupOut, ...] = ()
    """Of covariates whose levels were held out."""

    @property
    def unit(self) -> Unit:
        """What is drawn again."""
        return self.subgroups[0].levels[0].unit

    def each_level(self) -> Iterator[tuple[str, SubgroupScores]]:
        """Yield the levels of all covariates, each with the name of its covariate."""
        for entry in self.subgroups:
            for level in entry.levels:
                yield entry.covariate, level
