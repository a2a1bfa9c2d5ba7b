"""The folds of a variant, preprocessed within folds or before splitting, and their scores."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.analyses.preprocessing.variants import Variant
from skknn_syndrome.crossval.folds import Split, make_splits
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.grid import probabilities_by_k
from skknn_syndrome.heads.graph_scores.sources import FittedSteps, fit_steps
from skknn_syndrome.metrics import micro_average_roc_curve
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.neighbors import NeighborGraph
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.neighbors.voting import resolve_class_weight
from skknn_syndrome.preprocessing import refuse_parted_subjects, subjects_of_rows
from skknn_syndrome.preprocessing.before_splitting import prepare_before_split_and_leak

Curve = tuple[Float64Array, Float64Array, Float64Array]
"""A ROC curve: false and true positive rates, thresholds."""


@dataclass(frozen=True, eq=False)
class FoldMeasure:
    """What one distance gives on one fold."""

    scores: Mapping[str, Float64Array]
    """By name, tie bounds included: shape (n_n_neighbors,)."""
    hits: IndexArray
    """Shape (n_n_neighbors, n_classes): tested rows of each class that are recognised."""
    predicted: IndexArray
    """Shape (n_n_neighbors, n_classes): how often each class is predicted."""
    tested: IndexArray
    """Shape (n_classes,): tested rows of each class."""
    rocs: Mapping[int, Curve]
    """Micro-average ROC curves by k."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a gallery answers about a test part under one distance."""

    neighbors: Neighbors
    """Shape (n_queries, n_neighbors): rows of `known`."""
    known: IndexArray
    """Shape (n_rows,): class numbers."""
    counts: IndexArray
    """Shape (n_classes,): rows of each class in the gallery."""
    truth: IndexArray
    """Shape (n_queries,): true class numbers of the test part."""


def measure_fold(plan: Plan, asked: Asked, *, roc_at: Collection[int]) -> FoldMeasure:
    """Score every k of the grid on one test part.

    Parameters
    ----------
    plan : Plan
        With the grid and the classifier's weights.
    asked : Asked
        As many neighbours as the largest k, or all rows of a smaller gallery.
    roc_at : collection of int
        At which k ROC curves are kept.

    Returns
    -------
    FoldMeasure
    """
    n_classes, truth = len(asked.counts), asked.truth
    trained = asked.counts > 0
    shape = len(plan.n_neighbors), n_classes
    scores: list[dict[str, Float64Array]] = []
    hits, predicted = np.zeros(shape, dtype=np.intp), np.zeros(shape, dtype=np.intp)
    rocs: dict[int, Curve] = {}
    parts = probabilities_by_k(
        asked.neighbors,
        asked.known,
        np.minimum(plan.n_neighbors, asked.neighbors.indices.shape[1]).tolist(),
        weights=plan.classifier.weights,
        temperature=plan.classifier.temperature,
        class_weight=_class_weight(plan, asked.counts),
    )
    for places, probabilities in parts:
        scores.append(batch_scores(probabilities, truth, np.array([0]), trained[None]))
        for place, shares in zip(range(len(plan.n_neighbors))[places], probabilities, strict=True):
            named = shares.argmax(axis=1)
            hits[place] = np.bincount(truth[named == truth], minlength=n_classes)
            predicted[place] = np.bincount(named, minlength=n_classes)
            k = plan.n_neighbors[place]
            if k in roc_at:
                rocs[k] = micro_average_roc_curve(truth, shares, labels=np.arange(n_classes))
    return FoldMeasure(
        scores={name: np.concatenate([part[name][:, 0] for part in scores]) for name in scores[0]},
        hits=hits,
        predicted=predicted,
        tested=np.bincount(truth, minlength=n_classes),
        rocs=rocs,
    )


def _class_weight(plan: Plan, counts: IndexArray) -> Float64Array:
    """Return the factor of each class; "balanced" is by the gallery's rows, resampled ones included."""
    factors = np.ones(len(counts))
    trained = counts > 0
    factors[trained] = resolve_class_weight(
        plan.classifier.class_weight, plan.classes[trained], np.repeat(plan.classes, counts)
    )
    return factors


