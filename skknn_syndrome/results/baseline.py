"""What simpler rules reach on the same folds."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from pydantic import Field

from skknn_syndrome.results.candidate import CandidateKey
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
