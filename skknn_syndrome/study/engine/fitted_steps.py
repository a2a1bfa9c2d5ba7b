"""What a pipeline's steps make of the rows they are fitted on, and of the rows that are asked about."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.pipeline import Pipeline
from sklearn.utils import check_array

from skknn_syndrome._typing import FloatArray, LabelArray, MatrixLike


class _Recorder(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Stands at a pipeline's end and keeps what the steps before it make of the training rows."""

    def fit(self, X: MatrixLike, y: LabelArray) -> Self:
        """Keep the rows."""
        self.rows_ = self.predict(X)
        self.labels_ = np.asarray(y)
        return self

    def predict(self, X: MatrixLike) -> FloatArray:
        """Return the rows as they arrive here."""
        samples: FloatArray = check_array(X, dtype=[np.float64, np.float32], order="C", input_name="X")
        return samples


@dataclass(frozen=True, eq=False)
class FittedSteps:
    """The steps before a pipeline's classifier, fitted."""

    pipeline: Pipeline
    rows: FloatArray
    """Shape (n_rows, n_features): what the classifier would be fitted on; not one for each row given where a
    step resamples."""
    labels: LabelArray
    """Shape (n_rows,): their classes."""

    def transform(self, X: MatrixLike) -> FloatArray:
        """Return rows as the classifier would be asked about them."""
        queries: FloatArray = self.pipeline.predict(X)
        return queries


def fit_steps(pipeline: Pipeline, samples: MatrixLike, labels: LabelArray) -> FittedSteps:
    """Fit the steps before a pipeline's classifier, and keep what they make of the rows.

    Parameters
    ----------
    pipeline : Pipeline
        Of scikit-learn's or imbalanced-learn's; it is cloned, and its last step is not fitted.
    samples : array or data frame of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)

    Returns
    -------
    FittedSteps

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skknn_syndrome.neighbors import SyndromeKNNClassifier
    >>> pipeline = make_pipeline(StandardScaler(), SyndromeKNNClassifier())
    >>> steps = fit_steps(pipeline, np.array([[1.0], [3.0]]), np.array(["a", "b"]))
    >>> steps.rows.tolist(), steps.transform(np.array([[5.0]])).tolist()
    ([[-1.0], [1.0]], [[3.0]])
    """
    fitted = clone(pipeline)
    fitted.set_params(**{fitted.steps[-1][0]: _Recorder()})
    fitted.fit(samples, labels)
    recorder = fitted.steps[-1][1]
    return FittedSteps(fitted, recorder.rows_, recorder.labels_)
