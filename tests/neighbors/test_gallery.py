"""`kneighbors` and `kneighbors_graph`: what they return, and what they refuse."""

import pickle
import re

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy.sparse import csr_matrix
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome.errors import FewerNeighborsWarning, ParameterError
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.classifier import MetricName
from tests.refusing import refused

LINE = np.array([[0.0], [3.0], [1.0], [3.0]])


@pytest.fixture
def classifier() -> SyndromeKNNClassifier:
    classifier = SyndromeKNNClassifier(2, metric="euclidean")
    classifier.fit(LINE, [0, 0, 1, 1])
    return classifier


def test_neighbours_are_ordered_by_distance_then_training_index(classifier: SyndromeKNNClassifier) -> None:
    distances, indices = classifier.kneighbors([[2.0], [2.9]], 3)
    assert indices.tolist() == [[1, 2, 3], [1, 3, 2]]
    np.testing.assert_allclose(distances, [[1.0, 1.0, 1.0], [0.1, 0.1, 1.9]], rtol=1e-14)


def test_n_neighbors_defaults_to_the_parameter(classifier: SyndromeKNNClassifier) -> None:
    assert classifier.kneighbors([[2.0]], return_distance=False).tolist() == [[1, 2]]


def test_without_queries_each_training_row_leaves_itself_out(classifier: SyndromeKNNClassifier) -> None:
    distances, indices = classifier.kneighbors()
    assert indices.tolist() == [[2, 1], [3, 2], [0, 1], [1, 2]]  # row 3 duplicates row 1
    assert distances.tolist() == [[1, 3], [0, 2], [1, 2], [0, 2]]


def test_precomputed_distances_leave_the_diagonal_out_and_stay_as_they_were() -> None:
    matrix = np.abs(LINE - LINE.T)
    classifier = SyndromeKNNClassifier(2, metric="precomputed").fit(matrix, [0, 0, 1, 1])
    assert classifier.kneighbors(return_distance=False).tolist() == [[2, 1], [3, 2], [0, 1], [1, 2]]
    assert classifier.kneighbors([[2.0, 1.0, 1.0, 1.0]], return_distance=False).tolist() == [[1, 2]]
    np.testing.assert_array_equal(matrix, np.abs(LINE - LINE.T))


@pytest.mark.parametrize("mode", ["connectivity", "distance"])
@pytest.mark.parametrize("queries", [None, [[0.4], [2.6]]])
def test_graph_equals_scikit_learns(mode: str, queries: ArrayLike | None) -> None:
    rows, labels = np.array([[0.0], [3.0], [1.0], [7.0]]), [0, 0, 1, 1]
    ours = SyndromeKNNClassifier(2, metric="euclidean").fit(rows, labels)
    theirs = KNeighborsClassifier(2).fit(rows, labels)
    graph, expected = (one.kneighbors_graph(queries, mode=mode) for one in (ours, theirs))
    assert isinstance(graph, csr_matrix)
    np.testing.assert_allclose(graph.toarray(), expected.toarray(), rtol=1e-14)


def test_graph_refuses_another_mode(classifier: SyndromeKNNClassifier) -> None:
    with refused("unknown_mode", "mode", error=ParameterError):
        classifier.kneighbors_graph(mode="both")  # type: ignore[arg-type] # the point of the test


def test_fit_warns_once_of_fewer_training_rows_and_all_of_them_vote() -> None:
    classifier = SyndromeKNNClassifier(5, metric="euclidean", weights="uniform")
    message = re.escape("n_neighbors is 5, but there are 4 training rows: all of them are used.")
    with pytest.warns(FewerNeighborsWarning, match=message) as caught:
        classifier.fit(LINE, [0, 0, 0, 1])
    assert caught[0].filename == __file__
    assert classifier.kneighbors([[0.0]], return_distance=False).shape == (1, 4)
    assert classifier.kneighbors(return_distance=False).shape == (4, 3)
    assert classifier.predict_proba([[0.0]]).tolist() == [[0.75, 0.25]]


