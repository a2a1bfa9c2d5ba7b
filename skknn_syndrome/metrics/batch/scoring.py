"""Batch scores: all candidates on all folds, or one set of predictions under many sample weights."""

from collections.abc import Collection
from functools import cached_property
from typing import Final

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.batch.blocks import Block, blocks
from skknn_syndrome.metrics.batch.decisions import Decided, decide, grades_of
from skknn_syndrome.metrics.batch.pairs import pairs_of
from skknn_syndrome.metrics.counting import Tally
from skknn_syndrome.metrics.definition import Ranking, RankingScore, Ties
from skknn_syndrome.metrics.registry import ALL_NAMES, find_score, names_for

BATCH_NAMES: Final = ALL_NAMES
"""The scores, and the bounds over ties beside those of top-k."""

_LARGE: Final = 8 << 20
"""Bytes of an array that is larger than any which a block needs."""

_TIES: Final[tuple[Ties, ...]] = ("best", "by_rule", "worst")
"""The order of the ranks in `Grades`."""


def batch_scores(
    probabilities: Float64Array,
    truth: IndexArray,
    starts: IndexArray,
    known: BoolArray,
    *,
    names: Collection[str] | None = None,
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
        What `find_score` knows: what others take is not computed. All that serve so many classes by default.

    Returns
    -------
    dict of str to ndarray of float64, shape (n_candidates, n_segments)
        The scores, with the names of `score_probabilities`.

    Raises
    ------
    ValueError
        If a probability is negative or NaN, or there is no score of some name.

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
    found = {name: find_score(name) for name in (names_for(known.shape[1]) if names is None else names)}
    ks = {score.k for score, _ in found.values() if isinstance(score, RankingScore) and score.k is not None}
    scores = {name: np.empty((len(probabilities), len(starts))) for name in found}
    for block in blocks(probabilities, truth, starts, known):
        # Keys have no sign: a negative probability would pass for its absolute value. NaN is not >= 0 either.
        if not block.probabilities.min() >= 0:
            raise ParameterError(
                "probabilities has a negative number or NaN: give shares of votes, from 0 to 1, per class.",
                code="not_probabilities",
                parameter="probabilities",
            )
        counts = _OfBlock(block, tuple(sorted(ks)))
        with np.errstate(divide="ignore", invalid="ignore"):
            for name, score in found.items():
                scores[name][block.candidates, block.segments] = score.of(counts)
    return scores


def _keep_freed_memory() -> None:
    # The C library of Linux hands large arrays back to the system when they are freed, until one of them was
    # larger still: the page faults of getting them again would take as long as all the rest.
    np.empty(_LARGE, dtype=np.uint8)


class _OfBlock:
    """What the predictions of a block amount to, counted when it is asked for."""

    def __init__(self, block: Block, ks: tuple[int, ...]) -> None:
        self._block, self._ks = block, ks

    @cached_property
    def _decided(self) -> Decided:
        return decide(self._block, self._ks)

    @cached_property
    def tally(self) -> Tally:
        """Counts of shape (n_candidates, n_segments, n_classes)."""
        return Tally(self._decided.hits, self._decided.predicted, self._block.true)

    def ranking(self, ties: Ties) -> Ranking:
        """Rank the true classes."""
        return Ranking(lambda k: self.within(k)[..., _TIES.index(ties)], lambda: self._pairs)

    def within(self, k: int) -> Float64Array:
        """Return the shares of ranks within k, shape (n_candidates, n_segments, 3)."""
        if k not in self._ks:  # of a kernel that asks for more than its score's own k
            return _OfBlock(self._block, (k,)).within(k)
        return self._shares[..., self._ks.index(k)]

    @cached_property
    def _shares(self) -> Float64Array:
        """Shape (n_candidates, n_segments, 3, n_k)."""
        graded = self._decided.graded.astype(np.float64)
        shares: Float64Array = np.tensordot(graded, grades_of(self._ks).within, axes=1)
        return shares / self._block.lengths[:, None, None]

    @cached_property
    def _pairs(self) -> tuple[Float64Array, IndexArray]:
        return pairs_of(self._block)