def follow_subjects(samplers: Sequence[Estimator], subjects: LabelArray) -> LabelArray | None:
    """Return whose rows come out of fitted steps, one sampler after another.

    Parameters
    ----------
    samplers : sequence of fitted estimator
        Those that do not resample pass rows on as they are.
    subjects : ndarray of shape (n_rows,)
        Of the rows that go in.

    Returns
    -------
    ndarray of shape (n_rows_out, n_parents) or None
        None where a sampler does not say where its rows came from.

    Examples
    --------
    >>> from skknn_syndrome.preprocessing import CentroidBalancer
    >>> balancer = CentroidBalancer(outlier_quantile=0.8)
    >>> _ = balancer.fit_resample([[0.0], [1.0], [2.0], [9.0], [5.0], [6.0]], list("aaaabb"))
    >>> follow_subjects([balancer], np.arange(6))[:, 0]
    array([1, 2, 4, 5])
    """
    followed: LabelArray = subjects[:, None]
    for sampler in samplers:
        if hasattr(sampler, "fit_resample"):
            try:
                followed = subjects_of_rows(sampler, followed)
            except StudySettingsError:
                return None
    return followed


def share_related(subjects: LabelArray, train: IndexArray, test: IndexArray) -> float:
    """Return the share of test rows that share a subject with the training rows.

    Parameters
    ----------
    subjects : ndarray of shape (n_rows, n_parents)
    train, test : ndarray of int
        Row numbers.

    Examples
    --------
    >>> share_related(np.array([["s1"], ["s1"], ["s2"]]), np.array([0]), np.array([1, 2]))
    0.5
    """
    return float(np.isin(subjects[test], subjects[train]).any(axis=1).mean())


@dataclass(frozen=True, eq=False)
class Fold:
    """One fold of one variant."""

    by_metric: Mapping[str, FoldMeasure]
    n_train: int
    """Rows that were asked, after resampling."""
    n_test: int
    share_related: float | None
    """Share of the test rows with relatives among them, None where that is not known."""


def fit_within_folds(plan: Plan, variant: Variant) -> Iterator[Fold]:
    """Scale and resample in each training part alone.

    The guard looks at every fold: where samplers say what their rows are made of, no row of a training part
    has a parent of a test row's subject.
    """
    subjects = _subjects(plan)
    for seed, splits in zip(plan.seeds, plan.splits, strict=True):
        for part in splits.parts:
            steps, by_metric = _fit_and_ask(plan, variant, seed, part, roc_at=plan.roc_at)
            yield Fold(by_metric, len(steps.rows), len(part.test), _guarded(steps, subjects, part))


def _fit_and_ask(
    plan: Plan, variant: Variant, seed: int, part: Split, *, roc_at: Collection[int] = ()
) -> tuple[FittedSteps, Mapping[str, FoldMeasure]]:
    data = plan.data
    with _named(variant):
        pipeline = variant.pipeline(seed, plan.classifier)
        steps = fit_steps(pipeline, data.array[part.train], data.labels[part.train])
    known, truth = (np.searchsorted(plan.classes, found) for found in (steps.labels, data.labels[part.test]))
    neighbors = exact_neighbors(
        steps.transform(data.array[part.test]),
        steps.rows,
        min(plan.n_neighbors[-1], len(steps.rows)),
        metrics=plan.metrics,
    )
    counts = np.bincount(known, minlength=len(plan.classes))
    return steps, {
        metric: measure_fold(plan, Asked(found, known, counts, truth), roc_at=roc_at)
        for metric, found in neighbors.items()
    }


def further_folds(plan: Plan, variant: Variant) -> Iterator[Mapping[str, FoldMeasure]]:
    """Score the folds of the plan's further splits by distance, scaled in each training part alone.

    Only for variants that are cheap. Where each row is prepared by itself, the training part has no say in
    it, and one graph of all rows answers every fold of every split.
    """
    if variant.row_wise:
        yield from _from_graph(plan, variant)
        return
    for seed, splits in zip(plan.further_seeds, plan.further, strict=True):
        for part in splits.parts:
            yield _fit_and_ask(plan, variant, seed, part)[1]


