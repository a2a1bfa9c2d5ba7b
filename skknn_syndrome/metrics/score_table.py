"""All scores of a test part from one matrix of probabilities."""

import math
import warnings

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome.metrics.definition import Counts
from skknn_syndrome.metrics.predictions import Decisions, Predictions, pair_predictions
from skknn_syndrome.metrics.registry import SCORE_NAMES, Named, find_score, names_for
from skknn_syndrome.wording import capitalised

__all__ = ["SCORE_NAMES", "evaluate", "score_one", "score_probabilities"]


def score_probabilities(
    y_true: ArrayLike, probabilities: ArrayLike, classes: ArrayLike, sample_weight: ArrayLike | None = None
) -> dict[str, float]:
    """Compute every score of a test part from the probabilities of an estimator.

    The predicted class is the most probable one, the first of equals. The rules for test parts in which
    classes are missing, or occur that the estimator never saw, stand beside each score:

    - ``roc_auc_ovr``: the mean of the one-vs-rest areas of all classes that have both positives and negatives
      in the test part and a column. Labels without a column are negatives for the others.
    - ``f1_macro``, ``precision_macro``, ``recall_macro``: means over all classes that are true or predicted
      somewhere, as scikit-learn takes them. A class that is never predicted has precision 0, one that is
      never true recall 0.
    - ``balanced_accuracy``: the mean recall of the classes that are true somewhere.
    - ``matthews_corrcoef`` is 0 where one class alone is true, or predicted; ``cohen_kappa`` is NaN where one
      class alone is true and the same predicted, as both are in scikit-learn.
    - ``accuracy`` and ``top_k_accuracy``: labels without a column are misses. Top-k takes the later of equal
      classes first, as scikit-learn does; ``_lower`` and ``_upper`` are its bounds over all ways to resolve
      ties. With no more than k classes it is 1 for labels with a column, without a warning.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels.
    probabilities : array-like of shape (n_samples, n_classes)
        Finite probabilities, as ``predict_proba`` returns them.
    classes : array-like of shape (n_classes,)
        Class of each column: the estimator's ``classes_``.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    dict of str to float
        Those of `SCORE_NAMES` that serve so many classes, then ``<name>_lower`` and ``<name>_upper`` of each
        top-k accuracy.

    Raises
    ------
    ValueError
        If shapes do not fit, a probability is not finite, or weights are negative or all zero.

    Warns
    -----
    UndefinedMetricWarning
        If classes had to be left out of ``roc_auc_ovr``; where none is left, it is NaN. If another score is
        NaN.

    Examples
    --------
    >>> scores = score_probabilities(["a", "b"], [[0.9, 0.1], [0.6, 0.4]], classes=["a", "b"])
    >>> scores["roc_auc_ovr"], scores["accuracy"], scores["top_3_accuracy_lower"]
    (1.0, 0.5, 1.0)
    """
    predictions = pair_predictions(y_true, probabilities, classes, sample_weight)
    return {name: score_one(name, predictions) for name in names_for(len(predictions.classes))}


def score_one(name: str, predictions: Decisions | Predictions) -> float:
    """Score one test part in one way.

    Parameters
    ----------
    name : str
        One of `SCORE_NAMES`, or ``top_<k>_accuracy`` with any k from 1, also with ``_lower`` or ``_upper``.
    predictions : Decisions or Predictions
        `Decisions` for a score of labels alone.

    Returns
    -------
    float
        Higher is better; NaN where the score is not defined.

    Raises
    ------
    ValueError
        If there is no such score.
    TypeError
        If there are labels alone, and the score needs a ranking of classes.

    Warns
    -----
    UndefinedMetricWarning
        If the score is not defined, or leaves classes out.
    """
    return evaluate(find_score(name), predictions)


def evaluate(entry: Named, counts: Counts) -> float:
    """Score one test part by a definition, registered or not; as `score_one`.

    Parameters
    ----------
    entry : Named
    counts : Counts
        Such as `Decisions` or `Predictions`.

    Returns
    -------
    float

    Examples
    --------
    >>> from skknn_syndrome.metrics.predictions import pair_decisions
    >>> evaluate(find_score("accuracy"), pair_decisions([1, 2], [1, 1]))
    0.5
    """
    score, ties = entry
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(score.compute(counts, ties))
    if math.isnan(value) and score.needs == "labels":  # which classes rank nothing is said where they do
        warnings.warn(
            f"{capitalised(score.title)} is not defined: {score.undefined}.",
            UndefinedMetricWarning,
            stacklevel=3,
        )
    return value
