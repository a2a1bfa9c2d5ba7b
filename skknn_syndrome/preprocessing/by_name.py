"""Scalers and samplers by name, as steps of a pipeline."""

from typing import Literal, TypeAlias

from imblearn.over_sampling import SMOTE
from sklearn.preprocessing import Normalizer, StandardScaler

from skknn_syndrome._typing import Estimator
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.preprocessing.over_sampling import GaussianNoiseOverSampler, MixupOverSampler
from skknn_syndrome.preprocessing.under_sampling import CentroidBalancer

ScalerName: TypeAlias = Literal["none", "l2", "zscore"]
"""What is done to the embeddings' scale."""

ResamplerName: TypeAlias = Literal["none", "balanced", "smote", "noise", "mixup"]
"""What is done to the numbers of training rows."""


def make_scaler(name: str) -> Estimator:
    r"""Return the scaler of this name, as a step of a pipeline.

    Parameters
    ----------
    name : {"none", "l2", "zscore"}
        Nothing; each row divided by its length, :math:`x / |x|`; or each feature less its mean and divided
        by its standard deviation (population form) over the rows it is fitted on, :math:`(x_j - m_j) / s_j`.

    Returns
    -------
    "passthrough", Normalizer or StandardScaler
        A `Normalizer` learns nothing. A `StandardScaler` learns from the rows it is fitted on, and so belongs
        in a pipeline, which fits it on training parts alone.

    Raises
    ------
    StudySettingsError
        There is no such scaler.

    Examples
    --------
    >>> make_scaler("l2").fit_transform([[3.0, 4.0]])
    array([[0.6, 0.8]])
    """
    if name == "none":
        return "passthrough"
    if name == "l2":
        return Normalizer()
    if name == "zscore":
        return StandardScaler()
    raise StudySettingsError(
        f"There is no scaler {quote(name)}: take none, l2 or zscore.", code="unknown_scaler", parameter="name"
    )


def make_resampler(name: str, *, random_state: int | None = None) -> Estimator:
    """Return the sampler of this name, as a step of imbalanced-learn's `Pipeline`.

    Parameters
    ----------
    name : {"none", "balanced", "smote", "noise", "mixup"}
        Nothing, `CentroidBalancer`, imbalanced-learn's `SMOTE` [1]_, `GaussianNoiseOverSampler` or
        `MixupOverSampler`, each with its defaults.
    random_state : int or None, default=None
        Seeds those that draw.

    Returns
    -------
    "passthrough" or sampler
        SMOTE does not say which rows a synthetic row came from, so it can be used inside folds alone:
        `subjects_of_rows` refuses it.

    Raises
    ------
    StudySettingsError
        There is no such sampler.

    References
    ----------
    .. [1] N. V. Chawla, K. W. Bowyer, L. O. Hall, W. P. Kegelmeyer, "SMOTE: Synthetic Minority Over-sampling
       Technique", Journal of Artificial Intelligence Research 16, 2002. doi:10.1613/jair.953

    Examples
    --------
    >>> make_resampler("mixup", random_state=0)
    MixupOverSampler(random_state=0)
    """
    if name == "none":
        return "passthrough"
    if name == "balanced":
        return CentroidBalancer()
    if name == "smote":
        return SMOTE(random_state=random_state)
    if name == "noise":
        return GaussianNoiseOverSampler(random_state=random_state)
    if name == "mixup":
        return MixupOverSampler(random_state=random_state)
    raise StudySettingsError(
        f"There is no resampler {quote(name)}: take none, balanced, smote, noise or mixup.",
        code="unknown_resampler",
        parameter="name",
    )
