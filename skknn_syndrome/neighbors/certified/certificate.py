r"""When no other row can be among the nearest, whatever rounding did to the product.

Let :math:`u = 2^{-24}` and :math:`p` the number of features. In any order of summation, fused or not, the
product of two rows in single precision differs from the true one by at most
:math:`\gamma |x| |y|` with :math:`\gamma \approx p u` [1]_. Candidates are ranked by the scores

.. math:: s_E(y) = |y|^2 / 2 - x \cdot y = (d_E^2 - |x|^2) / 2, \qquad
          s_C(y) = -x \cdot y / |y| = -|x| (1 - d_C)

A row :math:`y` with :math:`|y| > |x| + d` is farther than :math:`d` by the triangle inequality, so only
shorter ones count, and the error of a Euclidean score is at most :math:`\gamma (|x| R + R^2 / 2)` with
:math:`R = |x| + d`; that of a cosine score is at most :math:`\gamma |x|`. If the last neighbour's score, plus
this error, is below every score that was passed over, the list is complete: that sum is the score's limit.

References
----------
.. [1] N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002, section 3.1.
   doi:10.1137/1.9780898718027
"""

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.neighbors.certified.frames import Frame

UNIT_ROUNDOFF = 2.0**-24

OTHER_ROUNDINGS = 10
"""Roundings of inputs, norms and scores, in units of one feature's."""

MARGIN = 1.05
"""For second-order terms, and for everything that double precision rounds."""

UNDERFLOW = 2.0**-125
"""What underflow can cost a product per feature, even where tiny numbers are flushed to zero."""

LONGEST = 2.0**50
"""In units of the frame: beyond it squares might overflow."""

SHORTEST = 2.0**-30
"""In units of the frame: a query's products with rows of its kind are then far above what underflows."""


def score_limits(
    frame: Frame, metric: str, lengths: Float64Array, last_distances: Float64Array, n_features: int
) -> Float64Array:
    """Return for each query a score that no row exceeds which is as near as the last neighbour.

    Parameters
    ----------
    frame : Frame
        In which the scores are computed.
    metric : str
        The distance.
    lengths : ndarray of shape (n_queries,)
        The queries' norms in the frame.
    last_distances : ndarray of shape (n_queries,)
        Exact distance of the last neighbour of each.
    n_features : int

    Returns
    -------
    ndarray of shape (n_queries,)
        Infinite or NaN where rounding may have done anything.
    """
    gamma = MARGIN * (n_features + OTHER_ROUNDINGS) * UNIT_ROUNDOFF
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is not certified
        if metric == "cosine" and not frame.unit:
            scores = -lengths * (1 - last_distances)
            in_range = (lengths > SHORTEST) & (lengths < LONGEST)
            return np.where(in_range, scores + gamma * lengths, np.inf)
        distances = np.sqrt(2 * last_distances) if frame.unit else np.ldexp(last_distances, -frame.exponent)
        reach = lengths + distances
        scores = (distances - lengths) * reach / 2
        errors = gamma * (lengths * reach + reach**2 / 2) + n_features * UNDERFLOW
        return np.where(reach < LONGEST, scores + errors, np.inf)
