"""Over-sampling: Gaussian noise, mixup within a class, and how many rows each class gets."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from imblearn.over_sampling.base import BaseOverSampler
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Float64Array, IndexArray, VectorLike
from skknn_syndrome.errors import Argument, StudySettingsError
from skknn_syndrome.preprocessing.samplers import RandomState, SamplingStrategy, SyntheticOverSampler


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


@dataclass(frozen=True)
class MoreRows:
    """A `sampling_strategy` that gives every class equally many rows more.

    imbalanced-learn's own strategies bring classes to the same size; this one keeps their differences.

    Parameters
    ----------
    n_rows : int
        Synthetic rows over all classes, at least 1. What can't be shared equally goes to the first classes,
        one each.

    Raises
    ------
    StudySettingsError
        `n_rows` is no whole number from 1 up.

    Examples
    --------
    >>> MoreRows(5)(["a", "a", "a", "b"])
    {'a': 6, 'b': 3}
    """

    n_rows: int

    def __post_init__(self) -> None:
        """Refuse what is no number of rows."""
        given: Any = self.n_rows
        if not isinstance(given, Integral) or int(given) < 1:
            raise StudySettingsError(
                "{n_rows} must be a whole number, 1 at least.",
                code="no_whole_number",
                parameter="n_rows",
                n_rows=Argument("n_rows", given),
            )

    def __call__(self, labels: VectorLike) -> dict[object, int]:
        """Return how many rows each class shall have."""
        counts = Counter(np.asarray(labels).tolist())
        share, rest = divmod(self.n_rows, len(counts))
        return {label: counts[label] + share + (place < rest) for place, label in enumerate(sorted(counts))}
