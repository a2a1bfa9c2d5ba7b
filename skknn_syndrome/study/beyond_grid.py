"""The score curve beyond the upper edge of the grid."""

from collections.abc import Mapping, Sequence

import numpy as np

from skknn_syndrome._typing import Float64Array, FloatArray, LabelArray
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.neighbors.class_weights import ClassWeight
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.results import Candidate, ProtocolResult
from skknn_syndrome.results.grid_curve import CurveScore, GridCurve
from skknn_syndrome.study.engine.depth import engine_depth
from skknn_syndrome.study.engine.grid import IndexSplit, score_grid

STEPS = 5
"""Each multiplies k by the square root of 2: the last is 5.7 times the edge."""


def continue_beyond_grid(
    embeddings: FloatArray,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    run: ProtocolResult,
    *,
    weights: Mapping[str, Weights],
    temperature: float = 0.07,
    class_weight: ClassWeight = None,
    n_jobs: int | None = None,
) -> tuple[GridCurve, ...]:
    """Score larger k where the best lies on the upper edge of the grid.

    Parameters
    ----------
    embeddings : ndarray of shape (n_images, n_features)
        Rows that the classifier measures distances of. A graph of longer lists is made of them.
    labels : array of shape (n_images,)
        The class of each image.
    splits : sequence of (train, test)
        The protocol's folds.
    run : ProtocolResult
        Its scored candidates.
    weights : mapping of str to (str or callable)
        The voting scheme of each distance's best candidate.
    temperature, class_weight
        As in `SyndromeKNNClassifier`.
    n_jobs : int or None
        Threads.

    Returns
    -------
    tuple of GridCurve
        One for each distance whose best k is the largest of several and smaller than the smallest training
        part.
    """
    grid = {candidate.n_neighbors for candidate in run.candidates}
    smallest = min(len(train) for train, _ in splits)
    numbers = _numbers(max(grid), smallest)
    bests = [best for best in run.best.values() if best.n_neighbors == max(grid)]
    if len(grid) == 1 or len(numbers) == 1 or not bests:
        return ()
    graph = NeighborGraph.from_embeddings(
        embeddings,
        metrics=[best.metric for best in bests],
        depth=engine_depth(numbers[-1], splits, len(labels)),
        n_jobs=n_jobs,
    )
    return tuple(
        _curve(
            best,
            run.refit,
            numbers,
            score_grid(
                graph,
                labels,
                splits,
                metrics=[best.metric],
                n_neighbors=numbers,
                weights=[weights[best.metric]],
                temperature=temperature,
                class_weight=class_weight,
            ),
        )
        for best in bests
    )


def _numbers(edge: int, most: int) -> list[int]:
    """Return the edge and larger numbers in steps of the square root of 2, no larger than `most`."""
    steps = [round(edge * 2 ** (step / 2)) for step in range(STEPS + 1)]
    return sorted({edge, *(min(step, most) for step in steps if most > edge)})


def _curve(
    best: Candidate, refit: str, numbers: Sequence[int], found: Mapping[str, Float64Array]
) -> GridCurve:
    return GridCurve(
        metric=best.metric,
        weights=best.weights,
        refit=refit,
        edge=numbers[0],
        n_neighbors=tuple(numbers),
        all_scores=tuple(_describe(name, found[name][0, :, 0]) for name in SCORE_NAMES),
    )


def _describe(name: str, values: Float64Array) -> CurveScore:
    """Summarise values of shape (n_n_neighbors, n_splits)."""
    defined = [row[~np.isnan(row)] for row in values]
    return CurveScore(
        score=name,
        means=tuple(float(row.mean()) if row.size else None for row in defined),
        stds=tuple(float(row.std()) if row.size else None for row in defined),
    )
