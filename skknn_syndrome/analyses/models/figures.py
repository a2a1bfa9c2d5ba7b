"""Figures of compared models: scores with intervals, ranks with groups, differences from the reference."""

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from skknn_syndrome.analyses.models.findings import equal_groups
from skknn_syndrome.analyses.models.result import Model, ModelDifference, ModelRank, ModelsAnalysis
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.prose import number, percent
from skknn_syndrome.display.style import COLOURS, MARKERS
from skknn_syndrome.results.comparison import judging_scores
from skknn_syndrome.wording import capitalised, counted, one_line, score_title

_LINE = 38
"""Letters of a line of a model's name."""
_LONGEST = 3 * _LINE
_LOOKS: Mapping[str, tuple[str, str]] = {
    "better": (COLOURS[0], "^"),
    "worse": (COLOURS[1], "v"),
    "inconclusive": ("#777777", "o"),
}


def _label(found: ModelsAnalysis, model: str) -> str:
    written = one_line(legible(found.label(model)), longest=_LONGEST)
    return "\n".join(textwrap.wrap(written, _LINE))


def _height(found: ModelsAnalysis, n_rows: int) -> float:
    """Return the inches of some rows of models, whose names may need three lines."""
    longest = max(len(found.label(model.name)) for model in found.models)
    return n_rows * (0.36 if longest <= 2 * _LINE else 0.48)


def _rows(axes: Axes, found: ModelsAnalysis, models: Sequence[str]) -> None:
    """Give each model a row, the first on top."""
    axes.set_yticks(range(len(models)), [_label(found, model) for model in models])
    axes.set_ylim(len(models) - 0.4, -0.6)


def _looks(found: ModelsAnalysis) -> dict[str, tuple[str, str]]:
    """Return colour and marker of each encoder."""
    return {
        name: (COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)])
        for place, name in enumerate(found.encoders)
    }


def _shown(found: ModelsAnalysis) -> list[str]:
    known = found.models[0].scores
    return [name for name in judging_scores(found.refit) if name in known]


def _estimate(model: Model, score: str) -> tuple[float, float, float] | None:
    """Return a score with the ends of its bar: of all predictions, else the mean with one SD."""
    pooled = None if model.pooled is None else model.pooled.scores.get(score)
    if pooled is not None and pooled.estimate is not None:
        estimate = pooled.estimate
        return (
            estimate,
            estimate if pooled.low is None else pooled.low,
            estimate if pooled.high is None else pooled.high,
        )
    found = model.scores[score]
    if found.mean is None or found.std is None:
        return None
    return found.mean, found.mean - found.std, found.mean + found.std


