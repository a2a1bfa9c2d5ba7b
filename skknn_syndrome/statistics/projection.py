"""Samples and coordinates for maps of embeddings in the plane."""

import numpy as np
from sklearn.model_selection import train_test_split

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray

MOST_IMAGES = 3_000
"""Above, a stratified sample is mapped: t-SNE takes minutes, and a figure shows no more points."""
FEWEST_IMAGES = 20
"""Below, a map shows nothing."""
LARGEST_PERPLEXITY = 30.0


def sample_rows(labels: LabelArray, random_state: int, most: int) -> IndexArray:
    """Return up to so many rows in their order, each class with its share."""
    rows: IndexArray = np.arange(len(labels))
    if len(labels) <= most:
        return rows
    _, counts = np.unique(labels, return_counts=True)
    # A class of one image can't be divided.
    strata = labels if counts.min() > 1 else None
    chosen, _ = train_test_split(rows, train_size=most, stratify=strata, random_state=random_state)
    return np.sort(chosen)


def coordinates(plane: Float64Array) -> dict[str, tuple[float, ...]]:
    """Return points of shape (n_points, 2) as typed results keep them, by axis."""
    # A thousandth of the extent is less than a point's width, and its digits are the same on most machines.
    decimals = 3 - int(np.ceil(np.log10(max(np.ptp(plane), 1e-9))))
    return {
        axis: tuple(round(float(v), decimals) for v in plane[:, column]) for column, axis in enumerate("xy")
    }
