"""Baseline of several labels an image: the share of the training images that have a label."""

from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from skknn_syndrome._typing import Float64Array, LabelArray, MatrixLike
from skknn_syndrome.heads.base import Head
from skknn_syndrome.neighbors.multilabel import checked_indicators


class LabelSharesClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Give each label the share of the training images that have it, whatever the image is.

    Attributes
    ----------
    classes_ : ndarray of shape (n_labels,)
        Numbers of the labels: the columns of `y`.
    shares_ : ndarray of shape (n_labels,)
    n_features_in_ : int

    Examples
    --------
    >>> model = LabelSharesClassifier().fit([[0.0], [1.0], [2.0], [9.0]], [[1, 0], [1, 0], [1, 1], [0, 0]])
    >>> model.predict_proba([[0.5]]).tolist(), model.predict([[0.5]]).tolist()
    ([[0.75, 0.25]], [[1, 0]])
    """

    def fit(self, X: MatrixLike, y: MatrixLike) -> Self:
        """Count the labels.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : indicator matrix of shape (n_samples, n_labels), dense or sparse

        Returns
        -------
        LabelSharesClassifier
            Itself.
        """
        validate_data(self, X)
        marks = checked_indicators(y if hasattr(y, "toarray") else np.asarray(y))
        self.shares_: Float64Array = np.asarray(marks.mean(axis=0)).ravel()
        self.classes_ = np.arange(len(self.shares_))
        return self

    def predict_proba(self, X: MatrixLike) -> Float64Array:
        """Return the shares, once for each row: shape (n_queries, n_labels)."""
        check_is_fitted(self)
        return np.tile(self.shares_, (len(validate_data(self, X, reset=False)), 1))

    def predict(self, X: MatrixLike) -> LabelArray:
        """Return 1 for the labels that more than half of the training images have."""
        return (self.predict_proba(X) > 1 / 2).astype(int)


LABEL_SHARES = Head(
    name="label_shares",
    title="shares of the labels",
    estimator=LabelSharesClassifier,
    grid={},
    gives=frozenset({"probabilities"}),
    tasks=frozenset({"multilabel"}),
)
"""What a study of several labels holds nearest neighbours against; it is not registered."""
