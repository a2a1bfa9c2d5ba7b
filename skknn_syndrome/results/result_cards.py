"""Cards of a study, a comparison of models and an alignment of distances, for notebooks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

from skknn_syndrome.results.cards import Card
from skknn_syndrome.results.intervals import Interval
from skknn_syndrome.results.score import Score
from skknn_syndrome.wording import capitalised, counted, score_title

if TYPE_CHECKING:
    from skknn_syndrome.results.distance_alignment import DistanceAlignment
    from skknn_syndrome.results.model_comparison import ModelComparison
    from skknn_syndrome.results.study import StudyResult

MOST_ROWS: Final = 8
"""Scores, or models, on a card."""
NONE: Final = "\N{EN DASH}"


class _WithEnds(Protocol):
    @property
    def estimate(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...


def study_card(study: "StudyResult") -> Card:
    """Return the card of a study."""
    data, run = study.dataset, study.primary
    subjects = "" if data.n_subjects is None else f", {counted(data.n_subjects, 'subject')}"
    uncertainty = study.find("uncertainty")
    pooled = () if uncertainty is None else uncertainty.pooled
    intervals = (entry.scores for entry in pooled if entry.is_like(run.winner))
    found: Mapping[str, Interval] = next(intervals, {})
    return Card(
        kind="Study",
        name=data.name,
        facts={
            "Data": f"{counted(data.n_images, 'image')}{subjects}, {len(data.syndromes):,} classes",
            "Folds": f"{len(run.folds)}, {run.protocol}-level",
            "Best": run.winner.title,
        },
        headings=("Score", "Mean ± SD over folds", "Defined in", "Pooled (95 % CI)"),
        rows=_score_rows(run.winner.scores, run.refit, found),
        caption="Scores of the best configuration, the deciding one first",
        checks=[
            f"{check.outcome.capitalize()} {check.code}: {check.title}"
            for check in (*study.checks.issues, *study.checks.tips)
        ],
        calls=("study.checks.to_frame()", "study.plot.<TAB>", "study.tables", "study.to_frame()"),
    )


def _score_rows(
    scores: Mapping[str, Score], first: str, pooled: Mapping[str, Interval]
) -> tuple[tuple[str, ...], ...]:
    names = sorted(scores, key=lambda name: name != first)
    shown = names[:MOST_ROWS]
    return tuple(
        (capitalised(score_title(name)), *_score_cells(scores[name], pooled.get(name))) for name in shown
    )


def _score_cells(score: Score, pooled: Interval | None) -> tuple[str, str, str]:
    """Return mean and spread over the folds, in how many it is defined, and the pooled score."""
    return _mean(score), f"{score.n_defined} of {counted(len(score.values), 'fold')}", _ends(pooled)


def _mean(score: Score) -> str:
    return NONE if score.mean is None else f"{score.mean:.3f} ± {score.std:.3f}"


def _ends(found: _WithEnds | None) -> str:
    if found is None or found.estimate is None:
        return NONE
    has_ends = found.low is not None and found.high is not None
    ends = f" ({found.low:.3f} to {found.high:.3f})" if has_ends else ""
    return f"{found.estimate:.3f}{ends}"


def comparison_card(comparison: "ModelComparison") -> Card:
    """Return the card of a comparison of models."""
    data, found = comparison.dataset, comparison.models
    refit = found.refit
    return Card(
        kind="Comparison of models",
        name=data.name,
        facts={
            "Data": f"{counted(data.n_images, 'image')}, {len(comparison.class_names):,} classes",
            "Compared": f"{counted(len(found.models), 'model')} on {counted(len(found.folds), 'fold')}",
            "Best": found.best.title,
        },
        headings=(
            "Model",
            f"{capitalised(score_title(refit))}, mean ± SD over folds",
            "Defined in",
            "Pooled (95 % CI)",
        ),
        rows=tuple(
            (
                found.label(model.name),
                *_score_cells(model.scores[refit], model.pooled.scores.get(refit) if model.pooled else None),
            )
            for model in found.ranked[:MOST_ROWS]
        ),
        calls=("comparison.plot.<TAB>", "comparison.tables", "comparison.to_frame()"),
    )


def alignment_card(alignment: "DistanceAlignment") -> Card:
    """Return the card of an alignment of distances."""
    found, data = alignment.alignment, alignment.dataset
    return Card(
        kind="Alignment of distances",
        name=found.reference or "given distances",
        facts={
            **({} if data is None else {"Data": f"{data.name}, {counted(data.n_images, 'image')}"}),
            "Classes": f"{len(found.names):,}",
            "Visual distance": found.distance,
        },
        headings=("Coefficient", "Estimate (95 % CI)", "Mantel p"),
        rows=tuple(
            (
                entry.method.capitalize(),
                _ends(entry),
                NONE if entry.p_value is None else f"{entry.p_value:.3g}",
            )
            for entry in found.all_correlations
        ),
        calls=("alignment.plot.<TAB>", "alignment.tables", "alignment.to_frame()"),
    )
