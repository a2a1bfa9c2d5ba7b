"""Baselines: rules without parameters, on the same folds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from pydantic import Field

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import check_known, check_lengths
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.comparison import Alternative
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.score import Score

BaselineName: TypeAlias = Literal["majority", "prior", "nearest_centroid", "nearest_image", "lda"]
"""The rules, the simplest first."""


class Baseline(CandidateKey):
    """A rule without parameters to choose, scored as the candidates are."""

    ranking: Literal["probability", "negative_distance"]
    """What syndromes are ranked by, and so what AUC and top-k accuracy are computed from."""
    all_scores: tuple[Score, ...] = Field(min_length=1)

    @property
    def name(self) -> str:
        """The rule's name, that of the head."""
        return self.head

    @property
    def scores(self) -> Mapping[str, Score]:
        """The scores by name: ``baseline.scores["f1_macro"].mean``."""
        return MappingProxyType({score.name: score for score in self.all_scores})


class BaselineComparison(Analysis):
    """Baselines on the folds of a study, and whether they do as well as its best candidate."""

    question: Literal["baselines"] = "baselines"
    baselines: tuple[Baseline, ...] = ()
    """On the study's own folds."""
    alternatives: tuple[Alternative, ...] = ()
    """The same, each compared with the best candidate over the repeated splits."""

    def check_against(self, run: ProtocolResult) -> None:
        """Refuse baselines that were not scored on the protocol's folds."""
        for scores in (entry.all_scores for entry in self.baselines):
            check_known("score", [run.refit], (score.name for score in scores))
            for score in scores:
                check_lengths(len(run.folds), values=score.values)
