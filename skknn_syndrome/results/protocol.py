"""One cross-validation: its folds, its candidates and the best of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Self

from pydantic import Field, model_validator

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.results.base import Named, Result, check_known, check_lengths
from skknn_syndrome.results.baseline import Baseline
from skknn_syndrome.results.calibration import Calibration, TemperatureSelection
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.chance import ChanceTest
from skknn_syndrome.results.comparison import Alternative, DistanceComparison
from skknn_syndrome.results.evaluation import Evaluation
from skknn_syndrome.results.grid_curve import GridCurve
from skknn_syndrome.results.nesting import NestedSelection
from skknn_syndrome.results.open_set import OpenSet
from skknn_syndrome.results.repeats import Repeats
from skknn_syndrome.results.subject_level import SubjectLevel
from skknn_syndrome.results.uncertainty import Discordance, PooledDifference, PooledScores

_SHOWN = frozenset({"roc_auc_ovr", "f1_macro"})
"""Scores that curves beyond the grid are drawn for."""


class Fold(Result):
    """One split into a training and a test part."""

    repeat: int
    """Which shuffle of the data it belongs to, counted from 0."""
    split: int
    """Which fold of that shuffle, counted from 0."""
    n_train: int
    n_test: int
    absent_from_train: tuple[str, ...] = ()
    """Syndromes that the test part holds and the training part lacks: none of their images can be found."""
    absent_from_test: tuple[str, ...] = ()
    """Syndromes that the training part holds and the test part lacks: they have no AUC in this fold."""


class ProtocolResult(Result):
    """All candidates, scored on the same folds."""

    protocol: ProtocolName
    """What a fold keeps together: ``"image"`` or ``"subject"``."""
    splitter: str
    """The splitter as it would be written in Python."""
    folds: tuple[Fold, ...] = Field(min_length=1)
    candidates: tuple[Candidate, ...] = Field(min_length=1)
    """In the order of scikit-learn's `ParameterGrid`."""
    refit: str
    """The score that decides which candidate is best."""
    refit_rule: str = "best"
    """How it decides; ``"best"`` takes the highest mean."""
    chosen: tuple[int, ...] = ()
    """Under another rule: places among `candidates` of the one taken for each distance, then of all; else
    empty."""
    evaluations: tuple[Evaluation, ...] = ()
    """The best candidate of each distance, syndrome by syndrome."""
    comparisons: tuple[DistanceComparison, ...] = ()
    """The best candidates of the first two distances, a row a score."""
    pooled: tuple[PooledScores, ...] = ()
    """Pooled out-of-fold scores of the best candidate of each distance, with intervals."""
    difference: PooledDifference | None = None
    """The best candidates of the two best distances, with intervals."""
    discordance: Discordance | None = None
    """The same two, by McNemar's test."""
    repeats: Repeats | None = None
    """Other splits of the same images; None where there are none."""
    curves: tuple[GridCurve, ...] = ()
    """Scores beyond the grid, for each distance, where some score is best at the grid's largest k."""
    baselines: tuple[Baseline, ...] = ()
    """Rules without parameters to choose, on the same folds."""
    alternatives: tuple[Alternative, ...] = ()
    """Baselines and larger k, each compared with the best candidate over the repeated splits."""
    subject_levels: tuple[SubjectLevel, ...] = ()
    """The best candidate of each distance, all images of a subject taken together."""
    nested: NestedSelection | None = None
    """The search itself, cross-validated: candidates chosen inside each training part."""
    chance: ChanceTest | None = None
    """The search itself, held against searches among permuted labels."""
    calibrations: tuple[Calibration, ...] = ()
    """The best candidate of each distance under each weighting scheme."""
    temperatures: tuple[TemperatureSelection, ...] = ()
    """How softmax weights got their temperatures, one a distance."""
    open_sets: tuple[OpenSet, ...] = ()
    """The best candidate of each distance before syndromes that are absent from training."""

    @property
    def best(self) -> Mapping[str, Candidate]:
        """The best candidate of each distance: by the mean of the `refit` score, or by another rule.

        Of equals, the first in the grid: the smallest `n_neighbors`. A candidate whose score is nowhere
        defined is best only where no other is left.
        """
        if self.chosen:
            taken = [self.candidates[place] for place in self.chosen[:-1]]
            return MappingProxyType(Named({candidate.variant: candidate for candidate in taken}))
        best: dict[str, Candidate] = {}
        for candidate in self.candidates:
            held = best.get(candidate.variant)
            if held is None or self.refit_mean(candidate) > self.refit_mean(held):
                best[candidate.variant] = candidate
        return MappingProxyType(Named(best))

    @property
    def winner(self) -> Candidate:
        """The best candidate of all, of equals the first in the grid."""
        if self.chosen:
            return self.candidates[self.chosen[-1]]
        return max(self.candidates, key=self.refit_mean)

    def refit_mean(self, candidate: Candidate) -> float:
        """Return the mean by which `candidate` is judged; minus infinity where it is not defined."""
        mean = candidate.scores[self.refit].mean
        return float("-inf") if mean is None else mean

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        scored: list[Candidate | Baseline] = [*self.candidates, *self.baselines]
        for all_scores in (entry.all_scores for entry in scored):
            check_known("score", [self.refit], (score.name for score in all_scores))
            for score in all_scores:
                check_lengths(len(self.folds), values=score.values)
        if self.nested is not None:
            check_known("score", [self.refit], (entry.score for entry in self.nested.optimism))
        first = self.candidates[0].scores
        for candidate in self.candidates:
            check_known("score", first, candidate.scores)
        for curve in self.curves:
            check_known("score", _SHOWN.intersection(first), curve.scores)
        check_known("place among the candidates", self.chosen, range(len(self.candidates)))
        return self
