"""Points between two rows of a class."""

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


class MixupOverSampler(SyntheticOverSampler):
    r"""Append weighted means of two different rows of a class.

    Parameters
    ----------
    sampling_strategy : float, str, dict or callable, default="auto"
        As in `imblearn.over_sampling.SMOTE`: "auto" brings every class to the size of the largest; a dict
        says how many rows each class shall have.
    random_state : int, RandomState or None, default=None
        Seeds the draws.
    alpha : float, default=1.0
        :math:`\alpha`, above 0: the weight of one parent is drawn from the distribution
        :math:`\mathrm{Beta}(\alpha, \alpha)`. With 1 it is uniform on [0, 1]; below 1, synthetic rows lie
        near one of the parents; above 1, near the middle.

    Attributes
    ----------
    sample_indices_ : ndarray of shape (n_rows, 2)
        For each row returned, its two parents; the rows given come first, each from itself twice.
    sampling_strategy_ : dict
        How many rows each class was given, by label.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where `X` was a data frame with names that are all strings.

    Raises
    ------
    StudySettingsError
        From `fit_resample`: a class that needs rows has one row only.

    See Also
    --------
    imblearn.over_sampling.SMOTE : The second parent is one of the nearest rows of the first one's class.

    Notes
    -----
    A synthetic row is :math:`\lambda x_i + (1 - \lambda) x_j` with :math:`i \ne j` drawn uniformly from the
    class. Mixup as it was published [1]_ mixes rows of any classes, and their labels likewise; here rows of
    one class alone, so that labels stay labels. It is computed in float64 and returned in the type of `X`.

    A row and its child are near one another. If one of them is tested and the other trained on, the test
    says how well the parent is found again: resample inside the folds.

    References
    ----------
    .. [1] H. Zhang, M. Cisse, Y. N. Dauphin, D. Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", ICLR
       2018. doi:10.48550/arXiv.1710.09412

    Examples
    --------
    >>> X = [[0.0], [1.0], [8.0], [9.0], [7.0]]
    >>> sampler = MixupOverSampler(random_state=0)
    >>> rows, labels = sampler.fit_resample(X, ["a", "a", "b", "b", "b"])
    >>> labels[5], 0 <= rows[5][0] <= 1
    ('a', True)
    >>> sampler.sample_indices_.tolist()
    [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4], [0, 1]]
    """

    n_parents: ClassVar[int] = 2

    _parameter_constraints: Mapping[str, list[Any]] = MappingProxyType(
        {
            **BaseOverSampler._parameter_constraints,  # noqa: SLF001  as imbalanced-learn's own samplers do
            "alpha": [Interval(Real, 0, None, closed="neither")],
        }
    )

    def __init__(
        self,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        random_state: RandomState = None,
        alpha: float = 1.0,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy)
        self.random_state = random_state
        self.alpha = alpha

    def _synthesise(
        self, members: Float64Array, n_new: int, random: np.random.RandomState
    ) -> tuple[Float64Array, IndexArray]:
        n_members = len(members)
        first = random.randint(n_members, size=n_new)
        # A step of 1 to n - 1 round the class ends at any other member, each as often.
        second = (first + random.randint(1, n_members, size=n_new)) % n_members
        share = random.beta(self.alpha, self.alpha, size=(n_new, 1))
        rows = share * members[first] + (1 - share) * members[second]
        return rows, np.column_stack([first, second])
