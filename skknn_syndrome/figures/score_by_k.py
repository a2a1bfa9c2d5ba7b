"""Scores against k."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.figures.style import METRIC_COLOURS, METRIC_LINES, OTHER_COLOUR
from skknn_syndrome.results import Candidate, ProtocolResult
from skknn_syndrome.wording import capitalised, metric_title, score_title, votes

PANELS = ("roc_auc_ovr", "f1_macro", "top_1_accuracy")


def draw_score_by_k(run: ProtocolResult) -> Figure:
    """Return a panel a score: mean over the folds, a band of one standard deviation, a ring at the best k."""
    figure = Figure(figsize=(9.0, 3.6), layout="constrained")
    panels = figure.subplots(1, len(PANELS), sharex=True)
    for axes, score in zip(panels, PANELS, strict=True):
        for metric, weights in _curves(run):
            _draw_curve(axes, run, score, metric, weights)
        axes.set_title(capitalised(score_title(score)))
        axes.set_xlabel("k")
        axes.xaxis.get_major_locator().set_params(integer=True)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


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


def _draw_curve(axes: Axes, run: ProtocolResult, score: str, metric: str, weights: str) -> None:
    points = [
        (candidate.n_neighbors, found.mean, found.std or 0.0)
        for candidate in run.candidates
        if (candidate.metric, candidate.weights) == (metric, weights)
        and (found := candidate.scores[score]).mean is not None
    ]
    if not points:
        return
    k, means, spreads = (list(column) for column in zip(*points, strict=True))
    colour = METRIC_COLOURS.get(metric, OTHER_COLOUR)
    several = len({entry[1] for entry in _curves(run)}) > 1
    name = capitalised(metric_title(metric))
    label = f"{name}, {votes(weights)}" if several else name
    axes.plot(k, means, color=colour, linestyle=METRIC_LINES.get(metric, "-"), marker=".", label=label)
    low, high = ([mean + sign * s for mean, s in zip(means, spreads, strict=True)] for sign in (-1, 1))
    axes.fill_between(k, low, high, color=colour, alpha=0.13, linewidth=0)
    _ring(axes, run.best[metric], score, weights, colour)


def _ring(axes: Axes, best: Candidate, score: str, weights: str, colour: str) -> None:
    mean = best.scores[score].mean
    if best.weights == weights and mean is not None:
        axes.plot(best.n_neighbors, mean, marker="o", markersize=10, fillstyle="none", color=colour)