def _panels(height: float, n_panels: int) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(8.0, height), layout="constrained")
    panels = list(figure.subplots(1, n_panels, squeeze=False, sharey=True)[0])
    for axes in panels:
        axes.grid(visible=False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    return figure, panels


def draw_scores(found: ModelsAnalysis) -> Figure:
    """Return a row a model, the best on top: the deciding score and macro F1 with their intervals."""
    ranked, looks, shown = found.ranked, _looks(found), _shown(found)
    figure, panels = _panels(1.2 + _height(found, len(ranked)), len(shown))
    for axes, score in zip(panels, shown, strict=True):
        for height, model in enumerate(ranked):
            estimate = _estimate(model, score)
            if estimate is not None:
                colour, marker = looks[model.encoder]
                value, low, high = estimate
                axes.plot([low, high], [height, height], color=colour, linewidth=1.8)
                axes.plot(value, height, color=colour, marker=marker, markersize=6, linestyle="none")
        axes.set_xlabel(capitalised(score_title(score)))
    _rows(panels[0], found, [model.name for model in ranked])
    if len(looks) > 1:
        handles = [
            Line2D([], [], color=colour, marker=marker, label=one_line(legible(name), longest=_LINE))
            for name, (colour, marker) in looks.items()
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def describe_scores(found: ModelsAnalysis) -> str:
    """Return the alternative text."""
    parts = [
        f" {capitalised(score_title(score))} {_range(found, score)}."
        for score in _shown(found)
        if any(_estimate(model, score) is not None for model in found.models)
    ]
    spread = " with one standard deviation over the folds" if len(found.folds) > 1 else ""
    bars = " with 95 % intervals" if found.best.pooled is not None else spread
    return f"Scores of {len(found.models)} models{bars}.{''.join(parts)}"


def _range(found: ModelsAnalysis, score: str) -> str:
    values = [
        (estimate[0], found.label(model.name))
        for model in found.models
        if (estimate := _estimate(model, score)) is not None
    ]
    (low, last), (high, first) = min(values), max(values)
    return f"from {low:.3f} ({last}) to {high:.3f} ({first})"


def _by_rank(found: ModelsAnalysis) -> list[ModelRank]:
    order = {model.name: place for place, model in enumerate(found.ranked)}
    return sorted(found.ranks, key=lambda rank: (rank.mean, order[rank.model]))


def draw_ranks(found: ModelsAnalysis) -> Figure | None:
    """Return the mean rank of each model, the best on top, and bars that join what does not differ.

    As in J. Demsar, "Statistical comparisons of classifiers over multiple data sets", JMLR 7:1-30, 2006, save
    that bars are from pairwise corrected resampled t tests, and that models have rows, for long names.
    """
    ranks = _by_rank(found)
    if not ranks:
        return None
    names = [rank.model for rank in ranks]
    groups, looks = equal_groups(names, found.pairwise), _looks(found)
    figure = Figure(figsize=(8.0, 1.0 + _height(found, len(ranks))), layout="constrained")
    axes, bars = figure.subplots(
        1, 2, sharey=True, width_ratios=(10, 0.6 + 0.35 * max(len(groups), 1)), gridspec_kw={"wspace": 0.0}
    )
    for height, rank in enumerate(ranks):
        colour, marker = looks[found.by_name[rank.model].encoder]
        axes.plot([rank.low, rank.high], [height, height], color=colour, linewidth=1.8)
        axes.plot(rank.mean, height, color=colour, marker=marker, markersize=6, linestyle="none")
    _rows(axes, found, names)
    axes.grid(visible=False, axis="y")
    axes.set(xlabel=f"Rank by {score_title(found.refit)}", xlim=(0.7, len(ranks) + 0.3))
    axes.xaxis.set_major_locator(MaxNLocator(nbins=12, integer=True))
    for place, (first, last) in enumerate(groups):
        bars.plot([place, place], [first - 0.2, last + 0.2], color="#000000", linewidth=3.5)
    bars.set_xlim(-0.8, max(len(groups), 1) - 0.2)
    bars.set_axis_off()
    return figure


def describe_ranks(found: ModelsAnalysis) -> str:
    """Return the alternative text."""
    ranks = _by_rank(found)
    groups = equal_groups([rank.model for rank in ranks], found.pairwise)
    listed = ", ".join(f"{found.label(rank.model)} {rank.mean:.1f}" for rank in ranks)
    joined = "; ".join(
        f"{found.label(ranks[first].model)} to {found.label(ranks[last].model)}" for first, last in groups
    )
    said = f"Joined, for no two of them differ significantly: {joined}." if joined else "No bars join models."
    return f"Mean ranks over resamples: {listed}. {said}"


def draw_differences(found: ModelsAnalysis) -> Figure | None:
    """Return each other model minus the reference with its interval, the best on top."""
    others = [model.name for model in found.ranked if model.name != found.reference]
    entries = {(entry.first, entry.score): entry for entry in found.against_reference}
    shown = [score for score in _shown(found) if any((name, score) in entries for name in others)]
    if not shown:
        return None
    figure, panels = _panels(1.5 + _height(found, len(others)), len(shown))
    verdicts: set[str] = set()
    for axes, score in zip(panels, shown, strict=True):
        axes.axvline(0.0, color="#000000", linestyle="--", linewidth=0.9, zorder=0.5)
        for height, name in enumerate(others):
            if (name, score) in entries:
                verdicts.add(_draw_difference(axes, entries[name, score], height))
        axes.set_xlabel(f"{capitalised(score_title(score))}, difference")
    _rows(panels[0], found, others)
    figure.legend(
        handles=[
            Line2D([], [], color=colour, marker=marker, label=verdict)
            for verdict, (colour, marker) in _LOOKS.items()
            if verdict in verdicts
        ],
        loc="outside lower center",
        ncols=3,
    )
    return figure


def _draw_difference(axes: Axes, entry: ModelDifference, height: int) -> str:
    colour, marker = _LOOKS[entry.verdict]
    axes.plot([entry.low, entry.high], [height, height], color=colour, linewidth=1.8)
    axes.plot(entry.mean_difference, height, color=colour, marker=marker, markersize=6, linestyle="none")
    return entry.verdict


def describe_differences(found: ModelsAnalysis) -> str:
    """Return the alternative text."""
    parts = []
    for score in _shown(found):
        verdicts: list[str] = [entry.verdict for entry in found.against_reference if entry.score == score]
        listed = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in _LOOKS)
        parts.append(f" By {score_title(score)}: {listed}.")
    return f"Models minus {found.label(found.reference)}, with 95 % intervals.{''.join(parts)}"


def say_scores(found: ModelsAnalysis) -> str | None:
    """Return which model has the highest mean of the deciding score; None where none has one."""
    best = found.best.scores[found.refit].mean
    if best is None:
        return None
    title, name = score_title(found.refit), found.label(found.best.name)
    if len(found.models) == 1:
        return f"The mean {title} of {name} is {number(best)}"
    return f"{capitalised(name)} has the highest mean {title}: {number(best)}"


def say_ranks(found: ModelsAnalysis) -> str | None:
    """Return which model is first in the most resamples."""
    if not found.ranks:
        return None
    first = max(found.ranks, key=lambda rank: rank.share_first)
    return (
        f"{capitalised(found.label(first.model))} is first in {percent(first.share_first)} of the resamples"
    )


def say_differences(found: ModelsAnalysis) -> str | None:
    """Return how many models are significantly better or worse than the reference by the deciding score."""
    verdicts = [entry.verdict for entry in found.against_reference if entry.score == found.refit]
    if not verdicts:
        return None
    better, worse = verdicts.count("better"), verdicts.count("worse")
    title, reference = score_title(found.refit), found.label(found.reference)
    told = f"{better} of {counted(len(verdicts), 'model')} significantly better than {reference}"
    return f"By {title}, {told}, {worse} significantly worse"
