"""Under-sampling: every class cut back to the rows near its centre."""

from collections.abc import Mapping
from numbers import Real
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
from imblearn.under_sampling.base import BaseCleaningSampler
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.preprocessing.samplers import DenseRowsMixin, as_given, to_dense

CleaningStrategy: TypeAlias = Any
"""A word, a list of classes, or a function, as imbalanced-learn's cleaning samplers take it."""

SAME = 1e-9
"""Distances that differ by less, relatively, count as equal: far below the resolution of float32."""


class CentroidBalancer(DenseRowsMixin, BaseCleaningSampler):  # type: ignore[misc] # imbalanced-learn is untyped
    r"""Drop what lies far from the centroid of its class, and cut large classes back to the rows nearest it.

    Parameters
    ----------
    sampling_strategy : str, list or callable, default="all"
        Which classes are cut: "all", "majority", "not minority", "not majority", "auto" (which is "not
        minority"), a list of labels, or a function of the labels that returns a dict with the labels as keys.
    outlier_quantile : float, default=0.95
        :math:`q_1`, above 0 and at most 1: the share of a class that is no outlier.
    keep_quantile : float, default=0.7
        :math:`q_2`, above 0 and at most 1: the share of what remains that a large class keeps.
    max_factor : float, default=2.0
        :math:`f`, at least 1: no class that is cut keeps more than this many times the smallest class.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_kept,)
        The rows that were kept, rising.
    sampling_strategy_ : dict
        The classes that were cut, by label; the values are imbalanced-learn's and not used.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where `X` was a data frame with names that are all strings.

    See Also
    --------
    imblearn.under_sampling.ClusterCentroids : Makes new rows in place of those it drops.

    Notes
    -----
    With :math:`n_{\min}` the size of the smallest class before anything is dropped, and :math:`d_i` the
    Euclidean distance of row :math:`i` to the mean of its class:

    1. Rows with :math:`d_i` above the class's :math:`q_1` quantile of :math:`d` are dropped.
    2. If more than :math:`n_{\min}` remain, those within the :math:`q_2` quantile of the remaining distances
       are kept, but no fewer than :math:`n_{\min}` and no more than :math:`\lfloor f n_{\min} \rfloor`: the
       nearest ones, of equally near ones the first.

    Quantiles are interpolated linearly, as `numpy.quantile` does. Distances are computed in float64, and what
    exceeds a quantile by less than a part in 1e9 is still within it. Nothing is drawn, so there is no
    `random_state`. Classes don't end equal: one smaller than :math:`n_{\min} / q_1` may end below
    :math:`n_{\min}`.

    What is kept is what is easily told apart. A test part cut in this way flatters every classifier, so the
    sampler belongs in a pipeline, which cuts training parts alone [1]_.

    References
    ----------
    .. [1] M. S. Santos et al., "Cross-Validation for Imbalanced Datasets: Avoiding Overoptimistic and
       Overfitting Approaches", IEEE Computational Intelligence Magazine 13(4), 2018.
       doi:10.1109/MCI.2018.2866730

    Examples
    --------
    >>> X = [[0.0], [1.0], [2.0], [9.0], [5.0], [6.0], [7.0]]
    >>> y = ["a", "a", "a", "a", "b", "b", "b"]
    >>> sampler = CentroidBalancer(outlier_quantile=0.8)
    >>> rows, labels = sampler.fit_resample(X, y)
    >>> sampler.sample_indices_
    array([0, 1, 2, 4, 5, 6])
    """

    _parameter_constraints: Mapping[str, list[Any]] = MappingProxyType(
        {
            **BaseCleaningSampler._parameter_constraints,  # noqa: SLF001  as imbalanced-learn's own samplers do
            "outlier_quantile": [Interval(Real, 0, 1, closed="right")],
            "keep_quantile": [Interval(Real, 0, 1, closed="right")],
            "max_factor": [Interval(Real, 1, None, closed="left")],
        }
    )

    def __init__(
        self,
        *,
        sampling_strategy: CleaningStrategy = "all",
        outlier_quantile: float = 0.95,
        keep_quantile: float = 0.7,
        max_factor: float = 2.0,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy)
        self.outlier_quantile = outlier_quantile
        self.keep_quantile = keep_quantile
        self.max_factor = max_factor

    def _fit_resample(self, X: MatrixLike, y: LabelArray) -> tuple[MatrixLike, LabelArray]:
        samples = to_dense(X)
        classes, counts = np.unique(y, return_counts=True)
        kept = [
            self._keep(samples, members, counts.min()) if label in self.sampling_strategy_ else members
            for label in classes
            for members in [np.flatnonzero(y == label)]
        ]
        self.sample_indices_: IndexArray = np.sort(np.concatenate(kept))
        return as_given(samples[self.sample_indices_], X), y[self.sample_indices_]

    def _keep(self, samples: FloatArray, members: IndexArray, smallest: int) -> IndexArray:
        """Return the rows of one class that stay."""
        rows = samples[members].astype(np.float64)
        distances = np.linalg.norm(rows - rows.mean(axis=0), axis=1)
        order = np.argsort(distances, kind="stable")
        nearest, distances = members[order], distances[order]
        n_inliers = _count_within(distances, self.outlier_quantile)
        if n_inliers <= smallest:
            return nearest[:n_inliers]
        n_near = _count_within(distances[:n_inliers], self.keep_quantile)
        return nearest[: min(max(n_near, smallest), int(self.max_factor * smallest))]


def _count_within(distances: Float64Array, quantile: float) -> int:
    """Count the distances, which rise, up to a quantile of theirs."""
    place = quantile * (len(distances) - 1)  # as numpy.quantile, which takes longer than all the rest
    below, share = divmod(place, 1)
    low, high = distances[int(below)], distances[min(int(below) + 1, len(distances) - 1)]
    # Both rows of a class of two are equally far from their mean, and rounding alone would drop one of them.
    limit = (low + share * (high - low)) * (1 + SAME)
    return int(np.searchsorted(distances, limit, side="right"))
