"""All scores of a test part from one matrix of probabilities."""

import re
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import ScoreName
from skknn_syndrome.metrics.predictions import Decisions, Predictions, pair_predictions
from skknn_syndrome.metrics.thresholds import area_under_sweep

Score: TypeAlias = Callable[[Predictions], float]
"""A score of one test part, from 0 to 1, higher is better; NaN where it is not defined."""

DecisionScore: TypeAlias = Callable[[Decisions], float]
"""One that takes no more than the predicted labels."""

SCORE_NAMES: Final = get_args(ScoreName)
"""Names of the scores, in the order in which tables show them."""

TOP_K_BOUNDS: Final = tuple(
    f"{name}_{bound}" for name in SCORE_NAMES if name.startswith("top_") for bound in ("lower", "upper")
)
"""Names of the bounds over ties of each top-k accuracy."""

NAMES_IN_WARNING: Final = 5
"""How many classes a warning names before it says "and n more"."""


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
        `SCORE_NAMES`, then ``<name>_lower`` and ``<name>_upper`` of each top-k accuracy.

    Raises
    ------
    ValueError
        If shapes do not fit, a probability is not finite, or weights are negative or all zero.

    Warns
    -----
    UndefinedMetricWarning
        If classes had to be left out of ``roc_auc_ovr``; where none is left, it is NaN.

    Examples
    --------
    >>> scores = score_probabilities(["a", "b"], [[0.9, 0.1], [0.6, 0.4]], classes=["a", "b"])
    >>> scores["roc_auc_ovr"], scores["accuracy"], scores["top_3_accuracy_lower"]
    (1.0, 0.5, 1.0)
    """
    predictions = pair_predictions(y_true, probabilities, classes, sample_weight)
    return {name: score_function(name)(predictions) for name in (*SCORE_NAMES, *TOP_K_BOUNDS)}


def score_function(name: str) -> Score:
    """Score of this name, for any k in the case of top-k.

    Parameters
    ----------
    name : str
        One of `SCORE_NAMES`, or ``top_<k>_accuracy`` with any k from 1, also with ``_lower`` or ``_upper``.

    Returns
    -------
    callable
        A function of `Predictions`.

    Raises
    ------
    ValueError
        If there is no such score.

    Examples
    --------
    >>> score_function("top_0_accuracy")
    Traceback (most recent call last):
    ValueError: There is no score 'top_0_accuracy'; there are roc_auc_ovr, ... top_<k>_accuracy.
    """
    if name in DECISION_SCORES:
        return partial(_of_decisions, score=DECISION_SCORES[name])
    if name == "roc_auc_ovr":
        return _roc_auc_ovr
    top_k = re.fullmatch(r"top_([1-9]\d*)_accuracy(_lower|_upper)?", name, flags=re.ASCII)
    if top_k is None:
        known = ", ".join(name for name in SCORE_NAMES if not name.startswith("top_"))
        message = f"There is no score {name!r}; there are {known} and, for k from 1, top_<k>_accuracy."
        raise ValueError(message)
    return partial(_top_k_accuracy, k=int(top_k[1]), ties=_TIES[top_k[2]])


def _of_decisions(predictions: Predictions, *, score: DecisionScore) -> float:
    return score(predictions.decisions)


def _roc_auc_ovr(predictions: Predictions) -> float:
    n_classes = len(predictions.classes)
    weights = np.ones(len(predictions.truth)) if predictions.weights is None else predictions.weights
    areas = {}
    for column in range(n_classes):
        positive = predictions.truth == column
        if weights[positive].any() and weights[~positive].any():
            areas[column] = area_under_sweep(
                positive, predictions.probabilities[:, column], predictions.weights
            )
    left_out = [str(predictions.classes[column]) for column in range(n_classes) if column not in areas]
    left_out += [str(stranger) for stranger in predictions.strangers]
    if left_out:
        _warn_of_classes_left_out(left_out, n_left=len(areas))
    return float(np.mean(list(areas.values()))) if areas else float("nan")


def _warn_of_classes_left_out(left_out: list[str], n_left: int) -> None:
    named = ", ".join(left_out[:NAMES_IN_WARNING])
    if len(left_out) > NAMES_IN_WARNING:
        named += f" and {len(left_out) - NAMES_IN_WARNING} more"
    outcome = (
        f"the macro mean is over the other {n_left}" if n_left else "no class is left, so the mean is NaN"
    )
    message = (
        "The one-vs-rest ROC AUC is not defined for a class that the estimator does not know, or that has no "
        f"positives or no negatives in the test part ({named}): {outcome}."
    )
    warnings.warn(message, UndefinedMetricWarning, stacklevel=2)


def _accuracy(decisions: Decisions) -> float:
    return float(np.average(decisions.predicted == decisions.truth, weights=decisions.weights))


def _f1_macro(decisions: Decisions) -> float:
    return float(decisions.by_class.f1.mean())


def _precision_macro(decisions: Decisions) -> float:
    return float(decisions.by_class.precision.mean())


def _recall_macro(decisions: Decisions) -> float:
    return float(decisions.by_class.recall.mean())


def _balanced_accuracy(decisions: Decisions) -> float:
    return float(decisions.by_class.recall[decisions.by_class.support > 0].mean())


def _top_k_accuracy(predictions: Predictions, *, k: int, ties: Literal["best", "by_rule", "worst"]) -> float:
    rank = getattr(predictions.ranks, ties)
    return float(np.average(rank <= k, weights=predictions.weights))


_TIES: Final[Mapping[str | None, Literal["best", "by_rule", "worst"]]] = MappingProxyType(
    {None: "by_rule", "_lower": "worst", "_upper": "best"}
)

DECISION_SCORES: Final[Mapping[str, DecisionScore]] = MappingProxyType(
    {
        "f1_macro": _f1_macro,
        "accuracy": _accuracy,
        "precision_macro": _precision_macro,
        "recall_macro": _recall_macro,
        "balanced_accuracy": _balanced_accuracy,
    }
)
"""Scores of predicted labels; all others are of scores of classes."""
