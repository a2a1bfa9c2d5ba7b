"""Folds that keep groups together, found faster."""

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from skknn_syndrome._typing import Float64Array


class QuickStratifiedGroupKFold(StratifiedGroupKFold):  # type: ignore[misc]  # scikit-learn is untyped
    """scikit-learn's `StratifiedGroupKFold`, with the same folds, some ten times faster.

    Each group goes where the classes are then spread most evenly; here all folds are tried at once.
    """

    def _find_best_fold(
        self, y_counts_per_fold: Float64Array, y_cnt: Float64Array, group_y_counts: Float64Array
    ) -> int:
        folds = np.arange(self.n_splits)
        counts = np.repeat(y_counts_per_fold[None], self.n_splits, axis=0)
        counts[folds, folds] += group_y_counts
        spreads = np.std(counts / y_cnt, axis=1).mean(axis=1).tolist()
        sizes = y_counts_per_fold.sum(axis=1).tolist()
        best, least, smallest = 0, np.inf, np.inf
        for fold, (spread, size) in enumerate(zip(spreads, sizes, strict=True)):
            # As numpy.isclose has it, which takes longer than all of the rest.
            close = abs(spread - least) <= 1e-8 + 1e-5 * abs(least) if np.isfinite(least) else False
            if spread < least or (close and size < smallest):
                best, least, smallest = fold, spread, size
        return best
