"""The scores of the same predictions under many weightings, such as those of a bootstrap."""

from collections.abc import Mapping

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.batch.decisions import TOP_K
from skknn_syndrome.metrics.ranks import true_class_ranks
from skknn_syndrome.metrics.score_table import SCORE_NAMES


class Reweighting:
    """Scores predictions again and again, each time with other weights of the images.

    What does not depend on weights is done once: predicted classes, ranks, and one sort for each class.

    Parameters
    ----------
    probabilities : ndarray of shape (n_predictions, n_classes)
    truth : ndarray of shape (n_predictions,)
        The column of each true class.

    Examples
    --------
    >>> again = Reweighting(np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]), np.array([0, 1, 1]))
    >>> again(np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 3.0]]))[2]  # accuracy
    array([0.66666667, 1.        ])
    """

    names = SCORE_NAMES
    """The scores, in the order of the result's rows."""

    def __init__(self, probabilities: Float64Array, truth: IndexArray) -> None:
        columns = np.arange(probabilities.shape[1])
        self._true = (truth[:, None] == columns).astype(np.float64)
        predicted = (probabilities.argmax(axis=1)[:, None] == columns).astype(np.float64)
        self._predicted, self._hits = predicted, predicted * self._true
        ranks = true_class_ranks(probabilities, truth).by_rule
        self._within = (ranks[:, None] <= np.array(TOP_K)).astype(np.float64)
        self._sweeps = [_Sweep(probabilities[:, column], truth == column) for column in columns]

    def __call__(self, weights: Float64Array) -> Float64Array:
        """Return the scores of each weighting.

        Parameters
        ----------
        weights : ndarray of shape (n_weightings, n_predictions)
            Not negative, and not all zero; how often a resample holds each prediction, for one.

        Returns
        -------
        ndarray of shape (n_scores, n_weightings)
            As `skknn_syndrome.metrics.score_table.score_probabilities` has them with these sample weights:
            macro means are over the classes that have weight. AUC is NaN where only one has.
        """
        total = weights.sum(axis=1)
        true, predicted, hits = weights @ self._true, weights @ self._predicted, weights @ self._hits
        present = np.count_nonzero((true > 0) | (predicted > 0), axis=1)
        recalls = _ratio(hits, true).sum(axis=1)
        within = weights @ self._within / total[:, None]
        found: Mapping[str, Float64Array] = {
            "roc_auc_ovr": self._mean_area(weights),
            "f1_macro": _ratio(2 * hits, true + predicted).sum(axis=1) / present,
            "accuracy": hits.sum(axis=1) / total,
            "precision_macro": _ratio(hits, predicted).sum(axis=1) / present,
            "recall_macro": recalls / present,
            "balanced_accuracy": recalls / np.count_nonzero(true > 0, axis=1),
            **{f"top_{k}_accuracy": within[:, place] for place, k in enumerate(TOP_K)},
        }
        return np.stack([found[name] for name in self.names])

    def _mean_area(self, weights: Float64Array) -> Float64Array:
        areas = np.stack([sweep.area(weights) for sweep in self._sweeps])
        defined = ~np.isnan(areas)
        totals = np.where(defined, areas, 0.0).sum(axis=0)
        return _ratio(totals, defined.sum(axis=0), otherwise=np.nan)


class _Sweep:
    """One class against the rest: the order of the scores, and which are tied."""

    def __init__(self, scores: Float64Array, positive: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        self._order = np.argsort(scores, kind="stable")
        ordered = scores[self._order]
        self._positive = np.flatnonzero(positive[self._order])
        self._negative = ~positive[self._order]
        own = ordered[self._positive]
        self._below = np.searchsorted(ordered, own, side="left")
        self._up_to = np.searchsorted(ordered, own, side="right")

    def area(self, weights: Float64Array) -> Float64Array:
        """Return the area under the ROC curve of each weighting, NaN where a side has no weight.

        The share of pairs of a positive and a negative in which the positive scores more, a tie counting
        half.
        """
        ordered = weights[:, self._order]
        negative = np.zeros((len(weights), ordered.shape[1] + 1))
        np.cumsum(ordered * self._negative, axis=1, out=negative[:, 1:])
        positive = ordered[:, self._positive]
        won = np.einsum("ij,ij->i", positive, negative[:, self._below] + negative[:, self._up_to]) / 2
        return _ratio(won, positive.sum(axis=1) * negative[:, -1], otherwise=np.nan)


def _ratio(numerator: Float64Array, denominator: Float64Array, *, otherwise: float = 0.0) -> Float64Array:
    """Divide; what would be divided by 0 has the value `otherwise`."""
    ratio = np.full(np.shape(numerator), otherwise)
    np.divide(numerator, denominator, out=ratio, where=denominator > 0)
    return ratio
