"""Scores at each taxonomic level, consistency between levels, stopping, and groups held out whole."""

from collections.abc import Iterator
from typing import Literal, TypeAlias, get_args

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.intervals import MeanInterval, Unit

BaselineName: TypeAlias = Literal["majority", "random"]
"""The most frequent class of the training part; or one drawn by the frequencies there."""


ScoreName: TypeAlias = Literal["accuracy", "f1_macro", "f1_weighted"]

SCORES: tuple[ScoreName, ...] = get_args(ScoreName)


class ClassScores(Result):
    """A row of a classification report."""

    label: str
    n_images: int
    n_units: int
    """Subjects, where they are known, else images."""
    precision: float
    recall: float
    f1: float


class SizeScores(Result):
    """Accuracy on the images of classes of some size."""

    smallest: int
    """Units of a class, from here on."""
    largest: int | None
    """Up to here; None where there is no end."""
    n_classes: int
    n_images: int
    accuracy: MeanInterval


class LabelScores(Result):
    """Scores of predicted groups, or differences of such, with intervals over subjects."""

    accuracy: MeanInterval
    f1_macro: MeanInterval
    f1_weighted: MeanInterval

    def each(self) -> Iterator[tuple[ScoreName, MeanInterval]]:
        """Yield the scores by name."""
        for name in SCORES:
            yield name, getattr(self, name)


class BaselineScores(Result):
    """A rule that looks at no image, on the same folds."""

    name: BaselineName
    scores: LabelScores
    differences: LabelScores
    """The classifier minus the baseline."""

    @property
    def is_beaten(self) -> bool:
        """Whether accuracy and macro F1 are both significantly above the baseline's."""
        return self.differences.accuracy.sign == self.differences.f1_macro.sign == 1


class LevelScores(Result):
    """Pooled out-of-fold scores of the classifier of one level."""

    level: str
    n_classes: int
    n_untrained: int
    """Images of classes that their training part has none of."""
    scores: LabelScores
    temperature: float
    """Of the calibration, the median over the folds."""
    mean_confidence: float
    """Which accuracy should equal."""
    baselines: tuple[BaselineScores, ...]
    classes: tuple[ClassScores, ...] = Field(min_length=1)
    by_size: tuple[SizeScores, ...] = Field(min_length=1)

    @property
    def is_above_baselines(self) -> bool:
        """Whether every baseline is beaten."""
        return all(entry.is_beaten for entry in self.baselines)


class Consistency(Result):
    """How predictions of one level fit those of the level above."""

    lower: str
    upper: str
    agreement: MeanInterval
    """Share of images whose predicted group contains the predicted class."""
    accuracy_if_consistent: float | None
    """Of the lower level; None where no image is so."""
    accuracy_if_not: float | None
    top_down: MeanInterval
    """Accuracy of the lower level where the class is sought in the predicted group alone."""
    top_down_gain: MeanInterval
    """Over the lower level's own prediction."""
    bottom_up: MeanInterval
    """Accuracy of the upper level where the probabilities of a group's classes are added up."""
    bottom_up_gain: MeanInterval


class StoppedAt(Result):
    """Images whose prediction stops at one level."""

    level: str
    threshold: float | None
    """Confidence that a prediction takes, the median over folds; None where none is high enough."""
    n_images: int
    share: MeanInterval
    accuracy: MeanInterval | None
    """None where no prediction stops here."""


class Stopping(Result):
    """Predictions at the finest level whose calibrated confidence is high enough."""

    target: float
    """Accuracy that thresholds were chosen for, inside the training parts."""
    levels: tuple[StoppedAt, ...]
    unanswered: MeanInterval
    """Share of images of which nothing is said."""
    accuracy: MeanInterval | None
    """Of all answers, each at its level."""


class GroupInterval(Result):
    """A mean over images with its interval, in which the images of one held-out group are dependent."""

    estimate: float
    low: float | None
    high: float | None

    @property
    def sign(self) -> Literal[-1, 0, 1]:
        """1 or -1 where the whole interval lies on one side of 0, else 0."""
        if self.low is None or self.high is None:
            return 0
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


class HeldOutGroup(Result):
    """One group that nothing of was trained on."""

    label: str
    lies_in: str
    n_images: int
    share_right: float
    mostly: str
    """What most of its images are placed in."""


class LeftOut(Result):
    """Groups that are not placed in a level above, since nothing of their group there would be trained on."""

    upper: str
    n_alone: int
    """Those that are alone in theirs."""
    n_shared: int
    """Those beside others whose images are all of tested subjects."""


class Placement(LeftOut):
    """Held-out groups, placed in the groups of a level above."""

    n_images: int
    groups: tuple[HeldOutGroup, ...] = Field(min_length=1)
    accuracy: GroupInterval
    majority: float
    """Accuracy of the most frequent group of all images."""
    random: float
    """Of one drawn by frequency."""
    above_majority: GroupInterval
    n_seen: int
    """Images that cross-validation tests with others of the same held-out group in the training part."""
    seen: float | None
    """Accuracy on these in cross-validation; None where there are none."""
    below_seen: GroupInterval | None
    """Held out minus seen, on the same images."""


class HeldOutLevel(Result):
    """The groups of one level, held out whole."""

    level: str
    n_folds: int
    placements: tuple[Placement, ...]
    """In levels above of which something can be trained on; none where no level above has two groups."""
    unplaced: tuple[LeftOut, ...]
    """Of levels above in which no group can be placed."""


class LevelAnalysis(Analysis):
    """How well images tell apart the groups of each taxonomic level."""

    question: Literal["levels"] = "levels"
    head: str
    head_title: str
    upsampled: bool
    """Whether smaller classes were brought up by Gaussian noise."""
    scores: tuple[LevelScores, ...] = Field(min_length=2)
    """A level each, the finest first."""
    consistency: tuple[Consistency, ...]
    """Of each level and the next."""
    stopping: Stopping
    held_out: tuple[HeldOutLevel, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """The names of the levels, the finest first."""
        return tuple(entry.level for entry in self.scores)

    @property
    def unit(self) -> Unit:
        """What is drawn again."""
        return self.scores[0].scores.accuracy.unit
