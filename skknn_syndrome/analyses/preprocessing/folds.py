"""The folds of a variant, preprocessed within folds or before splitting, and their scores."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.analyses.preprocessing.scoring import Asked, FoldMeasure, measure_folds, score_folds
from skknn_syndrome.analyses.preprocessing.training_parts import TrainingPart, named
from skknn_syndrome.analyses.preprocessing.variants import Variant
from skknn_syndrome.crossval.folds import Split, make_splits
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.sources import fit_steps
from skknn_syndrome.neighbors import NeighborGraph
from skknn_syndrome.preprocessing import refuse_parted_subjects, subjects_of_rows
from skknn_syndrome.preprocessing.before_splitting import Prepared, prepare_before_split_and_leak


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


def fit_within_folds(
    plan: Plan, variants: Sequence[Variant], *, graph: NeighborGraph | None = None
) -> list[list[Fold]]:
    """Scale and resample in each training part alone.

    The guard looks at every fold: where samplers say what their rows are made of, no row of a training part
    has a parent of a test row's subject.

    Parameters
    ----------
    plan : Plan
    variants : sequence of Variant
        Of one scaler.
    graph : NeighborGraph, optional
        From `graph_of`.

    Returns
    -------
    list of list of Fold
        For each variant its folds, the splits one after another.
    """
    subjects = _subjects(plan)
    told: list[list[_Told]] = [[] for _ in variants]
    for seed, splits in zip(plan.seeds, plan.splits, strict=True):
        for split in splits.parts:
            part = TrainingPart(plan, seed, split, graph=graph)
            for variant, own in zip(variants, told, strict=True):
                fitted = part.fit(variant)
                asked = part.ask(fitted, plan.n_neighbors[-1])
                related = _guarded(fitted.steps, subjects, split)
                own.append(_Told(asked, len(fitted.rows), len(split.test), related))
    return [_measured(plan, own, roc_at=plan.roc_at) for own in told]


@dataclass(frozen=True, eq=False)
class _Told:
    """A fold before it is scored."""

    asked: Mapping[str, Asked]
    n_train: int
    n_test: int
    share_related: float | None


def _measured(plan: Plan, told: Sequence[_Told], *, roc_at: Collection[int] = ()) -> list[Fold]:
    by_metric = {
        metric: measure_folds(plan, [one.asked[metric] for one in told], roc_at=roc_at)
        for metric in plan.metrics
    }
    return [
        Fold(
            {metric: measures[place] for metric, measures in by_metric.items()},
            one.n_train,
            one.n_test,
            one.share_related,
        )
        for place, one in enumerate(told)
    ]


def graph_of(plan: Plan, variant: Variant) -> NeighborGraph | None:
    """Return one graph of all images that answers every fold; None where something has to be fitted in these.

    Parameters
    ----------
    plan : Plan
    variant : Variant
        Of which the scaler alone is taken.

    Returns
    -------
    NeighborGraph or None
    """
    scaler = variant.scaling
    if not scaler.row_wise:
        return None
    data = plan.data
    with named(scaler):
        rows = fit_steps(scaler.pipeline(plan.seeds[0], plan.classifier), data.array, data.labels).rows
    depth = engine_depth(plan.n_neighbors[-1], plan.splits[0].as_cv())
    return NeighborGraph.from_embeddings(rows, metrics=plan.metrics, depth=depth)


def score_further_folds(
    plan: Plan, variant: Variant, n_neighbors: Mapping[str, int], *, graph: NeighborGraph | None = None
) -> dict[str, dict[str, Float64Array]]:
    """Score the folds of the plan's further splits at one k a distance, scaled in each training part alone.

    Only for variants that are cheap.

    Parameters
    ----------
    plan : Plan
    variant : Variant
    n_neighbors : mapping of str to int
        By distance.
    graph : NeighborGraph, optional
        From `graph_of`.

    Returns
    -------
    dict of str to dict of str to ndarray of shape (n_folds,)
        By distance and score.
    """
    asked: list[dict[str, Asked]] = []
    for seed, splits in zip(plan.further_seeds, plan.further, strict=True):
        for split in splits.parts:
            part = TrainingPart(plan, seed, split, graph=graph)
            asked.append(part.ask(part.fit(variant), max(n_neighbors.values())))
    return {metric: score_folds(plan, [one[metric] for one in asked], k) for metric, k in n_neighbors.items()}


def _subjects(plan: Plan) -> LabelArray:
    """Return whose each image is: its own where folds do not keep subjects together."""
    groups = plan.data.groups
    return np.arange(len(plan.data.labels)) if groups is None else groups


def _guarded(steps: Sequence[Estimator], subjects: LabelArray, part: Split) -> float | None:
    gallery = follow_subjects(steps, subjects[part.train])
    if gallery is None:
        return None
    tested = np.repeat(subjects[part.test][:, None], gallery.shape[1], axis=1)
    rows = np.concatenate([gallery, tested])
    split = np.arange(len(gallery)), np.arange(len(gallery), len(rows))
    refuse_parted_subjects(rows, [split])
    return share_related(rows, *split)


def prepare_whole(plan: Plan, variant: Variant, seed: int) -> Prepared:
    """Scale and resample all images at once."""
    with named(variant):
        return prepare_before_split_and_leak(plan.data.array, plan.data.labels, variant.seeded(seed))


def fit_before_splitting(
    plan: Plan,
    variant: Variant,
    *,
    first: Prepared | None = None,
    graph: NeighborGraph | None = None,
) -> list[Fold]:
    """Scale and resample all rows, and split afterwards: these scores do not carry over to new images.

    Parameters
    ----------
    plan : Plan
    variant : Variant
    first : Prepared, optional
        From `prepare_whole`, for the first seed.
    graph : NeighborGraph, optional
        From `graph_of`; used where nothing is resampled.

    Returns
    -------
    list of Fold
    """
    told: list[_Told] = []
    for place, seed in enumerate(plan.seeds):
        prepared = prepare_whole(plan, variant, seed) if place or first is None else first
        _refuse_small_classes(plan, variant, prepared.labels)
        splits = make_splits(prepared.labels, None, cv=plan.cv, random_state=seed)
        # Nothing is fitted inside these folds: one graph answers all of them.
        if graph is None or not variant.row_wise:
            depth = engine_depth(plan.n_neighbors[-1], splits.as_cv())
            own = NeighborGraph.from_embeddings(prepared.samples, metrics=plan.metrics, depth=depth)
        else:
            own = graph
        told += [_told_by_graph(plan, own, prepared, part) for part in splits.parts]
    return _measured(plan, told)


def _refuse_small_classes(plan: Plan, variant: Variant, labels: LabelArray) -> None:
    classes, counts = np.unique(labels, return_counts=True)
    smallest = counts.argmin()
    # One class that is too small is only left out of some folds: scikit-learn warns of it.
    if counts.max() < plan.cv:
        raise StudySettingsError(
            f"Prepared by {quote(variant.scaler)} with {quote(variant.resampler)}, the largest syndrome has "
            f"{counts.max()} rows and {quote(classes[smallest])} has {counts[smallest]}: not enough for "
            f"{plan.cv} folds after resampling.",
            code="too_few_rows",
        )


def _told_by_graph(plan: Plan, graph: NeighborGraph, prepared: Prepared, part: Split) -> _Told:
    truth = np.searchsorted(plan.classes, prepared.labels)
    counts = np.bincount(truth[part.train], minlength=len(plan.classes))
    allowed = np.zeros(len(truth), dtype=np.bool_)
    allowed[part.train] = True
    depth = min(plan.n_neighbors[-1], len(part.train))
    asked = {
        metric: Asked(found.distances, truth[found.indices], counts, truth[part.test])
        for metric in plan.metrics
        for found in [graph.nearest_among(metric, part.test, allowed, depth)]
    }
    parents = prepared.parents
    related = None if parents is None else share_related(_subjects(plan)[parents], part.train, part.test)
    return _Told(asked, len(part.train), len(part.test), related)
