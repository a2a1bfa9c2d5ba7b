"""Grid search over a head's candidates: fitted one by one, or scored all at once by the head."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Self

import numpy as np
from scipy.stats import rankdata
from sklearn.base import _fit_context, clone
from sklearn.model_selection import GridSearchCV, ParameterGrid, check_cv
from sklearn.utils import Bunch

from skknn_syndrome._typing import (
    Estimator,
    Float64Array,
    FloatArray,
    Int32Array,
    LabelArray,
    MatrixLike,
    VectorLike,
)
from skknn_syndrome.crossval.tasks import MULTICLASS, Task, target_of
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.heads.base import GridScores, IndexSplit, group_parameters
from skknn_syndrome.metrics.definition import ScoreDefinition
from skknn_syndrome.metrics.registry import definitions, is_loss


@dataclass(frozen=True)
class TaskScorer:
    """All scores of a task from one prediction, as ``scoring`` of a `GridSearchCV`.

    Parameters
    ----------
    task : Task

    Examples
    --------
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from skknn_syndrome.crossval.tasks import BINARY
    >>> X, y = [[0.0], [1.0], [8.0], [9.0]], ["a", "a", "b", "b"]
    >>> TaskScorer(BINARY)(GaussianNB().fit(X, y), X, y)["accuracy"]
    1.0
    """

    task: Task
    # They go along when this is pickled: the registry of another process lacks what this one registered.
    definitions: tuple[ScoreDefinition, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take the scores of this moment."""
        object.__setattr__(self, "definitions", definitions(self.task.name))

    def __call__(self, estimator: Estimator, X: FloatArray, y: LabelArray) -> dict[str, float]:
        """Score a fitted estimator.

        Parameters
        ----------
        estimator : classifier, or Pipeline that ends in one
            Fitted on a training part.
        X : array of shape (n_images, n_features)
            The test part.
        y : array of shape (n_images,), or (n_images, n_labels) of several labels an image
            Its labels.

        Returns
        -------
        dict of str to float
            Every score of the task by name, then the bounds over ties of top-k; NaN where a score is not
            defined.
        """
        target = target_of(y)
        return self.task.judge(target.labels, self.task.ask(estimator, X, target), self.definitions)


@dataclass(frozen=True, eq=False)
class FittedScores:
    """Scores of a grid on any splits, from candidates fitted one by one."""

    estimator: Estimator
    samples: MatrixLike
    labels: LabelArray
    n_jobs: int | None = None
    """Fits at a time."""
    task: Task = MULTICLASS
    """Whose scores are computed."""
    groups: LabelArray | None = None
    """Subjects, for a `fit` that takes them."""

    def score_grid(
        self, grid: Mapping[str, Sequence[Any]], splits: Sequence[IndexSplit]
    ) -> Mapping[str, Float64Array]:
        """Return each score, shape (n_candidates, n_splits), candidates in the order of `ParameterGrid`.

        Examples
        --------
        >>> from sklearn.naive_bayes import GaussianNB
        >>> samples, labels = np.array([[0.0], [1.0], [8.0], [9.0], [1.5]]), np.array([*"aabba"])
        >>> split = np.array([0, 1, 2, 3]), np.array([4])
        >>> scores = FittedScores(GaussianNB(), samples, labels)
        >>> scores.score_grid({"var_smoothing": [1e-9, 1e-3]}, [split])["accuracy"].tolist()
        [[1.0], [1.0]]
        """
        search = HeadSearchCV(
            self.estimator,
            {name: list(values) for name, values in grid.items()},
            scoring=TaskScorer(self.task),
            refit=False,
            cv=list(splits),
            n_jobs=self.n_jobs,
            error_score="raise",
        )
        with warnings.catch_warnings():
            # A score that is not defined in a fold is NaN here and None, with its reason, in the result.
            warnings.filterwarnings("ignore", message="One or more of the test scores are non-finite")
            results = search.fit(self.samples, self.labels, subjects=self.groups).cv_results_
        names = [name.removeprefix("split0_test_") for name in results if name.startswith("split0_test_")]
        return {
            name: np.stack([results[f"split{number}_test_{name}"] for number in range(len(splits))], axis=1)
            for name in names
        }