def _from_graph(plan: Plan, variant: Variant) -> Iterator[Mapping[str, FoldMeasure]]:
    data, parts = plan.data, [part for splits in plan.further for part in splits.parts]
    truth = np.searchsorted(plan.classes, data.labels)
    with _named(variant):
        rows = fit_steps(variant.pipeline(plan.seeds[0], plan.classifier), data.array, data.labels).rows
    depth = engine_depth(plan.n_neighbors[-1], [(part.train, part.test) for part in parts])
    graph = NeighborGraph.from_embeddings(rows, metrics=plan.metrics, depth=depth)
    for part in parts:
        yield {metric: _ask_graph(plan, graph, metric, truth, part) for metric in plan.metrics}


@contextmanager
def _named(variant: Variant) -> Iterator[None]:
    """Say which variant can't be fitted."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise StudySettingsError(
            f"The variant {quote(variant.scaler)} with {quote(variant.resampler)} can't be fitted, "
            f"leave it out: {error}"
        ) from error


def _subjects(plan: Plan) -> LabelArray:
    """Return whose each image is: its own where folds do not keep subjects together."""
    groups = plan.data.groups
    return np.arange(len(plan.data.labels)) if groups is None else groups


def _guarded(steps: FittedSteps, subjects: LabelArray, part: Split) -> float | None:
    samplers = [step for _, step in steps.pipeline.steps]
    gallery = follow_subjects(samplers, subjects[part.train])
    if gallery is None:
        return None
    tested = np.repeat(subjects[part.test][:, None], gallery.shape[1], axis=1)
    rows = np.concatenate([gallery, tested])
    split = np.arange(len(gallery)), np.arange(len(gallery), len(rows))
    refuse_parted_subjects(rows, [split])
    return share_related(rows, *split)


def fit_before_splitting(plan: Plan, variant: Variant) -> Iterator[Fold]:
    """Scale and resample all rows, and split afterwards: these scores do not carry over to new images."""
    data, subjects = plan.data, _subjects(plan)
    for seed in plan.seeds:
        with _named(variant):
            prepared = prepare_before_split_and_leak(data.array, data.labels, variant.seeded(seed))
        truth = np.searchsorted(plan.classes, prepared.labels)
        _refuse_small_classes(plan, variant, prepared.labels)
        splits = make_splits(prepared.labels, None, cv=plan.cv, random_state=seed)
        # Nothing is fitted inside these folds: one graph answers all of them.
        depth = engine_depth(plan.n_neighbors[-1], splits.as_cv())
        graph = NeighborGraph.from_embeddings(prepared.samples, metrics=plan.metrics, depth=depth)
        for part in splits.parts:
            yield Fold(
                {metric: _ask_graph(plan, graph, metric, truth, part) for metric in plan.metrics},
                len(part.train),
                len(part.test),
                None
                if prepared.parents is None
                else share_related(subjects[prepared.parents], part.train, part.test),
            )


def _refuse_small_classes(plan: Plan, variant: Variant, labels: LabelArray) -> None:
    classes, counts = np.unique(labels, return_counts=True)
    smallest = counts.argmin()
    # One class that is too small is only left out of some folds: scikit-learn warns of it.
    if counts.max() < plan.cv:
        raise StudySettingsError(
            f"Prepared by {quote(variant.scaler)} with {quote(variant.resampler)}, the largest syndrome has "
            f"{counts.max()} rows and {quote(classes[smallest])} has {counts[smallest]}: not enough for "
            f"{plan.cv} folds after resampling."
        )


def _ask_graph(plan: Plan, graph: NeighborGraph, metric: str, truth: IndexArray, part: Split) -> FoldMeasure:
    n_classes = len(plan.classes)
    allowed = np.zeros(len(truth), dtype=np.bool_)
    allowed[part.train] = True
    depth = min(plan.n_neighbors[-1], len(part.train))
    neighbors = graph.nearest_among(metric, part.test, allowed, depth)
    counts = np.bincount(truth[part.train], minlength=n_classes)
    return measure_fold(plan, Asked(neighbors, truth, counts, truth[part.test]), roc_at=())
