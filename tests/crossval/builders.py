"""Images with several labels each."""

import numpy as np

from skknn_syndrome._typing import Float64Array, LabelArray


def label_sets(n_images: int, n_labels: int, seed: int = 0) -> tuple[Float64Array, LabelArray]:
    """Return features and an indicator matrix: labels of unlike frequency, each with a direction of its own.

    scikit-learn's `make_multilabel_classification` takes a second and more for as many.
    """
    rng = np.random.default_rng(seed)
    indicators = (rng.random((n_images, n_labels)) < np.linspace(0.5, 0.15, n_labels)).astype(np.uint8)
    features = indicators @ rng.normal(size=(n_labels, 8)) + 0.8 * rng.normal(size=(n_images, 8))
    return features, indicators
