"""One protocol of a study, searched by `GridSearchCV` and scored: what analyses work from."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from skknn_syndrome._typing import Estimator, LabelArray, MatrixLike
from skknn_syndrome.crossval.collecting import CvResults
from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.search import FittedScores, HeadSearchCV, TaskScorer
from skknn_syndrome.crossval.settings import StudySettings
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.crossval.tasks import MULTICLASS, Task
from skknn_syndrome.errors import FewerNeighborsWarning
from skknn_syndrome.heads.base import GridScores, IndexSplit
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.statistics.paired_tests import compare_distances

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

    def result(self) -> ProtocolResult:
        """Return the scores with the two best distances compared."""
        return self.scored.revised(comparisons=compare_distances(self.scored))

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


def answer(settings: StudySettings, data: StudyData, splits: Sequence[IndexSplit]) -> GridScores | None:
    """Return where scores of the study's grid come from, on any splits of its images.

    Parameters
    ----------
    settings : StudySettings
    data : StudyData
    splits : sequence of (train, test)
        All that will be asked for.

    Returns
    -------
    GridScores or None
        What the head answers from; else `FittedScores`. None of nearest neighbours that have to be fitted one
        by one, such as those by precomputed distances.
    """
    head, estimator, n_jobs = settings.head, settings.estimator, settings.n_jobs
    if head.answers is not None:
        found = head.answers(estimator, settings.grid, data.samples, data.labels, splits, n_jobs=n_jobs)
        if found is not None or head is KNN:
            return found
    return FittedScores(estimator, data.samples, data.labels, n_jobs, data.task, data.groups)


def run_search(
    estimator: Estimator,
    grid: dict[str, list[Any]],
    samples: MatrixLike,
    labels: LabelArray,
    splits: Splits,
    *,
    task: Task = MULTICLASS,
    refit: str | Callable[[CvResults], int],
    n_jobs: int | None,
    callbacks: Sequence[object],
    source: GridScores | None,
) -> HeadSearchCV:
    """Fit a `GridSearchCV` over `grid` on fixed folds, refitted on all rows with the best candidate.

    With a source, scores of all candidates come from it; without one, candidates are fitted one by one.

    An estimator that fails on a fold ends the search with its own error: a missing value would look like a
    bad candidate.
    """
    search = HeadSearchCV(
        estimator,
        grid,
        scoring=TaskScorer(task),
        refit=refit,
        cv=splits.as_cv(),
        n_jobs=n_jobs,
        error_score="raise",
    )
    if callbacks:
        search.set_callbacks(*callbacks)
    with warnings.catch_warnings():
        # A score that is not defined in a fold is NaN here and None, with its reason, in the result.
        warnings.filterwarnings("ignore", message="One or more of the test scores are non-finite")
        # Said once, as a notice of the study, and not by each of hundreds of fits.
        warnings.simplefilter("ignore", FewerNeighborsWarning)
        # What would fit one by one leaves that to scikit-learn.
        if isinstance(source, FittedScores):
            search.fit(samples, labels, subjects=source.groups)
        else:
            search.fit(samples, labels, source=source)
    return search
