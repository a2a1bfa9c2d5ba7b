"""Repeated cross-validation: the same study on other splits of the same images."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result, check_lengths
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.score import Score


class Selection(CandidateKey):
    """How often a candidate was the best of its distance."""

    n_repeats: int


class RepeatedCandidate(CandidateKey):
    """A candidate on the folds of all repeats, one repeat after another."""

    all_scores: tuple[Score, ...] = Field(min_length=1)
    """Values of every fold; `mean` is over all of them."""
    repeat_means: tuple[tuple[str, tuple[float | None, ...]], ...]
    """For each score its mean in each repeat."""

    @property
    def means(self) -> Mapping[str, tuple[float | None, ...]]:
        """The mean of each repeat, by score."""
        return MappingProxyType(dict(self.repeat_means))


class Repeats(Result):
    """Cross-validation repeated with other seeds: what one split can't tell.

    The estimand is the method's mean over splits of these images into so many folds.
    """

    seeds: tuple[int, ...] = Field(min_length=1)
    """Of the splits; the first is the study's own."""
    n_folds: int
    """Of one repeat."""
    candidates: tuple[RepeatedCandidate, ...] = Field(min_length=1)
    """The best candidate of each distance on the study's own split."""
    selections: tuple[Selection, ...]
    """Which candidate of each distance was best, the most frequent first."""
    comparisons: tuple[DistanceComparison, ...] = ()
    """The two best distances over all repeats, by the corrected t test for repeated cross-validation."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        n_folds = self.n_folds * len(self.seeds)
        for candidate in self.candidates:
            for score in candidate.all_scores:
                check_lengths(n_folds, values=score.values)
            for _, means in candidate.repeat_means:
                check_lengths(len(self.seeds), repeat_means=means)
        return self


class RepeatsAnalysis(Analysis):
    """Other splits of the same images."""

    # Here and not among the analyses: tests of several of them are over all splits.
    question: Literal["repeats"] = "repeats"
    repeats: Repeats
