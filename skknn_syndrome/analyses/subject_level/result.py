"""What one candidate says of subjects, all images of each taken together."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result, check_known, check_lengths
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.score import Score


class SeveralImages(Result):
    """Subjects with several images: the only ones whose images can be fused."""

    n_subjects: int
    n_images: int
    single_accuracy: float
    """Accuracy where one image of each subject is taken at random: the mean over the subjects of the share of
    their images that is classified correctly."""
    fused_accuracy: float
    """Share of these subjects whose fused images are classified correctly."""
    difference: MeanInterval | None = None
    """`fused_accuracy` minus `single_accuracy`, paired by subject; None in files of earlier versions."""

    @property
    def verdict(self) -> Literal["helps", "hurts", "inconclusive"]:
        """What fusing does to accuracy, where the interval of the difference excludes 0."""
        sign = 0 if self.difference is None else self.difference.sign
        return "helps" if sign > 0 else "hurts" if sign < 0 else "inconclusive"


class SubjectLevel(CandidateKey):
    """One candidate, scored by images and by subjects on the same folds.

    A subject's images are fused by the mean of their probabilities. One with images of several syndromes
    counts once for each of them. In repeated folds, counts and pooled figures have each once a repeat.
    """

    n_images: int
    n_subjects: int
    image_scores: tuple[Score, ...] = Field(min_length=1)
    """Every image counts once."""
    subject_scores: tuple[Score, ...] = Field(min_length=1)
    """Every subject counts once; the same names in the same order."""
    several: SeveralImages | None
    """All folds pooled; None where no subject has several images."""

    @property
    def differences(self) -> Mapping[str, float | None]:
        """Subject-level mean minus image-level mean of each score, None where one is not defined."""
        return MappingProxyType(
            {
                fused.name: None if fused.mean is None or single.mean is None else fused.mean - single.mean
                for single, fused in zip(self.image_scores, self.subject_scores, strict=True)
            }
        )

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        names = [score.name for score in self.image_scores]
        check_lengths(len(names), subject_scores=self.subject_scores)
        check_known("score", (score.name for score in self.subject_scores), names)
        return self


class SubjectLevelAnalysis(Analysis):
    """The best candidate of each distance, all images of a subject taken together."""

    question: Literal["subject_level"] = "subject_level"
    subject_levels: tuple[SubjectLevel, ...] = Field(min_length=1)
