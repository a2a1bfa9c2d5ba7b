"""What a model in use says of itself: data, head, calibration, and expected scores."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from pydantic import Field

from skknn_syndrome.results.base import Named, Result
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.detecting import DetectionVerdict, detection_verdict
from skknn_syndrome.results.intervals import Interval, MeanInterval, PooledIntervals
from skknn_syndrome.results.provenance import Version

ParamValue: TypeAlias = str | int | float | None
"""What a parameter of a head is written as."""


class Param(Result):
    """A parameter of the head."""

    name: str
    value: ParamValue


class HeadScore(Result):
    """A head that was compared, and its score over the folds."""

    head: str
    title: str
    score: float | None
    """Mean over the outer folds where it is defined; None where it is in none."""


class FitSettings(Result):
    """What a fit was asked for: with these and the same data it gives the same model."""

    heads: tuple[str, ...] = Field(min_length=1)
    """Among which the folds chose; of one there is no choice."""
    params: tuple[Param, ...] = ()
    """Given instead of a search."""
    refit: str
    cv: int
    inner_cv: int
    coverage: float = Field(gt=0, lt=1)
    false_rejection: float = Field(ge=0, lt=1)
    random_state: int


class ClassName(Result):
    """What readers know a class by."""

    label: str
    name: str
    id: str | None = None
    """Of a catalogue, such as "OMIM 194050"."""


class ClassPromise(Result):
    """What the calibration of one class rests on."""

    name: str
    n_images: int
    n_subjects: int
    """Images, where there are no subjects."""
    can_be_excluded: bool
    """Whether it has subjects enough to be left out of a set at the model's coverage."""


_SAID: Mapping[DetectionVerdict, str] = {
    "mostly unnoticed": "most images of unknown syndromes go unnoticed",
    "mostly noticed": "most images of unknown syndromes are noticed",
    "inconclusive": "whether most images of unknown syndromes go unnoticed is inconclusive",
}


class Detection(Result):
    """What is flagged of one class as possibly none of the rest; each subject counts once."""

    name: str
    flagged: float
    """Share of its images that a model without this class flags."""
    rejected: float
    """Share of its images that a model with it flags, by a threshold of the other folds."""
    n_images: int


class NoveltyNote(Result):
    """How images of unknown classes are noticed, and how many of them are not."""

    threshold: float | None
    """Of 1 - the largest cosine to a class mean; None where there are too few subjects for any."""
    subject_threshold: float | None
    """The same of the mean over a subject's images, which varies less."""
    false_rejection: float
    rejected_known: float
    """Share of the known images above a threshold of the other folds, each subject counted once."""
    detected: tuple[Detection, ...]
    """With each class left out in turn."""
    mean_detected: MeanInterval
    """Mean of `detected` over the classes, with its interval over them."""

    @property
    def verdict(self) -> DetectionVerdict | None:
        """Whether most images of unknown classes are noticed; None where the shares do not vary."""
        return detection_verdict(self.mean_detected)

    @property
    def worst(self) -> Detection:
        """The class that is noticed least."""
        return min(self.detected, key=lambda each: each.flagged)

    @property
    def sentence(self) -> str:
        """What a flag is worth, and what its absence is."""
        if self.threshold is None:
            return "There are too few subjects for a threshold: no case is flagged as unknown."
        mean, worst, verdict = self.mean_detected.estimate, self.worst, self.verdict
        said = "" if verdict is None else f": {_SAID[verdict]}"
        return (
            f"With each syndrome left out in turn, {mean:.0%} of its images were flagged (least of "
            f"{worst.name}: {worst.flagged:.0%}), as were {self.rejected_known:.0%} of known ones{said}. "
            "No flag does not mean known."
        )


class NormRange(Result):
    """Euclidean norms of the gallery's vectors."""

    low: float
    high: float


class GalleryChange(Result):
    """One growth or withdrawal, after which all was fitted again."""

    kind: Literal["added", "removed"]
    n_images: int
    n_subjects: int
    covered: float | None = None
    """Share of the added images of known classes that the sets of the model before held."""
    recalibration_due: bool
    """Whether that is below the coverage by more than chance, in these and in the calibration, explains."""


class ModelCard(Result):
    """What a model in use says of itself."""

    dataset: DatasetSummary
    classes: tuple[str, ...] = Field(min_length=2)
    settings: FitSettings
    head: str
    title: str
    params: tuple[Param, ...]
    """That the whole gallery was fitted with."""
    chosen_from: tuple[HeadScore, ...]
    has_own_calibration: bool
    """Whether the head is calibrated by itself, in inner folds; else a temperature was fitted to them."""
    class_names: tuple[ClassName, ...] = ()
    """Of those that have names beside their labels."""
    promises: tuple[ClassPromise, ...]
    novelty: NoveltyNote
    norms: NormRange
    expected: PooledIntervals
    """Scores of out-of-fold predictions of this fit, or those of a study."""
    expected_of: Literal["fit", "study"] = "fit"
    expected_are_stale: bool = False
    """Whether the gallery has changed since."""
    changes: tuple[GalleryChange, ...] = ()
    fitted: str
    """When, in UTC."""
    versions: tuple[Version, ...]

    @property
    def expected_scores(self) -> Named[Interval]:
        """The expected scores by name, with their intervals."""
        return Named({interval.score: interval for interval in self.expected.all_scores})

    @property
    def recalibration_due(self) -> bool:
        """Whether the last change found that sets do not cover what is new."""
        return bool(self.changes) and self.changes[-1].recalibration_due
