"""Temperature of a head's scores: inner folds, out-of-fold scores, and the least log loss."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.base import clone
from sklearn.utils import check_random_state

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray
from skknn_syndrome.heads.base import IndexSplit

LOWEST = -1e300
"""Logarithm of a probability, as low as can still be multiplied by a weight."""
WIDEST = 1e3
"""How many times above or below the usual distance between scores a temperature may lie."""


def inner_folds(
    codes: IndexArray,
    members: IndexArray | None,
    *,
    n_folds: int | None,
    random_state: int | np.random.RandomState | None,
) -> list[IndexSplit]:
    """Divide training rows into stratified folds; a subject counts for the class of its first row.

    Parameters
    ----------
    codes : ndarray of shape (n_rows,)
        Classes, from 0.
    members : ndarray of shape (n_rows,) or None
        Subjects, which are kept together.
    n_folds : int or None
        There are fewer where a class has fewer members, and none where one of them has a single one.
    random_state : int, RandomState instance or None

    Returns
    -------
    list of (train, test)

    Examples
    --------
    >>> len(inner_folds(np.repeat([0, 1], [9, 3]), None, n_folds=5, random_state=0))
    3
    """
    if n_folds is None:
        return []
    units = np.arange(len(codes)) if members is None else members
    pairs = np.unique(np.column_stack([codes, units]), axis=0)
    possible = min(n_folds, int(np.bincount(pairs[:, 0]).min()))
    if possible < 2:  # noqa: PLR2004  one to fit and one to ask
        return []
    _, firsts, places, sizes = np.unique(units, return_index=True, return_inverse=True, return_counts=True)
    # Dealt out class by class, large subjects first: scikit-learn's folds take longer than a fit.
    shuffled = check_random_state(random_state).permutation(len(sizes))
    folds = np.empty(len(sizes), dtype=np.intp)
    folds[np.lexsort((shuffled, -sizes, codes[firsts]))] = np.arange(len(sizes)) % possible
    parts = [
        (np.flatnonzero(folds[places] != fold), np.flatnonzero(folds[places] == fold))
        for fold in range(possible)
    ]
    # A training part of one class, or of one row a class, is none that can be fitted to.
    return [(train, test) for train, test in parts if 1 < len(np.unique(codes[train])) < len(train)]


def out_of_fold_scores(
    model: Estimator,
    samples: Float64Array,
    codes: IndexArray,
    members: IndexArray | None,
    folds: Sequence[IndexSplit],
) -> Float64Array:
    """Return each row's scores by a clone that was fitted without its fold.

    Parameters
    ----------
    model : CalibratedClassifier
    samples : ndarray of shape (n_rows, n_features)
    codes, members : ndarray of shape (n_rows,)
        As in `inner_folds`.
    folds : sequence of (train, test)

    Returns
    -------
    ndarray of shape (n_rows, n_classes)
        Minus infinity for rows of no fold, and for classes that a training part lacks.
    """
    scores = np.full((len(codes), int(codes.max()) + 1), -np.inf)
    for train, test in folds:
        part = clone(model).set_params(inner_cv=None)
        part.fit(samples[train], codes[train], None if members is None else members[train])
        scores[np.ix_(test, part.classes_)] = part.class_scores(samples[test])
    return scores


def log_probabilities(scores: Float64Array, temperature: float) -> Float64Array:
    """Return the logarithm of the softmax of scores at a temperature, row by row."""
    with np.errstate(over="ignore"):
        below = (scores - scores.max(axis=1, keepdims=True)) / temperature
    found: Float64Array = log_softmax(np.maximum(below, LOWEST), axis=1)
    return found


def fit_temperature(scores: Float64Array, codes: IndexArray) -> float:
    """Return the temperature at which out-of-fold scores have the least log loss.

    Parameters
    ----------
    scores : ndarray of shape (n_rows, n_classes)
        Rows whose own class has minus infinity are left out.
    codes : ndarray of shape (n_rows,)
        The class of each row.

    Returns
    -------
    float
        1.0 where there is no row, or where scores tell no classes apart.

    Examples
    --------
    >>> scores = np.log([[0.8, 0.2], [0.8, 0.2], [0.8, 0.2], [0.8, 0.2], [0.8, 0.2]])
    >>> round(fit_temperature(scores, np.array([0, 0, 0, 0, 1])), 3)
    1.0
    """
    own = np.take_along_axis(scores, codes[:, None], axis=1)[:, 0]
    scores, codes = scores[np.isfinite(own)], codes[np.isfinite(own)]
    if not len(codes):
        return 1.0
    with np.errstate(over="ignore"):
        gaps = scores.max(axis=1, keepdims=True) - scores
    gaps = gaps[(gaps > 0) & np.isfinite(gaps)]
    if not len(gaps):
        return 1.0
    usual = np.median(gaps)

    def loss(log_temperature: float) -> float:
        found = log_probabilities(scores, float(np.exp(log_temperature)))
        return -float(np.take_along_axis(found, codes[:, None], axis=1).mean())

    bounds = np.log(usual / WIDEST), np.log(usual * WIDEST)
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))
