"""Nearest neighbours for several labels an image: vote shares by label, and the Bayesian rule of ML-kNN."""

from collections.abc import Iterator, Mapping
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, Literal, Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.errors import ParameterError, quote
from skknn_syndrome.neighbors.distances import row_blocks
from skknn_syndrome.neighbors.gallery import GalleryMixin
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.other_subjects import nearest_of_others
from skknn_syndrome.neighbors.weighting import Weights, neighbor_weights

Rule: TypeAlias = Literal["votes", "mlknn"]

Indicators: TypeAlias = "csr_array[np.float64, tuple[int, int]]"
"""Shape (n_rows, n_labels): 1.0 where a row has a label."""

BLOCK_ROWS = 8_192
"""Queries whose votes are held at a time: of 100 labels 10 MB."""


class MultilabelKNNClassifier(GalleryMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    r"""Give each label a probability by the nearest training rows, whatever the other labels are.

    Parameters
    ----------
    n_neighbors : int, default=15
        How many training rows vote. If there are fewer, all of them do, and `fit` warns.
    metric : {"euclidean", "cosine", "manhattan"}, default="cosine"
    weights : {"uniform", "distance", "softmax"} or callable, default="distance"
        What a neighbour's vote counts, as in `SyndromeKNNClassifier`; "mlknn" counts neighbours, and has no
        use for it.
    temperature : float, default=0.07
        Of "softmax", in units of the distance.
    rule : {"votes", "mlknn"}, default="votes"
        "votes": the probability of a label is its share of the votes. "mlknn" [1]_: with :math:`C` of the
        neighbours that have the label, it is :math:`P(1) P(C|1) / \sum_b P(b) P(C|b)`. Training rows tell
        :math:`P(C|b)`, each by its own nearest other rows: how many rows with the label (b = 1) or without
        it (b = 0) have :math:`C` neighbours with it. `fit` then takes as long as a search for all of its
        rows.
    smoothing : float, default=1.0
        What "mlknn" adds to each count: with s, :math:`P(1) = (s + n_1) / (2 s + n)` and :math:`P(C|b) =
        (s + n_{b,C}) / (s (k + 1) + \sum_c n_{b,c})`.
    n_jobs : int or None, default=None
        Number of threads of the search.

    Attributes
    ----------
    classes_ : ndarray of shape (n_labels,)
        Numbers of the labels: the columns of `y`.
    posterior_ : ndarray of shape (n_labels, n_neighbors + 1)
        Of "mlknn": the probability of a label by the number of neighbours that have it.
    effective_metric_, n_features_in_, feature_names_in_, n_samples_fit_
        As in `SyndromeKNNClassifier`.

    See Also
    --------
    skknn_syndrome.SyndromeKNNClassifier : One label an image.
    sklearn.neighbors.KNeighborsClassifier : The same votes, as a list of matrices.

    Notes
    -----
    Neighbours are found as by `SyndromeKNNClassifier`: exactly, in the order of (distance, training index),
    and votes are added in that order. A label that all neighbours have has the share 1 exactly.

    Predicted is what has a probability above 1/2, as in scikit-learn. Labels and votes are kept sparse, and
    queries voted on in blocks, so that 100 labels of 200,000 rows take little more memory than the answer.

    References
    ----------
    .. [1] M.-L. Zhang and Z.-H. Zhou, "ML-KNN: a lazy learning approach to multi-label learning", Pattern
       Recognition 40, 2007. doi:10.1016/j.patcog.2006.12.019

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [2.0], [9.0]], [[1, 0], [1, 0], [0, 1], [0, 0]]
    >>> model = MultilabelKNNClassifier(3, metric="euclidean", weights="uniform").fit(X, y)
    >>> model.predict_proba([[0.5]]).round(2), model.predict([[0.5]])
    (array([[0.67, 0.33]]), array([[1, 0]]))
    """

    _parameter_constraints: Mapping[str, list[Any]] = MappingProxyType(
        {
            "n_neighbors": [Interval(Integral, 1, None, closed="left")],
            "metric": [StrOptions({"euclidean", "cosine", "manhattan"})],
            "weights": [StrOptions({"uniform", "distance", "softmax"}), callable],
            "temperature": [Interval(Real, 0, np.inf, closed="neither")],
            "rule": [StrOptions({"votes", "mlknn"})],
            "smoothing": [Interval(Real, 0, np.inf, closed="neither")],
            "n_jobs": [Integral, None],
        }
    )

    def __init__(
        self,
        n_neighbors: int = 15,
        *,
        metric: Literal["euclidean", "cosine", "manhattan"] = "cosine",
        weights: Weights = "distance",
        temperature: float = 0.07,
        rule: Rule = "votes",
        smoothing: float = 1.0,
        n_jobs: int | None = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.metric = metric
        self.weights = weights
        self.temperature = temperature
        self.rule = rule
        self.smoothing = smoothing
        self.n_jobs = n_jobs

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    def fit(self, X: ArrayLike, y: MatrixLike, groups: ArrayLike | None = None) -> Self:
        """Keep the training rows, and count their neighbours' labels if the rule is "mlknn".

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Dense and finite.
        y : indicator matrix of shape (n_samples, n_labels), dense or sparse
            1 where a row has a label, else 0.
        groups : array-like of shape (n_samples,), optional
            Subjects. For "mlknn", the neighbours of a training row are those of other subjects: a row to be
            predicted has no others.

        Returns
        -------
        MultilabelKNNClassifier
            Itself.

        Raises
        ------
        ParameterError
            `y` is no indicator matrix, or no row has another one that "mlknn" could count.
        ValueError, TypeError
            As scikit-learn raises them for parameters and input that can't be used.
        """
        samples, labels = validate_data(
            self, X, y, dtype=[np.float64, np.float32], order="C", copy=True, multi_output=True
        )
        check_consistent_length(samples, groups)
        self._label_dtype = labels.dtype
        self._indicators = checked_indicators(labels)
        self.classes_ = np.arange(labels.shape[1])
        self._fit_gallery(samples)
        self._trained = self.rule, self.n_neighbors
        if self.rule == "mlknn":
            members = None if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
            self.posterior_ = self._learn_posterior(samples, members)
        return self

    def _learn_posterior(self, samples: FloatArray, members: IndexArray | None) -> Float64Array:
        """Return the probability of each label by the number of a row's neighbours that have it."""
        n_rows = len(samples)
        own = 1 if members is None else int(np.bincount(members).max())
        k = min(self.n_neighbors, n_rows - own)
        if k == 0:
            raise ParameterError(
                'rule="mlknn" counts the neighbours of training rows, and some row has no other one'
                f"{'' if members is None else ' of another subject'} (n_samples={n_rows}): take "
                'rule="votes".',
                code="no_other_rows",
                parameter="rule",
            )
        if members is None:
            found = self.kneighbors(None, k, return_distance=False)
        else:
            graph = NeighborGraph.from_embeddings(
                samples, metrics=[self.metric], depth=min(k + own - 1, n_rows - 1), n_jobs=self.n_jobs
            )
            found = nearest_of_others(graph, self.metric, members, k).indices
        return posterior_by_count(self._indicators, found, self.smoothing)

    def predict_proba(self, X: ArrayLike | None) -> Float64Array:
        """Return the probability of each label.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)
            The rows to classify. None means the training rows, each without its own vote.

        Returns
        -------
        ndarray of shape (n_queries, n_labels)

        Raises
        ------
        ParameterError
            The rule, or the number of neighbours that "mlknn" counted, is no longer that of the fit.
        ValueError
            As `kneighbors`; or a function's weights can't be used.
        """
        check_is_fitted(self)
        self._validate_params()  # n_neighbors, weights and temperature may have been set since the fit
        if self.rule == "mlknn":
            if self._trained != (self.rule, self.n_neighbors):
                raise ParameterError(
                    'rule="mlknn" counts neighbours in fit: fit again after rule or n_neighbors was set.',
                    code="not_fitted_for",
                    parameter="rule",
                )
            indices = self.kneighbors(X, self.posterior_.shape[1] - 1, return_distance=False)
            return self._looked_up(indices)
        distances, indices = self.kneighbors(X)
        weights = neighbor_weights(distances, self.weights, self.temperature)
        return label_shares(self._indicators, indices, weights)

    def _looked_up(self, indices: IndexArray) -> Float64Array:
        found = np.empty((len(indices), len(self.classes_)))
        for rows, counts in _votes(self._indicators, indices, np.ones(indices.shape)):
            found[rows] = self.posterior_[self.classes_, counts.astype(np.intp)]
        return found

    def predict(self, X: ArrayLike | None) -> LabelArray:
        """Return 1 for the labels with a probability above 1/2, else 0.

        Parameters
        ----------
        X : array-like or None
            As in `predict_proba`.

        Returns
        -------
        ndarray of shape (n_queries, n_labels)
            Of the type that `y` had.
        """
        marks: LabelArray = self.predict_proba(X) > 1 / 2
        return marks.astype(self._label_dtype)

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 # scikit-learn's Tags is untyped
        """Return scikit-learn's tags: labels are indicator matrices, dense or sparse."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        tags.classifier_tags.multi_class = False
        tags.target_tags.multi_output = True
        tags.target_tags.single_output = False
        return tags


def checked_indicators(labels: MatrixLike) -> Indicators:
    """Return an indicator matrix, dense or sparse, as a sparse one of 1.0.

    Raises
    ------
    ParameterError
        It is no matrix, or has an entry other than 0 and 1.

    Examples
    --------
    >>> checked_indicators(np.array([[0, 1], [1, 1]])).indices
    array([1, 0, 1], dtype=int32)
    """
    if labels.ndim != 2:  # noqa: PLR2004  rows and labels
        raise ParameterError(
            f"Unknown label type: y has {labels.ndim} dimension. Give a row for each image and a column for "
            "each label, or take SyndromeKNNClassifier for one label an image.",
            code="not_a_matrix",
            parameter="y",
        )
    if labels.dtype.kind not in "biuf":
        labels = _as_numbers(labels)
    marks: Any = csr_array(labels, dtype=np.float64)
    marks.sum_duplicates()
    marks.eliminate_zeros()
    odd = marks.data[marks.data != 1]
    if len(odd):
        raise _no_indicator(odd[0])
    checked: Indicators = marks
    return checked


def _as_numbers(labels: MatrixLike) -> NDArray[np.float64]:
    try:
        return np.asarray(labels, dtype=np.float64)
    except ValueError as error:
        raise _no_indicator(np.ravel(labels)[0]) from error


def _no_indicator(value: object) -> ParameterError:
    return ParameterError(
        f"Unknown label type: y holds {quote(value)}. Give 1 where an image has a label, and 0 where it has "
        "not.",
        code="not_an_indicator",
        parameter="y",
    )


def _votes(
    indicators: Indicators, indices: IndexArray, weights: Float64Array
) -> Iterator[tuple[slice, Float64Array]]:
    """Yield, block by block, the sum of the weights of a query's neighbours that have each label."""
    k = indices.shape[1]
    for rows in row_blocks(len(indices), BLOCK_ROWS):
        chosen = indices[rows].ravel()
        starts = np.arange(0, len(chosen) + 1, k)
        # SciPy adds what a row of the first matrix chooses in the order in which it stands there.
        shape = len(starts) - 1, indicators.shape[0]
        voters = csr_array((weights[rows].ravel(), chosen, starts), shape=shape)
        yield rows, np.asarray((voters @ indicators).toarray(), dtype=np.float64)


def label_shares(indicators: Indicators, indices: IndexArray, weights: Float64Array) -> Float64Array:
    """Return each label's share of the votes.

    Parameters
    ----------
    indicators : csr_array of shape (n_gallery, n_labels)
        1.0 where a row has a label.
    indices : ndarray of shape (n_queries, n_neighbors)
        Row numbers of the gallery, nearest first.
    weights : ndarray of shape (n_queries, n_neighbors)
        Not negative, with at least one above 0 in each row.

    Returns
    -------
    ndarray of shape (n_queries, n_labels)
        From 0 to 1.

    Examples
    --------
    >>> labels = csr_array([[1.0, 0.0], [1.0, 1.0]])
    >>> label_shares(labels, np.array([[1, 0]]), np.array([[1.0, 3.0]]))
    array([[1.  , 0.25]])
    """
    shares = np.empty((len(indices), indicators.shape[1]))
    # Added in the same order as the votes, so that a label of all neighbours has just as many.
    totals = np.cumsum(weights, axis=1)[:, -1:]
    for rows, votes in _votes(indicators, indices, weights):
        shares[rows] = votes / totals[rows]
    return shares


def posterior_by_count(indicators: Indicators, indices: IndexArray, smoothing: float) -> Float64Array:
    """Return the probability of each label by the number of neighbours that have it, after Zhang and Zhou.

    Parameters
    ----------
    indicators : csr_array of shape (n_samples, n_labels)
        1.0 where a training row has a label.
    indices : ndarray of shape (n_samples, n_neighbors)
        The neighbours of each training row, without itself.
    smoothing : float

    Returns
    -------
    ndarray of shape (n_labels, n_neighbors + 1)

    Examples
    --------
    Of four rows two have the label, and their neighbour has it; of the two without, one's neighbour has it:

    >>> labels = csr_array([[1.0], [1.0], [0.0], [0.0]])
    >>> posterior_by_count(labels, np.array([[1], [0], [1], [2]]), 1.0)
    array([[0.333..., 0.6       ]])
    """
    (n_rows, n_labels), k = indicators.shape, indices.shape[1]
    counts_with, counts_all = np.zeros((2, n_labels, k + 1))
    places = np.arange(n_labels) * (k + 1)
    for rows, counts in _votes(indicators, indices, np.ones(indices.shape)):
        cells = places + counts.astype(np.intp)
        has = indicators[rows].toarray() > 0
        size = n_labels * (k + 1)
        counts_all += np.bincount(cells.ravel(), minlength=size).reshape(n_labels, k + 1)
        counts_with += np.bincount(cells[has], minlength=size).reshape(n_labels, k + 1)
    with_label = counts_with.sum(axis=1, keepdims=True)
    prior = (smoothing + with_label) / (2 * smoothing + n_rows)
    likely, unlikely = (
        (smoothing + counts) / (smoothing * (k + 1) + counts.sum(axis=1, keepdims=True))
        for counts in (counts_with, counts_all - counts_with)
    )
    present = prior * likely
    posterior: Float64Array = present / (present + (1 - prior) * unlikely)
    return posterior
