"""Random forest with calibrated probabilities."""

from numbers import Integral
from typing import Literal

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Estimator, Float64Array
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import Scaling, WrappedClassifier, constraints
from skknn_syndrome.heads.one_vs_rest import one_vs_rest
from skknn_syndrome.metrics.definition import ALL_TASKS


class CalibratedRandomForest(WrappedClassifier):
    r"""scikit-learn's `RandomForestClassifier` of scaled rows, the logarithm of its shares at a temperature.

    A score is :math:`\log\bigl((n p_c + 1) / (n + K)\bigr)` of the mean probability :math:`p_c` of
    :math:`n` trees [1]_ and :math:`K` classes: what no tree says would have none at all.

    Parameters
    ----------
    n_estimators : int, default=100
        Number of trees.
    max_features : {"sqrt", "log2"}, float, int or None, default="sqrt"
        Features that a division of a tree is chosen among.
    scaling, inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`, whose attributes there are as well.

    References
    ----------
    .. [1] L. Breiman, "Random forests", Machine Learning 45, 2001. doi:10.1023/A:1010933404324

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [5.0], [6.0]], ["a", "a", "b", "b"]
    >>> CalibratedRandomForest(scaling=None).fit(X, y).predict([[0.5], [5.5]]).tolist()
    ['a', 'b']
    """

    _parameter_constraints = constraints(n_estimators=[Interval(Integral, 1, None, closed="left")])

    def __init__(
        self,
        n_estimators: int = 100,
        *,
        max_features: Literal["sqrt", "log2"] | float | None = "sqrt",
        scaling: Scaling = "unit",
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.n_estimators = n_estimators
        self.max_features = max_features
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _make(self) -> Estimator:
        return RandomForestClassifier(
            self.n_estimators, max_features=self.max_features, random_state=self.random_state
        )

    def _score(self, rows: Float64Array) -> Float64Array:
        shares = np.asarray(self.estimator_.predict_proba(rows), dtype=np.float64)
        smoothed = (self.n_estimators * shares + 1) / (self.n_estimators + len(self.classes_))
        return np.asarray(np.log(smoothed), dtype=np.float64)


RANDOM_FOREST = Head(
    name="random_forest",
    title="random forest",
    estimator=CalibratedRandomForest,
    grid={"n_estimators": (100,)},
    gives=frozenset({"probabilities", "decision"}),
    tasks=ALL_TASKS,
    of_labels=one_vs_rest,
    uses_class_shares=True,
)
