"""Baselines: what rules without parameters reach on the folds of a study."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.dummy import DummyClassifier
from sklearn.utils import check_array
from sklearn.utils.metaestimators import _safe_split
from threadpoolctl import threadpool_limits

from skknn_syndrome._typing import (
    BoolArray,
    Estimator,
    Float64Array,
    FloatArray,
    IndexArray,
    LabelArray,
    MatrixLike,
)
from skknn_syndrome.analyses.baselines.result import Baseline, BaselineComparison, BaselineName
from skknn_syndrome.crossval.alternatives import compare_with_best
from skknn_syndrome.crossval.collecting import typed_scores
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.repeats import candidate_scores
from skknn_syndrome.heads import NearestCentroidClassifier
from skknn_syndrome.heads.base import prefix_of
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.heads.shrunken_lda import ShrunkenLDA
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.metrics.registry import names_among
from skknn_syndrome.neighbors.distances import PAIRWISE
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.nearest_by_class import nearest_by_class
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.score import Score

_STRATEGIES: Final[Mapping[BaselineName, str]] = MappingProxyType(
    {"majority": "most_frequent", "prior": "prior"}
)

MOST_RANKED: Final = 2_000
"""Rows of which all others are ranked: 64 MB a distance."""

MAX_REPEATED_CELLS: Final = 1_000_000
"""Images times features up to which baselines, which are fitted anew in each fold, are repeated."""

LARGEST: Final = 1e18
"""Beyond, squares of single-precision numbers overflow, and there is no covariance."""


def measure_baselines(
    estimator: Estimator,
    samples: MatrixLike,
    labels: LabelArray,
    splits: Splits,
    metrics: Sequence[str],
    *,
    lists: Mapping[str, Neighbors] = MappingProxyType({}),
) -> tuple[Baseline, ...]:
    """Score rules without parameters to choose on the folds of a study.

    - ``majority`` always names the most frequent class of the training part, with probability 1.
    - ``prior`` ranks classes by their shares of the training part. Both look at no embedding.
    - ``nearest_centroid`` names the class whose mean is nearest: of the rows; of unit rows for the cosine
      distance; for the Manhattan distance, the median feature by feature.
    - ``nearest_image`` names the class of the nearest training image (k = 1).
    - ``lda`` is linear discriminant analysis; each class's covariance is shrunk by the formula of Ledoit and
      Wolf [1]_ before they are pooled, so that nothing is chosen.

    Nearest centroid and nearest image have no probabilities. AUC and top-k accuracy come from their ranking
    of all classes, by the negative distance to the class's centroid or to its nearest image; of equal
    distances, the first class is predicted. Some images are far from everything: their low scores for every
    class can lower the AUC, which compares images, and no other score.

    Parameters
    ----------
    estimator : classifier or Pipeline
        Of a pipeline, the steps before the classifier are fitted inside the folds, for the last two rules.
    samples : array or data frame of shape (n_images, n_features)
        Embeddings; distances where the metric is "precomputed".
    labels : array of shape (n_images,)
        The class of each image.
    splits : Splits
        The folds.
    metrics : sequence of str
        Distances of the last two rules; with "precomputed" there is no centroid.
    lists : mapping of str to Neighbors, optional
        By distance, all other rows of each row in the order of their distance, from `rank_all_rows`: where
        there are such, nearest images are read off them.

    Returns
    -------
    tuple of Baseline
        ``majority``, ``prior``, then for each distance ``nearest_centroid`` and ``nearest_image``, and
        ``lda`` where there are embeddings, none beyond 1e18, and each training part has two classes and more
        images than classes.

    References
    ----------
    .. [1] O. Ledoit and M. Wolf, "A well-conditioned estimator for large-dimensional covariance matrices",
       Journal of Multivariate Analysis 88, 2004. doi:10.1016/S0047-259X(03)00096-4

    Examples
    --------
    >>> from skknn_syndrome.neighbors import SyndromeKNNClassifier
    >>> from skknn_syndrome.crossval.folds import make_splits
    >>> labels = np.array(["a", "a", "a", "a", "b", "b"])
    >>> samples = np.arange(6.0)[:, None]
    >>> splits = make_splits(labels, None, cv=2, random_state=0)
    >>> found = measure_baselines(SyndromeKNNClassifier(), samples, labels, splits, ["euclidean"])
    >>> {entry.name: round(entry.scores["accuracy"].mean, 2) for entry in found[:-1]}
    {'majority': 0.67, 'prior': 0.67, 'nearest_centroid': 0.83, 'nearest_image': 1.0}
    >>> found[-1].name
    'lda'
    """
    without_distance = (
        Baseline(
            head=name, params={}, ranking="probability", all_scores=_score_dummy(strategy, labels, splits)
        )
        for name, strategy in _STRATEGIES.items()
    )
    by_distance = (
        Baseline(
            head=name,
            params={"metric": metric},
            ranking="negative_distance",
            all_scores=_score_lists(lists[metric], labels, splits)
            if name == "nearest_image" and metric in lists
            else _score(_in_place(estimator, make_ranker(metric)), samples, labels, splits),
        )
        for metric in metrics
        for name, make_ranker in _RANKERS.items()
        if (name, metric) != ("nearest_centroid", "precomputed")
    )
    return (*without_distance, *by_distance, *_discriminant(estimator, samples, labels, splits, metrics))


def rank_all_rows(
    estimator: Estimator, samples: MatrixLike, metrics: Sequence[str]
) -> Mapping[str, Neighbors]:
    """Return all other rows of each row, nearest first, by distance.

    Returns
    -------
    mapping of str to Neighbors
        Empty for more than 2,000 rows, whose lists would take much memory, and where distances are not of the
        rows themselves: behind a pipeline, or where they are precomputed.
    """
    known = [metric for metric in metrics if metric in PAIRWISE]
    if prefix_of(estimator) or len(known) < len(metrics) or len(samples) > MOST_RANKED:
        return {}
    rows = check_array(samples, dtype=[np.float64, np.float32], order="C")
    return exact_neighbors(rows, rows, len(rows) - 1, metrics=metrics, without_self=True)


def _score_lists(lists: Neighbors, labels: LabelArray, splits: Splits) -> tuple[Score, ...]:
    """Score the distance to the nearest image of each class, read off lists of all rows."""
    classes, truth = np.unique(labels, return_inverse=True)
    known = np.zeros((len(splits.parts), len(classes)), dtype=np.bool_)
    ranks: list[Float64Array] = []
    for number, part in enumerate(splits.parts):
        trained = np.zeros(len(labels), dtype=np.bool_)
        trained[part.train] = True
        known[number, truth[part.train]] = True
        neighbors = lists.indices[part.test]
        kinds = np.where(trained[neighbors], truth[neighbors], -1)
        first = np.full((len(part.test), len(classes) + 1), kinds.shape[1])  # in the last column, no class
        np.minimum.at(first, (np.arange(len(kinds))[:, None], kinds), np.arange(kinds.shape[1]))
        ranks.append(np.zeros((len(part.test), len(classes))))
        nearest = np.take_along_axis(
            lists.distances[part.test], first[:, np.flatnonzero(known[number])], axis=1
        )
        ranks[-1][:, known[number]] = _ranked(_negative(nearest))
    return _score_ranks(ranks, known, truth, splits)


def _discriminant(
    estimator: Estimator, samples: MatrixLike, labels: LabelArray, splits: Splits, metrics: Sequence[str]
) -> tuple[Baseline, ...]:
    """Return the discriminant analysis, where it can be fitted on every training part."""
    kinds = [len(np.unique(labels[part.train])) for part in splits.parts]
    too_few = min(kinds) == 1 or any(
        len(part.train) <= n_classes for part, n_classes in zip(splits.parts, kinds, strict=True)
    )
    too_large = isinstance(samples, np.ndarray) and bool(np.abs(samples).max() > LARGEST)
    if too_few or too_large or "precomputed" in metrics:
        return ()
    model = _in_place(estimator, ShrunkenLDA(solver="lsqr", shrinkage="auto"))
    # Threads of the linear algebra would wait for each other: its matrices are small.
    with threadpool_limits(1, user_api="blas"), warnings.catch_warnings():
        # A class of one training image has no covariance of its own, and counts as one without spread.
        warnings.filterwarnings("ignore", message="Only one sample available", category=UserWarning)
        scores = _score(model, samples, labels, splits, method="predict_proba")
    return (Baseline(head="lda", params={}, ranking="probability", all_scores=scores),)


def _score_dummy(strategy: str, labels: LabelArray, splits: Splits) -> tuple[Score, ...]:
    dummy = DummyClassifier(strategy=strategy)
    return _score(dummy, np.zeros((len(labels), 1)), labels, splits, method="predict_proba")


def _score(
    model: Estimator,
    samples: MatrixLike,
    labels: LabelArray,
    splits: Splits,
    *,
    method: Literal["decision_function", "predict_proba"] = "decision_function",
) -> tuple[Score, ...]:
    classes, truth = np.unique(labels, return_inverse=True)
    shape = len(splits.parts), len(classes)
    known = np.zeros(shape, dtype=np.bool_)
    ranks: list[Float64Array] = []
    for number, part in enumerate(splits.parts):
        model.fit(*_safe_split(model, samples, labels, part.train))
        test, _ = _safe_split(model, samples, labels, part.test, part.train)
        known[number] = np.isin(classes, model.classes_)
        ranks.append(np.zeros((len(part.test), len(classes))))
        ranks[-1][:, known[number]] = _ranked(getattr(model, method)(test))
    return _score_ranks(ranks, known, truth, splits)


def _score_ranks(
    ranks: Sequence[Float64Array], known: BoolArray, truth: IndexArray, splits: Splits
) -> tuple[Score, ...]:
    starts = np.cumsum([0, *(len(part) for part in ranks[:-1])])
    tested = np.concatenate([part.test for part in splits.parts])
    found = batch_scores(np.concatenate(ranks)[None], truth[tested], starts, known)
    return tuple(typed_scores({name: values[0] for name, values in found.items()}).values())


def _ranked(scores: Float64Array) -> Float64Array:
    """Return the place of each number among all different ones, from 1: order and ties are what counts."""
    places: Float64Array = np.unique(scores, return_inverse=True)[1].reshape(scores.shape) + np.float64(1)
    return places


def _in_place(estimator: Estimator, ranker: Estimator) -> Estimator:
    """Return the ranker, at the end of the pipeline where there is one."""
    prefix = prefix_of(estimator)
    return clone(estimator).set_params(**{prefix.removesuffix("__"): ranker}) if prefix else ranker


class _CentroidRanks(NearestCentroidClassifier):
    """Ranks two classes as it does more: by the distance to each, not by how much nearer one is."""

    def decision_function(self, X: MatrixLike) -> Float64Array:
        """Return the negative distances, shape (n_queries, n_classes)."""
        return -self.centroid_distances(X)


def _centroid_ranks(metric: str) -> Estimator:
    return _CentroidRanks().set_params(metric=metric, inner_cv=None)  # ranks need no temperature


class _NearestImage(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Ranks classes by the distance to their nearest rows."""

    def __init__(self, metric: str) -> None:
        self.metric = metric

    def fit(self, X: MatrixLike, y: LabelArray) -> Self:
        """Keep the rows of each class."""
        samples = self._checked(X)
        self.classes_, numbers = np.unique(y, return_inverse=True)
        self._samples, self._numbers = samples, numbers
        return self

    def decision_function(self, X: MatrixLike) -> Float64Array:
        """Return the negative distances, shape (n_queries, n_classes)."""
        queries = self._checked(X)
        if self.metric == "precomputed":
            members = (self._numbers == number for number in range(len(self.classes_)))
            return _negative(np.column_stack([queries[:, rows].min(axis=1) for rows in members]))
        return _negative(nearest_by_class(queries, self._samples, self._numbers, self.metric))

    def _checked(self, X: MatrixLike) -> FloatArray:
        samples: FloatArray = check_array(X, dtype=[np.float64, np.float32], order="C")
        return samples

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 # scikit-learn's Tags is untyped
        """Return scikit-learn's tags: of precomputed distances, columns have to be cut as well."""
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.metric == "precomputed"
        return tags


