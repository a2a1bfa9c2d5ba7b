"""One-vs-rest heads: a calibrated binary classifier for each of several labels an image."""

from dataclasses import replace
from typing import Self

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike
from sklearn.base import _fit_context, clone
from sklearn.multiclass import OneVsRestClassifier, _ConstantPredictor
from sklearn.preprocessing import LabelBinarizer

from skknn_syndrome._typing import Estimator, LabelArray, MatrixLike
from skknn_syndrome.heads.base import Head, group_parameters, prefix_of


class GroupedOneVsRestClassifier(OneVsRestClassifier):  # type: ignore[misc] # scikit-learn is untyped
    """scikit-learn's `OneVsRestClassifier`, whose classifiers get the subjects, for their inner folds.

    A label that all training rows have, or none, has the probability 1 or 0, without a warning.

    Parameters
    ----------
    estimator : classifier
        Of which each label gets a clone.
    n_jobs : int or None, default=None
        Fits at a time.
    verbose : int, default=0

    Examples
    --------
    >>> from skknn_syndrome.heads import CalibratedLDA
    >>> X, y = [[0.0], [1.0], [5.0], [6.0]], [[0, 1], [0, 1], [1, 1], [1, 1]]
    >>> model = GroupedOneVsRestClassifier(CalibratedLDA(scaling=None)).fit(X, y)
    >>> model.predict([[1.5], [5.5]]).tolist(), model.predict_proba([[1.5]])[:, 1].tolist()
    ([[0, 1], [1, 1]], [1.0])
    """

    @_fit_context(prefer_skip_nested_validation=False)  # type: ignore[untyped-decorator]
    def fit(self, X: MatrixLike, y: MatrixLike, groups: ArrayLike | None = None) -> Self:
        """Fit a classifier for each label.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : indicator matrix of shape (n_samples, n_labels), dense or sparse
            Or, as scikit-learn has it, classes, of which each is told from the rest.
        groups : array-like of shape (n_samples,), optional
            Subjects, for a classifier whose `fit` takes them.

        Returns
        -------
        GroupedOneVsRestClassifier
            Itself.
        """
        self.label_binarizer_ = LabelBinarizer(sparse_output=True)
        columns = self.label_binarizer_.fit_transform(y).tocsc()
        self.classes_ = self.label_binarizer_.classes_
        subjects = None if groups is None else np.asarray(groups)
        # Column by column: a dense matrix of 100 labels is larger than the images of many data sets.
        self.estimators_ = Parallel(n_jobs=self.n_jobs, verbose=self.verbose)(
            delayed(_fit_label)(self.estimator, X, columns[:, [place]].toarray().ravel(), subjects)
            for place in range(columns.shape[1])
        )
        first = self.estimators_[0]
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(first, name):
                setattr(self, name, getattr(first, name))
        return self


def _fit_label(estimator: Estimator, X: MatrixLike, y: LabelArray, groups: LabelArray | None) -> Estimator:
    values = np.unique(y)
    if len(values) == 1:
        return _ConstantPredictor().fit(X, values)
    return clone(estimator).fit(X, y, **group_parameters(estimator, groups))


def one_vs_rest(head: Head) -> Head:
    """Return the head that tells each of several labels an image from the rest by a head's classifier.

    Parameters
    ----------
    head : Head

    Returns
    -------
    Head
        Of the same name; its grid holds the parameters as ``estimator__<parameter>``.

    Examples
    --------
    >>> from skknn_syndrome.heads.lda import LDA
    >>> list(one_vs_rest(LDA).grid), one_vs_rest(LDA).estimator()
    (['estimator__shrinkage'], GroupedOneVsRestClassifier(estimator=CalibratedLDA()))
    """
    single = head.estimator()
    prefix = f"estimator__{prefix_of(single)}"
    return replace(
        head,
        estimator=GroupedOneVsRestClassifier(single),
        grid={f"{prefix}{name}": values for name, values in head.grid.items()},
        answers=None,
        tasks=frozenset({"multilabel"}),
        of_labels=None,
    )
