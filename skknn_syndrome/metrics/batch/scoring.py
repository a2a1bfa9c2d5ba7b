"""All scores of many candidates on all folds, from their probabilities."""

from collections.abc import Collection, Iterator
from typing import Final, get_args

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, ScoreName
from skknn_syndrome.metrics.batch.areas import mean_areas
from skknn_syndrome.metrics.batch.blocks import Block, blocks
from skknn_syndrome.metrics.batch.decisions import TOP_K, WITHIN, tally

BATCH_NAMES: Final = (
    *get_args(ScoreName),
    *(f"top_{k}_accuracy{bound}" for k in TOP_K for bound in ("_lower", "_upper")),
)
"""The scores, and the bounds over ties beside those of top-k."""

AREA: Final = "roc_auc_ovr"
"""The one score that takes sorting; all others follow from counts of decisions."""

_LARGE: Final = 8 << 20
"""Bytes of an array that is larger than any which a block needs."""

_TIES: Final = ("_upper", "", "_lower")
"""What the best rank, that by rule and the worst are the score of."""


def batch_scores(
    probabilities: Float64Array,
    truth: IndexArray,
    starts: IndexArray,
    known: BoolArray,
    *,
    names: Collection[str] = BATCH_NAMES,
) -> dict[str, Float64Array]:
    """Score every candidate on every segment, as `score_probabilities` scores one part.

    Rows are the images of all test parts, one part after the other: each part is a segment. Candidates are
    classifiers of the same rows, such as all k of a search. The scores, with their rules for missing and
    unknown classes, are those of `skknn_syndrome.metrics.score_table.score_probabilities`, given the rows of
    the segment and the columns that it knows. Undefined ones are NaN, without a warning.

    Memory beyond the input and the result stays below 16 MB, as long as no single segment has more than
    250,000 rows.

    Parameters
    ----------
    probabilities : ndarray of float64, shape (n_candidates, n_rows, n_classes)
        Finite and not negative, in C order; 0 in the columns of classes that the row's segment does not know.
    truth : ndarray of int, shape (n_rows,)
        Column of each row's true class, which the row's segment need not know.
    starts : ndarray of int, shape (n_segments,)
        First row of each segment: 0, then increasing.
    known : ndarray of bool, shape (n_segments, n_classes)
        Which classes the classifiers of the segment know; at least one.
    names : collection of str, optional
        Some of `BATCH_NAMES`: what others take is not computed.

    Returns
    -------
    dict of str to ndarray of float64, shape (n_candidates, n_segments)
        The scores, with the names and in the order of `score_probabilities`.

    Raises
    ------
    ValueError
        If a probability is negative or NaN.

    Examples
    --------
    >>> import numpy as np
    >>> probabilities = np.array([[[0.9, 0.1], [0.4, 0.6], [0.3, 0.7], [0.2, 0.8]]])
    >>> scores = batch_scores(
    ...     probabilities, np.array([0, 1, 1, 0]), np.array([0, 2]), np.ones((2, 2), dtype=np.bool_)
    ... )
    >>> scores["accuracy"], scores["roc_auc_ovr"]
    (array([[1. , 0.5]]), array([[1., 0.]]))
    """
    _keep_freed_memory()
    shape = (len(probabilities), len(starts))
    scores = {name: np.empty(shape) for name in BATCH_NAMES if name in names}
    for block in blocks(probabilities, truth, starts, known):
        # Keys have no sign: a negative probability would pass for its absolute value. NaN is not >= 0 either.
        if not block.probabilities.min() >= 0:
            raise ValueError(
                "probabilities has a negative number or NaN: give shares of votes, from 0 to 1, per class."
            )
        for name, values in _scores(block, scores):
            scores[name][block.candidates, block.segments] = values
    return scores


def _keep_freed_memory() -> None:
    # The C library of Linux hands large arrays back to the system when they are freed, until one of them was
    # larger still: the page faults of getting them again would take as long as all the rest.
    np.empty(_LARGE, dtype=np.uint8)


def _scores(block: Block, names: Collection[str]) -> Iterator[tuple[str, Float64Array]]:
    if AREA in names:
        yield AREA, mean_areas(block)
    if set(names) - {AREA}:
        yield from ((name, values) for name, values in _decided(block) if name in names)


def _decided(block: Block) -> Iterator[tuple[str, Float64Array]]:
    hits, predicted, graded = tally(block)
    true = block.true
    n_present = np.count_nonzero((true > 0) | (predicted > 0), axis=2)
    # A class that is never predicted (true) has precision (recall) 0: there are no hits to divide.
    precisions = (hits / np.maximum(predicted, 1)).sum(axis=2)
    recalls = (hits / np.maximum(true, 1)).sum(axis=2)
    f1_scores = (2 * hits / np.maximum(true + predicted, 1)).sum(axis=2)
    yield "f1_macro", f1_scores / n_present
    yield "accuracy", hits.sum(axis=2) / block.lengths
    yield "precision_macro", precisions / n_present
    yield "recall_macro", recalls / n_present
    yield "balanced_accuracy", recalls / np.count_nonzero(true, axis=1)
    within = np.tensordot(graded.astype(np.float64), WITHIN, axes=1) / block.lengths[:, None, None]
    for tie, bound in enumerate(_TIES):
        for number, k in enumerate(TOP_K):
            yield f"top_{k}_accuracy{bound}", within[..., tie, number]
