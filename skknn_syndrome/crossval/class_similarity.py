"""Cosine similarities of test images to the class means of their training parts."""

from collections.abc import Sequence

import numpy as np
from sklearn.utils import get_tags

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.statistics.novelty import ClassMeans

LEAST = -1.0
"""The similarity to a class that is not there."""


def similarities(run: ProtocolRun, splits: Sequence[IndexSplit]) -> list[Float64Array] | None:
    """Compare the test images of each split with the mean directions of the classes in its training part.

    Parameters
    ----------
    run : ProtocolRun
        Its embeddings as they were given; subjects, where it has some, count once each.
    splits : sequence of (train, test)
        Row numbers.

    Returns
    -------
    list of array of shape (n_test, n_classes), or None
        In sorted order of the labels; -1 for a class that a training part lacks. None where there are no
        embeddings but distances, and where a value is missing, as a pipeline may fill in, or is no number.
    """
    data, X = run.data, run.data.array
    pairwise = (
        get_tags(run.settings.estimator).input_tags.pairwise or run.scored.winner.metric == "precomputed"
    )
    if pairwise or X.dtype.kind not in "fiub" or not np.isfinite(X).all():
        return None
    classes, truth = np.unique(data.labels, return_inverse=True)
    found = []
    for train, test in splits:
        subjects = None if data.groups is None else data.groups[train]
        means = ClassMeans.of(X[train], truth[train], subjects, n_classes=len(classes))
        similarity = means.similarity(X[test])
        similarity[:, ~np.isin(np.arange(len(classes)), truth[train])] = LEAST
        found.append(similarity)
    return found
