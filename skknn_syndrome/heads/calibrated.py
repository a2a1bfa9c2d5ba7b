"""Base of heads with calibrated probabilities: scaling, inner folds, and one temperature."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from numbers import Integral
from types import MappingProxyType
from typing import Any, Literal, Self, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context, clone
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray, LabelArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.heads.temperature import (
    fit_temperature,
    inner_folds,
    log_probabilities,
    out_of_fold_scores,
)
from skknn_syndrome.neighbors.distances import prepare_rows

BINARY = 2

T = TypeVar("T")

Scaling: TypeAlias = Literal["unit"] | None
"""How a head scales: rows minus the training mean, to unit norm; or not at all."""


def constraints(**own: list[Any]) -> Mapping[str, list[Any]]:
    """Return what scikit-learn checks a head's parameters by: those that all have, and its own."""
    shared: dict[str, list[Any]] = {
        "scaling": [StrOptions({"unit"}), None],
        "inner_cv": [Interval(Integral, 2, None, closed="left"), None],
        "random_state": ["random_state"],
    }
    return MappingProxyType(shared | own)


class CalibratedClassifier(ClassifierMixin, BaseEstimator, ABC):  # type: ignore[misc] # scikit-learn is untyped
    r"""Base of classifiers whose scores :math:`s_c` become probabilities by a temperature :math:`T` [1]_.

    .. math:: p_c = \exp(s_c / T) \,/\, \sum_k \exp(s_k / T)

    A derived class has the parameters below, and two methods: `_learn` and `_score`.

    Parameters
    ----------
    scaling : {"unit"} or None, default="unit"
        Whether rows are centred by the training mean and then scaled to unit norm.
    inner_cv : int or None, default=5
        Number of stratified folds of the training rows, subjects kept together, whose out-of-fold scores the
        temperature is fitted to. There are fewer where a class has fewer members (subjects, where they are
        given), down to two. With one member, or None, the temperature is 1.
    random_state : int, RandomState instance or None, default=42
        Of the folds, and of what else is random in a derived class.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    temperature_ : float
        What minimises the log loss of the out-of-fold scores.
    temperature_source_ : {"inner folds", "none"}
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Only where `X` in `fit` had column names.

    Notes
    -----
    The order of rows has no influence: `fit` sorts them first. With `inner_cv=None` they stay as they
    are: then a forest, which draws rows by their numbers, depends on the order, and a solver within its
    tolerance. Comparisons fit a head so where the folds that chose its parameters calibrate it too.

    References
    ----------
    .. [1] C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On calibration of modern neural networks",
       ICML 2017. arXiv:1706.04599
    """

    _parameter_constraints = constraints()
    _takes_one_class = False
    _of_scores: tuple[str, ...] = ()
    """Parameters that `_score` alone looks at."""
    _memo: dict[Hashable, Any] | None = None
    """What candidates share that are fitted to the same rows; None where a model is fitted by itself."""

    scaling: Scaling = "unit"
    inner_cv: int | None
    random_state: int | np.random.RandomState | None

    @_fit_context(prefer_skip_nested_validation=False)  # type: ignore[untyped-decorator]
    def fit(self, X: ArrayLike, y: ArrayLike, groups: ArrayLike | None = None) -> Self:
        """Fit the classifier to all rows, and its temperature to inner folds.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Dense and finite.
        y : array-like of shape (n_samples,)
            Class labels.
        groups : array-like of shape (n_samples,), optional
            Subjects, whose rows the inner folds keep together.

        Returns
        -------
        CalibratedClassifier
            Itself.

        Raises
        ------
        ParameterError
            There is only one class.
        ValueError, TypeError
            As scikit-learn raises them for parameters and input that can't be used.
        """
        samples, labels = validate_data(self, X, y, dtype=np.float64, order="C")
        check_classification_targets(labels)
        check_consistent_length(samples, groups)
        self.classes_: LabelArray
        self.classes_, codes = np.unique(labels, return_inverse=True)
        if len(self.classes_) == 1 and not self._takes_one_class:
            raise ParameterError(
                f"y has one class only, and {type(self).__name__} needs two.", code="one_class", parameter="y"
            )
        members = None if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
        if self.inner_cv is not None:
            order = _order_of_content(samples, codes, members)
            samples, codes = samples[order], codes[order]
            members = None if members is None else members[order]
        if self.scaling == "unit":
            self._mean = samples.mean(axis=0)
        self._learn(self._once("rows", lambda: self._scaled(samples)), codes, members)
        folds = inner_folds(codes, members, n_folds=self.inner_cv, random_state=self.random_state)
        self._calibrate(samples, codes, members, folds)
        return self

    @abstractmethod
    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        """Fit to scaled rows; codes are places in `classes_`, members those of subjects."""

    @abstractmethod
    def _score(self, rows: Float64Array) -> Float64Array:
        """Return the scores of scaled rows, a column for each class."""

    def _calibrate(
        self,
        samples: Float64Array,
        codes: IndexArray,
        members: IndexArray | None,
        folds: Sequence[IndexSplit],
    ) -> None:
        self.fit_calibration(out_of_fold_scores(self, samples, codes, members, folds), codes)
        if not folds:
            self.temperature_source_ = "none"

    def fit_calibration(self, scores: Float64Array, codes: IndexArray) -> None:
        """Fit what makes probabilities of scores to those of rows that they were not learnt from.

        Parameters
        ----------
        scores : ndarray of shape (n_rows, n_classes)
            What is `uncalibrated`.
        codes : ndarray of shape (n_rows,)
            Places of their classes.
        """
        self.temperature_ = fit_temperature(scores, codes)
        self.temperature_source_ = "inner folds"

    def calibrated(self, scores: Float64Array) -> Float64Array:
        """Return the probabilities that uncalibrated scores stand for."""
        return np.exp(log_probabilities(scores, self.temperature_))

    def scores_of_grid(
        self,
        candidates: Sequence[Mapping[str, Any]],
        X: ArrayLike,
        y: ArrayLike,
        groups: ArrayLike | None,
        queries: ArrayLike,
    ) -> list[Float64Array]:
        """Fit candidates to the same rows, without a temperature, and return each one's scores of others.

        What they have in common, such as distances and covariances, is computed once.

        Parameters
        ----------
        candidates : sequence of mapping
            Parameters by name.
        X, y, groups
            As in `fit`.
        queries : array-like of shape (n_queries, n_features)

        Returns
        -------
        list of ndarray of shape (n_queries, n_classes)
            What is `uncalibrated`, by each candidate; columns are classes in rising order.
        """
        memo: dict[Hashable, Any] = {}
        codes = np.unique(np.asarray(y), return_inverse=True)[1]
        found: list[Float64Array] = []
        fitted: list[tuple[dict[str, Any], Self]] = []
        for params in candidates:
            learnt = {name: value for name, value in params.items() if name not in self._of_scores}
            model = next((one for of, one in fitted if of == learnt), None)
            if model is None:
                model = clone(self).set_params(**params).set_params(inner_cv=None)
                model._sharing(memo).fit(X, codes, groups)  # noqa: SLF001  a clone of its own
            if len(learnt) < len(params):
                fitted.append((learnt, model))
            found.append(model.set_params(**params).uncalibrated(queries))
        return found

    def _sharing(self, memo: dict[Hashable, Any]) -> Self:
        """Take part in what all candidates have in common."""
        self._memo = memo
        return self

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what a key stands for: made once for all candidates, of rows that are scaled alike."""
        if self._memo is None:
            return make()
        key = self.scaling, key
        if key not in self._memo:
            self._memo[key] = make()
        found: T = self._memo[key]
        return found

    def _scaled(self, samples: Float64Array) -> Float64Array:
        return samples if self.scaling is None else prepare_rows(samples - self._mean, "cosine")

    def class_scores(self, X: ArrayLike) -> Float64Array:
        """Return the scores of all classes, before the temperature.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)

        Returns
        -------
        ndarray of shape (n_queries, n_classes)
        """
        return self._score(self._queries(X))

    def _queries(self, X: ArrayLike) -> Float64Array:
        check_is_fitted(self)
        return self._scaled(validate_data(self, X, dtype=np.float64, order="C", reset=False))

    def uncalibrated(self, X: ArrayLike) -> Float64Array:
        """Return what `calibrated` makes probabilities of: scores of all classes, unless said otherwise."""
        return self.class_scores(X)

    def decision_function(self, X: ArrayLike) -> Float64Array:
        """Return the scores before the temperature.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)

        Returns
        -------
        ndarray of shape (n_queries, n_classes)
            Of two classes, as scikit-learn has it, shape (n_queries,): by how much the second's is higher.
        """
        scores = self.class_scores(X)
        return scores[:, 1] - scores[:, 0] if len(self.classes_) == BINARY else scores

    def predict_proba(self, X: ArrayLike) -> Float64Array:
        """Return calibrated probabilities.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)

        Returns
        -------
        ndarray of shape (n_queries, n_classes)
        """
        return self.calibrated(self.uncalibrated(X))

    def predict(self, X: ArrayLike) -> LabelArray:
        """Return the class of the highest score; of equals, the first in `classes_`.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)

        Returns
        -------
        ndarray of shape (n_queries,)
        """
        best = self.class_scores(X).argmax(axis=1)
        labels: LabelArray = self.classes_[best]
        return labels


class WrappedClassifier(CalibratedClassifier):
    """Base of heads whose scores are the decision values of an estimator of scikit-learn's.

    Attributes
    ----------
    estimator_ : classifier
        Fitted to the scaled rows, and to the places of their classes in `classes_`.
    n_iter_ : int
        Most steps that it took for a class, where it takes steps.
    """

    @abstractmethod
    def _make(self) -> Estimator:
        """Return the unfitted estimator."""

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        del members
        self.estimator_ = self._make().fit(rows, codes)
        if hasattr(self.estimator_, "n_iter_"):
            self.n_iter_ = int(np.max(self.estimator_.n_iter_))

    def _score(self, rows: Float64Array) -> Float64Array:
        values = np.asarray(self.estimator_.decision_function(rows), dtype=np.float64)
        return np.column_stack([-values / 2, values / 2]) if values.ndim == 1 else values


def _order_of_content(samples: Float64Array, codes: IndexArray, members: IndexArray | None) -> IndexArray:
    """Return an order of rows that depends on nothing but what is in them."""
    # Adding 0.0 makes -0.0, which has other bytes, the same.
    columns = [samples + 0.0, codes] if members is None else [samples + 0.0, codes, members]
    keys = np.column_stack(columns)
    whole = keys.view(np.dtype((np.void, keys.itemsize * keys.shape[1])))
    return np.argsort(whole.reshape(-1), kind="stable")
