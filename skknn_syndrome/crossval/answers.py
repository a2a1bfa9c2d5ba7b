"""What a fitted classifier says of a test part: scores of classes, and the labels that it predicts."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from skknn_syndrome._typing import Estimator, Float64Array, LabelArray, MatrixLike
from skknn_syndrome.heads.knn import KNN

ScoreKind: TypeAlias = Literal["probabilities", "decision", "labels"]


@dataclass(frozen=True, eq=False)
class Answer:
    """What a fitted classifier says of a test part."""

    scores: Float64Array
    """Shape (n_test, n_classes): they rise with likeliness; of several labels an image, a column a label."""
    classes: LabelArray
    """Shape (n_classes,): the class of each column."""
    kind: ScoreKind
    """Probabilities; decision values; or, where there is nothing more, 1 for predicted labels and 0 else."""
    predicted: LabelArray | None = None
    """Shape (n_test,), or (n_test, n_labels) of several labels an image: what `predict` says. None where that
    is the class of the highest score, the first of equals."""

    @property
    def marks(self) -> Float64Array:
        """Shape (n_test, n_classes): 1 for what is predicted, else 0."""
        if self.predicted is None:
            columns = self.scores.argmax(axis=1)[:, None]
            return np.asarray(columns == np.arange(len(self.classes)), dtype=np.float64)
        if self.predicted.ndim > 1:
            return np.asarray(self.predicted, dtype=np.float64)
        return np.asarray(self.predicted[:, None] == self.classes, dtype=np.float64)


def ask(model: Estimator, X: MatrixLike) -> Answer:
    """Ask a fitted classifier of single labels about rows.

    Parameters
    ----------
    model : classifier or Pipeline
        Fitted.
    X : array-like of shape (n_test, n_features)

    Returns
    -------
    Answer
        With probabilities where it gives them, else with decision values, else with its labels alone.

    Examples
    --------
    >>> from sklearn.svm import LinearSVC
    >>> model = LinearSVC().fit([[0.0], [1.0]], ["a", "b"])
    >>> answer = ask(model, [[5.0]])
    >>> answer.kind, answer.predicted, answer.scores[0, 1] > 0
    ('decision', array(['b'], dtype='<U1'), np.True_)
    """
    if hasattr(model, "predict_proba"):
        probabilities = np.asarray(model.predict_proba(X), dtype=np.float64)
        # Nearest neighbours predict the most probable class: asking again would be searching again.
        predicted = None if KNN.owns(model) else np.asarray(model.predict(X))
        return Answer(probabilities, model.classes_, "probabilities", predicted)
    predicted = np.asarray(model.predict(X))
    if hasattr(model, "decision_function"):
        values = np.asarray(model.decision_function(X), dtype=np.float64)
        columns = np.column_stack([-values, values]) if values.ndim == 1 else values
        return Answer(columns, model.classes_, "decision", predicted)
    marks = np.asarray(predicted[:, None] == model.classes_, dtype=np.float64)
    return Answer(marks, model.classes_, "labels", predicted)


def ask_labels(model: Estimator, X: MatrixLike, classes: LabelArray) -> Answer:
    """Ask a fitted classifier of several labels an image about rows.

    Parameters
    ----------
    model : classifier or Pipeline
        Fitted to an indicator matrix.
    X : array-like of shape (n_test, n_features)
    classes : array of shape (n_labels,)
        Names of the labels.

    Returns
    -------
    Answer
    """
    predicted = dense(model.predict(X))
    if hasattr(model, "predict_proba"):
        said = model.predict_proba(X)
        # scikit-learn's neighbours and trees return a matrix a label, with a column for 0 and one for 1.
        columns = list(map(_positive, said, model.classes_)) if isinstance(said, list) else list(said.T)
        return Answer(np.column_stack(columns).astype(np.float64), classes, "probabilities", predicted)
    if hasattr(model, "decision_function"):
        values = np.asarray(model.decision_function(X), dtype=np.float64)
        return Answer(values, classes, "decision", predicted)
    return Answer(predicted.astype(np.float64), classes, "labels", predicted)


def _positive(part: Float64Array, known: LabelArray) -> Float64Array:
    """Return the probability of 1, by the values that training has for a label: 0 where 1 is none of them."""
    column = np.flatnonzero(np.asarray(known) == 1)
    return part[:, column[0]] if len(column) else np.zeros(len(part))


def dense(matrix: MatrixLike) -> LabelArray:
    """Return a matrix, sparse or not, as an array."""
    filled: LabelArray = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)
    return filled
