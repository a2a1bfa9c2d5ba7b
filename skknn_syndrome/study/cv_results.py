"""The scores of a grid in the format of `GridSearchCV.cv_results_`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.stats import rankdata
from sklearn.model_selection import ParameterGrid

from skknn_syndrome._typing import Float64Array, Int32Array


def make_cv_results(grid: Mapping[str, Sequence[Any]], scores: Mapping[str, Float64Array]) -> dict[str, Any]:
    """Write scores down as a `GridSearchCV` with several scores does.

    There are no times: one graph serves all candidates, so no candidate has a time of its own.

    Parameters
    ----------
    grid : mapping of str to sequence
        The values of each parameter.
    scores : mapping of str to ndarray of shape (n_values, n_values, ..., n_splits)
        An axis for each parameter, in alphabetical order, then one for the splits. NaN where a score is not
        defined.

    Returns
    -------
    dict
        ``params``, a list with a dict for each candidate; and, arrays of shape (n_candidates,):
        ``param_<parameter>`` (masked arrays with nothing masked), ``split<i>_test_<score>``,
        ``mean_test_<score>``, ``std_test_<score>`` (population form), ``rank_test_<score>``. Candidates with
        an undefined mean share the rank behind all others.

    Examples
    --------
    >>> results = make_cv_results({"k": [1, 3]}, {"accuracy": np.array([[0.5, 0.7], [0.8, 0.6]])})
    >>> results["params"], results["mean_test_accuracy"], results["rank_test_accuracy"]
    ([{'k': 1}, {'k': 3}], array([0.6, 0.7]), array([2, 1], dtype=int32))
    """
    candidates = list(ParameterGrid({name: list(values) for name, values in grid.items()}))
    results: dict[str, Any] = {
        f"param_{name}": _as_column([candidate[name] for candidate in candidates]) for name in sorted(grid)
    }
    results["params"] = candidates
    for name, values in scores.items():
        table = values.reshape(len(candidates), -1)
        for number, column in enumerate(table.T):
            results[f"split{number}_test_{name}"] = column.copy()
        means = table.mean(axis=1)
        results[f"mean_test_{name}"] = means
        results[f"std_test_{name}"] = table.std(axis=1)
        results[f"rank_test_{name}"] = _rank(means)
    return results


def _as_column(values: Sequence[Any]) -> np.ma.MaskedArray[Any, Any]:
    """Return numbers as an array of numbers, all else as objects."""
    inferred = np.array(values).dtype
    column = np.empty(len(values), dtype=inferred if inferred.kind in "iu" else object)
    column[:] = values
    return np.ma.MaskedArray(column, mask=np.zeros(len(values), dtype=np.bool_))


def _rank(means: Float64Array) -> Int32Array:
    """Return 1 for the highest mean; equals share the better rank, and NaN is behind all."""
    behind = np.where(np.isnan(means), -np.inf, means)
    return rankdata(-behind, method="min").astype(np.int32)
