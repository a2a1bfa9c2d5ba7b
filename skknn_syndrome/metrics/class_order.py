"""Checks of the classes that the columns of a score matrix stand for."""

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import column_or_1d

from skknn_syndrome._typing import LabelArray


def ordered_classes(labels: ArrayLike) -> LabelArray:
    """Labels as an array, if they are sorted and all different.

    Parameters
    ----------
    labels : array-like of shape (n_classes,)
        Class of each column.

    Returns
    -------
    ndarray of shape (n_classes,)
        The same labels.

    Raises
    ------
    ValueError
        If a label comes twice, or before a smaller one.

    Examples
    --------
    >>> ordered_classes(["b", "a"])
    Traceback (most recent call last):
    ValueError: Parameter 'labels' must be ordered.
    """
    given = column_or_1d(labels)
    classes = np.unique(given)
    if len(classes) != len(given):
        message = "Parameter 'labels' must be unique."
        raise ValueError(message)
    if not np.array_equal(classes, given):
        message = "Parameter 'labels' must be ordered."
        raise ValueError(message)
    return classes


def refuse_unknown(truth: LabelArray, classes: LabelArray) -> None:
    """Raise if a label has no column.

    Parameters
    ----------
    truth : ndarray of shape (n_samples,)
        Labels of the samples.
    classes : ndarray of shape (n_classes,)
        Classes of the columns.

    Raises
    ------
    ValueError
        If `truth` holds a label that is not in `classes`.
    """
    if len(np.setdiff1d(truth, classes)):
        message = "'y_true' contains labels not in parameter 'labels'."
        raise ValueError(message)
