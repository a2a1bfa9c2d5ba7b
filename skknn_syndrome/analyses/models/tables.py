"""Tables of compared models, a row a model, a difference, a choice or a fold."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from skknn_syndrome.analyses.models.findings import main_scores
from skknn_syndrome.analyses.models.result import Model, ModelDifference, ModelsAnalysis
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.results.comparison import judging_scores
from skknn_syndrome.results.intervals import Interval
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.wording import capitalised, score_title

_MODEL = Column("model", "Model", longest=120)
_NAMED = frozenset({"model", "reference", "other"})
"""Columns of names of models."""


def for_report(table: Table, found: ModelsAnalysis) -> Table:
    """Return a table with models called as readers know them."""
    named = [column.key in _NAMED for column in table.columns]
    rows = (
        tuple(found.label(str(cell)) if is_name else cell for cell, is_name in zip(row, named, strict=True))
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def model_scores(found: ModelsAnalysis) -> Table:
    """Return all scores of every model, the best first: over the folds, pooled, and by subject."""
    names = list(found.models[0].scores)
    return Table(
        name="model_scores",
        caption=_caption(found),
        columns=(
            _MODEL,
            Column("encoder", "Encoder"),
            Column("classifier", "Head"),
            Column("n_features", "Features"),
            Column("n_candidates", "Candidates"),
            *(column for name in names for column in _score_columns(name)),
            Column("log_loss", "Log loss", decimals=3),
            Column("expected_calibration_error", "ECE", decimals=3),
            Column("brier_score", "Brier score", decimals=3),
        ),
        rows=tuple(_score_row(model, names) for model in found.ranked),
    )


def _caption(found: ModelsAnalysis) -> str:
    pooled = found.best.pooled
    intervals = (
        ""
        if pooled is None
        else f", and {score_title(found.refit)} of all predictions, pooled, with "
        f"{100 * pooled.confidence:.0f} % confidence interval over resampled {pooled.unit}"
    )
    return f"Models by mean {score_title(found.refit)}, the best first: means over the folds{intervals}"


def _score_columns(name: str) -> Iterator[Column]:
    title = capitalised(score_title(name))
    yield Column(name, title, decimals=3)
    yield Column(f"{name}_std", "SD", decimals=3)
    yield Column(f"{name}_pooled", "Pooled", decimals=3)
    yield Column(f"{name}_low", "From", decimals=3)
    yield Column(f"{name}_high", "To", decimals=3)
    yield Column(f"{name}_by_subject", "By subject", decimals=3)


def _score_row(model: Model, names: list[str]) -> tuple[Cell, ...]:
    pooled: Mapping[str, Interval] = {} if model.pooled is None else model.pooled.scores
    return (
        *(model.name, model.encoder, model.title, model.n_features, model.n_candidates),
        *(
            cell
            for name in names
            for cell in (
                *(model.scores[name].mean, model.scores[name].std),
                *_ends(pooled.get(name)),
                model.by_subject_mean(name),
            )
        ),
        *_calibration(model),
    )


def _calibration(model: Model) -> tuple[Cell, Cell, Cell]:
    found = model.calibration
    if found is None:
        return None, None, None
    return found.log_loss, found.expected_calibration_error, found.brier_score


def _ends(interval: Interval | None) -> tuple[Cell, Cell, Cell]:
    return (None, None, None) if interval is None else (interval.estimate, interval.low, interval.high)


def scores_on_screen(found: ModelsAnalysis) -> Table:
    """Return few columns of the main scores, with the names that the command line takes."""
    return model_scores(found).only("model", *_with_interval(found))


def scores_for_report(found: ModelsAnalysis) -> Table:
    """Return the main scores alone, the deciding one with its interval."""
    shown = model_scores(found).only(
        "model", *_with_interval(found), "log_loss", "expected_calibration_error"
    )
    return for_report(shown, found)


def _with_interval(found: ModelsAnalysis) -> list[str]:
    """Return columns of the main scores: the deciding one also pooled, which its interval is of."""
    first, *others = main_scores(found)
    return [first, *(f"{first}_{end}" for end in ("pooled", "low", "high")), *others]


_TESTED = (
    Column("mean_difference", "Difference", decimals=3),
    Column("low", "From", decimals=3),
    Column("high", "To", decimals=3),
    Column("p_value", "p", decimals=3, least=SMALLEST_P),
    Column("p_holm", "p (Holm)", decimals=3, least=SMALLEST_P),
)
_VERDICT = Column("verdict", "Verdict")
_TEST = (
    "mean difference over the folds with 95 % confidence interval and two-sided p of the corrected resampled "
    "t test"
)


def model_differences(found: ModelsAnalysis, *scores: str) -> Table:
    """Return each other model minus the reference, the best first, in all scores or in some."""
    order = {model.name: place for place, model in enumerate(found.ranked)}
    return Table(
        name="model_differences",
        caption=f"Models minus {found.label(found.reference)}: {_TEST}, p adjusted for the other models "
        "after Holm, and the difference of all predictions, pooled; intervals are not adjusted",
        columns=(
            _MODEL,
            Column("score", "Score"),
            *_TESTED,
            Column("pooled", "Pooled", decimals=3),
            Column("pooled_low", "Pooled from", decimals=3),
            Column("pooled_high", "Pooled to", decimals=3),
            _VERDICT,
        ),
        rows=tuple(
            (entry.first, entry.score, *_tested(entry), *_ends(entry.pooled), entry.verdict)
            for entry in sorted(found.against_reference, key=lambda entry: order[entry.first])
            if not scores or entry.score in scores
        ),
    )


def _tested(entry: ModelDifference) -> tuple[Cell, ...]:
    return entry.mean_difference, entry.low, entry.high, entry.p_value, entry.p_holm


def differences_for_report(found: ModelsAnalysis) -> Table:
    """Return the judging scores alone, with fewer columns."""
    shown = model_differences(found, *judging_scores(found.refit))
    kept = "model", "score", "mean_difference", "low", "high", "p_holm", "pooled", "verdict"
    return for_report(shown.only(*kept), found)


def model_pairs(found: ModelsAnalysis) -> Table:
    """Return all pairs of models in the deciding score."""
    return Table(
        name="model_pairs",
        caption=f"All pairs of models in {score_title(found.refit)}: {_TEST}, and p adjusted for the other "
        "pairs after Holm",
        columns=(_MODEL, Column("other", "Minus", longest=120), *_TESTED, _VERDICT),
        rows=tuple((entry.first, entry.second, *_tested(entry), entry.verdict) for entry in found.pairwise),
    )


def model_ranks(found: ModelsAnalysis) -> Table:
    """Return the ranks under the bootstrap, the best first."""
    return Table(
        name="model_ranks",
        caption=f"Ranks by {score_title(found.refit)} over bootstrap resamples: mean, the range of 95 % of "
        "them, and the share of resamples in which no other model is better",
        columns=(
            _MODEL,
            Column("mean_rank", "Mean rank", decimals=2),
            Column("low", "From", decimals=1),
            Column("high", "To", decimals=1),
            Column("share_first", "First in", decimals=3),
        ),
        rows=tuple(
            (rank.model, rank.mean, rank.low, rank.high, rank.share_first)
            for rank in sorted(found.ranks, key=lambda rank: rank.mean)
        ),
    )


def model_choices(found: ModelsAnalysis) -> Table:
    """Return which parameters inner folds chose, and in how many outer folds."""
    return Table(
        name="model_choices",
        caption=f"Parameters that inner folds chose, and in how many of {len(found.folds):,} outer folds",
        columns=(
            _MODEL,
            Column("parameters", "Parameters", longest=200),
            Column("n_folds", "Folds"),
            Column("share", "Share", decimals=2),
        ),
        rows=tuple(
            (model.name, _parameters(choice.params), choice.n_folds, choice.n_folds / len(found.folds))
            for model in found.ranked
            for choice in model.choices
        ),
    )


def _parameters(params: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in params.items()) or "none to choose"


def choices_for_report(found: ModelsAnalysis) -> Table:
    """Return each model's most frequent choice, and how many others there were."""
    return Table(
        name="model_choices",
        caption="The parameters that inner folds chose most often",
        columns=(
            _MODEL,
            Column("parameters", "Parameters", longest=200),
            Column("share", "Share of folds", decimals=2),
            Column("n_choices", "Different choices"),
            Column("n_candidates", "Candidates"),
        ),
        rows=tuple(
            (
                found.label(model.name),
                _parameters(model.choices[0].params),
                model.choices[0].n_folds / len(found.folds),
                len(model.choices),
                model.n_candidates,
            )
            for model in found.ranked
        ),
    )


