"""Scalers by name, all of them scikit-learn's."""

from typing import Literal, TypeAlias

from sklearn.preprocessing import Normalizer, StandardScaler

from skknn_syndrome._typing import Estimator
from skknn_syndrome.errors import StudySettingsError, quote

ScalerName: TypeAlias = Literal["none", "l2", "zscore"]
"""What is done to the embeddings' scale."""


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
    raise StudySettingsError(f"There is no scaler {quote(name)}: take none, l2 or zscore.")
