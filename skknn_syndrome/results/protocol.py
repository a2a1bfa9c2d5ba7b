"""One cross-validation: its folds, its candidates and the best of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Self

from pydantic import Field, model_validator

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.results.base import Named, Result, check_known, check_lengths
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.one_line import cut
from skknn_syndrome.wording import counted


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
    comparisons: tuple[DistanceComparison, ...] = ()
    """The best candidates of the first two distances, a row a score."""

    def __repr__(self) -> str:
        """Name the folds and the best candidate, with the score that decides.

        Examples
        --------
        >>> from skknn_syndrome.results.candidate import knn_params
        >>> from skknn_syndrome.results.score import Score
        >>> score = Score.from_values("accuracy", [0.5, float("nan")])
        >>> params = knn_params("cosine", "distance", 5)
        >>> fold = Fold(repeat=0, split=0, n_train=3, n_test=3)
        >>> candidate = Candidate(head="knn", params=params, all_scores=(score,))
        >>> ProtocolResult(
        ...     protocol="image", splitter="s", folds=(fold, fold), candidates=(candidate,), refit="accuracy"
        ... )
        ProtocolResult('image': 2 folds, 1 candidate; best: cosine distance, k = 5, <accuracy 0.5000 ± 0.0000, defined in 1 of 2 folds>)
        """  # noqa: E501  one line is the point
        counts = f"{counted(len(self.folds), 'fold')}, {counted(len(self.candidates), 'candidate')}"
        best = f"{self.winner.title}, {self.winner.scores[self.refit]!r}"
        return cut(f"ProtocolResult({self.protocol!r}: {counts}; best: {best})")

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
        for all_scores in (entry.all_scores for entry in self.candidates):
            check_known("score", [self.refit], (score.name for score in all_scores))
            for score in all_scores:
                check_lengths(len(self.folds), values=score.values)
        first = self.candidates[0].scores
        for candidate in self.candidates:
            check_known("score", first, candidate.scores)
        check_known("place among the candidates", self.chosen, range(len(self.candidates)))
        return self
