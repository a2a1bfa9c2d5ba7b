r"""Rounding of single-precision products: frames that keep it small, and the bound that certifies a list.

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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import Float32Array, Float64Array, FloatArray
from skknn_syndrome.neighbors.distances import row_lengths, zero_rows

UNSCALED = 10
"""Up to this power of two a typical length needs no rescaling: its square is far from the ends of float32."""

WITHIN = 2.0**20
"""Lengths that differ from the typical one by no more than this factor share a frame."""

TOO_LONG = 2.0**51
"""Longer rows (in units of the frame) are left out of products: their squares might overflow."""

LARGE_OFFSET = 4.0
"""From this ratio of squares, offset to spread, centring is worth a product of its own for each distance."""

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


@dataclass(frozen=True)
class Operand:
    """Rows in single precision, with what scores and their error bounds need."""

    rows: Float32Array
    """Shape (n_rows, n_features)."""
    lengths: Float64Array
    """Shape (n_rows,): the rows' Euclidean norms, before they were rounded."""
    halves: Float32Array
    """Shape (n_rows,): half the squared norms; infinite for a row that was left out."""
    inverses: Float32Array
    """Shape (n_rows,): reciprocal norms; 0 for a zero row."""


@dataclass(frozen=True)
class Frame:
    """A scale and an origin in which one product serves one distance, or both."""

    metrics: tuple[str, ...]
    """The distances that are read off the product: Euclidean first."""
    unit: bool = False
    """Whether its rows are unit rows: half their squared Euclidean distance is then the cosine one."""
    centre: Float64Array | None = None
    """Shape (n_features,): what is subtracted from each row."""
    exponent: int = 0
    """Rows are multiplied by 2 to the power of minus this, which is exact."""

    def by_angle(self, metric: str) -> bool:
        """Return whether a distance is read off angles; that of unit rows that were moved is a length."""
        return metric == "cosine" and (not self.unit or self.centre is None)

    def operand(self, rows: FloatArray) -> Operand:
        """Bring rows of shape (n_rows, n_features), unit rows if `unit`, into the frame."""
        moved: FloatArray = rows
        if self.centre is not None:
            moved = moved - self.centre
        if self.exponent:
            moved = np.ldexp(moved, -self.exponent)
        # Unit rows that were not moved are as long as they were made.
        made = self.unit and moved is rows
        lengths: Float64Array = np.where(zero_rows(rows), 0.0, 1.0) if made else row_lengths(moved)
        left_out = lengths > TOO_LONG
        if left_out.any():
            moved = np.where(left_out[:, None], 0.0, moved)
        halves = np.where(left_out, np.inf, np.minimum(lengths, TOO_LONG) ** 2 / 2)
        inverses = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        return Operand(
            np.ascontiguousarray(moved, dtype=np.float32),
            lengths,
            halves.astype(np.float32),
            inverses.astype(np.float32),
        )


def choose_frames(gallery: FloatArray, metrics: Sequence[str]) -> tuple[Frame | None, ...]:
    """Return the frames in which a gallery's Euclidean and cosine distances lose least.

    Usually one product of the rows as they are serves both. Where the rows share a large offset, which would
    eat up the digits, or their lengths lie very far apart, each distance gets a product of its own.

    Parameters
    ----------
    gallery : ndarray of shape (n_gallery, n_features), float32 or float64, finite
    metrics : sequence of {"euclidean", "cosine"}

    Returns
    -------
    tuple of Frame or None
        None stands for `unit_frame` of the gallery's unit rows.
    """
    ordered = tuple(metric for metric in ("euclidean", "cosine") if metric in metrics)
    lengths = row_lengths(gallery)
    positive = lengths[lengths > 0]
    typical = float(np.median(positive)) if positive.size else 1.0
    exponent = int(np.frexp(typical)[1])
    alike = positive.size and positive.max() <= typical * WITHIN and positive.min() >= typical / WITHIN
    if alike and not _offset_is_large(gallery, lengths, exponent):
        return (Frame(ordered, exponent=exponent if abs(exponent) > UNSCALED else 0),)
    return tuple(None if metric == "cosine" else _centred_frame(gallery, exponent) for metric in ordered)


def unit_frame(unit_gallery: FloatArray) -> Frame:
    """Return the frame for unit rows: centred where they all point the same way."""
    centre = unit_gallery.mean(axis=0)
    squared_offset = float(centre @ centre)
    large = squared_offset > LARGE_OFFSET * (1 - squared_offset)
    return Frame(("cosine",), unit=True, centre=centre if large else None)


def _offset_is_large(gallery: FloatArray, lengths: Float64Array, exponent: int) -> bool:
    squared_offset = float(np.sum(np.ldexp(gallery.mean(axis=0, dtype=np.float64), -exponent) ** 2))
    spread = float(np.mean(np.ldexp(lengths, -exponent) ** 2)) - squared_offset
    return squared_offset > LARGE_OFFSET * spread


def _centred_frame(gallery: FloatArray, exponent: int) -> Frame:
    # The median is a centre that no outlier moves.
    centre = np.median(gallery, axis=0).astype(np.float64)
    spread = row_lengths(gallery - centre)
    positive = spread[spread > 0]
    exponent = int(np.frexp(np.median(positive))[1]) if positive.size else exponent
    return Frame(("euclidean",), centre=centre, exponent=exponent)


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
        if frame.by_angle(metric):
            scores = -lengths * (1 - last_distances)
            in_range = (lengths > SHORTEST) & (lengths < LONGEST)
            return np.where(in_range, scores + gamma * lengths, np.inf)
        distances = np.sqrt(2 * last_distances) if frame.unit else np.ldexp(last_distances, -frame.exponent)
        reach = lengths + distances
        scores = (distances - lengths) * reach / 2
        errors = gamma * (lengths * reach + reach**2 / 2) + n_features * UNDERFLOW
        return np.where(reach < LONGEST, scores + errors, np.inf)
