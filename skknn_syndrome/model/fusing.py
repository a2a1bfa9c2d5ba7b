"""Fusion of the images of one subject in log-probability."""

from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.heads.temperature import log_probabilities
from skknn_syndrome.model.tempered import LEAST_PROBABILITY


class Units(NamedTuple):
    """Which images belong together."""

    members: IndexArray
    """Shape (n_images,): the unit of each."""
    first: IndexArray
    """Shape (n_units,): the first image of each."""
    sizes: IndexArray
    """Shape (n_units,): how many images each has."""


def units_of(subjects: LabelArray, codes: IndexArray | None = None) -> Units:
    """Put the images of each subject together, in the order in which subjects first come.

    Parameters
    ----------
    subjects : ndarray of shape (n_images,)
    codes : ndarray of shape (n_images,), optional
        Classes: a subject with images of several is then several units.

    Examples
    --------
    >>> units_of(np.array(["b", "a", "b"])).members.tolist()
    [0, 1, 0]
    """
    _, people = np.unique(subjects, return_inverse=True)
    keys = people if codes is None else people * (int(codes.max()) + 1) + codes
    _, first, members, sizes = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Units(place[members], first[order], sizes[order])


def fuse(probabilities: Float64Array, units: Units) -> Float64Array:
    r"""Return one prediction for each unit, the normalised geometric mean of those of its images.

    .. math:: p_c \propto \exp \frac{1}{m} \sum_{i=1}^{m} \log p_{i,c}

    The mean, not the product: photographs of one person err together, and as many independent witnesses
    they would be far too sure. No image alone can rule a class out.

    Parameters
    ----------
    probabilities : ndarray of shape (..., n_images, n_classes)
    units : Units

    Returns
    -------
    ndarray of shape (..., n_units, n_classes)

    Examples
    --------
    >>> fuse(np.array([[0.8, 0.2], [0.2, 0.8]]), units_of(np.array(["a", "a"]))).round(3)
    array([[0.5, 0.5]])
    """
    means = average(np.log(np.maximum(probabilities, LEAST_PROBABILITY)), units)
    flat = means.reshape(-1, means.shape[-1])
    found: Float64Array = np.exp(log_probabilities(flat, 1.0)).reshape(means.shape)
    single = units.sizes == 1
    found[..., single, :] = probabilities[..., units.first[single], :]
    return found


def average(values: Float64Array, units: Units) -> Float64Array:
    """Return the mean over the images of each unit, shapes (..., n_images, n) and (..., n_units, n)."""
    marks = units.members == np.arange(len(units.sizes))[:, None]
    return np.asarray(marks @ values / units.sizes[:, None], dtype=np.float64)
