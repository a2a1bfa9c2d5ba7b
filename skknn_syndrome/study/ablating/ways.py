"""The folds of a variant: prepared within training parts, or, to show what that does, before splitting."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import IndexArray, LabelArray
from skknn_syndrome.crossval.folds import Split, make_splits
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.neighbors import NeighborGraph
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.preprocessing import refuse_parted_subjects
from skknn_syndrome.study.ablating.measuring import Asked, FoldMeasure, measure_fold
from skknn_syndrome.study.ablating.plan import AblationPlan
from skknn_syndrome.study.ablating.relatives import follow_subjects, share_related
from skknn_syndrome.study.ablating.variants import Variant
from skknn_syndrome.study.engine.depth import engine_depth
from skknn_syndrome.study.engine.fitted_steps import FittedSteps, fit_steps
from skknn_syndrome.study.leaking import prepare_before_split_and_leak


@dataclass(frozen=True, eq=False)
class Fold:
    """One fold of one variant."""

    by_metric: Mapping[str, FoldMeasure]
    n_train: int
    """Rows that were asked, after resampling."""
    n_test: int
    share_related: float | None
    """Share of the test rows with relatives among them, None where that is not known."""


def honest_folds(plan: AblationPlan, variant: Variant) -> Iterator[Fold]:
    """Scale and resample in each training part alone.

    The guard looks at every fold: where samplers say what their rows are made of, no row of a training part
    has a parent of a test row's subject.
    """
    subjects = _subjects(plan)
    for seed, splits in zip(plan.seeds, plan.honest, strict=True):
        for part in splits.parts:
            steps, by_metric = _fit_and_ask(plan, variant, seed, part, roc_at=plan.roc_at)
            yield Fold(by_metric, len(steps.rows), len(part.test), _guarded(steps, subjects, part))


def _fit_and_ask(
    plan: AblationPlan, variant: Variant, seed: int, part: Split, *, roc_at: Collection[int] = ()
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


def further_folds(plan: AblationPlan, variant: Variant) -> Iterator[Mapping[str, FoldMeasure]]:
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


def _from_graph(plan: AblationPlan, variant: Variant) -> Iterator[Mapping[str, FoldMeasure]]:
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


def _subjects(plan: AblationPlan) -> LabelArray:
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


def leaky_folds(plan: AblationPlan, variant: Variant) -> Iterator[Fold]:
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


def _refuse_small_classes(plan: AblationPlan, variant: Variant, labels: LabelArray) -> None:
    classes, counts = np.unique(labels, return_counts=True)
    smallest = counts.argmin()
    # One class that is too small is only left out of some folds: scikit-learn warns of it.
    if counts.max() < plan.cv:
        raise StudySettingsError(
            f"Prepared by {quote(variant.scaler)} with {quote(variant.resampler)}, the largest syndrome has "
            f"{counts.max()} rows and {quote(classes[smallest])} has {counts[smallest]}: not enough for "
            f"{plan.cv} folds after resampling."
        )


def _ask_graph(
    plan: AblationPlan, graph: NeighborGraph, metric: str, truth: IndexArray, part: Split
) -> FoldMeasure:
    n_classes = len(plan.classes)
    allowed = np.zeros(len(truth), dtype=np.bool_)
    allowed[part.train] = True
    depth = min(plan.n_neighbors[-1], len(part.train))
    neighbors = graph.nearest_among(metric, part.test, allowed, depth)
    counts = np.bincount(truth[part.train], minlength=n_classes)
    return measure_fold(plan, Asked(neighbors, truth, counts, truth[part.test]), roc_at=())
