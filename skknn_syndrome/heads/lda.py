"""Linear discriminant analysis with a shrunken covariance and calibrated probabilities."""

from numbers import Real
from typing import Literal

import numpy as np
from sklearn.utils._param_validation import Interval, StrOptions

from skknn_syndrome._typing import Estimator
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import Scaling, WrappedClassifier, constraints
from skknn_syndrome.heads.one_vs_rest import one_vs_rest
from skknn_syndrome.heads.shrunken_lda import ShrunkenLDA
from skknn_syndrome.metrics.definition import ALL_TASKS


class CalibratedLDA(WrappedClassifier):
    r"""scikit-learn's `LinearDiscriminantAnalysis` by least squares, its scores at a temperature.

    Scores are :math:`x^\top \Sigma^{-1} \mu_c - \frac{1}{2} \mu_c^\top \Sigma^{-1} \mu_c + \log \pi_c`, with
    the covariance within classes shrunk: :math:`\Sigma = (1 - a) S + a \frac{\operatorname{tr} S}{d} I` [1]_.

    Parameters
    ----------
    shrinkage : float from 0 to 1 or "auto", default=0.8
        How far; "auto" is Ledoit and Wolf's formula, class by class.
    scaling, inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`, whose attributes there are as well.

    References
    ----------
    .. [1] J. H. Friedman, "Regularized discriminant analysis", JASA 84, 1989.
       doi:10.1080/01621459.1989.10478752

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [5.0], [6.0]], ["a", "a", "b", "b"]
    >>> CalibratedLDA(scaling=None).fit(X, y).predict([[2.0], [4.5]]).tolist()
    ['a', 'b']
    """

    _parameter_constraints = constraints(
        shrinkage=[Interval(Real, 0, 1, closed="both"), StrOptions({"auto"})]
    )

    def __init__(
        self,
        shrinkage: float | Literal["auto"] = 0.8,
        *,
        scaling: Scaling = "unit",
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.shrinkage = shrinkage
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _make(self) -> Estimator:
        found = ShrunkenLDA(solver="lsqr", shrinkage=self.shrinkage)
        if self._memo is not None:
            found.memo = self._once("lda", dict)
        return found


LDA = Head(
    name="lda",
    title="linear discriminant analysis",
    estimator=CalibratedLDA,
    grid={"shrinkage": (0.5, 0.6, 0.7, 0.8, 0.9, "auto")},
    gives=frozenset({"probabilities", "decision"}),
    tasks=ALL_TASKS,
    of_labels=one_vs_rest,
    uses_class_shares=True,
)
