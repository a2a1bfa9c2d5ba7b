"""What a fitted classifier answers: labels from `predict`, scores of classes from `predict_proba` or else."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils.validation import _check_response_method

from skknn_syndrome._typing import Estimator, Float64Array
from skknn_syndrome.metrics.predictions import Decisions, Predictions, pair_decisions, pair_predictions

RANKING_METHODS = ("predict_proba", "decision_function")
"""Where scores of classes come from: the first of these that an estimator has."""


def decide(estimator: Estimator, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Decisions:
    """Ask a classifier for labels.

    Parameters
    ----------
    estimator : fitted classifier
        With ``predict``.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
        True labels.
    sample_weight : array-like of shape (n_samples,) or None

    Returns
    -------
    Decisions
        True and predicted labels as numbers.
    """
    return pair_decisions(y, estimator.predict(X), sample_weight)


def rank(estimator: Estimator, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Predictions:
    """Ask a classifier for a score of each class: probabilities, else decision values as they are.

    Parameters
    ----------
    estimator : fitted classifier
        With ``classes_``, and ``predict_proba`` or ``decision_function``.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
        True labels.
    sample_weight : array-like of shape (n_samples,) or None

    Returns
    -------
    Predictions
        One decision value a sample, which binary classifiers give, is that of the second class; the first
        has its negative.

    Raises
    ------
    AttributeError
        The classifier has neither method.
    ValueError
        Its decision values are of pairs of classes, or there is not one for each class.
    """
    method = _check_response_method(estimator, list(RANKING_METHODS))
    probabilistic = hasattr(estimator, RANKING_METHODS[0])
    values = method(X) if probabilistic else _by_class(estimator, method, X)
    return pair_predictions(y, values, estimator.classes_, sample_weight)


def _by_class(estimator: Estimator, method: Callable[[ArrayLike], Any], X: ArrayLike) -> Float64Array:
    values = np.asarray(method(X))
    one_pair = len(estimator.classes_) <= 2  # noqa: PLR2004
    if not one_pair and (_is_of_pairs(estimator) or _votes_in_pairs(estimator, values, X)):
        message = (
            "The decision values are of pairs of classes (decision_function_shape='ovo'), and don't rank "
            "classes: take decision_function_shape='ovr'."
        )
        raise ValueError(message)
    if values.ndim == 1 or values.shape[1] == 1:
        positive = values.reshape(-1)
        values = np.column_stack([-positive, positive])
    return values


_INNER = ("best_estimator_", "_final_estimator", "estimator_", "final_estimator_")
"""The classifier that answers within a search, a pipeline, a selection of features and a stack."""


def _is_of_pairs(estimator: Estimator) -> bool:
    """Whether an estimator says of itself that its decision values are of pairs."""
    for name in _INNER:
        inner = getattr(estimator, name, None)
        if inner is not None:
            return _is_of_pairs(inner)
    return getattr(estimator, "decision_function_shape", None) == "ovo"


def _votes_in_pairs(estimator: Estimator, values: Float64Array, X: ArrayLike) -> bool:
    """Whether three columns are the pairs of three classes, whatever the classifier is wrapped in.

    For other numbers of classes there are more or fewer pairs, and their columns don't fit. These are taken
    for pairs if the largest value is that of the predicted class in less than half of the samples, and the
    pairs' votes are for it more often.
    """
    if values.shape[1:] != (_TRIANGLE,) or not hasattr(estimator, "predict"):
        return False
    predicted = np.ravel(estimator.predict(X))[:, np.newaxis] == np.asarray(estimator.classes_)
    zero_one, zero_two, one_two = (values > 0).T
    votes = np.column_stack([zero_one & zero_two, ~zero_one & one_two, ~zero_two & ~one_two])
    by_votes = (votes & predicted).any(axis=1).mean()
    by_values = predicted[np.arange(len(values)), values.argmax(axis=1)].mean()
    return bool(by_values < min(by_votes, 1 / 2))


_TRIANGLE = 3
"""The number of classes that have as many pairs."""
