"""Images of different subjects that look like one person, and who may be one person then."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.neighbors.graph import NeighborGraph

THRESHOLD = 0.95
"""Cosine similarity above which images of different subjects may show one person."""

BY_CHANCE = 0.01
"""Images that may come as near to another subject's as copies do, if nobody were there twice."""

QUANTILES = (0.4, 0.6, 0.8)
"""Where the distribution of distances to strangers is read off."""

EXACT = 1 - 1e-6
"""Cosine similarity of images that differ by rounding at most."""


@dataclass(frozen=True, eq=False)
class Copies:
    """Pairs of images that are alike, under different subject ids."""

    threshold: float
    first: IndexArray
    second: IndexArray
    """Shape (n_pairs,): rows of the images, the first below the second; the most alike pair first."""
    cosines: Float64Array


def find_copies(
    graph: NeighborGraph, samples: LabelArray, subjects: LabelArray, *, threshold: float = THRESHOLD
) -> Copies:
    r"""Find pairs of images of different subjects that are more alike than different people are.

    In few dimensions, or of a weak encoder, images of quite different people have a cosine similarity above
    any threshold. So copies also have to be nearer than chance brings images together. Distances D to the
    nearest image of another subject are distributed about as

    .. math:: P(D > d) = \exp(-c\, d^a)

    where a grows with the dimension of the data. Both constants are read off quantiles of the n distances
    that there are, from 0.4 up: copies of a third of the images leave these nearly in their place. From
    there follows the distance below which 0.01 images are expected. Equal rows are copies however near
    others are.

    Parameters
    ----------
    graph : NeighborGraph
        With cosine distances. Pairs beyond its lists are not found: of an image with more copies than its
        list is long, the nearest.
    samples : array of shape (n_images, n_features)
        The rows of the graph.
    subjects : array of shape (n_images,)
    threshold : float
        Cosine similarity that a pair has to exceed.

    Returns
    -------
    Copies
    """
    distances, indices = graph.neighbors("cosine")
    others = subjects[indices] != subjects[:, None]
    # Where the whole list is of one's own subject, the nearest other is no nearer than its end.
    nearest = np.where(others.any(axis=1), np.where(others, distances, np.inf).min(axis=1), distances[:, -1])
    limit = min(1 - threshold, _limit_of_chance(nearest))
    equal = distances == 0
    equal[equal] = (samples[np.nonzero(equal)[0]] == samples[indices[equal]]).all(axis=1)
    rows, places = np.nonzero(((distances < limit) | equal) & others)
    pairs = np.sort(np.stack([rows, indices[rows, places]], axis=1), axis=1)
    unique, where = np.unique(pairs, axis=0, return_index=True)
    found = 1 - distances[rows, places][where]
    order = np.argsort(-found, kind="stable")
    return Copies(1 - limit, unique[order, 0], unique[order, 1], found[order])


def _limit_of_chance(nearest: Float64Array) -> float:
    """Return the distance below which `BY_CHANCE` of the images are expected to have their nearest other."""
    low, middle, high = np.quantile(nearest, QUANTILES)
    if low == 0:
        return 0.0
    # -log(1 - q) = c d^a at each quantile q.
    of_low, of_middle, of_high = -np.log1p(-np.array(QUANTILES))
    with np.errstate(divide="ignore"):  # where all others are at one distance, a is infinite
        power = np.log(of_high / of_low) / np.log(high / low)
    return float(middle * (BY_CHANCE / (len(nearest) * of_middle)) ** (1 / power))


def merge_subjects(copies: Copies, subjects: LabelArray) -> LabelArray:
    """Return for each image the first id, in sorted order, of all subjects that copies link to its own.

    Parameters
    ----------
    copies : Copies
    subjects : array of shape (n_images,)

    Returns
    -------
    array of shape (n_images,)
        The persons: subjects that are linked, directly or by way of others, have one id.

    Examples
    --------
    >>> copies = Copies(0.95, np.array([0]), np.array([2]), np.array([0.99]))
    >>> merge_subjects(copies, np.array(["bob", "cid", "ann"]))
    array(['ann', 'cid', 'ann'], dtype='<U3')
    """
    names, numbers = np.unique(subjects, return_inverse=True)
    ends = numbers[copies.first], numbers[copies.second]
    links = coo_array((np.ones(len(copies.first)), ends), shape=(len(names), len(names)))
    _, persons = connected_components(links, directed=False)
    _, representatives = np.unique(persons, return_index=True)
    merged: LabelArray = names[representatives[persons[numbers]]]
    return merged
