"""scikit-learn's search over a grid, on the folds of a study."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from skknn_syndrome._typing import Estimator, LabelArray, MatrixLike
from skknn_syndrome.crossval.fitted import FittedScores
from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.crossval.scoring import ScoreEveryWay
from skknn_syndrome.crossval.search import HeadSearchCV
from skknn_syndrome.crossval.tasks import MULTICLASS, Task
from skknn_syndrome.errors import FewerNeighborsWarning
from skknn_syndrome.heads.base import GridScores, IndexSplit
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.study.collecting import CvResults
from skknn_syndrome.study.settings import StudySettings
from skknn_syndrome.study.validating import StudyData


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
    return FittedScores(estimator, data.samples, data.labels, n_jobs, data.task)


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
        scoring=ScoreEveryWay(task),
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
        search.fit(samples, labels, source=None if isinstance(source, FittedScores) else source)
    return search
