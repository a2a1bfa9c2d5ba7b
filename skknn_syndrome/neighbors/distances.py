"""Distances between all pairs of two sets of rows, in float64, each the same wherever its pair stands."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from scipy.spatial.distance import cdist

from skknn_syndrome._typing import BoolArray, Float64Array, FloatArray, IndexArray

Pairwise: TypeAlias = Callable[[Float64Array, Float64Array], Float64Array]
"""From (n_rows, n_features) and (n_gallery, n_features) to distances of shape (n_rows, n_gallery)."""

SAFE_FROM = 2.0**-400
"""From here upwards no square that underflowed can have mattered to a Euclidean distance."""

RESCALING = 2.0**600
"""A power of two, so exact: brings distances below `SAFE_FROM` and those that overflowed into range."""

MODERATE = 2.0**300
"""Norms between this and its inverse need no scaling."""

VALUES_AT_ONCE = 2**16
"""Numbers held at a time while single pairs are computed again: half a megabyte, which stays in cache."""


def row_blocks(n_rows: int, size: int) -> Iterator[slice]:
    """Yield runs of at most `size` rows; `gen_batches` of scikit-learn would take a second to import.

    Examples
    --------
    >>> list(row_blocks(5, 3))
    [slice(0, 3, None), slice(3, 5, None)]
    """
    for start in range(0, n_rows, size):
        yield slice(start, min(start + size, n_rows))


def euclidean_distances(rows: Float64Array, gallery: Float64Array) -> Float64Array:
    r"""Return the Euclidean distances :math:`\sqrt{\sum_j (x_j - y_j)^2}` of all pairs.

    Differences are squared and added in the order of the features, never expanded into products, and no
    BLAS takes part: a pair's value is the same bits in any batch, at any place and with the roles swapped.
    Scaling both sides by a power of two scales the result exactly, down to 1e-300 and up to 1e300.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features), float64, finite
    gallery : ndarray of shape (n_gallery, n_features), float64, finite

    Returns
    -------
    ndarray of shape (n_rows, n_gallery)
        A distance above the largest float64 is infinite.

    Examples
    --------
    >>> euclidean_distances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 2.0]]))
    array([[5., 2.]])
    """
    distances: Float64Array = cdist(rows, gallery, "euclidean")
    unsure = _out_of_range(distances)
    left, right = np.nonzero(unsure)
    distances[left, right] = _mended(rows, gallery, left, right, too_large=np.isinf(distances[left, right]))
    return distances


def mend_range(
    distances: Float64Array, rows: FloatArray, gallery: FloatArray, left: IndexArray, right: IndexArray
) -> None:
    """Compute anew, in place, those Euclidean distances of pairs whose squares under- or overflowed.

    Parameters
    ----------
    distances : ndarray of shape (n_pairs,)
        As SciPy's kernel has them.
    rows : ndarray of shape (n_rows, n_features)
    gallery : ndarray of shape (n_gallery, n_features)
    left, right : ndarray of shape (n_pairs,)
        The pairs (rows[left], gallery[right]).
    """
    unsure = np.flatnonzero(_out_of_range(distances))
    distances[unsure] = _mended(
        rows, gallery, left[unsure], right[unsure], too_large=np.isinf(distances[unsure])
    )


def _out_of_range(distances: Float64Array) -> BoolArray:
    """Return where squares may have under- or overflowed, before the distance does; identical rows too."""
    return np.asarray(~((distances >= SAFE_FROM) & (distances < np.inf)))


def _mended(
    rows: FloatArray, gallery: FloatArray, left: IndexArray, right: IndexArray, *, too_large: BoolArray
) -> Float64Array:
    step = max(1, VALUES_AT_ONCE // rows.shape[1])
    mended = np.empty(len(left))
    for start in range(0, len(left), step):
        part = slice(start, start + step)
        mended[part] = _rescaled_distances(rows, gallery, left[part], right[part], too_large=too_large[part])
    return mended


def _rescaled_distances(
    rows: FloatArray, gallery: FloatArray, i: IndexArray, j: IndexArray, *, too_large: BoolArray
) -> Float64Array:
    """Return the Euclidean distances of the pairs (rows[i], gallery[j]), by way of exact rescaling."""
    # Large values shrink before the difference, which could overflow; small ones grow after it, since
    # a tiny difference of large values could not be scaled up sooner.
    before = np.where(too_large, 1 / RESCALING, 1.0)
    after = np.where(too_large, 1.0, RESCALING)
    left, right = np.asarray(rows[i], np.float64), np.asarray(gallery[j], np.float64)
    differences = (left * before[:, None] - right * before[:, None]) * after[:, None]
    with np.errstate(over="ignore"):  # a distance above the largest float64 is infinite
        scaled: Float64Array = _lengths(differences) / (before * after)
    return scaled


def _lengths(rows: Float64Array) -> Float64Array:
    """Return the Euclidean norms of rows of moderate size, added up in the order of the features."""
    origin = np.zeros((1, rows.shape[1]))
    # Several rows on the right are added up side by side.
    lengths: Float64Array = cdist(origin, rows, "euclidean")[0]
    return lengths


def row_lengths(rows: FloatArray) -> Float64Array:
    """Return the Euclidean norms of rows of any size, to a few units of rounding.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features)
        Infinite where scaling overflowed; a norm is then infinite.

    Returns
    -------
    ndarray of shape (n_rows,)

    Examples
    --------
    >>> row_lengths(np.array([[3.0, 4.0], [3e-300, 4e-300]]))
    array([5.e+000, 5.e-300])
    """
    lengths: Float64Array = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    # Squares under- or overflowed, or the row is zero.
    unsure = _out_of_range(lengths)
    if unsure.any():
        few = np.asarray(rows[unsure], dtype=np.float64)
        _, exponents = np.frexp(np.abs(few).max(axis=1, keepdims=True))
        with np.errstate(over="ignore"):  # a norm above the largest float64 is infinite
            lengths[unsure] = np.ldexp(np.linalg.norm(np.ldexp(few, -exponents), axis=1), exponents[:, 0])
    return lengths


def unit_rows(rows: FloatArray) -> Float64Array:
    """Return the rows divided by their Euclidean norms; zero rows stay zero.

    Each row is first brought to a largest absolute value in [0.5, 1) by a power of two, which is exact, so
    that norms neither under- nor overflow and rows that differ by a power of two give the same bits.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features), finite

    Returns
    -------
    ndarray of shape (n_rows, n_features)

    Examples
    --------
    >>> unit_rows(np.array([[3e-300, 4e-300], [0.0, 0.0]]))
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    wide = np.asarray(rows, dtype=np.float64)
    norms = _lengths(wide)[:, None]
    if _is_moderate(norms):
        # The same bits: a power of two on both sides changes none. Memory that is in use spares new pages.
        return np.divide(wide, norms, out=None if rows.dtype == np.float64 else wide)
    _, exponents = np.frexp(np.abs(wide).max(axis=1, keepdims=True))
    # In two steps: the power of two that lifts a row of subnormal numbers is itself too large for float64.
    half = -exponents // 2
    scaled: Float64Array = wide * np.ldexp(1.0, half)
    scaled *= np.ldexp(1.0, -exponents - half)
    norms = _lengths(scaled)[:, None]
    scaled /= np.where(norms > 0, norms, 1.0)
    return scaled


