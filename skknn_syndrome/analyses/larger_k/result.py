"""Scores for more neighbours than the grid holds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result, check_known, check_lengths
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.comparison import Alternative
from skknn_syndrome.results.protocol import ProtocolResult

SHOWN: Final = ("roc_auc_ovr", "f1_macro")
"""Scores that curves beyond the grid are drawn for."""


class CurveScore(Result):
    """Mean and standard deviation over the folds (population form) for each number of neighbours."""

    score: str
    means: tuple[float | None, ...]
    """None where the score is defined in no fold."""
    stds: tuple[float | None, ...]


class GridCurve(CandidateKey):
    """A candidate whose k lies on the upper edge of the grid, and what larger ones score on the same folds.

    They show where the edge lies. They take no part in the choice of the best candidate.
    """

    refit: str
    """The score by which the edge was best."""
    grid: tuple[int, ...] = Field(min_length=1)
    """The k that were tried, the edge first."""
    all_scores: tuple[CurveScore, ...] = Field(min_length=1)

    @property
    def edge(self) -> int:
        """The largest k of the study's grid, that of the candidate."""
        return int(self.n_neighbors)

    @property
    def scores(self) -> Mapping[str, CurveScore]:
        """The curves by score."""
        return MappingProxyType({entry.score: entry for entry in self.all_scores})

    def best_n_neighbors(self, score: str) -> int | None:
        """Return the k with the highest mean, of equals the smallest; None where the score is not defined."""
        defined = [
            (mean, -k)
            for k, mean in zip(self.grid, self.scores[score].means, strict=True)
            if mean is not None
        ]
        return -max(defined)[1] if defined else None

    def mean(self, score: str, n_neighbors: int) -> float | None:
        """Return a score's mean for one of the numbers of neighbours."""
        return self.scores[score].means[self.grid.index(n_neighbors)]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        for entry in self.all_scores:
            check_lengths(len(self.grid), means=entry.means, stds=entry.stds)
        check_known("number of neighbours", [self.edge], self.grid)
        return self


class LargerK(Analysis):
    """Scores beyond the grid, where some score is best at the grid's largest k."""

    question: Literal["larger_k"] = "larger_k"
    curves: tuple[GridCurve, ...] = ()
    """One a distance."""
    alternatives: tuple[Alternative, ...] = ()
    """Their best k, each compared with the best candidate over the repeated splits."""

    def check_against(self, run: ProtocolResult) -> None:
        """Refuse curves without the scores that they are drawn for."""
        for curve in self.curves:
            check_known("score", set(SHOWN).intersection(run.candidates[0].scores), curve.scores)
