"""Scores of the candidates: the best of each distance, and all over the grid."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.display.messages import k_is
from skknn_syndrome.display.prose import number
from skknn_syndrome.display.style import (
    METRIC_COLOURS,
    METRIC_LINES,
    OTHER_COLOUR,
    WIDTH,
    LineEnd,
    label_ends,
)
from skknn_syndrome.display.table import Column, Table, key_columns
from skknn_syndrome.questions import FigureMaker, Presentation
from skknn_syndrome.results.candidate import KNN, Candidate
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import capitalised, counted, metric_title, score_title, votes


def best_configurations(study: StudyResult) -> Table:
    """Return every score of each distance's best candidate, all protocols, mean and standard deviation."""
    best = [(run, candidate) for run in study.protocols for candidate in run.best.values()]
    per = "" if study.primary.winner.metric is None else " per distance"
    columns, cells = key_columns(candidate for _, candidate in best)
    return Table(
        name="best_configurations",
        caption=f"Best configuration{per}: mean and standard deviation over the folds",
        columns=(
            Column("protocol", "Folds by"),
            *columns,
            Column("score", "Score"),
            Column("mean", "Mean"),
            Column("std", "SD"),
            Column("tie_lower", "Lowest by ties"),
            Column("tie_upper", "Highest by ties"),
            Column("n_folds", "Folds"),
        ),
        rows=tuple(
            (
                run.protocol,
                *cells(candidate),
                score.name,
                score.mean,
                score.std,
                score.mean_lower,
                score.mean_upper,
                score.n_defined,
            )
            for run, candidate in best
            for score in candidate.all_scores
        ),
    )


def primary_scores(run: ProtocolResult) -> Table:
    """Return the best candidate of each distance, a row a score, a column a distance."""
    best = tuple(run.best.values())
    of_each = "" if run.winner.metric is None else " of each distance"
    return Table(
        name=f"primary_scores_{run.protocol}",
        caption=f"Best configuration{of_each} within the grid, folds by {run.protocol}: mean ± SD "
        "(divisor n) over the folds, as GridSearchCV reports them",
        columns=(
            Column("score", "Score"),
            *(
                Column(
                    candidate.variant,
                    _heading(candidate),
                )
                for candidate in best
            ),
        ),
        rows=tuple(
            (score.name, *(_mean_and_std(candidate.scores[score.name]) for candidate in best))
            for score in best[0].all_scores
        ),
    )


def _heading(candidate: Candidate) -> str:
    if candidate.head != KNN:
        return capitalised(candidate.title)
    distance = capitalised(metric_title(candidate.metric))
    return f"{distance}, k = {candidate.n_neighbors}, {votes(candidate.weights)}"


def _mean_and_std(score: Score) -> str | None:
    if score.mean is None or not score.rests_on_most_folds:
        return None  # a mean over a few of the folds is no estimate
    left_out = len(score.values) - score.n_defined
    of = f" ({counted(score.n_defined, 'fold')})" if left_out else ""
    return f"{score.mean:.4f} ± {score.std:.4f}{of}"


def k_sweep(study: StudyResult) -> Table:
    """Return mean and standard deviation of every score, a row a candidate, all protocols."""
    names = [score.name for score in study.primary.candidates[0].all_scores]
    columns, cells = key_columns(candidate for run in study.protocols for candidate in run.candidates)
    return Table(
        name="k_sweep",
        caption="All configurations: mean and standard deviation over the folds",
        columns=(
            Column("protocol", "Folds by"),
            *columns,
            *(
                column
                for name in names
                for column in (Column(f"{name}_mean", name), Column(f"{name}_std", f"{name} SD"))
            ),
        ),
        rows=tuple(
            (
                run.protocol,
                *cells(candidate),
                *(cell for score in candidate.all_scores for cell in (score.mean, score.std)),
            )
            for run in study.protocols
            for candidate in run.candidates
        ),
    )


PANELS = ("roc_auc_ovr", "f1_macro", "top_1_accuracy")


PANEL_HEIGHT = 1.55


