"""Nested cross-validation and selection bias."""

from typing import Literal, TypeAlias

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result, check_known
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.intervals import PooledIntervals
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.significance import is_significant
from skknn_syndrome.results.verdicts import ROUNDING

BiasVerdict: TypeAlias = Literal["none", "not significant", "significant"]
"""Whether choosing on the folds that report made a score look better."""


class Choice(CandidateKey):
    """What was chosen inside the training part of one outer fold."""

    fold: int
    """Position among the protocol's folds, counted from 0."""


class SelectionBias(Result):
    """How much higher a score is where the candidate was chosen on the folds that report it.

    The difference is taken fold by fold, so that what makes a fold easy or hard drops out, and tested by the
    corrected resampled t test (doi:10.1023/A:1024068626366).
    """

    score: str
    nested_mean: float | None
    """The choosing method's mean over the outer folds."""
    chosen_mean: float | None
    """The best candidate's mean over the folds it was chosen on."""
    standard_error: float | None = None
    """Of the mean difference, corrected for folds that share training images; None where it is defined in
    fewer than two folds, and in files before schema version 4."""
    p_value: float | None = None
    """Two-sided; None where the difference is the same in every fold."""
    low: float | None = None
    """Lower end of the 95 % confidence interval of the mean difference; None as for `p_value`."""
    high: float | None = None
    """Its upper end."""

    @property
    def difference(self) -> float | None:
        """`chosen_mean` minus `nested_mean`."""
        if self.chosen_mean is None or self.nested_mean is None:
            return None
        return self.chosen_mean - self.nested_mean

    @property
    def verdict(self) -> BiasVerdict | None:
        """Of the test; "none" where the difference is not positive, None where nothing was tested."""
        if self.difference is None:
            return None
        if self.difference <= ROUNDING:
            return "none"
        if self.p_value is None:
            return None
        return "significant" if is_significant(self.p_value) else "not significant"


class NestedSelection(Result):
    """A cross-validation in which each fold's candidate was chosen inside its training part.

    The estimand is the mean over splits of the method "search, then fit", not of one candidate.
    """

    refit: str
    """The score, or the rule, that chose."""
    n_inner_folds: int
    choices: tuple[Choice, ...] = Field(min_length=1)
    """One an outer fold."""
    all_scores: tuple[Score, ...] = Field(min_length=1)
    """Of what was chosen, on the outer folds."""
    selection_bias: tuple[SelectionBias, ...] = Field(min_length=1)
    """One a score."""
    pooled: PooledIntervals | None = None
    """What was chosen in each fold, asked for the images of its test part; all folds pooled, with intervals
    over resampled subjects. These fits' choices are held fixed. None without a graph of all rows."""


class NestedAnalysis(Analysis):
    """The search itself, cross-validated: candidates chosen inside each training part."""

    question: Literal["nested_cv"] = "nested_cv"
    nested: NestedSelection

    def check_against(self, run: ProtocolResult) -> None:
        """Refuse a nested search that lacks the score by which the protocol decides."""
        check_known("score", [run.refit], (entry.score for entry in self.nested.selection_bias))
