"""scikit-learn's search over a grid."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from skknn_syndrome._typing import Estimator, LabelArray, MatrixLike
from skknn_syndrome.errors import FewerNeighborsWarning
from skknn_syndrome.study.collecting import CvResults
from skknn_syndrome.study.engine.row_classifier import RowClassifier, SharedScores, score_rows
from skknn_syndrome.study.engine.sources import ScoreSource
from skknn_syndrome.study.scoring import score_every_way
from skknn_syndrome.study.splitting import Splits


def run_search(
    estimator: Estimator,
    grid: dict[str, list[Any]],
    samples: MatrixLike,
    labels: LabelArray,
    splits: Splits,
    *,
    refit: str | Callable[[CvResults], int],
    n_jobs: int | None,
    callbacks: Sequence[object],
    source: ScoreSource | None,
) -> GridSearchCV:
    """Fit a `GridSearchCV` over `grid` on fixed folds, refitted on all rows with the best candidate.

    With a source, which `make_source` makes, the search goes over row numbers: behind them stands one
    neighbour graph of all rows, or, for a pipeline, one search a fold behind steps that are fitted on it.
    Each finds the scores of all k at once. Without one, candidates are fitted one by one.

    An estimator that fails on a fold ends the search with its own error: a missing value would look like a
    bad candidate.
    """
    searched = estimator if source is None else _over_rows(estimator, source)
    search = GridSearchCV(
        searched,
        grid,
        scoring=score_every_way if source is None else score_rows,
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
        search.fit(samples if source is None else np.arange(len(labels))[:, None], labels)
        if source is not None:
            # From here on the search takes embeddings: what it predicts with is fitted on them.
            search.scorer_ = score_every_way
            search.best_estimator_ = clone(estimator).set_params(**search.best_params_).fit(samples, labels)
    return search


def _over_rows(estimator: Estimator, source: ScoreSource) -> Estimator:
    """Return what takes row numbers, with the parameters' names of the estimator that it stands for."""
    stand_in = RowClassifier(SharedScores(source))
    return Pipeline([(estimator.steps[-1][0], stand_in)]) if isinstance(estimator, Pipeline) else stand_in
