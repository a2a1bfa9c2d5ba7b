"""Linear support vector machine with calibrated probabilities."""

import warnings
from numbers import Real
from types import MappingProxyType
from typing import Literal

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC
from sklearn.utils._param_validation import Interval, StrOptions

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import Scaling, WrappedClassifier, constraints
from skknn_syndrome.heads.one_vs_rest import one_vs_rest
from skknn_syndrome.metrics.definition import ALL_TASKS

FINE = 1e-4
"""Tolerance of a fit: scikit-learn's."""
ROUGH = MappingProxyType({"hinge": 0.1, "squared_hinge": 0.01})
"""Tolerances of candidates in a comparison: those that LIBLINEAR itself takes unless told otherwise."""


class CalibratedLinearSVC(WrappedClassifier):
    r"""scikit-learn's `LinearSVC` of scaled rows, one class against the rest, at a temperature.

    Each class's :math:`w, b` minimise :math:`\frac{1}{2} (\lVert w \rVert^2 + b^2) + C \sum_i \ell_i` with
    the margin :math:`m_i = \pm (w^\top x_i + b)`, and :math:`\ell_i = \max(0, 1 - m_i)` for the hinge, or its
    square [1]_.

    Parameters
    ----------
    C : float, default=0.1
        Inverse of the regularisation.
    loss : {"hinge", "squared_hinge"}, default="squared_hinge"
    max_iter : int, default=300
        Steps at most. The hinge with a large C may not have converged by then, and `n_iter_` is as large:
        there is no warning, which a search would repeat for each fit.
        Candidates of a comparison are solved less exactly than the one that is chosen (`ROUGH`).
    scaling, inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`, whose attributes there are as well.

    References
    ----------
    .. [1] R.-E. Fan, K.-W. Chang, C.-J. Hsieh, X.-R. Wang and C.-J. Lin, "LIBLINEAR: a library for large
       linear classification", JMLR 9, 2008.

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [5.0], [6.0]], ["a", "a", "b", "b"]
    >>> CalibratedLinearSVC(C=1.0, scaling=None).fit(X, y).predict([[0.5], [5.5]]).tolist()
    ['a', 'b']
    """

    _parameter_constraints = constraints(
        C=[Interval(Real, 0, None, closed="neither")], loss=[StrOptions({"hinge", "squared_hinge"})]
    )

    def __init__(
        self,
        C: float = 0.1,
        *,
        loss: Literal["hinge", "squared_hinge"] = "squared_hinge",
        max_iter: int = 300,
        scaling: Scaling = "unit",
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.C = C
        self.loss = loss
        self.max_iter = max_iter
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _make(self) -> Estimator:
        return LinearSVC(
            C=self.C,
            loss=self.loss,
            dual="auto",
            tol=FINE if self._memo is None else ROUGH[self.loss],
            max_iter=self.max_iter,
            random_state=self.random_state,
        )

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            super()._learn(rows, codes, members)


LINEAR_SVC = Head(
    name="linear_svc",
    title="linear support vector machine",
    estimator=CalibratedLinearSVC,
    grid={"C": (0.1, 1.0, 10.0, 100.0), "loss": ("hinge", "squared_hinge")},
    gives=frozenset({"probabilities", "decision"}),
    tasks=ALL_TASKS,
    of_labels=one_vs_rest,
)
