"""Compiled loops over tiles and candidates: needs numba.

Scores are tested in runs of `RUN`, without a branch, so that the compiler can use vector instructions; only a
run that holds a hit is looked at one by one.
"""

from contextlib import suppress
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numba import njit

from skknn_syndrome._typing import Float32Array, Float64Array, FloatArray, Int32Array, Int64Array

Kernel = TypeVar("Kernel", bound=Any)

RUN = 16
"""Columns tested at a time; tiles are filled up to a multiple of it."""

ROW_BITS = 0xFFFFFFFF
"""The lower half of a key: the row number."""

EUCLIDEAN, COSINE = False, True
"""Which distance scores are for."""

BITS_MODULUS = 19
"""Divided by it, the first `RUN` powers of two leave different remainders."""

PLACE_OF_BIT = np.zeros(BITS_MODULUS, dtype=np.int64)
PLACE_OF_BIT[[2**place % BITS_MODULUS for place in range(RUN)]] = range(RUN)

TOGETHER = 8
"""Candidates whose squares are added side by side: one sum alone would wait for each addition to end."""

Lists: TypeAlias = tuple[Int64Array, Int32Array, Float32Array]
"""Keys (n, capacity), lengths (n,) and thresholds (n,) of each query's list."""


def cached(kernel: Kernel) -> Kernel:
    """Have numba keep a function's machine code: beside the module, else in the user's cache folder.

    Where neither can be written, ``numba.njit(cache=True)`` refuses the function. Here it is compiled anew in
    each process. A plain function, which ``NUMBA_DISABLE_JIT`` makes of a decorated one, stays as it is.

    Parameters
    ----------
    kernel : function decorated by ``numba.njit``
        It is changed in place.

    Returns
    -------
    the same
        So that this is a decorator.

    Examples
    --------
    >>> from numba import njit
    >>> @cached
    ... @njit
    ... def twice(number):
    ...     return 2 * number
    >>> twice(3)
    6
    """
    with suppress(RuntimeError, AttributeError):
        kernel.enable_caching()
    return kernel


@cached
@njit(nogil=True)
def make_key(score: np.float32, row: int) -> int:
    """Return a number that orders as (score, row) does, so that one comparison and one move do for both."""
    bits = np.int64(np.float32(score).view(np.int32))
    if bits < 0:  # negative floats order backwards
        bits ^= np.int64(0x7FFFFFFF)
    return int((bits << 32) | np.int64(row))


@cached
@njit(nogil=True)
def score_of(key: int) -> np.float32:
    """Return the score that a key was made of."""
    bits = np.int64(key) >> 32
    if bits < 0:
        bits ^= np.int64(0x7FFFFFFF)
    return np.int32(bits).view(np.float32)


@cached
@njit(nogil=True)
def select(keys: Int64Array, length: int, rank: int) -> np.float32:
    """Bring the `rank` smallest of the first `length` keys to the front, and return the largest's score."""
    low, high, place = 0, length - 1, rank - 1
    while low < high:
        pivot = keys[(low + high) >> 1]
        left, right = low, high
        while left <= right:
            while keys[left] < pivot:
                left += 1
            while keys[right] > pivot:
                right -= 1
            if left <= right:
                keys[left], keys[right] = keys[right], keys[left]
                left += 1
                right -= 1
        if place <= right:
            high = right
        elif place >= left:
            low = left
        else:
            break
    return score_of(keys[place])


@cached
@njit(nogil=True)
def cut(keys: Int64Array, lengths: Int32Array, thresholds: Float32Array, query: int, rank: int) -> None:
    """Keep the `rank` smallest of a query's list, and take the last one's score for its threshold."""
    thresholds[query] = select(keys[query], lengths[query], rank)
    lengths[query] = rank


@cached
@njit(nogil=True, inline="always")
def push(
    keys: Int64Array,
    lengths: Int32Array,
    thresholds: Float32Array,
    query: int,
    score: np.float32,
    row: int,
    n_wanted: int,
) -> None:
    """Append to a query's list; a full one keeps the `n_wanted` smallest, and lowers its threshold."""
    length = lengths[query]
    keys[query, length] = make_key(score, row)
    lengths[query] = length + 1
    if length + 1 == keys.shape[1]:
        cut(keys, lengths, thresholds, query, n_wanted)


@cached
@njit(nogil=True, inline="always")
def score_of_product(product: np.float32, factor: np.float32, cosine: bool) -> np.float32:  # noqa: FBT001
    """Return the score of a pair from its product: `factor` is the gallery row's inverse, or its half."""
    return -product * factor if cosine else factor - product


