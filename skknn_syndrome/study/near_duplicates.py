"""Images of different subjects that look like one person."""

import numpy as np
from sklearn.utils import gen_batches

from skknn_syndrome._typing import Float64Array, IndexArray, StringArray
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.neighbors.distances import cosine_distances
from skknn_syndrome.results import NearDuplicate, NearDuplicates

BATCH_ROWS = 256
"""Rows compared at a time: memory stays at 256 x n_images distances."""


def find_near_duplicates(dataset: EmbeddingDataset, *, threshold: float = 0.95) -> NearDuplicates | None:
    """Find pairs of images of different subjects whose cosine similarity is above a threshold.

    Parameters
    ----------
    dataset : EmbeddingDataset
        With subject ids.
    threshold : float, default 0.95
        Cosine similarity that a pair has to exceed.

    Returns
    -------
    NearDuplicates or None
        The most alike pair first; None where the data has no subject ids.

    Examples
    --------
    >>> from skknn_syndrome import EmbeddingDataset
    >>> data = EmbeddingDataset.from_arrays(
    ...     [[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]], ["a", "a", "b"], ["ann", "bob", "cid"]
    ... )
    >>> [pair.subjects for pair in find_near_duplicates(data).pairs]
    [('ann', 'bob')]
    """
    if dataset.subjects is None:
        return None
    vectors = dataset.embeddings.astype(np.float64)
    pairs = [
        _describe(dataset, dataset.subjects, first, second, similarity)
        for batch in gen_batches(dataset.n_images, BATCH_ROWS)
        for first, second, similarity in _pairs_of_batch(vectors, dataset.subjects, batch, threshold)
    ]
    return NearDuplicates(
        threshold=threshold, pairs=tuple(sorted(pairs, key=lambda pair: (-pair.cosine, pair.images)))
    )


def _pairs_of_batch(
    vectors: Float64Array, subjects: StringArray, batch: slice, threshold: float
) -> list[tuple[int, int, float]]:
    cosine = 1 - cosine_distances(vectors[batch], vectors)
    rows, columns = np.nonzero(cosine > threshold)
    firsts: IndexArray = rows + batch.start
    # Each pair once, and only across subjects.
    chosen = (firsts < columns) & (subjects[firsts] != subjects[columns])
    return [
        (int(first), int(second), float(cosine[row, second]))
        for row, first, second in zip(rows[chosen], firsts[chosen], columns[chosen], strict=True)
    ]


def _describe(
    dataset: EmbeddingDataset, subjects: StringArray, first: int, second: int, similarity: float
) -> NearDuplicate:
    def pair(names: StringArray) -> tuple[str, str]:
        return str(names[first]), str(names[second])

    return NearDuplicate(
        images=pair(dataset.images),
        subjects=pair(subjects),
        syndromes=pair(dataset.syndromes),
        cosine=similarity,
    )
