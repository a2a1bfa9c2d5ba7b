"""The estimator that a search is run on: it is given row numbers, and asks a shared source for scores."""

from collections.abc import Mapping
from typing import Any, Self

from sklearn.base import BaseEstimator, ClassifierMixin

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.study.engine.sources import ScoreSource


class SharedScores:
    """A source shared by all clones of an estimator, which remembers what it was asked.

    A search asks for one number of neighbours after the other; the source computes all of them at once.
    """

    def __init__(self, source: ScoreSource) -> None:
        self._source = source
        self._places = {k: place for place, k in enumerate(source.n_neighbors)}
        self._known: dict[tuple[object, ...], Mapping[str, Float64Array]] = {}

    def score(
        self, train: IndexArray, test: IndexArray, metric: str, weights: Weights, n_neighbors: int
    ) -> dict[str, float]:
        """Return the scores of one candidate on one fold, by name."""
        key = (metric, weights, train.tobytes(), test.tobytes())
        if key not in self._known:
            self._known[key] = self._source.score(train, test, metric, weights)
        place = self._places[n_neighbors]
        return {name: float(values[place]) for name, values in self._known[key].items()}

    def __sklearn_clone__(self) -> Self:
        """Return itself: clones of an estimator share it."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself."""
        return self

    def __getstate__(self) -> dict[str, Any]:
        """Leave behind what is remembered: another process is sent the source alone."""
        return self.__dict__ | {"_known": {}}


class RowClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Stands for a `SyndromeKNNClassifier` in a search over row numbers.

    Parameters
    ----------
    shared : SharedScores
    n_neighbors, metric, weights
        As in `SyndromeKNNClassifier`.
    """

    def __init__(
        self,
        shared: SharedScores,
        n_neighbors: int = 15,
        metric: str = "cosine",
        weights: Weights = "distance",
    ) -> None:
        self.shared = shared
        self.n_neighbors = n_neighbors
        self.metric = metric
        self.weights = weights

    def fit(self, rows: IndexArray, y: LabelArray) -> Self:  # noqa: ARG002
        """Note which rows, shape (n_rows, 1), are trained on."""
        self.rows_ = rows[:, 0]
        return self


def score_rows(estimator: Any, rows: IndexArray, y: LabelArray) -> dict[str, float]:  # noqa: ANN401, ARG001
    """Score a fitted `RowClassifier`, or a pipeline of one step that is one, on rows of shape (n_rows, 1).

    Returns
    -------
    dict of str to float
        Every score of `skknn_syndrome.scorers` by name, the tie bounds of top-k beside it; NaN where a score
        is not defined.
    """
    classifier = getattr(estimator, "steps", [(None, estimator)])[-1][1]
    scores: dict[str, float] = classifier.shared.score(
        classifier.rows_, rows[:, 0], classifier.metric, classifier.weights, classifier.n_neighbors
    )
    return scores
