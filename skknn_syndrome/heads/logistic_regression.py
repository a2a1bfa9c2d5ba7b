"""Multinomial logistic regression with calibrated probabilities."""

from numbers import Real

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Estimator
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import Scaling, WrappedClassifier, constraints
from skknn_syndrome.heads.one_vs_rest import one_vs_rest
from skknn_syndrome.metrics.definition import ALL_TASKS


class CalibratedLogisticRegression(WrappedClassifier):
    r"""scikit-learn's `LogisticRegression` of scaled rows, its scores at a temperature from inner folds.

    It minimises :math:`C \sum_i -\log p_{y_i}(x_i) + \frac{1}{2} \lVert W \rVert^2` of linear scores
    :math:`W x + b`. On unit rows it is underconfident unless C is large: hence the temperature.

    Parameters
    ----------
    C : float, default=1.0
        Inverse of the regularisation.
    max_iter : int, default=2000
        Steps at most.
    scaling, inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`, whose attributes there are as well.

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [5.0], [6.0]], ["a", "a", "b", "b"]
    >>> CalibratedLogisticRegression(scaling=None).fit(X, y).predict([[2.0], [4.5]]).tolist()
    ['a', 'b']
    """

    _parameter_constraints = constraints(C=[Interval(Real, 0, None, closed="neither")])

    def __init__(
        self,
        C: float = 1.0,
        *,
        max_iter: int = 2000,
        scaling: Scaling = "unit",
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.C = C
        self.max_iter = max_iter
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _make(self) -> Estimator:
        if self._memo is None:
            return LogisticRegression(C=self.C, max_iter=self.max_iter)
        # Each candidate starts at the coefficients of the one before.
        shared = self._once("logistic_regression", lambda: LogisticRegression(warm_start=True))
        return shared.set_params(C=self.C, max_iter=self.max_iter)


LOGISTIC_REGRESSION = Head(
    name="logistic_regression",
    title="logistic regression",
    estimator=CalibratedLogisticRegression,
    grid={"C": (0.1, 1.0, 10.0, 100.0)},
    gives=frozenset({"probabilities", "decision"}),
    tasks=ALL_TASKS,
    of_labels=one_vs_rest,
    uses_class_shares=True,
)