@cached
@njit(nogil=True)
def flag_runs(
    products: Float32Array,
    own: tuple[np.float32, np.float32, np.float32, np.float32],
    halves: Float32Array,
    inverses: Float32Array,
    euclidean_below: Float32Array,
    cosine_below: Float32Array,
    flags: Int32Array,
) -> int:
    """Note which runs of a row hold a score below a threshold: 1, 2 of the row's own, 4, 8 of a column's.

    `own` are the row's half, inverse and thresholds, the arrays the columns'. A flag is the number of the
    run times 16, plus the sum of these. Nothing is stored inside the loop over a run, and no branch taken, so
    that it becomes a few vector instructions.
    """
    half, inverse, below, cosine_limit = own
    n_flags = 0
    for run in range(products.shape[0] // RUN):
        start = run * RUN
        values = products[start : start + RUN]
        run_halves, run_inverses = halves[start : start + RUN], inverses[start : start + RUN]
        run_below, run_limits = euclidean_below[start : start + RUN], cosine_below[start : start + RUN]
        hits = np.int32(0)
        cosine_hits = np.int32(0)
        column_hits = np.int32(0)
        cosine_column_hits = np.int32(0)
        for place in range(RUN):
            value = values[place]
            hits |= np.int32(run_halves[place] - value < below)
            cosine_hits |= np.int32(-value * run_inverses[place] < cosine_limit)
            column_hits |= np.int32(half - value < run_below[place])
            cosine_column_hits |= np.int32(-value * inverse < run_limits[place])
        if hits | cosine_hits | column_hits | cosine_column_hits:
            flags[n_flags] = (
                (run << 4) | hits | (cosine_hits << 1) | (column_hits << 2) | (cosine_column_hits << 3)
            )
            n_flags += 1
    return n_flags


@cached
@njit(nogil=True, inline="always")
def push_row(  # noqa: PLR0913, PLR0917  a tuple would have its arrays' references counted at each call
    keys: Int64Array,
    lengths: Int32Array,
    thresholds: Float32Array,
    query: int,
    products: Float32Array,
    offset: int,
    start: int,
    factors: Float32Array,
    first: int,
    own: int,
    cosine: bool,  # noqa: FBT001  numba passes by position
    n_wanted: int,
) -> None:
    """Push the scores of a run of columns that are below a query's threshold.

    The products stand in row `offset` of the tile from column `start` on. Factors are the columns' inverses
    if `cosine`, else their halves; `first` is the first column's place among them; `own` is the place of the
    query itself, -1 if it isn't among the columns.
    """
    below = thresholds[query]
    hits = np.int32(0)
    # First all hits as bits, without a branch; then one branch a hit, and hardly a run has two.
    for place in range(RUN):
        score = score_of_product(products[offset, start + place], factors[first + place], cosine)
        hits |= np.int32(score < below) << np.int32(place)
    while hits:
        bit = hits & -hits
        hits ^= bit
        place = PLACE_OF_BIT[bit % BITS_MODULUS]
        score = score_of_product(products[offset, start + place], factors[first + place], cosine)
        if first + place != own and score < thresholds[query]:
            push(keys, lengths, thresholds, query, score, first + place, n_wanted)


@cached
@njit(nogil=True, inline="always")
def push_column(  # noqa: PLR0913, PLR0917  see `push_row`
    keys: Int64Array,
    lengths: Int32Array,
    thresholds: Float32Array,
    first: int,
    products: Float32Array,
    offset: int,
    start: int,
    factor: np.float32,
    row: int,
    cosine: bool,  # noqa: FBT001  numba passes by position
    n_wanted: int,
) -> None:
    """Push a row's scores to those of a run of queries whose thresholds they are below; as `push_row`."""
    hits = np.int32(0)
    for place in range(RUN):
        score = score_of_product(products[offset, start + place], factor, cosine)
        hits |= np.int32(score < thresholds[first + place]) << np.int32(place)
    while hits:
        bit = hits & -hits
        hits ^= bit
        place = PLACE_OF_BIT[bit % BITS_MODULUS]
        score = score_of_product(products[offset, start + place], factor, cosine)
        push(keys, lengths, thresholds, first + place, score, row, n_wanted)


@cached
@njit(nogil=True)
def scan(
    product: Float32Array,
    corner: tuple[int, int],
    itself: bool,  # noqa: FBT001  numba passes by position
    row_values: tuple[Float32Array, Float32Array],
    column_values: tuple[Float32Array, Float32Array],
    row_lists: tuple[Lists, Lists],
    column_lists: tuple[Lists, Lists],
    n_wanted: int,
) -> None:
    """Push what is below the thresholds of the tile's rows, and of its columns.

    `corner` are the places of the tile's first row and column; values are halves and inverses; lists are the
    Euclidean ones and the cosine ones. With `itself`, equal places are the same row.
    """
    row, column = corner
    width = product.shape[1]
    halves, inverses = column_values
    own_halves, own_inverses = row_values
    keys, lengths, thresholds = row_lists[0]
    cosine_keys, cosine_lengths, cosine_thresholds = row_lists[1]
    column_keys, column_lengths, column_thresholds = column_lists[0]
    column_cosine_keys, column_cosine_lengths, column_cosine_thresholds = column_lists[1]
    columns = slice(column, column + width)
    tile_halves, tile_inverses = halves[columns], inverses[columns]
    below, cosine_below = column_thresholds[columns], column_cosine_thresholds[columns]
    flags = np.empty(width // RUN, dtype=np.int32)
    for offset in range(product.shape[0]):
        query = row + offset
        own = query if itself else -1
        half, inverse = own_halves[query], own_inverses[query]
        n_flags = flag_runs(
            product[offset],
            (half, inverse, thresholds[query], cosine_thresholds[query]),
            tile_halves,
            tile_inverses,
            below,
            cosine_below,
            flags,
        )
        for number in range(n_flags):
            flag = flags[number]
            start = (flag >> 4) * RUN
            first = column + start
            if flag & 1:
                push_row(
                    keys, lengths, thresholds, query,
                    product, offset, start, halves, first, own, EUCLIDEAN, n_wanted,
                )  # fmt: skip
            if flag & 2:
                push_row(
                    cosine_keys, cosine_lengths, cosine_thresholds, query,
                    product, offset, start, inverses, first, own, COSINE, n_wanted,
                )  # fmt: skip
            if flag & 4:
                push_column(
                    column_keys, column_lengths, column_thresholds, first,
                    product, offset, start, half, query, EUCLIDEAN, n_wanted,
                )  # fmt: skip
            if flag & 8:
                push_column(
                    column_cosine_keys, column_cosine_lengths, column_cosine_thresholds, first,
                    product, offset, start, inverse, query, COSINE, n_wanted,
                )  # fmt: skip


@cached
@njit(nogil=True)
def tighten(lists: Lists, start: int, stop: int, rank: int) -> None:
    """Cut the lists of a run of queries to their `rank` smallest scores, where they are longer."""
    keys, lengths, thresholds = lists
    for query in range(start, stop):
        if lengths[query] > rank:
            cut(keys, lengths, thresholds, query, rank)


@cached
@njit(nogil=True, inline="always")
def square_differences(row: Float64Array, other: FloatArray, norm: float, squares: Float64Array) -> None:
    """Square the differences of a row to another, which is divided by its norm first."""
    if norm == 1:
        for feature in range(len(row)):
            difference = row[feature] - np.float64(other[feature])
            squares[feature] = difference * difference
    else:
        for feature in range(len(row)):
            difference = row[feature] - np.float64(other[feature]) / norm
            squares[feature] = difference * difference


@cached
@njit(nogil=True, inline="always")
def add_in_order(squares: Float64Array, sums: Float64Array) -> None:
    """Add up each of eight rows, feature by feature: one sum alone would wait for each addition to end."""
    a = b = c = d = e = f = g = h = 0.0
    for feature in range(squares.shape[1]):
        a += squares[0, feature]
        b += squares[1, feature]
        c += squares[2, feature]
        d += squares[3, feature]
        e += squares[4, feature]
        f += squares[5, feature]
        g += squares[6, feature]
        h += squares[7, feature]
    sums[:] = (a, b, c, d, e, f, g, h)


@cached
@njit(nogil=True, error_model="numpy")
def sum_squares(
    queries: FloatArray,
    gallery: FloatArray,
    ids: Int32Array,
    query_norms: Float64Array,
    gallery_norms: Float64Array,
    sums: Float64Array,
) -> None:
    """Add up the squared differences of each query to its candidates, all divided by their norms first.

    Every sum runs over the features in their order, so that it has the same bits as SciPy's.
    """
    squares = np.zeros((TOGETHER, queries.shape[1]))
    together = np.empty(TOGETHER)
    for query in range(len(queries)):
        row = queries[query].astype(np.float64) / query_norms[query]
        for start in range(0, ids.shape[1], TOGETHER):
            count = min(TOGETHER, ids.shape[1] - start)
            for place in range(count):
                other = ids[query, start + place]
                square_differences(row, gallery[other], gallery_norms[other], squares[place])
            add_in_order(squares, together)
            sums[query, start : start + count] = together[:count]
