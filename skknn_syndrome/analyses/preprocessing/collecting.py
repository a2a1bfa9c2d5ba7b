"""The folds of one variant and distance, put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.analyses.preprocessing.effects import (
    ScoreCurve,
    SyndromeCurve,
    VariantResult,
    VariantRoc,
    Way,
)
from skknn_syndrome.analyses.preprocessing.folds import Fold
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.analyses.preprocessing.scoring import FoldMeasure
from skknn_syndrome.analyses.preprocessing.variants import Variant
from skknn_syndrome.crossval.refit_rules import composite, composite_scores
from skknn_syndrome.metrics import mean_roc_curve
from skknn_syndrome.metrics.registry import names_among, why_undefined
from skknn_syndrome.results.score import Score
from skknn_syndrome.statistics.roc_curves import GRID_POINTS, typed_curve


@dataclass(frozen=True, eq=False)
class Collected:
    """One variant with what comparisons need beside it."""

    entry: VariantResult
    scores: Mapping[str, Float64Array]
    """By name: shape (n_n_neighbors, n_folds)."""
    test_share: float
    """Mean size of a test part divided by that of a training part, as split."""
    further: Mapping[str, Float64Array] = field(default_factory=dict)
    """By name, those of further splits at the k where the variant is compared, shape (n_further_folds,)."""

    def at(self, score: str, place: int) -> Float64Array:
        """Return a score's folds at one place of the grid, shape (n_folds,)."""
        values: Float64Array = self.scores[score][place]
        return values

    def on_all_splits(self, score: str, place: int) -> Float64Array:
        """Return a score's folds likewise, those of further splits behind them; `place` is that of these."""
        if not self.further:
            return self.at(score, place)
        return np.concatenate([self.at(score, place), self.further[score]])


def collect(
    plan: Plan,
    variant: Variant,
    metric: str,
    way: Way,
    folds: Sequence[Fold],
) -> Collected:
    """Put the folds of one variant together, for one distance.

    Parameters
    ----------
    plan : Plan
    variant : Variant
    metric : str
    way : {"within_folds", "before_splitting"}
    folds : sequence of Fold
        The splits one after another.

    Returns
    -------
    Collected
    """
    measures = [fold.by_metric[metric] for fold in folds]
    scores = _stack(measures)
    best = composite(scores)
    reached = float(composite_scores(scores)[best])
    related = [fold.share_related for fold in folds if fold.share_related is not None]
    entry = VariantResult(
        scaler=variant.scaler,
        resampler=variant.resampler,
        metric=metric,
        way=way,
        curves=tuple(_curve(name, scores[name]) for name in names_among(scores)),
        best_n_neighbors=plan.n_neighbors[best],
        composite=reached if np.isfinite(reached) else None,
        scores=tuple(_typed(name, scores, best) for name in names_among(scores)),
        syndromes=_syndromes(plan, measures),
        rocs=tuple(
            VariantRoc(n_neighbors=k, curve=typed_curve(mean_roc_curve(curves, n_points=GRID_POINTS)))
            for k in measures[0].rocs
            for curves in [[measure.rocs[k] for measure in measures]]
        ),
        n_train_rows=float(np.mean([fold.n_train for fold in folds])),
        share_related=float(np.mean(related)) if len(related) == len(folds) else None,
    )
    return Collected(entry, scores, _test_share(plan, way, folds))


def _stack(measures: Sequence[FoldMeasure]) -> dict[str, Float64Array]:
    """Return scores by name, shape (n_n_neighbors, n_folds)."""
    return {
        name: np.stack([measure.scores[name] for measure in measures], axis=1) for name in measures[0].scores
    }


def _test_share(plan: Plan, way: Way, folds: Sequence[Fold]) -> float:
    """Return the size of test parts beside that of training parts, before anything is resampled in these."""
    n_test = np.mean([fold.n_test for fold in folds])
    if way == "before_splitting":
        return float(n_test / np.mean([fold.n_train for fold in folds]))
    return float(n_test / np.mean([len(part.train) for splits in plan.splits for part in splits.parts]))


def _curve(name: str, values: Float64Array) -> ScoreCurve:
    """Return means and deviations over the folds where the score is defined, as `Score` has them."""
    defined = ~np.isnan(values)
    n_defined = defined.sum(axis=1)
    with np.errstate(invalid="ignore"):  # 0 / 0 where it is nowhere defined
        means = np.where(defined, values, 0.0).sum(axis=1) / n_defined
        squares = np.where(defined, values - means[:, None], 0.0) ** 2
        stds = np.sqrt(squares.sum(axis=1) / n_defined)
    return ScoreCurve(score=name, means=_without_nan(means), stds=_without_nan(stds))


def _without_nan(values: Float64Array) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else value for value in values.tolist())


def _typed(name: str, scores: Mapping[str, Float64Array], place: int) -> Score:
    has_bounds = f"{name}_lower" in scores
    return Score.from_values(
        name,
        scores[name][place].tolist(),
        lower=scores[f"{name}_lower"][place].tolist() if has_bounds else None,
        upper=scores[f"{name}_upper"][place].tolist() if has_bounds else None,
        reason=why_undefined(name),
    )


def _syndromes(plan: Plan, measures: Sequence[FoldMeasure]) -> tuple[SyndromeCurve, ...]:
    hits = np.sum([measure.hits for measure in measures], axis=0)
    predicted = np.sum([measure.predicted for measure in measures], axis=0)
    tested = np.sum([measure.tested for measure in measures], axis=0)
    return tuple(
        SyndromeCurve(
            syndrome=str(label),
            precision=_ratio(hits[:, column], predicted[:, column]),
            recall=_ratio(hits[:, column], np.broadcast_to(tested[column], len(hits))),
            f1=_ratio(2 * hits[:, column], predicted[:, column] + tested[column]),
        )
        for column, label in enumerate(np.unique(plan.data.labels))
    )


def _ratio(hits: IndexArray, of: IndexArray) -> tuple[float | None, ...]:
    pairs = zip(hits.tolist(), of.tolist(), strict=True)
    return tuple(hit / total if total else None for hit, total in pairs)
