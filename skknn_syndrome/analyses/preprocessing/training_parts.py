"""A training part as variants make it, and its nearest rows: what variants share is done once."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from imblearn.pipeline import Pipeline

from skknn_syndrome._typing import Estimator, FloatArray, IndexArray, LabelArray
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.analyses.preprocessing.scoring import Asked
from skknn_syndrome.analyses.preprocessing.variants import Variant, seeded
from skknn_syndrome.crossval.folds import Split
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.heads.graph_scores.sources import fit_steps
from skknn_syndrome.neighbors import NeighborGraph
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.search import Neighbors


@dataclass(frozen=True, eq=False)
class Fitted:
    """What some first steps of a variant make of a training part and its queries."""

    steps: tuple[Estimator, ...]
    """Fitted, one after another."""
    rows: FloatArray
    labels: LabelArray
    kept: IndexArray
    """Images of the training part that `rows` begins with, only scaled, in their order; the rest is new."""
    queries: FloatArray
    """The test part, scaled likewise."""


class TrainingPart:
    """The training part of one split, for variants of one scaler.

    Parameters
    ----------
    plan : Plan
    seed : int
        Of samplers that draw.
    split : Split
    graph : NeighborGraph, optional
        Of all images, scaled as the variants have it; only where that takes each row by itself.
    """

    def __init__(self, plan: Plan, seed: int, split: Split, *, graph: NeighborGraph | None = None) -> None:
        self._plan, self._seed, self._split, self._graph = plan, seed, split, graph
        rows, labels = plan.data.array[split.train], plan.data.labels[split.train]
        everything = np.arange(len(rows))
        self._begun: dict[tuple[int, ...], Fitted] = {
            (): Fitted((), rows, labels, everything, plan.data.array[split.test])
        }
        self._lists: dict[bytes, Mapping[str, Neighbors]] = {}

    def fit(self, variant: Variant) -> Fitted:
        """Send the part through all steps of a variant, of which any first ones may have been done."""
        done: tuple[int, ...] = ()
        fitted = self._begun[done]
        with named(variant):
            for step in variant.steps:
                if isinstance(step, str):
                    continue
                done = (*done, id(step))
                if done not in self._begun:
                    fitted = self._go_on(fitted, step)
                    # What others begin with is small; synthetic rows are many, and nobody goes on from them.
                    if len(fitted.rows) <= len(self._split.train):
                        self._begun[done] = fitted
                fitted = self._begun.get(done, fitted)
        return fitted

    def _go_on(self, before: Fitted, step: Estimator) -> Fitted:
        pipeline = Pipeline([("step", seeded(step, self._seed)), ("knn", self._plan.classifier)])
        steps = fit_steps(pipeline, before.rows, before.labels)
        made = steps.pipeline.steps[0][1]
        done = (*before.steps, made)
        if hasattr(step, "fit_resample"):
            kept = _still_there(before, steps.rows, made)
            return Fitted(done, steps.rows, steps.labels, kept, before.queries)
        return Fitted(done, steps.rows, steps.labels, before.kept, steps.transform(before.queries))

    def ask(self, fitted: Fitted, n_neighbors: int) -> dict[str, Asked]:
        """Find the nearest rows of the test part for each distance."""
        classes = self._plan.classes
        known = np.searchsorted(classes, fitted.labels)
        counts = np.bincount(known, minlength=len(classes))
        truth = np.searchsorted(classes, self._plan.data.labels[self._split.test])
        return {
            metric: Asked(found.distances, known[found.indices], counts, truth)
            for metric, found in self._nearest(fitted, n_neighbors).items()
        }

    def _nearest(self, fitted: Fitted, n_neighbors: int) -> Mapping[str, Neighbors]:
        n_kept, n_rows = len(fitted.kept), len(fitted.rows)
        parts = [self._nearest_kept(fitted, min(n_neighbors, n_kept))] if n_kept else []
        if n_rows > n_kept:
            found = exact_neighbors(
                fitted.queries,
                fitted.rows[n_kept:],
                min(n_neighbors, n_rows - n_kept),
                metrics=self._plan.metrics,
            )
            parts.append(
                {metric: Neighbors(one.distances, one.indices + n_kept) for metric, one in found.items()}
            )
        return {
            metric: _merged([part[metric] for part in parts], min(n_neighbors, n_rows))
            for metric in self._plan.metrics
        }

    def _nearest_kept(self, fitted: Fitted, n_neighbors: int) -> Mapping[str, Neighbors]:
        """Look images up, which variants that append rows and those that do not have in common."""
        key = fitted.kept.tobytes()
        if key not in self._lists:
            whole = len(fitted.kept) == len(self._split.train)
            self._lists[key] = (
                self._from_graph(self._graph, n_neighbors)
                if whole and self._graph is not None
                else exact_neighbors(
                    fitted.queries,
                    fitted.rows[: len(fitted.kept)],
                    n_neighbors,
                    metrics=self._plan.metrics,
                )
            )
        return self._lists[key]

    def _from_graph(self, graph: NeighborGraph, n_neighbors: int) -> Mapping[str, Neighbors]:
        train, test = self._split.train, self._split.test
        allowed = np.zeros(graph.n_samples, dtype=np.bool_)
        allowed[train] = True
        places = np.empty(graph.n_samples, dtype=np.intp)
        places[train] = np.arange(len(train))
        found = {
            metric: graph.nearest_among(metric, test, allowed, n_neighbors) for metric in self._plan.metrics
        }
        return {metric: Neighbors(one.distances, places[one.indices]) for metric, one in found.items()}


def _still_there(before: Fitted, rows: FloatArray, sampler: Estimator) -> IndexArray:
    """Return which images the rows of a sampler begin with; none where that can't be told."""
    n_rows = len(before.rows)
    if len(rows) >= n_rows and np.array_equal(rows[:n_rows], before.rows):
        return before.kept
    chosen = np.asarray(getattr(sampler, "sample_indices_", ()))
    rising = chosen.ndim == 1 and len(chosen) == len(rows) and bool((np.diff(chosen) > 0).all())
    if rising and np.array_equal(rows, before.rows[chosen]):
        chosen = chosen[chosen < len(before.kept)]
        kept: IndexArray = before.kept[chosen]
        return kept
    return before.kept[:0]


def _merged(lists: Sequence[Neighbors], n_neighbors: int) -> Neighbors:
    """Return the nearest of several lists; of equally near rows those of the first list come first."""
    if len(lists) == 1:
        return lists[0]
    distances = np.concatenate([one.distances for one in lists], axis=1)
    indices = np.concatenate([one.indices for one in lists], axis=1)
    order = np.argsort(distances, axis=1, kind="stable")[:, :n_neighbors]
    return Neighbors(np.take_along_axis(distances, order, axis=1), np.take_along_axis(indices, order, axis=1))


@contextmanager
def named(variant: Variant) -> Iterator[None]:
    """Say which variant can't be fitted."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise StudySettingsError(
            f"The variant {quote(variant.scaler)} with {quote(variant.resampler)} can't be fitted, "
            f"leave it out: {error}",
            code="variant_not_fitted",
        ) from error
