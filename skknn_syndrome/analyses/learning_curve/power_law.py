"""Power laws of learning curves: weighted least squares within bounds, many curves at once."""

from typing import Final, NamedTuple

import numpy as np

from skknn_syndrome._typing import Float64Array

EXPONENTS: Final = (0.02, 4.0)
"""Between which exponents are looked for: below, the curve is a straight line over the logarithm of the size;
above, it is flat from the second size on."""

_N_TRIED: Final = 41
_REFINEMENTS: Final = 3
"""How often the grid of exponents is drawn closer around the best one."""


class PowerLaws(NamedTuple):
    """Laws a - b x^-c; each field of shape (n_curves,)."""

    asymptote: Float64Array
    """a, at most 1."""
    gap: Float64Array
    """b, at least 0: what is missing to the asymptote at x = 1."""
    exponent: Float64Array
    """c."""

    def at(self, x: float | Float64Array) -> Float64Array:
        """Return the values at one place, shape (n_curves,), or at several, (n_curves, n_places)."""
        if np.ndim(x) == 0:
            return self.asymptote - self.gap * x**-self.exponent
        return self.asymptote[:, None] - self.gap[:, None] * np.asarray(x) ** -self.exponent[:, None]


def fit_power_laws(sizes: Float64Array, scores: Float64Array, weights: Float64Array) -> PowerLaws:
    r"""Fit :math:`a - b x^{-c}` to curves by weighted least squares.

    The inverse power law of learning curves [1]_, [2]_, with :math:`a \le 1` and :math:`b, c \ge 0`. For a
    given exponent it is linear in the other two, whose best values within bounds are known in closed form;
    the exponent is looked for on a grid that is drawn closer around the best one. Nothing hangs on a first
    guess.

    Parameters
    ----------
    sizes : array of shape (n_sizes,)
        Positive.
    scores : array of shape (n_curves, n_sizes)
    weights : array of shape (n_sizes,)
        Of the squared errors.

    Returns
    -------
    PowerLaws

    References
    ----------
    .. [1] R. L. Figueroa, Q. Zeng-Treitler, S. Kandula and L. H. Ngo, "Predicting sample size required for
       classification performance", BMC Medical Informatics and Decision Making 12:8, 2012.
       doi:10.1186/1472-6947-12-8
    .. [2] T. Viering and M. Loog, "The Shape of Learning Curves: A Review", IEEE Transactions on Pattern
       Analysis and Machine Intelligence 45(6), 2023. doi:10.1109/TPAMI.2022.3220744

    Examples
    --------
    >>> sizes = np.array([0.125, 0.25, 0.5, 1.0])
    >>> law = fit_power_laws(sizes, (0.9 - 0.1 * sizes**-0.5)[None], np.ones(4))
    >>> [round(float(part[0]), 3) for part in law]
    [0.9, 0.1, 0.5]
    """
    exponents = np.broadcast_to(np.geomspace(*EXPONENTS, _N_TRIED), (len(scores), _N_TRIED))
    for turn in range(_REFINEMENTS + 1):
        asymptote, gap, error = _linear_part(exponents, sizes, scores, weights)
        best = error.argmin(axis=1)
        rows = np.arange(len(scores))
        if turn < _REFINEMENTS:
            low = exponents[rows, np.maximum(best - 1, 0)]
            high = exponents[rows, np.minimum(best + 1, _N_TRIED - 1)]
            exponents = np.geomspace(low, high, _N_TRIED, axis=1)
    return PowerLaws(asymptote[rows, best], gap[rows, best], exponents[rows, best])


def _linear_part(
    exponents: Float64Array, sizes: Float64Array, scores: Float64Array, weights: Float64Array
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return the best a and b within bounds, and the squared error, for each curve and exponent.

    Where the best of the plane lies outside, the best within lies on an edge: a = 1, or b = 0.
    """
    share = weights / weights.sum()
    basis = sizes ** -exponents[..., None]  # (n_curves, n_exponents, n_sizes)
    found = np.broadcast_to(scores[:, None, :], basis.shape)
    mean_basis, mean = (basis @ share)[..., None], (found @ share)[..., None]
    gap = -(((basis - mean_basis) * (found - mean)) @ share) / (((basis - mean_basis) ** 2) @ share)
    free = mean[..., 0] + gap * mean_basis[..., 0], gap
    at_one = np.ones_like(gap), np.maximum(((basis * (1 - found)) @ share) / ((basis**2) @ share), 0.0)
    flat = np.minimum(mean[..., 0], 1.0), np.zeros_like(gap)
    laws = np.stack([free, at_one, flat])  # (way, part, n_curves, n_exponents)
    errors = ((laws[:, 0, ..., None] - laws[:, 1, ..., None] * basis - found) ** 2) @ share
    errors[0][(free[0] > 1) | (free[1] < 0)] = np.inf
    best = errors.argmin(axis=0)
    asymptote, gap = (np.take_along_axis(laws[:, part], best[None], 0)[0] for part in (0, 1))
    return asymptote, gap, errors.min(axis=0)