def test_kneighbors_warns_of_what_was_asked_of_it(classifier: SyndromeKNNClassifier) -> None:
    with pytest.warns(FewerNeighborsWarning, match="there are 4 training rows") as caught:
        assert classifier.kneighbors([[0.0]], 9, return_distance=False).tolist() == [[0, 2, 1, 3]]
    assert caught[0].filename == __file__
    with pytest.warns(FewerNeighborsWarning, match="n_neighbors is 4, but there are 3 other training rows"):
        assert classifier.kneighbors(None, 4, return_distance=False).shape == (4, 3)
    with pytest.warns(FewerNeighborsWarning, match="there are 3 other training rows"):
        assert classifier.kneighbors_graph(None, 4).nnz == 12


def test_a_parameter_set_too_large_after_the_fit_is_warned_of(classifier: SyndromeKNNClassifier) -> None:
    with pytest.warns(FewerNeighborsWarning, match="n_neighbors is 5, but there are 4 training rows"):
        classifier.set_params(n_neighbors=5).predict([[0.0]])


def test_a_single_training_row_has_no_other() -> None:
    classifier = SyndromeKNNClassifier(1).fit([[1.0]], ["a"])
    with refused("no_other_rows", "X", error=ParameterError):
        classifier.kneighbors()


def test_n_neighbors_below_1_is_refused(classifier: SyndromeKNNClassifier) -> None:
    with pytest.raises(ValueError, match="n_neighbors == 0, must be >= 1"):
        classifier.kneighbors([[0.0]], 0)
    with pytest.raises(TypeError, match="n_neighbors must be an instance of int"):
        classifier.kneighbors([[0.0]], 1.5)  # type: ignore[call-overload] # the point of the test
    with pytest.raises(ValueError, match="n_neighbors == -1, must be >= 1"):
        classifier.set_params(n_neighbors=-1).kneighbors()


@pytest.mark.parametrize(
    "matrix, message",
    [
        ([[0.0, -1.0], [1.0, 0.0]], "Negative values in data passed to SyndromeKNNClassifier"),
        ([[0.0, np.nan], [1.0, 0.0]], "Input X contains NaN"),
    ],
    ids=["negative", "nan"],
)
def test_precomputed_distances_that_cannot_be_are_refused_in_fit(matrix: ArrayLike, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        SyndromeKNNClassifier(1, metric="precomputed").fit(matrix, range(len(np.asarray(matrix))))


def test_precomputed_distances_in_fit_are_square() -> None:
    with refused("not_square", "X", error=ParameterError):
        SyndromeKNNClassifier(1, metric="precomputed").fit([[0.0, 1.0]], [0])


@pytest.mark.parametrize(
    "queries, message",
    [
        ([[-1.0, 1.0]], "Negative values in data passed to SyndromeKNNClassifier"),
        ([[0.0, np.nan]], "Input X contains NaN"),
        ([[0.0, 1.0, 2.0]], "X has 3 features, but SyndromeKNNClassifier is expecting 2 features"),
    ],
    ids=["negative", "nan", "too wide"],
)
def test_precomputed_distances_that_cannot_be_are_refused_in_prediction(
    queries: ArrayLike, message: str
) -> None:
    classifier = SyndromeKNNClassifier(1, metric="precomputed").fit([[0, 1], [1, 0]], [0, 1])
    with pytest.raises(ValueError, match=re.escape(message)):
        classifier.predict(queries)


def test_the_metric_of_the_fit_counts(classifier: SyndromeKNNClassifier) -> None:
    expected = classifier.kneighbors([[2.0]])
    found = classifier.set_params(metric="precomputed").kneighbors([[2.0]])
    assert classifier.effective_metric_ == "euclidean"
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "precomputed"])
def test_what_the_caller_does_to_the_rows_later_changes_nothing(metric: MetricName) -> None:
    rows = np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 4.0], [2.0, 4.0, 0.0]])
    classifier = SyndromeKNNClassifier(1, metric=metric).fit(rows, [0, 1, 2])
    unsearched = pickle.loads(pickle.dumps(classifier))  # noqa: S301  made here
    expected = SyndromeKNNClassifier(1, metric=metric).fit(rows.copy(), [0, 1, 2]).kneighbors()
    rows[:] = 0
    for fitted in (classifier, unsearched, classifier):
        np.testing.assert_array_equal(fitted.kneighbors(), expected)