def _negative(distances: Float64Array) -> Float64Array:
    # Scores have to be finite: the largest number there is stands for a distance that overflowed.
    return np.asarray(-np.minimum(distances, np.finfo(np.float64).max), dtype=np.float64)


_RANKERS: Final[Mapping[BaselineName, Callable[[str], Estimator]]] = MappingProxyType(
    {"nearest_centroid": _centroid_ranks, "nearest_image": _NearestImage}
)


def compare_baselines(run: ProtocolRun) -> BaselineComparison:
    """Score the baselines, and compare each with the best candidate over the repeated splits.

    Parameters
    ----------
    run : ProtocolRun

    Returns
    -------
    BaselineComparison
        Scores on the study's own folds; comparisons on those of the repeated splits, or of the study's own
        split alone where the embeddings hold more than a million numbers.
    """
    repeated = run.repeated if run.data.array.size <= MAX_REPEATED_CELLS else run.repeated[:1]
    estimator, metrics = run.settings.estimator, run.settings.metrics or list(KNN.grid["metric"])
    lists = rank_all_rows(estimator, run.data.samples, metrics)
    # One after the other: each sets warnings and the threads of the linear algebra, which threads share.
    found = [
        _others(
            run, measure_baselines(estimator, run.data.samples, run.data.labels, splits, metrics, lists=lists)
        )
        for splits in repeated
    ]
    best = candidate_scores(run, run.scored.winner, repeated)
    return BaselineComparison(
        protocol=run.splits.protocol,
        baselines=found[0],
        alternatives=tuple(
            compare_with_best(entries[0], "baseline", _concatenated(entries), best, run, repeated)
            for entries in zip(*found, strict=True)
        ),
    )


def _others(run: ProtocolRun, found: Sequence[Baseline]) -> tuple[Baseline, ...]:
    """Leave out the baseline that the head itself is."""
    same = "nearest_centroid" if run.settings.head.owns(NearestCentroidClassifier()) else None
    return tuple(entry for entry in found if entry.head != same)


def _concatenated(entries: Sequence[Baseline]) -> Mapping[str, Score]:
    """Return one baseline's scores over the folds of all splits."""
    return {
        name: Score.from_values(
            name,
            [
                float("nan") if value is None else value
                for entry in entries
                for value in entry.scores[name].values
            ],
        )
        for name in names_among(entries[0].scores)
    }


COST = Cost(
    "LDA fits a covariance of all features in each fold, and nearest images meet all others",
    (
        Term(8.1, "product", ("images", "features", "features", "folds", "fitted_repeats")),
        Term(1.7, "product", ("images", "images", "features", "distances", "fitted_repeats")),
        Term(210_000.0, "python", ("folds", "fitted_repeats")),
    ),
)

COMPUTATION = Computation(question="baselines", cost=COST, compute=compare_baselines)
