"""Out-of-fold predictions of a head at each training size: from one graph, or fit by fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from joblib import Parallel, delayed

from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.crossval.graph_probabilities import out_of_fold_probabilities
from skknn_syndrome.crossval.model_records import ModelRun
from skknn_syndrome.crossval.nested_models import (
    Contender,
    FoldFit,
    Images,
    fit_fold,
    inner_splits,
)
from skknn_syndrome.crossval.out_of_fold import OutOfFold
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.tasks import Target
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.results.candidate import CandidateKey

INNER_FOLDS = 5
"""By which parameters are chosen inside each training part."""


@dataclass(frozen=True, eq=False)
class HeadAnswers:
    """What a head says of all test parts at each size."""

    key: CandidateKey
    chosen: Literal["study", "inside"]
    said: Sequence[Sequence[OutOfFold]]
    """Of each size, in each repeat."""


def ask_best(run: ProtocolRun, sizes: Sequence[Sequence[Splits]]) -> HeadAnswers:
    """Ask the study's best candidate at each size.

    Parameters
    ----------
    run : ProtocolRun
    sizes : sequence of sequence of Splits
        Of each size, in each repeat; the whole training parts last, once.

    Returns
    -------
    HeadAnswers
    """
    if run.graph is not None:
        return _ask_graph(run, sizes)
    settings, winner = run.settings, run.scored.winner
    contender = Contender(settings.head, settings.estimator, {})
    found = _ask_fits(run, _alone(contender, run.parameters_of(winner)), sizes)
    return HeadAnswers(CandidateKey(head=winner.head, params=winner.params), "study", found.said)


def ask_head(run: ProtocolRun, head: Head, sizes: Sequence[Sequence[Splits]]) -> HeadAnswers:
    """Ask a head at each size, with parameters that are chosen inside each whole training part.

    A pipeline's other steps are none of it: it sees the embeddings as they came.
    """
    return _ask_fits(run, Contender(head, head.estimator(), head.grid), sizes)


def _ask_graph(run: ProtocolRun, sizes: Sequence[Sequence[Splits]]) -> HeadAnswers:
    """Ask nearest neighbours, from lists that are long enough for the smallest training parts."""
    best, labels = run.scored.winner, run.data.labels
    smallest = [split for splits in sizes[0] for split in splits.as_cv()]
    depth = min(engine_depth(best.n_neighbors, smallest, len(labels)), len(labels) - 1)
    graph = NeighborGraph.from_embeddings(
        run.data.samples, metrics=[best.metric], depth=depth, n_jobs=run.settings.n_jobs
    )
    asked: dict[str, Any] = {"metric": best.metric, "n_neighbors": best.n_neighbors, **run.voting(best)}
    said = [
        [out_of_fold_probabilities(graph, labels, splits.as_cv(), **asked) for splits in repeats]
        for repeats in sizes
    ]
    return HeadAnswers(CandidateKey(head=best.head, params=best.params), "study", said)


def _ask_fits(run: ProtocolRun, contender: Contender, sizes: Sequence[Sequence[Splits]]) -> HeadAnswers:
    """Fit a head at each size; parameters are chosen once a fold, on its whole training part."""
    data = run.data
    images = Images(
        data.samples,
        Target(data.labels, np.unique(data.labels)),
        data.groups_of(run.splits.protocol),
        data.task,
    )
    with Parallel(n_jobs=run.settings.n_jobs) as parallel:
        whole = _model(run, contender, images, parallel)
        alone = [_alone(contender, fit.params) for fit in whole.fits]
        said: list[list[OutOfFold]] = [
            [_fitted(contender, images, splits, alone, parallel).record for splits in repeats]
            for repeats in sizes[:-1]
        ]
    key = CandidateKey(head=contender.head.name, params=whole.choices[0][0].params)
    return HeadAnswers(key, "inside", [*said, [whole.record]])


def _model(run: ProtocolRun, contender: Contender, images: Images, parallel: Parallel) -> ModelRun:
    """Choose and fit on the whole training parts."""
    settings = run.settings
    several = len(contender.candidates) > 1
    fits = parallel(
        delayed(fit_fold)(
            contender,
            images,
            part,
            inner_splits(images, part.train, cv=INNER_FOLDS, random_state=settings.random_state)
            if several
            else (),
            settings.refit,
        )
        for part in run.splits.parts
    )
    return _as_run(contender, images, run.splits, fits)


def _fitted(
    contender: Contender, images: Images, splits: Splits, alone: Sequence[Contender], parallel: Parallel
) -> ModelRun:
    fits = parallel(
        delayed(fit_fold)(chosen, images, part, (), "")
        for part, chosen in zip(splits.parts, alone, strict=True)
    )
    return _as_run(contender, images, splits, fits)


def _alone(contender: Contender, params: Mapping[str, Any]) -> Contender:
    """Return what leaves nothing to be chosen."""
    return replace(contender, grid={name: [value] for name, value in params.items()})


def _as_run(contender: Contender, images: Images, splits: Splits, fits: Sequence[FoldFit]) -> ModelRun:
    return ModelRun(contender.head.name, "embeddings", contender, images, [splits], fits)
