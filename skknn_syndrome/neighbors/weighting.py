"""Weights of neighbours from their distances.

A row of weights counts up to a common factor, since votes are divided by their sum. Every function here
uses this to put the largest weight of a row near 1, so that nothing over- or underflows to NaN.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array
from skknn_syndrome.errors import ParameterError

WeightFunction: TypeAlias = Callable[[Float64Array], Float64Array]
"""From distances of shape (n_rows, n_neighbors), rising in each row, to weights of the same shape."""

WeightsName: TypeAlias = Literal["uniform", "distance", "softmax"]
"""Voting schemes that have names."""

Weights: TypeAlias = WeightsName | WeightFunction
"""What `SyndromeKNNClassifier` takes as `weights`."""


def distance_weights(distances: Float64Array) -> Float64Array:
    r"""Return weights proportional to :math:`1/d`, as :math:`d_{\min} / d`.

    Where the nearest distance is 0, the rows at distance 0 weigh 1 and all others 0. Distances so small
    that :math:`1/d` is infinite, and infinite ones, keep their ratios: an infinite distance weighs 0,
    unless all of the row are infinite; then each weighs 1.

    Parameters
    ----------
    distances : ndarray of shape (n_rows, n_neighbors)
        Rising in each row, not negative.

    Returns
    -------
    ndarray of shape (n_rows, n_neighbors)
        The first of each row is 1.

    Examples
    --------
    >>> distance_weights(np.array([[1.0, 2.0, 4.0], [0.0, 0.0, 3.0], [1e-320, 1e-320, 1e-310]])).round(2)
    array([[1.  , 0.5 , 0.25],
           [1.  , 1.  , 0.  ],
           [1.  , 1.  , 0.  ]])
    """
    nearest = distances[:, :1]
    with np.errstate(invalid="ignore"):  # 0 / 0 and inf / inf, where the weight is 1
        return np.where(distances == nearest, 1.0, nearest / distances)


def softmax_weights(distances: Float64Array, temperature: float) -> Float64Array:
    r"""Return the weights :math:`\exp(-(d - d_{\min}) / T)`.

    For the cosine distance they are proportional to :math:`\exp(\cos(x, y) / T)`, the weights by which DINO
    evaluates nearest neighbours [1]_.

    Parameters
    ----------
    distances : ndarray of shape (n_rows, n_neighbors)
        Rising in each row, not negative.
    temperature : float, positive and finite

    Returns
    -------
    ndarray of shape (n_rows, n_neighbors)
        The first of each row is 1. Where all of a row are infinite, each is 1.

    References
    ----------
    .. [1] M. Caron et al., "Emerging Properties in Self-Supervised Vision Transformers", ICCV 2021.
       doi:10.1109/ICCV48922.2021.00951

    Examples
    --------
    >>> softmax_weights(np.array([[0.1, 0.17, 0.24]]), temperature=0.07).round(4)
    array([[1.    , 0.3679, 0.1353]])
    """
    nearest = distances[:, :1]
    with np.errstate(invalid="ignore", over="ignore"):  # inf - inf, where the weight is 1; exp(-inf) is 0
        above = np.where(distances == nearest, 0.0, distances - nearest)
        return np.exp(-above / temperature)


def custom_weights(function: WeightFunction, distances: Float64Array) -> Float64Array:
    """Return what a user's function makes of the distances, checked, each row scaled by a power of two.

    Where a row holds infinite weights, those weigh 1 and all others 0: `lambda d: 1 / d` does what
    "distance" does at distance 0.

    Parameters
    ----------
    function : callable
        From distances of shape (n_rows, n_neighbors) to weights of the same shape.
    distances : ndarray of shape (n_rows, n_neighbors)

    Returns
    -------
    ndarray of shape (n_rows, n_neighbors)

    Raises
    ------
    ParameterError
        The weights have another shape; one is negative or NaN; a row has no weight above 0.

    Examples
    --------
    >>> custom_weights(lambda d: 1 - d, np.array([[0.0, 0.25, 0.5]]))
    array([[0.5  , 0.375, 0.25 ]])
    """
    weights = np.array(function(distances), dtype=np.float64)
    if weights.shape != distances.shape:
        raise ParameterError(
            f"The weights function returned shape {weights.shape} for distances of shape {distances.shape}; "
            "it must return one weight per distance.",
            code="other_shape",
            parameter="weights",
        )
    # False for NaN, which min hands on.
    _require(weights.min(axis=1) >= 0, "a negative or NaN weight", code="negative_weight")
    _require(weights.max(axis=1) > 0, "no weight above 0", code="no_weight")
    infinite = np.isinf(weights)
    rows = infinite.any(axis=1)
    weights[rows] = infinite[rows]
    _, exponents = np.frexp(weights.max(axis=1, keepdims=True))
    scaled: Float64Array = np.ldexp(weights, -exponents)
    return scaled


def _require(accepted: BoolArray, fault: str, *, code: str) -> None:
    """Name the first row that isn't accepted."""
    if not accepted.all():
        raise ParameterError(
            f"The weights function gave row {accepted.argmin()} {fault}; change the function.",
            code=code,
            parameter="weights",
        )


def neighbor_weights(distances: Float64Array, weights: Weights, temperature: float) -> Float64Array:
    """Return the weights of neighbours at these distances.

    Parameters
    ----------
    distances : ndarray of shape (n_rows, n_neighbors)
        Rising in each row, not negative.
    weights : "uniform", "distance", "softmax" or callable
        "uniform" weighs each neighbour 1; the others are `distance_weights`, `softmax_weights` and
        `custom_weights`.
    temperature : float
        Used by "softmax" alone.

    Returns
    -------
    ndarray of shape (n_rows, n_neighbors)
        No row is all zero; no weight is above 1, negative or NaN.
    """
    if callable(weights):
        return custom_weights(weights, distances)
    if weights == "softmax":
        return softmax_weights(distances, temperature)
    return distance_weights(distances) if weights == "distance" else np.ones_like(distances)


def weights_name(weights: Weights) -> str:
    """Return what results call a voting scheme: its name, or that of a function.

    Examples
    --------
    >>> weights_name("distance"), weights_name(np.reciprocal)
    ('distance', 'reciprocal')
    """
    return weights if isinstance(weights, str) else getattr(weights, "__name__", type(weights).__name__)