def _is_moderate(norms: Float64Array) -> bool:
    """Return whether what underflowed in sums of squares, if anything, is far below their rounding."""
    return len(norms) > 0 and bool(norms.min() > 1 / MODERATE and norms.max() < MODERATE)


def unit_divisors(rows: FloatArray) -> Float64Array:
    """Return what `unit_rows` divides rows by, for rows of moderate size; infinite for zero rows.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features), finite

    Returns
    -------
    ndarray of shape (n_rows,)

    Examples
    --------
    >>> unit_divisors(np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([ 5., inf])
    """
    divisors = np.empty(len(rows))
    for block in row_blocks(len(rows), max(1, VALUES_AT_ONCE // rows.shape[1])):
        part = np.asarray(rows[block], dtype=np.float64)
        _, exponents = np.frexp(np.abs(part).max(axis=1))
        norms = np.ldexp(_lengths(np.ldexp(part, -exponents[:, None])), exponents)
        divisors[block] = np.where(norms > 0, norms, np.inf)
    return divisors


def unit_cosine_distances(unit: Float64Array, unit_gallery: Float64Array) -> Float64Array:
    """Return the cosine distances of rows that went through `unit_rows`: see `cosine_distances`."""
    distances: Float64Array = cdist(unit, unit_gallery, "sqeuclidean")
    # No row but a zero row has a zero unit row.
    finish_cosine(distances, zero_rows(unit)[:, None] | zero_rows(unit_gallery))
    return distances


def zero_rows(rows: FloatArray) -> BoolArray:
    """Return which rows, of shape (n_rows, n_features), are all zero."""
    zero: BoolArray = np.equal(rows[:, 0], 0)  # few are, and only they are looked at further
    zero[zero] = ~np.any(rows[zero], axis=1)
    return zero


def finish_cosine(squares: Float64Array, undirected: BoolArray) -> None:
    """Turn squared distances of unit rows into cosine distances, in place.

    Parameters
    ----------
    squares : ndarray
    undirected : ndarray of the same shape
        The pairs with a zero row, whose distance is 1.
    """
    squares *= 0.5
    np.minimum(squares, 2.0, out=squares)  # opposite directions exceed 2 by a few units of rounding
    squares[undirected] = 1.0


def cosine_distances(rows: Float64Array, gallery: Float64Array) -> Float64Array:
    r"""Return the cosine distances :math:`1 - \cos(x, y)` of all pairs, from 0 to 2.

    Computed as :math:`\frac12 \bigl|\frac{x}{|x|} - \frac{y}{|y|}\bigr|^2`, which equals
    :math:`1 - \cos(x, y)` but keeps its digits where two rows nearly agree. A zero row has distance 1 to
    every row, zero rows included. As for `euclidean_distances`, a pair's value depends on the pair alone.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features), float64, finite
    gallery : ndarray of shape (n_gallery, n_features), float64, finite

    Returns
    -------
    ndarray of shape (n_rows, n_gallery)

    Examples
    --------
    >>> cosine_distances(np.array([[1.0, 0.0]]), np.array([[2.0, 0.0], [0.0, 5.0], [-1.0, 0.0], [0.0, 0.0]]))
    array([[0., 1., 2., 1.]])
    """
    return unit_cosine_distances(unit_rows(rows), unit_rows(gallery))


def manhattan_distances(rows: Float64Array, gallery: Float64Array) -> Float64Array:
    r"""Return the Manhattan distances :math:`\sum_j |x_j - y_j|` of all pairs.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features), float64, finite
    gallery : ndarray of shape (n_gallery, n_features), float64, finite

    Returns
    -------
    ndarray of shape (n_rows, n_gallery)
        A distance above the largest float64 is infinite.

    Examples
    --------
    >>> manhattan_distances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]]))
    array([[7.]])
    """
    distances: Float64Array = cdist(rows, gallery, "cityblock")
    return distances


PAIRWISE: Mapping[str, Pairwise] = MappingProxyType(
    {
        "euclidean": euclidean_distances,
        "cosine": unit_cosine_distances,
        "manhattan": manhattan_distances,
    }
)
"""By metric: distances of rows that `prepare_rows` has made ready for it."""


def prepare_rows(rows: FloatArray, metric: str) -> Float64Array:
    """Return rows in double precision, as `PAIRWISE[metric]` wants them: unit rows for cosine."""
    return unit_rows(rows) if metric == "cosine" else np.asarray(rows, dtype=np.float64)
