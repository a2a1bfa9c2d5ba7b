"""Samplers by name."""

from typing import Literal, TypeAlias

from imblearn.over_sampling import SMOTE

from skknn_syndrome._typing import Estimator
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.preprocessing.resampling.centroid_balancer import CentroidBalancer
from skknn_syndrome.preprocessing.resampling.gaussian_noise import GaussianNoiseOverSampler
from skknn_syndrome.preprocessing.resampling.mixup import MixupOverSampler

ResamplerName: TypeAlias = Literal["none", "balanced", "smote", "noise", "mixup"]
"""What is done to the numbers of training rows."""


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
        f"There is no resampler {quote(name)}: take none, balanced, smote, noise or mixup."
    )
