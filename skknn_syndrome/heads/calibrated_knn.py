"""Votes of k nearest neighbours with calibrated probabilities."""

from numbers import Integral

import numpy as np
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import CalibratedClassifier, Scaling, constraints
from skknn_syndrome.neighbors import SyndromeKNNClassifier


class CalibratedKNNClassifier(CalibratedClassifier):
    r"""Let the k rows of the highest cosine vote by their distance, and put the votes at a temperature.

    A score is :math:`\log\bigl((k p_c + 1) / (k + K)\bigr)` of the share :math:`p_c` of :math:`k` votes and
    :math:`K` classes: a class that no neighbour is of would have none at all. The order of the classes of an
    image is that of its votes. Those of several images compare better than the votes do, of which few
    neighbours make a share of 1 too often: hence the higher AUC.

    Parameters
    ----------
    n_neighbors : int, default=15
        All rows, where there are fewer.
    scaling, inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`, whose attributes there are as well. The
        cosine is that of rows which are centred, unless `scaling` is None.

    Examples
    --------
    >>> X, y = [[0.0, 1.0], [1.0, 9.0], [5.0, 1.0], [9.0, 1.0]], ["a", "a", "b", "b"]
    >>> CalibratedKNNClassifier(2, scaling=None).fit(X, y).predict([[0.5, 5.0], [5.5, 1.0]]).tolist()
    ['a', 'b']
    """

    _parameter_constraints = constraints(n_neighbors=[Interval(Integral, 1, None, closed="left")])
    _of_scores = ("n_neighbors",)

    def __init__(
        self,
        n_neighbors: int = 15,
        *,
        scaling: Scaling = "unit",
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        del members
        # How many are asked follows in `_score`: with more than there are rows, a fit would warn.
        self._neighbors = SyndromeKNNClassifier(1, metric="cosine", weights="distance").fit(rows, codes)

    def _score(self, rows: Float64Array) -> Float64Array:
        n_neighbors = min(self.n_neighbors, self._neighbors.n_samples_fit_)
        shares = self._neighbors.set_params(n_neighbors=n_neighbors).predict_proba(rows)
        smoothed = (n_neighbors * shares + 1) / (n_neighbors + len(self.classes_))
        return np.asarray(np.log(smoothed), dtype=np.float64)


CALIBRATED_KNN = Head(
    name="calibrated_knn",
    title="k nearest neighbours with calibrated votes",
    estimator=CalibratedKNNClassifier,
    grid={"n_neighbors": (5, 15, 30, 60), "scaling": ("unit", None)},
    gives=frozenset({"probabilities", "decision"}),
)
