"""Compiled loops over tiles and candidates: needs numba.

Scores are tested in runs of `RUN`, without a branch, so that the compiler can use vector instructions; only a
run that holds a hit is looked at one by one.
"""

from typing import TypeAlias

import numpy as np
from numba import njit

from skknn_syndrome._typing import Float32Array, Float64Array, FloatArray, Int32Array

RUN = 16
"""Columns tested at a time; tiles are filled up to a multiple of it."""

TOGETHER = 8
"""Candidates whose squares are added side by side: one sum alone would wait for each addition to end."""

Lists: TypeAlias = tuple[Float32Array, Int32Array, Int32Array, Float32Array]
"""Scores (n, capacity), row numbers (n, capacity), lengths (n,) and thresholds (n,) of each query's list."""


@njit(nogil=True, cache=True)
def select(scores: Float32Array, ids: Int32Array, length: int, rank: int) -> np.float32:
    """Bring the `rank` smallest of the first `length` scores to the front, and return the largest of them."""
    low, high, place = 0, length - 1, rank - 1
    while low < high:
        pivot = scores[(low + high) >> 1]
        left, right = low, high
        while left <= right:
            while scores[left] < pivot:
                left += 1
            while scores[right] > pivot:
                right -= 1
            if left <= right:
                scores[left], scores[right] = scores[right], scores[left]
                ids[left], ids[right] = ids[right], ids[left]
                left += 1
                right -= 1
        if place <= right:
            high = right
        elif place >= left:
            low = left
        else:
            break
    return scores[place]


@njit(nogil=True, cache=True)
def push(lists: Lists, query: int, score: np.float32, row: int, n_wanted: int) -> None:
    """Append to a query's list; a full one keeps the `n_wanted` smallest, and lowers its threshold."""
    scores, ids, lengths, thresholds = lists
    length = lengths[query]
    scores[query, length] = score
    ids[query, length] = row
    length += 1
    if length == scores.shape[1]:
        thresholds[query] = select(scores[query], ids[query], length, n_wanted)
        length = n_wanted
    lengths[query] = length


@njit(nogil=True, cache=True)
def flag_runs(
    products: Float32Array,
    own: tuple[np.float32, np.float32, np.float32, np.float32],
    halves: Float32Array,
    inverses: Float32Array,
    euclidean_below: Float32Array,
    cosine_below: Float32Array,
    flags: Int32Array,
) -> int:
    """Note which runs of a row hold a score below a threshold: 1 and 2 of the row's own, 4 and 8 of a column's.

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


@njit(nogil=True, cache=True)
def scan(
    product: Float32Array,
    row: int,
    column: int,
    itself: bool,  # noqa: FBT001  numba passes by position
    row_values: tuple[Float32Array, Float32Array],
    column_values: tuple[Float32Array, Float32Array],
    euclidean: Lists,
    cosine: Lists,
    column_euclidean: Lists,
    column_cosine: Lists,
    n_wanted: int,
) -> None:
    """Push what is below the thresholds of the tile's rows, and of its columns.

    `row` and `column` are the numbers of the tile's first ones; the values are halves and inverses of
    operands. With `itself`, equal numbers are the same row.
    """
    halves, inverses = column_values
    width = product.shape[1]
    flags = np.empty(width // RUN, dtype=np.int32)
    euclidean_below, cosine_below = euclidean[3], cosine[3]
    column_below, column_limits = column_euclidean[3], column_cosine[3]
    for offset in range(product.shape[0]):
        query = row + offset
        half, inverse = row_values[0][query], row_values[1][query]
        n_flags = flag_runs(
            product[offset],
            (half, inverse, euclidean_below[query], cosine_below[query]),
            halves[column : column + width],
            inverses[column : column + width],
            column_below[column : column + width],
            column_limits[column : column + width],
            flags,
        )
        for flag in flags[:n_flags]:
            start = (flag >> 4) * RUN
            first = column + start
            products = product[offset, start : start + RUN]
            if flag & 1:
                for place in range(RUN):
                    score = halves[first + place] - products[place]
                    if score < euclidean_below[query] and not (itself and first + place == query):
                        push(euclidean, query, score, first + place, n_wanted)
            if flag & 2:
                for place in range(RUN):
                    score = -products[place] * inverses[first + place]
                    if score < cosine_below[query] and not (itself and first + place == query):
                        push(cosine, query, score, first + place, n_wanted)
            if flag & 4:
                for place in range(RUN):
                    score = half - products[place]
                    if score < column_below[first + place]:
                        push(column_euclidean, first + place, score, query, n_wanted)
            if flag & 8:
                for place in range(RUN):
                    score = -products[place] * inverse
                    if score < column_limits[first + place]:
                        push(column_cosine, first + place, score, query, n_wanted)


@njit(nogil=True, cache=True)
def tighten(lists: Lists, start: int, stop: int, rank: int) -> None:
    """Cut the lists of a run of queries to their `rank` smallest scores, where they are longer."""
    scores, ids, lengths, thresholds = lists
    for query in range(start, stop):
        if lengths[query] > rank:
            thresholds[query] = select(scores[query], ids[query], lengths[query], rank)
            lengths[query] = rank


@njit(nogil=True, cache=True, error_model="numpy")
def sum_squares(
    queries: FloatArray,
    gallery: FloatArray,
    ids: Int32Array,
    query_norms: Float64Array,
    gallery_norms: Float64Array,
    squares: Float64Array,
) -> None:
    """Add up, feature by feature, the squared differences of each query to its candidates.

    If there are norms, rows are divided by them first. Every sum runs over the features in their order, so that it
    has the same bits as SciPy's.
    """
    n_features = queries.shape[1]
    held = np.empty((TOGETHER, n_features))
    row = np.empty(n_features)
    for query in range(len(queries)):
        for feature in range(n_features):
            row[feature] = np.float64(queries[query, feature])
        if len(query_norms):
            row /= query_norms[query]
        for start in range(0, ids.shape[1], TOGETHER):
            count = min(TOGETHER, ids.shape[1] - start)
            for place in range(count):
                other = ids[query, start + place]
                if len(gallery_norms):
                    norm = gallery_norms[other]
                    for feature in range(n_features):
                        difference = row[feature] - np.float64(gallery[other, feature]) / norm
                        held[place, feature] = difference * difference
                else:
                    for feature in range(n_features):
                        difference = row[feature] - np.float64(gallery[other, feature])
                        held[place, feature] = difference * difference
            a = b = c = d = e = f = g = h = 0.0
            for feature in range(n_features):
                a += held[0, feature]
                b += held[1, feature]
                c += held[2, feature]
                d += held[3, feature]
                e += held[4, feature]
                f += held[5, feature]
                g += held[6, feature]
                h += held[7, feature]
            sums = (a, b, c, d, e, f, g, h)
            for place in range(count):
                squares[query, start + place] = sums[place]
