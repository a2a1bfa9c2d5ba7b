"""Support vector machine, linear or with a Gaussian kernel, with calibrated probabilities."""

from numbers import Real
from typing import Any, Literal, TypeAlias

import numpy as np
from sklearn import config_context, svm
from sklearn.metrics.pairwise import linear_kernel, rbf_kernel  # noqa: TID251  kernels, not scores
from sklearn.utils._param_validation import Interval, StrOptions

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import BINARY, CalibratedClassifier, Scaling, constraints
from skknn_syndrome.heads.one_vs_rest import one_vs_rest
from skknn_syndrome.metrics.definition import ALL_TASKS

KernelName: TypeAlias = Literal["linear", "rbf-scale", "rbf-auto"]

LARGEST_KERNEL = 4_000
"""Rows up to which their kernel is made once for all classes: 128 MB."""


class CalibratedSVC(CalibratedClassifier):
    r"""scikit-learn's `SVC` of scaled rows, one class against the rest, at a temperature.

    A score is :math:`\sum_i \alpha_i y_i k(x_i, x) + b` [1]_. One class against the rest, rather than
    `SVC`'s own pairs of classes, gives each class a score of its own.

    Parameters
    ----------
    C : float, default=3.0
        Inverse of the regularisation.
    kernel : {"linear", "rbf-scale", "rbf-auto"}, default="rbf-scale"
        With its gamma, which a linear kernel has not, so that a grid makes no fit twice: 1 / (number of
        features x variance), which is about 1 for unit rows, or 1 / number of features.
    scaling, inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`, whose attributes there are as well.

    References
    ----------
    .. [1] C. Cortes and V. Vapnik, "Support-vector networks", Machine Learning 20, 1995.
       doi:10.1007/BF00994018

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [5.0], [6.0]], ["a", "a", "b", "b"]
    >>> CalibratedSVC(scaling=None).fit(X, y).predict([[2.0], [4.5]]).tolist()
    ['a', 'b']
    """

    _parameter_constraints = constraints(
        C=[Interval(Real, 0, None, closed="neither")],
        kernel=[StrOptions({"linear", "rbf-scale", "rbf-auto"})],
    )

    def __init__(
        self,
        C: float = 3.0,
        *,
        kernel: KernelName = "rbf-scale",
        scaling: Scaling = "unit",
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.C = C
        self.kernel = kernel
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        del members
        variance = rows.var() if self.kernel == "rbf-scale" else 1.0
        self._gamma = None if self.kernel == "linear" else 1 / (rows.shape[1] * (variance or 1.0))
        n_classes = len(self.classes_)
        positive = [codes == code for code in range(n_classes)] if n_classes > BINARY else [codes == 1]
        weights, self._intercepts = self._solve(rows, positive)
        # Candidates share the products of queries with all rows, whichever of them support it.
        used = weights.any(axis=0) if self._memo is None else np.ones(len(rows), dtype=bool)
        self._support, self._weights = rows[used], weights[:, used].T.copy()

    def _solve(self, rows: Float64Array, positive: list[LabelArray]) -> tuple[Float64Array, Float64Array]:
        """Return the weights of all rows and the intercept, class by class.

        A solution in which no weight is as large as C is that of every larger C.
        """
        free: list[tuple[float, Float64Array, Float64Array]] = self._once(("free", self.kernel), list)
        known = next((solved for C, *solved in free if C <= self.C), None)
        if known is not None:
            weights, intercepts = known
            return weights, intercepts
        is_small = len(rows) <= LARGEST_KERNEL
        # All classes share one matrix of products, in which scikit-learn's own kernels cost most of the time.
        given = self._once(("kernel", self.kernel), lambda: self._products(rows, rows)) if is_small else rows
        options = {"kernel": "precomputed"} if is_small else self._own_kernel()
        with config_context(assume_finite=True, skip_parameter_validation=True):
            machines = [svm.SVC(C=self.C, **options).fit(given, each) for each in positive]
        weights = np.zeros((len(machines), len(rows)))
        for row, machine in zip(weights, machines, strict=True):
            row[machine.support_] = np.asarray(machine.dual_coef_)[0]
        intercepts = np.array([machine.intercept_[0] for machine in machines])
        if np.abs(weights).max() < self.C:
            free.append((self.C, weights, intercepts))
        return weights, intercepts

    def _own_kernel(self) -> dict[str, Any]:
        return {"kernel": "linear"} if self._gamma is None else {"kernel": "rbf", "gamma": self._gamma}

    def _products(self, rows: Float64Array, others: Float64Array) -> Float64Array:
        gamma = self._gamma
        found: Float64Array = (
            linear_kernel(rows, others) if gamma is None else rbf_kernel(rows, others, gamma=gamma)
        )
        return found

    def _score(self, rows: Float64Array) -> Float64Array:
        products = self._once(("products", self.kernel), lambda: self._products(rows, self._support))
        values: Float64Array = products @ self._weights + self._intercepts
        return np.column_stack([-values / 2, values / 2]) if values.shape[1] == 1 else values


SVC = Head(
    name="svc",
    title="support vector machine",
    estimator=CalibratedSVC,
    grid={"kernel": ("linear", "rbf-scale", "rbf-auto"), "C": (0.1, 1.0, 10.0, 100.0)},
    gives=frozenset({"probabilities", "decision"}),
    tasks=ALL_TASKS,
    of_labels=one_vs_rest,
)