class HeadSearchCV(GridSearchCV):  # type: ignore[misc] # scikit-learn is untyped
    """A `GridSearchCV` that takes its scores from a head which answers for the whole grid at once.

    Everything else is as in `GridSearchCV`: parameters, attributes, callbacks, and the refit on all rows with
    the best candidate. Without such a source, and so in each clone, candidates are fitted one by one.

    Parameters
    ----------
    As in `GridSearchCV`; with a source, `param_grid` is a mapping, `scoring` a function that returns several
    scores by name, and `refit` one of these names, or a function of `cv_results_`.

    Examples
    --------
    >>> from skknn_syndrome.crossval.search import TaskScorer
    >>> from skknn_syndrome.crossval.tasks import BINARY
    >>> from skknn_syndrome.heads.knn import KNN
    >>> X, y = np.arange(8.0)[:, None], np.repeat(["a", "b"], 4)
    >>> cv = [(np.arange(0, 8, 2), np.arange(1, 8, 2)), (np.arange(1, 8, 2), np.arange(0, 8, 2))]
    >>> grid = {"metric": ["euclidean"], "n_neighbors": [1, 3], "weights": ["distance"]}
    >>> source = KNN.answers(KNN.estimator(), grid, X, y, cv, n_jobs=None)
    >>> search = HeadSearchCV(
    ...     KNN.estimator(), grid, scoring=TaskScorer(BINARY), refit="accuracy", cv=cv
    ... )
    >>> search.fit(X, y, source=source).best_params_["n_neighbors"], search.predict([[5.2]]).tolist()
    (1, ['b'])
    """

    def fit(
        self,
        X: MatrixLike,
        y: VectorLike | None = None,
        *,
        source: GridScores | None = None,
        subjects: LabelArray | None = None,
        **params: Any,  # noqa: ANN401  handed on as they are
    ) -> Self:
        """Score all candidates, and fit the best one on all rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
        source : GridScores, optional
            Scores of these rows on any split.
        subjects : array of shape (n_samples,), optional
            Those of a training part are the `groups` of a `fit` that takes them. `GridSearchCV` hands its own
            `groups` on to the splitter alone.
        **params
            As in `GridSearchCV.fit`; with a source there are none.

        Returns
        -------
        HeadSearchCV
            Itself.

        Raises
        ------
        ParameterError
            `refit` names a loss: `GridSearchCV` takes the highest of whatever it is told.
        """
        if isinstance(self.refit, str) and is_loss(self.refit):
            raise ParameterError(
                f"{{refit}} is lower for better predictions, and a search takes the highest: give a function "
                f'of its results, such as lambda results: results["mean_test_{self.refit}"].argmin().',
                code="loss",
                parameter="refit",
                refit=Argument("refit", self.refit),
            )
        if source is None:
            super().fit(X, y, subjects=subjects, **params)
        else:
            self._fit_from(source, X, y)
        return self

    @_fit_context(prefer_skip_nested_validation=False)  # type: ignore[untyped-decorator]
    def _fit_from(self, source: GridScores, X: MatrixLike, y: VectorLike | None) -> None:
        splits = list(check_cv(self.cv, y, classifier=True).split(X, y))
        self.n_splits_ = len(splits)
        self.multimetric_, self.scorer_ = True, self.scoring
        with self._reporting(X, y) as report:
            self.cv_results_ = self._score(source, splits, report)
            self._take_best()
            started = perf_counter()
            self.best_estimator_ = clone(self.estimator).set_params(**clone(self.best_params_, safe=False))
            self.best_estimator_.fit(X, y)
            self.refit_time_ = perf_counter() - started
        if hasattr(self.best_estimator_, "feature_names_in_"):
            self.feature_names_in_ = self.best_estimator_.feature_names_in_

    def _score(
        self, source: GridScores, splits: Sequence[IndexSplit], report: Callable[[int], None] | None
    ) -> dict[str, Any]:
        """Return the scores as `GridSearchCV` writes them down."""
        n_candidates = len(ParameterGrid(self.param_grid))
        # All folds together take less time, fold after fold can be reported.
        parts = [splits] if report is None else [[split] for split in splits]
        found, seconds = [], []
        for part in parts:
            started = perf_counter()
            found.append(source.score_grid(self.param_grid, part))
            seconds += [(perf_counter() - started) / len(part)] * len(part)
            if report is not None:
                report(n_candidates)
        tables = {name: np.concatenate([part[name] for part in found], axis=1) for name in found[0]}
        return _times(np.array(seconds) / n_candidates, n_candidates) | make_cv_results(
            self.param_grid, tables
        )

    def _get_routed_params_for_fit(self, params: dict[str, Any]) -> Any:  # noqa: ANN401  scikit-learn's
        """Hand subjects on as groups; scikit-learn cuts them as it cuts all arrays of a fit."""
        subjects = params["subjects"]
        others = {name: value for name, value in params.items() if name != "subjects"}
        routed = super()._get_routed_params_for_fit(others)
        fit = {**routed.estimator.fit, **group_parameters(self.estimator, subjects)}
        return Bunch(estimator=Bunch(fit=fit), splitter=routed.splitter, scorer=routed.scorer)

    def _take_best(self) -> None:
        """Choose as `GridSearchCV` does."""
        results = self.cv_results_
        if callable(self.refit):
            self.best_index_ = int(self.refit(results))
        else:
            self.best_index_ = int(results[f"rank_test_{self.refit}"].argmin())
            self.best_score_ = results[f"mean_test_{self.refit}"][self.best_index_]
        self.best_params_ = results["params"][self.best_index_]

    @contextmanager
    def _reporting(self, X: MatrixLike, y: VectorLike | None) -> Iterator[Callable[[int], None] | None]:
        """Tell scikit-learn's callbacks (1.9 or later) of as many fits as `GridSearchCV` would make."""
        if not hasattr(self, "_skl_callbacks"):
            yield None
            return
        root = self._init_callback_context(max_subtasks=1)
        root.call_on_fit_task_begin(estimator=self, X=X, y=y)
        n_tasks = len(ParameterGrid(self.param_grid)) * self.n_splits_
        search = root.subcontext(task_name="search", max_subtasks=n_tasks)
        search.call_on_fit_task_begin(estimator=self)

        def report(n_done: int) -> None:
            for _ in range(n_done):
                task = search.subcontext(task_name="candidate-split-evaluation")
                task.call_on_fit_task_begin(estimator=self)
                task.call_on_fit_task_end(estimator=self)

        yield report
        search.call_on_fit_task_end(estimator=self)
        root.call_on_fit_task_end(estimator=self, X=X, y=y)


