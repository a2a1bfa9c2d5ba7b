"""Augmented views in training parts: of the images of a part alone, and never of a test image."""

from collections import Counter, defaultdict
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from skknn_syndrome._typing import FloatArray, IndexArray, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.errors import ParameterError


class AugmentedViewsSampler(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no type information
    """Append to each training row the augmented views that were embedded of its image.

    It is the first step of imbalanced-learn's pipeline, which resamples where it is fitted and nowhere else:
    rows are found by their vectors, so that none may have been scaled before. Of equal rows, the first alone
    gets the views; a row of zeros stands for no image, and gets none.

    Parameters
    ----------
    images : ndarray of shape (n_views, n_features)
        For each view, the vector of its image.
    views : ndarray of shape (n_views, n_features)
        The vectors of the views.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_rows,)
        For each row returned, the row it came from; the rows given come first, each from itself.

    Examples
    --------
    >>> sampler = AugmentedViewsSampler(np.array([[1.0, 0.0]]), np.array([[0.9, 0.1]]))
    >>> sampler.fit_resample(np.array([[0.0, 1.0], [1.0, 0.0]]), np.array(["a", "b"]))[1].tolist()
    ['a', 'b', 'b']
    """

    def __init__(self, images: FloatArray, views: FloatArray) -> None:
        self.images = images
        self.views = views

    @classmethod
    def of(cls, dataset: EmbeddingDataset) -> Self:
        """Take the views of a data set that `load_embeddings` has set aside.

        Views of an image whose vector another image has too are left out: nothing in a training part tells
        which of the two is there, and the other may be a test image.

        Raises
        ------
        ParameterError
            It has none, or none of an image that its vector tells from others.
        """
        if dataset.views is None:
            raise ParameterError(
                f"{dataset.name} holds no augmented views: embed its images with --augment.",
                code="no_views",
                parameter="dataset",
            )
        keys = _keys(dataset.embeddings)
        counts = Counter(keys)
        places = {image: row for row, image in enumerate(dataset.images.tolist()) if counts[keys[row]] == 1}
        sources = dataset.views.sources.tolist()
        kept = [view for view, source in enumerate(sources) if source in places]
        rows = [places[sources[view]] for view in kept]
        images, views = dataset.embeddings[rows], dataset.views.embeddings[kept]
        if not images.any():
            raise ParameterError(
                f"{dataset.name} holds no views that can be used: the vectors of their images are zeros, or "
                "those of other images as well.",
                code="no_usable_views",
                parameter="dataset",
            )
        return cls(images, views)

    def fit_resample(self, X: MatrixLike, y: VectorLike) -> tuple[FloatArray, LabelArray]:
        """Return the rows, and behind them their views.

        Raises
        ------
        ParameterError
            No row is an image that has views, as after a scaler.
        """
        rows, labels = np.asarray(X), np.asarray(y)
        views_of: dict[bytes, list[int]] = defaultdict(list)
        for view, (key, image) in enumerate(zip(_keys(self.images), self.images, strict=True)):
            if image.any():
                views_of[key].append(view)
        keys = _keys(rows.astype(self.images.dtype, copy=False))
        # Taken out as it is met: of equal rows, as a bootstrap draws them, each with every view is quadratic.
        pairs = [(row, view) for row, key in enumerate(keys) for view in views_of.pop(key, ())]
        if not pairs:
            raise ParameterError(
                "No row is an image that has views: let the sampler be the first step of the pipeline.",
                code="no_row_has_views",
                parameter="X",
            )
        sources, views = np.array(pairs, dtype=np.intp).T
        self.sample_indices_: IndexArray = np.concatenate([np.arange(len(rows)), sources])
        augmented: FloatArray = np.concatenate([rows, self.views[views].astype(rows.dtype)])
        return augmented, labels[self.sample_indices_]


def _keys(rows: NDArray[Any]) -> list[bytes]:
    return [row.tobytes() for row in np.ascontiguousarray(rows)]
