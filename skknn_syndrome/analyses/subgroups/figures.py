"""Figures of scores by subgroup, and of levels held out in turn."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from skknn_syndrome.analyses.subgroups.result import GAP_SCORE, HeldOutLevel, SubgroupAnalysis
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.prose import number, signed
from skknn_syndrome.display.style import COLOURS
from skknn_syndrome.results.intervals import Interval
from skknn_syndrome.wording import capitalised, one_line, score_title

_DRAWN = ("accuracy", "roc_auc_ovr")
_LONGEST = 28
_BEFORE = "#777777"


def draw_scores(found: SubgroupAnalysis) -> Figure:
    """Return a panel a score, a row a level: the score with its interval; open where too small to tell."""
    levels = list(found.each_level())
    names = [f"{covariate}: {level.level} (n = {level.n_units:,})" for covariate, level in levels]
    figure = Figure(figsize=(8.0, 1.2 + 0.36 * len(names)), layout="constrained")
    panels = figure.subplots(1, len(_DRAWN), sharey=True)
    places = _places([covariate for covariate, _ in levels])
    for axes, score in zip(panels, _DRAWN, strict=True):
        found_here = [level.scores[score] for _, level in levels]
        enough = [level.too_small is None for _, level in levels]
        for height, interval, filled in zip(places, found_here, enough, strict=True):
            _draw(axes, interval, height, COLOURS[0], filled=filled)
        _keep_readable(axes, found_here, enough, places)
        axes.set_xlabel(capitalised(score_title(score)))
        axes.grid(visible=False, axis="y")
    _name_rows(panels[0], names, places)
    handles = [
        Line2D([], [], color=COLOURS[0], marker="o", label="Enough to tell"),
        Line2D([], [], color=COLOURS[0], marker="o", markerfacecolor="white", label="Too small to tell"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def _places(covariates: Sequence[str]) -> list[float]:
    """Return the heights of rows, with a gap between covariates."""
    place, found = -1.0, list[float]()
    for position, name in enumerate(covariates):
        place += 1.0 if position == 0 or name == covariates[position - 1] else 1.5
        found.append(place)
    return found


def _name_rows(axes: Axes, names: Sequence[str], places: Sequence[float]) -> None:
    axes.set_yticks(places, [one_line(legible(name), longest=_LONGEST + 12) for name in names])
    axes.set_ylim(places[-1] + 0.6, -0.6)


def _draw(axes: Axes, found: Interval, height: float, colour: str, *, filled: bool) -> None:
    if found.estimate is None:
        return
    if found.low is not None and found.high is not None:
        axes.plot([found.low, found.high], [height, height], color=colour, linewidth=1.8)
    face = colour if filled else "white"
    axes.plot(found.estimate, height, color=colour, marker="o", markersize=6, markerfacecolor=face)


def _keep_readable(
    axes: Axes, intervals: Sequence[Interval], enough: Sequence[bool], places: Sequence[float]
) -> None:
    """Cut what is wide of small groups at the edges, with arrows, so that the others can be told apart."""
    told = [found for found, is_enough in zip(intervals, enough, strict=True) if is_enough]
    ends = [end for found in told for end in (found.low, found.high) if end is not None]
    if not ends:
        return
    margin = 0.25 * (max(ends) - min(ends))
    left, right = min(ends) - margin, max(ends) + margin
    axes.set_xlim(left, right)
    for found, height in zip(intervals, places, strict=True):
        reached = [end for end in (found.low, found.estimate, found.high) if end is not None]
        for edge, marker, is_beyond in ((left, "<", min), (right, ">", max)):
            if reached and not left <= is_beyond(reached) <= right:
                axes.plot(edge, height, color=COLOURS[0], marker=marker, markersize=6, clip_on=False)


def describe_scores(found: SubgroupAnalysis) -> str:
    """Return the alternative text."""
    said = [
        f"{covariate} {level.level} {estimate:.3f}"
        for covariate, level in found.each_level()
        if (estimate := level.scores[GAP_SCORE].estimate) is not None
    ]
    return f"Accuracy and AUC by subgroup with confidence intervals. Accuracy: {'; '.join(said)}."


def draw_held_out(found: SubgroupAnalysis) -> Figure | None:
    """Return a row a level: accuracy where it was held out, beside cross-validation; None without any."""
    levels = [
        (entry.covariate, level) for entry in found.left_out for level in entry.levels if level.held_out
    ]
    if not levels:
        return None
    names = [f"{covariate}: {level.level} (n = {level.n_images:,})" for covariate, level in levels]
    figure = Figure(figsize=(8.0, 1.2 + 0.4 * len(names)), layout="constrained")
    axes = figure.subplots()
    places = _places([covariate for covariate, _ in levels])
    for height, (_, level) in zip(places, levels, strict=True):
        _draw_level(axes, level, height)
    _name_rows(axes, names, places)
    axes.set_xlabel("Accuracy")
    axes.grid(visible=False, axis="y")
    handles = [
        Line2D([], [], color=COLOURS[1], marker="o", label="Level held out"),
        Line2D([], [], color=_BEFORE, marker="|", markersize=11, linestyle="none", label="Cross-validation"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2)
    return figure


def _draw_level(axes: Axes, level: HeldOutLevel, height: float) -> None:
    assert level.held_out is not None  # noqa: S101  the others were left out above
    own, difference = level.held_out.scores[GAP_SCORE], level.differences[GAP_SCORE]
    _draw(axes, own, height, COLOURS[1], filled=True)
    before = (own.estimate or 0.0) - (difference.estimate or 0.0)  # an accuracy is always defined
    axes.plot(before, height, color=_BEFORE, marker="|", markersize=13, markeredgewidth=2)


def describe_held_out(found: SubgroupAnalysis) -> str:
    """Return the alternative text."""
    said = [
        f"{entry.covariate} {level.level}: {signed(difference.estimate)}"
        for entry in found.left_out
        for level in entry.levels
        if (difference := level.differences.get(GAP_SCORE)) is not None and difference.estimate is not None
    ]
    return (
        "Accuracy on each level that was held out, beside cross-validation on the same images. Difference: "
        f"{'; '.join(said)}."
    )


def say_scores(found: SubgroupAnalysis) -> str | None:
    """Return the largest gap in accuracy and whether it is significant; None where none was tested."""
    gaps = [(entry.covariate, entry.gap) for entry in found.subgroups if entry.gap is not None]
    if not gaps:
        return None
    covariate, gap = max(gaps, key=lambda entry: (entry[1].verdict == "gap", entry[1].difference))
    if gap.equal:
        return f"Accuracy does not differ by {covariate}"
    verdict = "significant" if gap.verdict == "gap" else "not significant"
    return (
        f"Largest gap in accuracy, by {covariate}: {gap.lower} below {gap.higher} by "
        f"{number(100 * gap.difference, 1)} percentage points ({verdict})"
    )


def say_held_out(found: SubgroupAnalysis) -> str | None:
    """Return for which level accuracy changes most where it is held out; None without any."""
    changes = [
        (difference.estimate, entry.covariate, level.level)
        for entry in found.left_out
        for level in entry.levels
        if (difference := level.differences.get(GAP_SCORE)) is not None and difference.estimate is not None
    ]
    if not changes:
        return None
    change, covariate, level = max(changes, key=lambda entry: abs(entry[0]))
    return f"Held out, {level} ({covariate}) has the largest change in accuracy: {signed(change)}"
