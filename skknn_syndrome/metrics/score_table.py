"""Evaluation of scores on one test part, from probabilities or from labels and rankings."""

import math
import warnings
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome.metrics.definition import Counts, ScoreDefinition
from skknn_syndrome.metrics.predictions import pair_predictions
from skknn_syndrome.metrics.registry import SCORE_NAMES, Named, definitions, entries_of, task_of_classes
from skknn_syndrome.wording import capitalised

__all__ = ["SCORE_NAMES", "evaluate", "evaluate_all", "score_probabilities"]


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
    scores = definitions(task_of_classes(len(predictions.classes)))
    return evaluate_all(scores, labels=predictions, ranking=predictions)


def evaluate_all(scores: Iterable[ScoreDefinition], *, labels: Counts, ranking: Counts) -> dict[str, float]:
    """Compute several scores of one test part, each from what it needs.

    Parameters
    ----------
    scores : iterable of ScoreDefinition
        Registered or not.
    labels : Counts
        Of the predicted labels.
    ranking : Counts
        Of the scores of classes.

    Returns
    -------
    dict of str to float
        The scores by name, then their bounds over ties.

    Warns
    -----
    UndefinedMetricWarning
        If a score is not defined, or leaves classes out.

    Examples
    --------
    >>> from skknn_syndrome.metrics.scores import top_k_accuracy
    >>> predictions = pair_predictions([0, 1], [[0.5, 0.5], [0.2, 0.8]], [0, 1])
    >>> evaluate_all([top_k_accuracy(1)], labels=predictions, ranking=predictions)
    {'top_1_accuracy': 0.5, 'top_1_accuracy_lower': 0.5, 'top_1_accuracy_upper': 1.0}
    """
    counts = {"labels": labels, "ranking": ranking}
    return {name: evaluate(entry, counts[entry.score.needs]) for name, entry in entries_of(scores).items()}


def evaluate(entry: Named, counts: Counts) -> float:
    """Compute one score of one test part.

    Parameters
    ----------
    entry : Named
        As `find_score` returns it, or of a score that is not registered.
    counts : Counts
        `Decisions`, for a score of labels alone, or `Predictions`.

    Returns
    -------
    float
        Higher is better; NaN where the score is not defined.

    Raises
    ------
    TypeError
        If there are labels alone, and the score needs a ranking of classes.

    Warns
    -----
    UndefinedMetricWarning
        If the score is not defined, or leaves classes out.

    Examples
    --------
    >>> from skknn_syndrome.metrics.predictions import pair_decisions
    >>> from skknn_syndrome.metrics.registry import find_score
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