def draw_score_by_k(run: ProtocolResult) -> Figure:
    """Return a panel a score: mean over the folds, a band of one standard deviation, a ring at the best k."""
    figure = Figure(figsize=(WIDTH, 0.8 + PANEL_HEIGHT * len(PANELS)), layout="constrained")
    panels = figure.subplots(len(PANELS), 1, sharex=True)
    for axes, score in zip(panels, PANELS, strict=True):
        lines = [_draw_curve(axes, run, score, metric, weights) for metric, weights in _curves(run)]
        label_ends(axes, [line for line in lines if line is not None], PANEL_HEIGHT - 0.3)
        axes.set_title(capitalised(score_title(score)))
        axes.xaxis.get_major_locator().set_params(integer=True)
    panels[-1].set_xlabel("k")
    return figure


def say_score_by_k(run: ProtocolResult) -> str | None:
    """Return the message: where the deciding score is highest; None where it is not defined."""
    found = [
        (candidate.scores[run.refit].mean, candidate)
        for candidate in run.candidates
        if candidate.scores[run.refit].mean is not None
    ]
    if not found:
        return None
    highest, best = max(found, key=lambda pair: pair[0] or 0.0)
    return (
        f"{capitalised(score_title(run.refit))} is highest with {metric_title(best.metric)} distance and "
        f"{k_is(best.n_neighbors)} ({number(highest)})"
    )


def describe_score_by_k(run: ProtocolResult) -> str:
    """Return the alternative text."""
    title = score_title(run.refit)
    parts = [
        f"{metric_title(metric)} is best at k = {best.n_neighbors} with {title} "
        f"{best.scores[run.refit].mean:.3f}"
        for metric, best in run.best.items()
        if best.scores[run.refit].mean is not None
    ]
    return f"Scores against k with the spread over the folds: {'; '.join(parts)}."


def _curves(run: ProtocolResult) -> list[tuple[str, str]]:
    return list(dict.fromkeys((candidate.metric, candidate.weights) for candidate in run.candidates))


def _draw_curve(axes: Axes, run: ProtocolResult, score: str, metric: str, weights: str) -> LineEnd | None:
    points = [
        (candidate.n_neighbors, found.mean, found.std or 0.0)
        for candidate in run.candidates
        if (candidate.metric, candidate.weights) == (metric, weights)
        and (found := candidate.scores[score]).mean is not None
    ]
    if not points:
        return None
    k, means, spreads = (list(column) for column in zip(*points, strict=True))
    colour = METRIC_COLOURS.get(metric, OTHER_COLOUR)
    several = len({entry[1] for entry in _curves(run)}) > 1
    name = capitalised(metric_title(metric))
    axes.plot(k, means, color=colour, linestyle=METRIC_LINES.get(metric, "-"), marker=".")
    low, high = ([mean + sign * s for mean, s in zip(means, spreads, strict=True)] for sign in (-1, 1))
    axes.fill_between(k, low, high, color=colour, alpha=0.13, linewidth=0)
    _ring(axes, run.best[metric], score, weights, colour)
    return LineEnd(f"{name}, {weights}" if several else name, means[-1], colour)


def _ring(axes: Axes, best: Candidate, score: str, weights: str, colour: str) -> None:
    mean = best.scores[score].mean
    if best.weights == weights and mean is not None:
        axes.plot(best.n_neighbors, mean, marker="o", markersize=10, fillstyle="none", color=colour)


def _drawn(study: StudyResult) -> Figure | None:
    run = study.primary
    several = len({candidate.n_neighbors for candidate in run.candidates if candidate.head == KNN}) > 1
    return draw_score_by_k(run) if several else None


PRESENTATION = Presentation(
    question="scores",
    tables={"best_configurations": best_configurations, "k_sweep": k_sweep},
    report_tables={"primary_scores": lambda study: primary_scores(study.primary)},
    figures=(
        FigureMaker(
            name="score-by-k",
            draw=_drawn,
            describe=lambda study: describe_score_by_k(study.primary),
            message=lambda study: say_score_by_k(study.primary),
        ),
    ),
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    gist=lambda study: map(primary_scores, study.protocols),
)