def model_times(found: ModelsAnalysis) -> Table:
    """Return what each model takes, the best first."""
    return Table(
        name="model_times",
        caption="Seconds: choosing in the inner folds of one outer fold, fitting to one training part, and "
        "per 1,000 images predicting them and computing their vectors; other fits ran beside",
        columns=(
            _MODEL,
            Column("choose", "Choose", decimals=2),
            Column("fit", "Fit", decimals=2),
            Column("predict", "Predict 1,000", decimals=2),
            Column("embed", "Embed 1,000", decimals=2),
        ),
        rows=tuple(
            (model.name, times.choose, times.fit, 1000 * times.predict, _thousand(times.embed))
            for model in found.ranked
            for times in (model.times,)
        ),
    )


def _thousand(seconds: float | None) -> float | None:
    return None if seconds is None else 1000 * seconds


def model_folds(found: ModelsAnalysis) -> Table:
    """Return every score of every fold, as `ModelComparison.to_frame` does."""
    return Table(
        name="model_folds",
        caption="Scores of every fold",
        columns=tuple(
            Column(key, capitalised(key)) for key in ("encoder", "head", "repeat", "split", "score", "value")
        ),
        rows=tuple(
            (model.encoder, model.head, fold.repeat, fold.split, score.name, value)
            for model in found.models
            for score in model.all_scores
            for fold, value in zip(found.folds, score.values, strict=True)
        ),
    )
