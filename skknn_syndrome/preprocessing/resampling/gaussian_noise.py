"""Rows again, with noise on them."""

from collections.abc import Mapping
from numbers import Real
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from imblearn.over_sampling.base import BaseOverSampler
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.preprocessing.resampling.synthesis import (
    RandomState,
    SamplingStrategy,
    SyntheticOverSampler,
)


class GaussianNoiseOverSampler(SyntheticOverSampler):
    r"""Append copies of rows, drawn with replacement from their class, with Gaussian noise on every feature.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default="auto"
        As in `imblearn.over_sampling.RandomOverSampler`: "auto" brings every class to the size of the
        largest; a dict says how many rows each class shall have.
    random_state : int, RandomState or None, default=None
        Seeds the draws and the noise.
    sigma : float, default=0.5
        :math:`\sigma`, at least 0: the noise's standard deviation in units of the class's own.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_rows,)
        For each row returned, the row it came from; the rows given come first, each from itself.
    sampling_strategy_ : dict
        How many rows each class was given, by label.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where `X` was a data frame with names that are all strings.

    Raises
    ------
    StudySettingsError
        From `fit_resample`: a class that needs rows has one row only, and so no spread.

    See Also
    --------
    imblearn.over_sampling.RandomOverSampler : With `shrinkage`, the same noise with a bandwidth that falls
        with the number of rows (smoothed bootstrap [1]_).

    Notes
    -----
    A synthetic row is :math:`x + \sigma\, s \odot \varepsilon`, where :math:`x` is a row of the class,
    :math:`s_j` the class's standard deviation in feature :math:`j` (population form), and the
    :math:`\varepsilon_j` are independent standard normal numbers. It is computed in float64 and returned in
    the type of `X`.

    References
    ----------
    .. [1] G. Menardi, N. Torelli, "Training and assessing classification rules with imbalanced data", Data
       Mining and Knowledge Discovery 28, 2014. doi:10.1007/s10618-012-0295-5

    Examples
    --------
    >>> X = [[0.0, 5.0], [2.0, 5.0], [9.0, 1.0], [8.0, 2.0], [7.0, 3.0]]
    >>> sampler = GaussianNoiseOverSampler(random_state=0)
    >>> rows, labels = sampler.fit_resample(X, ["a", "a", "b", "b", "b"])
    >>> labels, sampler.sample_indices_.tolist()
    (['a', 'a', 'b', 'b', 'b', 'a'], [0, 1, 2, 3, 4, 0])
    >>> rows[5][1]  # the class has no spread in the second feature
    5.0
    """

    n_parents: ClassVar[int] = 1

    _parameter_constraints: Mapping[str, list[Any]] = MappingProxyType(
        {
            **BaseOverSampler._parameter_constraints,  # noqa: SLF001  as imbalanced-learn's own samplers do
            "sigma": [Interval(Real, 0, None, closed="left")],
        }
    )

    def __init__(
        self,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        random_state: RandomState = None,
        sigma: float = 0.5,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy)
        self.random_state = random_state
        self.sigma = sigma

    def _synthesise(
        self, members: Float64Array, n_new: int, random: np.random.RandomState
    ) -> tuple[Float64Array, IndexArray]:
        chosen = random.randint(len(members), size=n_new)
        noise = random.standard_normal((n_new, members.shape[1]))
        return members[chosen] + self.sigma * members.std(axis=0) * noise, chosen[:, None]
