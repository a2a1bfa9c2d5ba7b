"""The grid, and scikit-learn's search over it."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral
from typing import Any, get_args

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from skknn_syndrome._typing import Estimator, LabelArray, MatrixLike
from skknn_syndrome.errors import FewerNeighborsWarning, StudySettingsError
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.classifier import MetricName
from skknn_syndrome.neighbors.weighting import Weights, WeightsName
from skknn_syndrome.study.collecting import CvResults
from skknn_syndrome.study.engine.row_classifier import RowClassifier, SharedScores, score_rows
from skknn_syndrome.study.engine.sources import ScoreSource
from skknn_syndrome.study.scoring import score_every_way
from skknn_syndrome.study.splitting import Splits

METRICS: tuple[str, ...] = get_args(MetricName)
SCHEMES: tuple[str, ...] = get_args(WeightsName)


def grid_prefix(estimator: Estimator) -> str:
    """Return what stands before the classifier's parameters in the grid.

    Parameters
    ----------
    estimator : SyndromeKNNClassifier or Pipeline
        A pipeline has to end in a `SyndromeKNNClassifier`.

    Returns
    -------
    str
        ``""`` for the classifier itself, ``"<last step>__"`` for a pipeline.

    Raises
    ------
    StudySettingsError
        If the estimator is neither, or has a `predict` that need not name the most probable class.
    """
    classifier = estimator.steps[-1][1] if isinstance(estimator, Pipeline) else estimator
    if not isinstance(classifier, SyndromeKNNClassifier):
        pipeline = f" that ends in a {type(classifier).__name__}" if isinstance(estimator, Pipeline) else ""
        raise StudySettingsError(
            f"The estimator is a {type(estimator).__name__}{pipeline}; a study takes a SyndromeKNNClassifier "
            "or a Pipeline that ends in one. skknn_syndrome.scorers score any classifier in GridSearchCV."
        )
    if type(classifier).predict is not SyndromeKNNClassifier.predict:
        raise StudySettingsError(
            f"{type(classifier).__name__} has a predict of its own, and a study takes the most probable "
            "class as the predicted one: change predict_proba, or take GridSearchCV and "
            "skknn_syndrome.scorers."
        )
    return f"{estimator.steps[-1][0]}__" if isinstance(estimator, Pipeline) else ""


def make_grid(
    prefix: str,
    *,
    n_neighbors: int | Iterable[int],
    metrics: str | Sequence[str],
    weights: Weights | Sequence[Weights],
) -> dict[str, list[Any]]:
    """Return the parameter grid, each list without repetitions and `n_neighbors` in rising order.

    A single value stands for the list that holds it.
    """
    given = {"metrics": metrics, "n_neighbors": n_neighbors, "weights": weights}
    listed = {name: _listed(values) for name, values in given.items()}
    for name, values in listed.items():
        if not values:
            raise StudySettingsError(f"The grid has no value for {name}: name at least one.")
    _refuse_unknown("metrics", listed["metrics"], METRICS)
    _refuse_unknown("weights", [each for each in listed["weights"] if not callable(each)], SCHEMES)
    numbers = listed["n_neighbors"]
    odd = [number for number in numbers if type(number) is bool or not isinstance(number, Integral)]
    if odd:
        raise StudySettingsError(f"n_neighbors must be whole numbers, the grid holds {odd[0]!r}.")
    if min(numbers) < 1:
        raise StudySettingsError(f"n_neighbors must be at least 1, the grid holds {min(numbers)}.")
    return {
        f"{prefix}metric": list(dict.fromkeys(listed["metrics"])),
        f"{prefix}n_neighbors": sorted(set(numbers)),
        f"{prefix}weights": list(dict.fromkeys(listed["weights"])),
    }


def _listed(values: Any) -> list[Any]:  # noqa: ANN401  checked value by value
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]


def _refuse_unknown(name: str, values: Sequence[object], known: Sequence[str]) -> None:
    for value in values:
        if value not in known:
            raise StudySettingsError(f"{name} names {value!r}: take some of {', '.join(known)}.")


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
