"""The folds of a variant: resampled in each training part, or, to show what that does, before the split."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import IndexArray, LabelArray
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
from skknn_syndrome.study.splitting import Split, make_splits


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
    data = plan.data
    truth = np.searchsorted(plan.classes, data.labels)
    subjects = _subjects(plan)
    for seed, splits in zip(plan.seeds, plan.honest, strict=True):
        for part in splits.parts:
            with _named(variant):
                pipeline = variant.pipeline(seed, plan.classifier)
                steps = fit_steps(pipeline, data.array[part.train], data.labels[part.train])
            known = np.searchsorted(plan.classes, steps.labels)
            found = exact_neighbors(
                steps.transform(data.array[part.test]),
                steps.rows,
                min(plan.n_neighbors[-1], len(steps.rows)),
                metrics=plan.metrics,
            )
            counts = np.bincount(known, minlength=len(plan.classes))
            yield Fold(
                {
                    metric: measure_fold(
                        plan, Asked(neighbors, known, counts, truth[part.test]), roc_at=plan.roc_at
                    )
                    for metric, neighbors in found.items()
                },
                len(steps.rows),
                len(part.test),
                _guarded(steps, subjects, part),
            )


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
    """Scale and resample all rows, and split afterwards: what these scores say is not to be believed."""
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
