"""How many folds the data allow."""

import warnings

import numpy as np

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.errors import FewerFoldsWarning
from skknn_syndrome.study.splitting import MIN_FOLDS


def possible_folds(
    n_folds: int, labels: LabelArray, groups: LabelArray | None, *, stacklevel: int = 2
) -> int:
    """Return how many folds can be made, at most as many as asked for.

    Stratified folds need a member of the largest class each, and grouped ones a group each.

    Parameters
    ----------
    n_folds : int
        How many are wanted.
    labels : array of shape (n_samples,)
    groups : array of shape (n_samples,) or None
    stacklevel : int
        Whom the warning names, as in `warnings.warn`.

    Returns
    -------
    int
        As many as were asked for where not even 2 can be made: `make_splits` then refuses.

    Warns
    -----
    FewerFoldsWarning
        It is less than `n_folds`.

    Examples
    --------
    >>> possible_folds(2, np.array(["a", "a", "a", "b"]), groups=None)
    2
    """
    limits = [(int(np.unique(labels, return_counts=True)[1].max()), "number of rows in the largest class")]
    if groups is not None:
        limits.append((len(np.unique(groups)), "number of groups"))
    available, limit = min(limits)
    if available < MIN_FOLDS or n_folds <= available:
        return n_folds
    message = f"cv is {n_folds}, but the {limit} is {available}: {available} folds are made."
    warnings.warn(message, FewerFoldsWarning, stacklevel=stacklevel)
    return available