def _times(seconds: Float64Array, n_candidates: int) -> dict[str, Float64Array]:
    """Return the times of a search: no candidate is fitted, and all share the time of a fold alike."""
    nothing, ones = np.zeros(n_candidates), np.ones(n_candidates)
    return {
        "mean_fit_time": nothing,
        "std_fit_time": nothing.copy(),
        "mean_score_time": seconds.mean() * ones,
        "std_score_time": seconds.std() * ones,
    }


def make_cv_results(grid: Mapping[str, Sequence[Any]], scores: Mapping[str, Float64Array]) -> dict[str, Any]:
    """Write scores down as a `GridSearchCV` with several scores does.

    There are no times: one graph serves all candidates, so no candidate has a time of its own.

    Parameters
    ----------
    grid : mapping of str to sequence
        The values of each parameter.
    scores : mapping of str to ndarray of shape (n_values, n_values, ..., n_splits)
        An axis for each parameter, in alphabetical order, then one for the splits. NaN where a score is not
        defined.

    Returns
    -------
    dict
        ``params``, a list with a dict for each candidate; and, arrays of shape (n_candidates,):
        ``param_<parameter>`` (masked arrays with nothing masked), ``split<i>_test_<score>``,
        ``mean_test_<score>``, ``std_test_<score>`` (population form), ``rank_test_<score>``. Candidates with
        an undefined mean share the rank behind all others.

    Examples
    --------
    >>> results = make_cv_results({"k": [1, 3]}, {"accuracy": np.array([[0.5, 0.7], [0.8, 0.6]])})
    >>> results["params"], results["mean_test_accuracy"], results["rank_test_accuracy"]
    ([{'k': 1}, {'k': 3}], array([0.6, 0.7]), array([2, 1], dtype=int32))
    """
    candidates = list(ParameterGrid({name: list(values) for name, values in grid.items()}))
    results: dict[str, Any] = {
        f"param_{name}": _as_column([candidate[name] for candidate in candidates]) for name in sorted(grid)
    }
    results["params"] = candidates
    for name, values in scores.items():
        table = values.reshape(len(candidates), -1)
        for number, column in enumerate(table.T):
            results[f"split{number}_test_{name}"] = column.copy()
        means = table.mean(axis=1)
        results[f"mean_test_{name}"] = means
        results[f"std_test_{name}"] = table.std(axis=1)
        results[f"rank_test_{name}"] = _rank(means)
    return results


def _as_column(values: Sequence[Any]) -> np.ma.MaskedArray[Any, Any]:
    """Return numbers as an array of numbers, all else as objects."""
    inferred = np.array(values).dtype
    column = np.empty(len(values), dtype=inferred if inferred.kind in "iu" else object)
    column[:] = values
    return np.ma.MaskedArray(column, mask=np.zeros(len(values), dtype=np.bool_))


def _rank(means: Float64Array) -> Int32Array:
    """Return 1 for the highest mean; equals share the better rank, and NaN is behind all."""
    behind = np.where(np.isnan(means), -np.inf, means)
    return rankdata(-behind, method="min").astype(np.int32)
