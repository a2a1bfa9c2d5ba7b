"""Log-linear pool of several heads."""

from collections.abc import Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.base import clone
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import _BaseComposition

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.heads.base import Gives, Head, IndexSplit
from skknn_syndrome.heads.calibrated import CalibratedClassifier, constraints
from skknn_syndrome.heads.lda import LDA
from skknn_syndrome.heads.plda_knn import PLDA_KNN
from skknn_syndrome.heads.softmax_knn import SOFTMAX_KNN
from skknn_syndrome.heads.svc import SVC
from skknn_syndrome.heads.temperature import fit_temperature, log_probabilities, out_of_fold_scores

Members: TypeAlias = Sequence[tuple[str, CalibratedClassifier]]

COMPOSITIONS = MappingProxyType(
    {
        " + ".join(head.name for head in heads): heads
        for heads in (
            (LDA, SVC, SOFTMAX_KNN),
            (LDA, SVC),
            (PLDA_KNN, SOFTMAX_KNN),
            (LDA, SVC, SOFTMAX_KNN, PLDA_KNN),
        )
    }
)
"""Pools that have a name: heads with their defaults."""


class PooledClassifier(_BaseComposition, CalibratedClassifier):  # type: ignore[misc] # scikit-learn is untyped
    r"""Multiply the probabilities of several heads, each to the power of its weight [1]_.

    .. math:: p_c \propto \prod_m p_{mc}^{w_m}, \qquad w_m \ge 0

    Temperatures of the heads, and then the weights, minimise the log loss of one set of out-of-fold scores;
    in the weights it is convex.

    Parameters
    ----------
    estimators : list of (str, CalibratedClassifier), str or None, default=None
        The heads by name, or one of `COMPOSITIONS`; None stands for "lda + svc + softmax_knn". The heads' own
        `inner_cv` is not used.
    inner_cv : int or None, default=5
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`. Without inner folds temperatures are 1,
        and weights equal.
    random_state : int, RandomState instance or None, default=42
        Of the folds.

    Attributes
    ----------
    estimators_ : list of CalibratedClassifier
        Fitted to all rows.
    temperatures_ : ndarray of shape (n_heads,)
    weights_ : ndarray of shape (n_heads,)
        They need not sum to 1: heads that err together are too confident as a pool.
    classes_, temperature_source_, n_features_in_
        As in `CalibratedClassifier`; `temperature_` is 1.

    References
    ----------
    .. [1] C. Genest and J. V. Zidek, "Combining probability distributions", Statistical Science 1, 1986.
       doi:10.1214/ss/1177013825

    Examples
    --------
    >>> X, y = [[0.0, 1.0], [1.0, 2.0], [5.0, 1.0], [6.0, 2.0]], ["a", "a", "b", "b"]
    >>> PooledClassifier().fit(X, y).predict([[0.5, 1.5], [5.5, 1.5]]).tolist()
    ['a', 'b']
    """

    _parameter_constraints = constraints(estimators=[list, StrOptions({*COMPOSITIONS}), None])
    scaling = None
    """Each head has its own."""

    def __init__(
        self,
        estimators: Members | str | None = None,
        *,
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.estimators = estimators
        self.inner_cv = inner_cv
        self.random_state = random_state

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002  scikit-learn's signature
        """Return the parameters, and those of the heads as ``<name>__<parameter>``."""
        found: dict[str, Any] = self._get_params("estimators", deep=deep)
        return found

    def set_params(self, **params: Any) -> "PooledClassifier":  # noqa: ANN401  of any head
        """Set parameters, or those of a head as ``<name>__<parameter>``, or a head by its name."""
        self._set_params("estimators", **params)
        return self

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        def fitted(head: CalibratedClassifier) -> CalibratedClassifier:
            model: CalibratedClassifier = clone(head).set_params(inner_cv=None)
            model.fit(rows, codes, members)
            return model

        self.estimators_ = [
            self._once((type(each), str(each.get_params())), partial(fitted, each))
            for each in self._checked()
        ]

    def _checked(self) -> list[CalibratedClassifier]:
        if self.estimators is None or isinstance(self.estimators, str):
            heads = COMPOSITIONS[self.estimators or next(iter(COMPOSITIONS))]
            return [head.estimator() for head in heads]
        for name, estimator in self.estimators:
            if not isinstance(estimator, CalibratedClassifier):
                raise ParameterError(
                    f"The pool has the {type(estimator).__name__} {name!r}: take heads that are derived from "
                    "CalibratedClassifier.",
                    code="not_a_head",
                    parameter="estimators",
                )
        if not self.estimators:
            raise ParameterError(
                "The pool has no head: name at least one.", code="no_value", parameter="estimators"
            )
        return [estimator for _, estimator in self.estimators]

    def _calibrate(
        self,
        samples: Float64Array,
        codes: IndexArray,
        members: IndexArray | None,
        folds: Sequence[IndexSplit],
    ) -> None:
        scores = [out_of_fold_scores(each, samples, codes, members, folds) for each in self.estimators_]
        self.fit_calibration(np.stack(scores, axis=-1), codes)
        if not folds:
            self.temperature_source_ = "none"

    def fit_calibration(self, scores: Float64Array, codes: IndexArray) -> None:
        """Fit temperatures and weights to scores of shape (n_rows, n_classes, n_heads)."""
        parts = list(np.moveaxis(scores, -1, 0))
        self.temperature_ = 1.0
        self.temperatures_: Float64Array = np.array([fit_temperature(each, codes) for each in parts])
        # Where a training part lacks a class, its heads say nothing that can be compared.
        asked = np.isfinite(scores).all(axis=(1, 2))
        said = [
            log_probabilities(each[asked], temperature)
            for each, temperature in zip(parts, self.temperatures_, strict=True)
        ]
        self.weights_ = fit_weights(said, codes[asked])
        self.temperature_source_ = "inner folds"

    def calibrated(self, scores: Float64Array) -> Float64Array:
        """Return the probabilities that scores of shape (n_queries, n_classes, n_heads) stand for."""
        return np.exp(log_probabilities(self._weighted(scores), 1.0))

    def _weighted(self, scores: Float64Array) -> Float64Array:
        parts = [
            weight * log_probabilities(scores[..., place], temperature)
            for place, (temperature, weight) in enumerate(zip(self.temperatures_, self.weights_, strict=True))
        ]
        found: Float64Array = np.sum(parts, axis=0)
        return found

    def uncalibrated(self, X: ArrayLike) -> Float64Array:
        """Return the scores of each head, shape (n_queries, n_classes, n_heads)."""
        return self._scores_of_heads(self._queries(X))

    def _scores_of_heads(self, rows: Float64Array) -> Float64Array:
        # The pool has checked the rows; each head's check would take longer than its scores of one row.
        scores = [head._score(head._scaled(rows)) for head in self.estimators_]  # noqa: SLF001  heads of ours
        return np.stack(scores, axis=-1)

    def _score(self, rows: Float64Array) -> Float64Array:
        return self._weighted(self._scores_of_heads(rows))


def fit_weights(parts: Sequence[Float64Array], codes: IndexArray) -> Float64Array:
    """Return the weights, none below 0, with which a log-linear pool has the least log loss.

    Parameters
    ----------
    parts : sequence of ndarray of shape (n_rows, n_classes)
        Logarithms of each head's probabilities.
    codes : ndarray of shape (n_rows,)
        The class of each row.

    Returns
    -------
    ndarray of shape (n_heads,)
        Equal, with the sum 1, where there is no row.

    Examples
    --------
    >>> good, useless = np.log([[0.9, 0.1], [0.2, 0.8]]), np.log([[0.1, 0.9], [0.9, 0.1]])
    >>> fit_weights([good, useless], np.array([0, 1]))[1]
    np.float64(0.0)
    """
    equal = np.full(len(parts), 1 / len(parts))
    if not len(codes):
        return equal
    stacked = np.stack(parts, axis=-1)
    own = np.take_along_axis(stacked, codes[:, None, None], axis=1)[:, 0]

    def loss(weights: Float64Array) -> tuple[float, Float64Array]:
        logits = stacked @ weights
        said = -float(np.take_along_axis(log_softmax(logits, axis=1), codes[:, None], axis=1).mean())
        expected = np.einsum("rc,rch->rh", softmax(logits, axis=1), stacked)
        return said, (expected - own).mean(axis=0)

    bounds = [(0.0, 100.0)] * len(parts)
    found: Float64Array = minimize(loss, equal, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


GIVES: frozenset[Gives] = frozenset({"probabilities", "decision"})

POOL = Head(
    name="pool",
    title="pool of discriminant analysis, support vectors and nearest neighbours",
    estimator=PooledClassifier,
    grid={},
    gives=GIVES,
)

NEIGHBOR_POOL = Head(
    name="neighbor_pool",
    title="pool of nearest neighbours by PLDA and softmax nearest neighbours",
    estimator=PooledClassifier("plda_knn + softmax_knn"),
    grid={},
    gives=GIVES,
)

BEST_POOL = Head(
    name="best_pool",
    title="best of several pools",
    estimator=PooledClassifier,
    grid={"estimators": tuple(COMPOSITIONS)},
    gives=GIVES,
)
