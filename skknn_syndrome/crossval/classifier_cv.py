"""The nearest-neighbour classifier that chooses its own parameters by cross-validation."""

import warnings
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils._param_validation import Interval, InvalidParameterError, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray, ScoreName
from skknn_syndrome.crossval.folds import CrossValidation, check_folds, make_splits, possible_folds
from skknn_syndrome.crossval.labels import MIN_CLASSES
from skknn_syndrome.crossval.search import HeadSearchCV, TaskScorer
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.crossval.study_data import validate_data as validate_study_data
from skknn_syndrome.errors import FewerNeighborsWarning, StudySettingsError, meant, quote
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.heads.knn import check_grid
from skknn_syndrome.metrics.registry import SCORE_NAMES
from skknn_syndrome.metrics.scorers import get_scorer
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.voting import ClassWeight, check_class_weight
from skknn_syndrome.neighbors.weighting import Weights

DEFAULT_N_NEIGHBORS: Final = tuple(range(1, 16))
"""The grid of k of a study."""


class SyndromeKNNClassifierCV(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """A `SyndromeKNNClassifier` that chooses k, distance and weights by cross-validation.

    It gives the numbers of a `GridSearchCV` over `SyndromeKNNClassifier`, from one neighbour graph of all
    rows instead of a fit for each candidate and fold.

    Parameters
    ----------
    n_neighbors : int or sequence of int, default=(1, 2, ..., 15)
        The grid of k. Where a training part has fewer rows, all of them vote, and `fit` warns once.
    metrics : str or sequence of {"euclidean", "cosine", "manhattan"}, default=("euclidean", "cosine")
        The distances to choose from.
    weights : str, callable or sequence of them, default=("distance",)
        The voting schemes to choose from: "uniform", "distance", "softmax" or functions.
    cv : int, cross-validator or iterable of (train, test), default=10
        The number of folds, shuffled with `random_state`; or folds of your own. If the largest class has
        fewer rows, or there are fewer groups, as many folds as that are made, and `fit` warns.
    scoring : str, default="roc_auc_ovr"
        The score that decides which candidate is best; one of `skknn_syndrome.scorers`.
    random_state : int, RandomState or None, default=42
        Seeds the folds where `cv` is a number.
    temperature, class_weight
        As in `SyndromeKNNClassifier`.
    n_jobs : int or None, default=None
        Number of threads that search for neighbours, as in `SyndromeKNNClassifier`.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The class labels, sorted.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where `X` in `fit` was a data frame with names that are all strings.
    cv_results_ : dict
        Every score of `skknn_syndrome.scorers`, and the bounds over ties of each top-k, for every candidate
        on every split, in the format of `GridSearchCV`; `pandas.DataFrame` takes it. Candidates stand in
        the order of ``ParameterGrid({"metric": ..., "n_neighbors": ..., "weights": ...})``.
        ``mean_fit_time`` and its like are missing: one graph serves all candidates, so none has a time of
        its own.
    best_index_ : int
        The candidate with the highest mean of `scoring`; of equal ones the first.
    best_params_ : dict
        Its "metric", "n_neighbors" and "weights".
    best_score_ : float
        Its mean of `scoring`.
    best_estimator_ : SyndromeKNNClassifier
        The same, fitted on all rows.
    scorer_ : Scorer
        The scorer of `scoring`.
    n_splits_ : int
        Number of folds.
    graph_ : NeighborGraph
        The neighbours of all rows.

    Warns
    -----
    FewerFoldsWarning
        There are fewer folds than `cv`.
    FewerNeighborsWarning
        A training part has fewer rows than the largest k.
    UndefinedMetricWarning
        `scoring` is not defined on a split. All candidates then share a mean of NaN, as in `GridSearchCV`,
        and the first of them is taken.

    See Also
    --------
    SyndromeKNNClassifier : The classifier itself, which `GridSearchCV` takes with "precomputed" distances.
    cross_validate_study : The same search with a typed result, for reports.

    Notes
    -----
    **Folds** are stratified (`StratifiedKFold`) and, with `groups` in `fit`, keep a group's rows together
    (`StratifiedGroupKFold`). They are fixed once, so that all candidates meet the same. A class with fewer
    rows than there are folds is missing in some test parts; what the scores then mean stands in
    `skknn_syndrome.metrics.score_table.score_probabilities`.

    **Metadata routing.** `groups` of an outer search or pipeline arrives after
    ``set_fit_request(groups=True)``.

    **Pipelines.** A step before it, such as a scaler, is fitted on all rows that the search sees. To fit it
    inside the folds, search the whole pipeline with `GridSearchCV` or `cross_validate_study`.

    **The best score is optimistic**, as the highest of many. Nest the estimator in `cross_validate` to learn
    how good its choice is.

    Examples
    --------
    >>> from skknn_syndrome import SyndromeKNNClassifierCV, make_syndrome_embeddings
    >>> data = make_syndrome_embeddings(n_features=8)
    >>> model = SyndromeKNNClassifierCV(n_neighbors=(1, 5, 15), cv=3)
    >>> model = model.fit(data.embeddings, data.syndromes, groups=data.subjects)
    >>> model.best_params_
    {'metric': 'cosine', 'n_neighbors': 15, 'weights': 'distance'}
    >>> model.cv_results_["mean_test_roc_auc_ovr"].shape
    (6,)
    >>> model.predict_proba(data.embeddings[:2]).shape
    (2, 10)
    """

    _parameter_constraints: Mapping[str, list[Any]] = MappingProxyType(
        {
            # What the lists hold is checked value by value in `fit`.
            "n_neighbors": ["array-like", Integral],
            "metrics": ["array-like", str],
            "weights": ["array-like", str, callable],
            "cv": ["cv_object"],
            "scoring": [str],
            "random_state": ["random_state"],
            "temperature": [Interval(Real, 0, np.inf, closed="neither")],
            "class_weight": [dict, StrOptions({"balanced"}), None],
            "n_jobs": [Integral, None],
        }
    )

    def __init__(
        self,
        n_neighbors: int | Sequence[int] = DEFAULT_N_NEIGHBORS,
        *,
        metrics: str | Sequence[str] = ("euclidean", "cosine"),
        weights: Weights | Sequence[Weights] = ("distance",),
        cv: CrossValidation = 10,
        scoring: ScoreName = "roc_auc_ovr",
        random_state: int | np.random.RandomState | None = 42,
        temperature: float = 0.07,
        class_weight: ClassWeight = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.metrics = metrics
        self.weights = weights
        self.cv = cv
        self.scoring = scoring
        self.random_state = random_state
        self.temperature = temperature
        self.class_weight = class_weight
        self.n_jobs = n_jobs

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    def fit(self, X: ArrayLike, y: ArrayLike, *, groups: ArrayLike | None = None) -> Self:
        """Cross-validate every candidate, and fit the best one on all rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Embeddings, dense and finite.
        y : array-like of shape (n_samples,)
            Class labels, at least two different ones.
        groups : array-like of shape (n_samples,), optional
            Subject ids; folds keep a subject's rows together.

        Returns
        -------
        SyndromeKNNClassifierCV
            Itself.

        Raises
        ------
        StudySettingsError
            The grid has an empty list or precomputed distances, or the rows can't be divided into folds.
        ValueError
            A parameter, `X`, `y`, `groups` or a class weight can't be used.
        TypeError
            `X` is sparse.
        """
        samples, labels = validate_data(self, X, y, dtype=[np.float64, np.float32], order="C")
        check_classification_targets(labels)
        self.classes_ = _at_least_two_classes(labels)
        check_class_weight(self.class_weight, self.classes_)
        if self.scoring not in SCORE_NAMES:  # a constraint of the class would know those of import time alone
            raise InvalidParameterError(
                f"The 'scoring' parameter of {type(self).__name__} must be a str among those of scores, got "
                f"{self.scoring!r}: {meant(self.scoring, SCORE_NAMES)}."
            )
        grid = check_grid(n_neighbors=self.n_neighbors, metrics=self.metrics, weights=self.weights)
        data = validate_study_data(samples, labels, groups)
        splits = self._make_splits(data, max(grid["n_neighbors"]))
        classifier = SyndromeKNNClassifier(
            temperature=self.temperature, class_weight=self.class_weight, n_jobs=self.n_jobs
        )
        self.graph_ = NeighborGraph.from_embeddings(
            samples,
            metrics=tuple(dict.fromkeys(grid["metric"])),
            depth=engine_depth(max(grid["n_neighbors"]), splits),
            n_jobs=self.n_jobs,
        )
        rising = sorted(set(grid["n_neighbors"]))
        source = GraphSource(self.graph_, data.labels, rising, classifier, n_jobs=self.n_jobs)
        scoring = TaskScorer(data.task)
        search = HeadSearchCV(classifier, grid, scoring=scoring, refit=self.scoring, cv=splits)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FewerNeighborsWarning)  # said of the splits, which are smaller
            search.fit(X, y, source=source)
        self._take_over(search)
        return self

    def _make_splits(self, data: StudyData, n_neighbors: int) -> list[tuple[IndexArray, IndexArray]]:
        """Return the folds, and warn if they are fewer than asked for, or smaller than the largest k."""
        cv = check_folds(self.cv)
        if isinstance(cv, int):
            cv = possible_folds(cv, data.labels, data.groups, stacklevel=5)
        splits = make_splits(data.labels, data.groups, cv=cv, random_state=self.random_state).as_cv()
        available = min(len(train) for train, _ in splits)
        if n_neighbors > available:
            message = (
                f"n_neighbors goes up to {n_neighbors}, but there are {available} training rows "
                "in the smallest split: all of them are used."
            )
            warnings.warn(message, FewerNeighborsWarning, stacklevel=4)
        return splits

    def _take_over(self, search: HeadSearchCV) -> None:
        """Take what a search found, without times: one graph serves all candidates."""
        results = search.cv_results_.items()
        self.cv_results_ = {name: values for name, values in results if not name.endswith("_time")}
        self.n_splits_, self.best_index_ = search.n_splits_, search.best_index_
        self.best_params_: dict[str, Any] = search.best_params_
        self.best_score_ = float(search.best_score_)
        self.best_estimator_: SyndromeKNNClassifier = search.best_estimator_
        self.scorer_ = get_scorer(self.scoring)
        if np.isnan(self.best_score_):
            message = (
                f"{self.scoring} is not defined on every split, so the first candidate is taken: "
                "use fewer folds or another scoring."
            )
            warnings.warn(message, UndefinedMetricWarning, stacklevel=4)

    def predict_proba(self, X: ArrayLike | None) -> Float64Array:
        """Return each class's share of the votes, by the best candidate.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)
            The rows to classify. None means the training rows, each without its own vote.

        Returns
        -------
        ndarray of shape (n_queries, n_classes)
            Columns in the order of `classes_`; rows sum to 1.
        """
        check_is_fitted(self)
        return self.best_estimator_.predict_proba(X)

    def predict(self, X: ArrayLike | None) -> LabelArray:
        """Return the class with the highest probability; of equal ones, the first in `classes_`.

        Parameters
        ----------
        X : array-like or None
            As in `predict_proba`.

        Returns
        -------
        ndarray of shape (n_queries,)
        """
        check_is_fitted(self)
        return self.best_estimator_.predict(X)

    def kneighbors(
        self, X: ArrayLike | None = None, n_neighbors: int | None = None
    ) -> tuple[Float64Array, IndexArray]:
        """Return the nearest training rows by the best candidate's distance.

        Parameters
        ----------
        X : array-like or None, default=None
            As in `predict_proba`.
        n_neighbors : int or None, default=None
            How many; None means the best candidate's.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_neighbors), float64
        indices : ndarray of shape (n_queries, n_neighbors)
            Row numbers of the training data.
        """
        check_is_fitted(self)
        return self.best_estimator_.kneighbors(X, n_neighbors)

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the score that `scoring` names, as `LogisticRegressionCV` does; not the accuracy.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)
            The rows to classify.
        y : array-like of shape (n_queries,)
            True labels.
        sample_weight : array-like of shape (n_queries,), optional
            Weights of the rows.

        Returns
        -------
        float
            From 0 to 1; NaN (with `UndefinedMetricWarning`) where it is not defined.
        """
        check_is_fitted(self)
        return self.scorer_(self, X, y, sample_weight)


def _at_least_two_classes(labels: LabelArray) -> LabelArray:
    classes: LabelArray = np.unique(labels)
    if len(classes) < MIN_CLASSES:
        raise StudySettingsError(
            f"y has one class, {quote(classes[0])}: a search needs at least two.",
            code="one_class",
            parameter="y",
        )
    return classes
