"""The scores of the same predictions under many weightings, such as those of a bootstrap."""

from functools import cached_property

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.definition import Ranking, Ties
from skknn_syndrome.metrics.ranks import Sweep, true_class_ranks
from skknn_syndrome.metrics.registry import find_score, names_for
from skknn_syndrome.metrics.tally import Tally
from skknn_syndrome.metrics.targets import of_unit_scale


class Reweighting:
    """Scores predictions again and again, each time with other weights of the images.

    What does not depend on weights is done once: predicted classes, ranks, and one sort for each class.

    Parameters
    ----------
    probabilities : ndarray of shape (n_predictions, n_classes)
    truth : ndarray of shape (n_predictions,)
        The column of each true class.

    Attributes
    ----------
    names : list of str
        The scores, those of so many classes, in the order of the result's rows.

    Examples
    --------
    >>> again = Reweighting(np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]), np.array([0, 1, 1]))
    >>> again(np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 3.0]]))[2]  # accuracy
    array([0.66666667, 1.        ])
    """

    def __init__(self, probabilities: Float64Array, truth: IndexArray) -> None:
        columns = np.arange(probabilities.shape[1])
        self.names = names_for(len(columns), bounds=False)
        true = (truth[:, None] == columns).astype(np.float64)
        predicted = (probabilities.argmax(axis=1)[:, None] == columns).astype(np.float64)
        self.indicators = Tally(predicted * true, predicted, true)
        self.ranks = true_class_ranks(probabilities, truth)
        self.sweeps = [Sweep(probabilities[:, column], truth == column) for column in columns]

    def __call__(self, weights: Float64Array) -> Float64Array:
        """Return the scores of each weighting.

        Parameters
        ----------
        weights : ndarray of shape (n_weightings, n_predictions)
            Not negative; how often a resample holds each prediction, for one.

        Returns
        -------
        ndarray of shape (n_scores, n_weightings)
            As `skknn_syndrome.metrics.score_table.score_probabilities` has them with these sample weights:
            macro means are over the classes that have weight. A score is NaN where it is not defined, as AUC
            is where one class alone has weight, and all are where nothing has.
        """
        counts = _Weighted(self, of_unit_scale(weights))
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = np.stack([find_score(name).of(counts) for name in self.names])
        scores[:, counts.total == 0] = np.nan
        return scores


class _Weighted:
    """Predictions counted under some weightings."""

    def __init__(self, predictions: Reweighting, weights: Float64Array) -> None:
        self._predictions, self._weights = predictions, weights
        self.total: Float64Array = weights.sum(axis=1)

    @cached_property
    def tally(self) -> Tally:
        """Counts of shape (n_weightings, n_classes)."""
        return Tally(*(self._weights @ indicator for indicator in self._predictions.indicators))

    def ranking(self, ties: Ties) -> Ranking:
        """Rank the true classes."""
        rank: IndexArray = getattr(self._predictions.ranks, ties)
        return Ranking(
            lambda k: self._weights @ (rank <= k).astype(np.float64) / self.total, lambda: self._pairs
        )

    @cached_property
    def _pairs(self) -> tuple[Float64Array, Float64Array]:
        pairs = [sweep.pairs(self._weights) for sweep in self._predictions.sweeps]
        won, all_pairs = (np.stack(part, axis=-1) for part in zip(*pairs, strict=True))
        return won, all_pairs
