"""Larger k: scores beyond the upper edge of the grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from skknn_syndrome._typing import Float64Array, FloatArray, LabelArray
from skknn_syndrome.analyses.larger_k.result import CurveScore, GridCurve, LargerK
from skknn_syndrome.crossval.alternatives import compare_with_best
from skknn_syndrome.crossval.collecting import typed_scores
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.repeats import candidate_scores
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.grid import IndexSplit, score_grid
from skknn_syndrome.metrics.registry import definitions, names_among
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.voting import ClassWeight
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.candidate import Candidate, CandidateKey
from skknn_syndrome.results.comparison import Alternative
from skknn_syndrome.results.protocol import ProtocolResult

STEPS = 5
"""Each multiplies k by the square root of 2: the last is 5.7 times the edge."""


@dataclass(frozen=True, eq=False)
class BeyondGrid:
    """Curves beyond the grid, and the longer lists of neighbours that they were scored from."""

    curves: tuple[GridCurve, ...]
    graph: NeighborGraph
    labels: LabelArray
    weights: Mapping[str, Weights]
    """The voting scheme of each distance's best candidate."""
    temperature: float
    class_weight: ClassWeight

    def score(
        self, metric: str, n_neighbors: Sequence[int], splits: Sequence[IndexSplit]
    ) -> dict[str, Float64Array]:
        """Return each score under one distance, shape (n_n_neighbors, n_splits)."""
        found = score_grid(
            self.graph,
            self.labels,
            splits,
            metrics=[metric],
            n_neighbors=n_neighbors,
            weights=[self.weights[metric]],
            temperature=self.temperature,
            class_weight=self.class_weight,
        )
        return {name: table[0, :, 0] for name, table in found.items()}


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
) -> BeyondGrid | None:
    """Score larger k of every distance where any score of any is best on the upper edge of the grid.

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
    BeyondGrid or None
        A curve a distance; None where the grid has one k alone, no score is best at its largest, or that is
        not smaller than the smallest training part.
    """
    grid = {candidate.n_neighbors for candidate in run.candidates}
    numbers = _numbers(max(grid), min(len(train) for train, _ in splits))
    if len(grid) == 1 or len(numbers) == 1 or not _has_best_at_edge(run, max(grid)):
        return None
    graph = NeighborGraph.from_embeddings(
        embeddings,
        metrics=list(run.best),
        depth=engine_depth(numbers[-1], splits, len(labels)),
        n_jobs=n_jobs,
    )
    found = BeyondGrid((), graph, labels, weights, temperature, class_weight)
    curves = (
        _curve(best, run.refit, numbers, found.score(metric, numbers, splits))
        for metric, best in run.best.items()
    )
    return replace(found, curves=tuple(curves))


def _has_best_at_edge(run: ProtocolResult, edge: int) -> bool:
    """Return whether any score is highest at the edge, under any distance and its best voting scheme."""
    for metric, best in run.best.items():
        members = [
            entry for entry in run.candidates if (entry.metric, entry.weights) == (metric, best.weights)
        ]
        for name in (score.name for score in definitions() if score.in_family and score.name in best.scores):
            means = {entry.n_neighbors: entry.scores[name].mean for entry in members}
            known = {k: mean for k, mean in means.items() if mean is not None}
            # Of equals the smallest k: a score that is the same everywhere is not best at the edge.
            if known and max(sorted(known), key=known.__getitem__) == edge:
                return True
    return False


def _numbers(edge: int, most: int) -> list[int]:
    """Return the edge and larger numbers in steps of the square root of 2, no larger than `most`."""
    steps = [round(edge * 2 ** (step / 2)) for step in range(STEPS + 1)]
    return sorted({edge, *(min(step, most) for step in steps if most > edge)})


def _curve(
    best: Candidate, refit: str, numbers: Sequence[int], found: Mapping[str, Float64Array]
) -> GridCurve:
    return GridCurve(
        head=best.head,
        params={**best.params, "n_neighbors": numbers[0]},
        refit=refit,
        grid=tuple(numbers),
        all_scores=tuple(_describe(name, found[name]) for name in names_among(found)),
    )


def _describe(name: str, values: Float64Array) -> CurveScore:
    """Summarise values of shape (n_n_neighbors, n_splits)."""
    defined = [row[~np.isnan(row)] for row in values]
    return CurveScore(
        score=name,
        means=tuple(float(row.mean()) if row.size else None for row in defined),
        stds=tuple(float(row.std()) if row.size else None for row in defined),
    )


def compare_larger_k(run: ProtocolRun, beyond: BeyondGrid) -> tuple[Alternative, ...]:
    """Compare each distance's best k beyond the grid with the best candidate over the repeated splits.

    Parameters
    ----------
    run : ProtocolRun
    beyond : BeyondGrid
        Its curves are of the study's own split, on which the k are taken: by the deciding score and by
        macro F1.

    Returns
    -------
    tuple of Alternative
        One for each k that is larger than the grid's largest.
    """
    best = candidate_scores(run, run.scored.winner, run.repeated)
    splits = [split for part in run.repeated for split in part.as_cv()]
    return tuple(
        compare_with_best(
            CandidateKey(head=curve.head, params={**curve.params, "n_neighbors": k}),
            "larger_k",
            typed_scores({name: table[0] for name, table in beyond.score(curve.metric, [k], splits).items()}),
            best,
            run,
            run.repeated,
        )
        for curve in beyond.curves
        for k in dict.fromkeys(curve.best_n_neighbors(score) for score in (curve.refit, "f1_macro"))
        if k is not None and k > curve.edge
    )


def score_larger_k(run: ProtocolRun) -> LargerK | None:
    """Score larger k where the best lies at the edge of the grid; None where it does not."""
    if run.graph is None:
        return None
    classifier = run.settings.estimator
    found = continue_beyond_grid(
        run.data.array,
        run.data.labels,
        run.splits.as_cv(),
        run.scored,
        weights={metric: run.voting(best)["weights"] for metric, best in run.scored.best.items()},
        temperature=classifier.temperature,
        class_weight=classifier.class_weight,
        n_jobs=run.settings.n_jobs,
    )
    if found is None:
        return None
    return LargerK(
        protocol=run.splits.protocol, curves=found.curves, alternatives=compare_larger_k(run, found)
    )


COST = Cost(
    "a graph of longer lists, and each larger k on each repeated split",
    (
        Term(1.6, "sort", ("images", "images", "distances")),
        Term(74.0, "sort", ("images", "classes", "distances", "repeats")),
        Term(3700.0, "sort", ("images", "distances", "repeats")),
        Term(37_000.0, "python", ("distances", "repeats")),
    ),
)

COMPUTATION = Computation(question="larger_k", cost=COST, compute=score_larger_k, needs="neighbors")
