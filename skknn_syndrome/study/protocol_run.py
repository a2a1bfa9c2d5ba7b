"""One protocol of a study, searched and scored: what analyses work from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.heads.base import GridScores
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.results import Candidate, Evaluation, ProtocolResult
from skknn_syndrome.study.distance_comparing import compare_distances
from skknn_syndrome.study.engine.grid import IndexSplit
from skknn_syndrome.study.engine.sources import GraphSource
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord
from skknn_syndrome.study.settings import StudySettings
from skknn_syndrome.study.validating import StudyData

Fields: TypeAlias = dict[str, Any]
"""Fields of a result that is still to be made, by name."""


@dataclass(frozen=True, eq=False)
class ProtocolRun:
    """One protocol, searched and scored."""

    data: StudyData
    settings: StudySettings
    splits: Splits
    scored: ProtocolResult
    """The candidates' scores, and nothing else yet."""
    parameters: Sequence[Mapping[str, Any]]
    """The estimator's parameters of each candidate."""
    records: Sequence[OutOfFoldRecord]
    """Out-of-fold predictions of the best candidate of each distance."""
    evaluations: tuple[Evaluation, ...]
    """Of these, syndrome by syndrome."""
    source: GridScores | None
    """Scores any split; None where candidates have to be fitted one by one."""
    repeated: Sequence[Splits]
    """The folds of each repeated split, the study's own first; these alone where nothing is repeated."""
    inner: Sequence[Sequence[IndexSplit]]
    """The inner folds of each training part; empty where nobody asked for them, or there can't be any."""

    @property
    def graph(self) -> NeighborGraph | None:
        """The graph of all rows, where no step is fitted inside the folds."""
        return self.source.graph if isinstance(self.source, GraphSource) else None

    def result(self, **found: Any) -> ProtocolResult:  # noqa: ANN401  fields of any type
        """Return the scores with what else was found of the protocol."""
        return self.scored.revised(
            evaluations=self.evaluations, comparisons=compare_distances(self.scored), **found
        )

    def parameters_of(self, candidate: Candidate) -> Mapping[str, Any]:
        """Return the estimator's parameters of a candidate."""
        return next(
            found
            for found, entry in zip(self.parameters, self.scored.candidates, strict=True)
            if entry.is_like(candidate)
        )

    def voting(self, candidate: Candidate) -> dict[str, Any]:
        """Return weights, temperature and class weight of a candidate, as the engine takes them."""
        parameters = self.parameters_of(candidate)
        classifier = self.settings.estimator
        return {
            "weights": parameters["weights"],
            "temperature": classifier.temperature,
            "class_weight": classifier.class_weight,
        }
