"""Who may be one person, by images that are alike."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.study.near_duplicates import AlikePairs


def merge_subjects(pairs: AlikePairs, subjects: LabelArray) -> LabelArray:
    """Return for each image the first id, in sorted order, of all subjects that alike images link to its own.

    Parameters
    ----------
    pairs : AlikePairs
    subjects : array of shape (n_images,)

    Returns
    -------
    array of shape (n_images,)
        The persons: subjects that are linked, directly or by way of others, have one id.

    Examples
    --------
    >>> pairs = AlikePairs(0.95, np.array([0]), np.array([2]), np.array([0.99]), np.array([False]), 0)
    >>> merge_subjects(pairs, np.array(["bob", "cid", "ann"]))
    array(['ann', 'cid', 'ann'], dtype='<U3')
    """
    names, numbers = np.unique(subjects, return_inverse=True)
    ends = numbers[pairs.first], numbers[pairs.second]
    links = coo_array((np.ones(len(pairs.first)), ends), shape=(len(names), len(names)))
    _, persons = connected_components(links, directed=False)
    _, representatives = np.unique(persons, return_index=True)
    merged: LabelArray = names[representatives[persons[numbers]]]
    return merged
