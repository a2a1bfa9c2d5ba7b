"""Models judged on a test set: a hold-out part of the data, or an external file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Named, Result, check_known
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.dataset import SyndromeCount
from skknn_syndrome.results.intervals import Interval, Unit

SetKind: TypeAlias = Literal["holdout", "external"]
"""Images of the same file that no choice was made by; or those of another file."""


class Partition(Result):
    """What a part of the images consists of."""

    name: Literal["development", "holdout", "external"]
    n_images: int
    n_subjects: int | None
    """None where the data has no subject ids."""
    syndromes: tuple[SyndromeCount, ...]


class ScoreDrop(Result):
    """One score on the test set beside that of cross-validation on the development images.

    Both are of images of the classes that both parts have.
    """

    score: str
    internal: float | None
    """Of all out-of-fold predictions; None where it is not defined."""
    test: float | None
    difference: float | None
    """Test minus internal: below 0 where the score drops."""
    low: float | None
    high: float | None
    """95 % confidence interval: the units of both parts are drawn again, independently."""

    @property
    def verdict(self) -> Literal["drops", "rises", "inconclusive"]:
        """Where the interval lies: below 0, above, or around it; not adjusted for other models and scores."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return "inconclusive"
        return "drops" if self.high < 0 else "rises"


class TestedModel(Result):
    """A model, chosen by inner folds of the development images and fitted to all of these."""

    __test__ = False  # no test of pytest's

    name: str
    """As in the comparison."""
    title: str
    """What readers are shown of its head."""
    choice: CandidateKey
    """Its head, with the parameters that inner folds chose."""
    all_scores: tuple[Interval, ...] = Field(min_length=1)
    """On the test set, with intervals over its subjects."""
    drops: tuple[ScoreDrop, ...] = ()

    @property
    def scores(self) -> Mapping[str, Interval]:
        """Scores on the test set by name."""
        return MappingProxyType(Named({entry.score: entry for entry in self.all_scores}))

    def drop(self, score: str) -> ScoreDrop | None:
        """Return one score's; None where there is none."""
        return next((entry for entry in self.drops if entry.score == score), None)


class TestSet(Result):
    """Images that no model was chosen or fitted by."""

    __test__ = False

    kind: SetKind
    name: str
    """Of the file."""
    unit: Unit
    """What is drawn again."""
    n_units: int
    development: Partition
    test: Partition
    only_development: tuple[str, ...] = ()
    """Classes without an image in the test set."""
    only_test: tuple[str, ...] = ()
    """Classes of the test file that no model knows; their images are left out."""
    n_left_out: int = 0
    """How many images these are."""
    n_shared_subjects: int = 0
    """Subject ids that both files have."""
    models: tuple[TestedModel, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_known("partition", [self.test.name], [self.kind])
        return self


class TestSetsAnalysis(Analysis):
    """Models on a hold-out part, on an external file, or on both."""

    __test__ = False

    question: Literal["test_sets"] = "test_sets"
    refit: str
    """The score by which inner folds chose."""
    test_sets: tuple[TestSet, ...] = Field(min_length=1)

    def of_kind(self, kind: SetKind) -> TestSet | None:
        """Return the hold-out part or the external file; None where there is none."""
        return next((entry for entry in self.test_sets if entry.kind == kind), None)
