"""Figures of scores by taxonomic level and class size, of stopping, and of groups held out."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.levels.result import LevelAnalysis, Placement
from skknn_syndrome.analyses.levels.tables import BASELINES, MAJORITY_OF_ALL, size_of
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.prose import percent
from skknn_syndrome.display.style import COLOURS, LINES, MARKERS
from skknn_syndrome.wording import one_line

_DRAWN = {"accuracy": "Accuracy", "f1_macro": "Macro F1"}
_GREY = "#bbbbbb"
_LONGEST = 28
MOST_COMPARED = 2
"""Sizes of groups that a message compares."""


def _name(level: str) -> str:
    return one_line(legible(level), longest=_LONGEST)


def draw_scores(found: LevelAnalysis) -> Figure:
    """Return a panel a score, a row a level: the classifier with its interval, and the baselines."""
    figure = Figure(figsize=(8.0, 1.7 + 0.4 * len(found.scores)), layout="constrained")
    panels = figure.subplots(1, len(_DRAWN), sharey=True)
    for axes, (score, title) in zip(panels, _DRAWN.items(), strict=True):
        for height, level in enumerate(found.scores):
            interval = getattr(level.scores, score)
            _point(axes, height, interval.estimate, interval.low, interval.high, 0, "classifier")
            for place, entry in enumerate(level.baselines, start=1):
                _point(
                    axes,
                    height,
                    getattr(entry.scores, score).estimate,
                    None,
                    None,
                    place,
                    BASELINES[entry.name],
                )
        axes.set(xlim=(-0.02, 1.02), xlabel=title, ylim=(len(found.scores) - 0.5, -0.5))
        axes.grid(visible=False, axis="y")
    names = [f"{_name(level.level)} ({level.n_classes:,})" for level in found.scores]
    panels[0].set_yticks(range(len(names)), names)
    _legend(figure, panels[0])
    return figure


def _point(
    axes: Axes, height: float, at: float, low: float | None, high: float | None, place: int, label: str
) -> None:
    if low is not None and high is not None:
        axes.plot([low, high], [height, height], color=COLOURS[place], linewidth=1.8)
    axes.plot(at, height, color=COLOURS[place], marker=MARKERS[place], linestyle="none", label=label)


def _legend(figure: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    figure.legend(once.values(), once.keys(), loc="outside lower center", ncols=len(once))


def describe_scores(found: LevelAnalysis) -> str:
    """Return the alternative text."""
    said = (f"{level.level} {level.scores.accuracy.estimate:.3f}" for level in found.scores)
    return f"Accuracy and macro F1 by level beside two baselines. Accuracy: {'; '.join(said)}."


def draw_sizes(found: LevelAnalysis) -> Figure:
    """Return a line a level: accuracy against the size of the groups."""
    figure = Figure(figsize=(8.0, 3.6), layout="constrained")
    axes = figure.subplots()
    names = {entry.smallest: size_of(entry) for level in found.scores for entry in level.by_size}
    places = {smallest: place for place, smallest in enumerate(sorted(names))}
    for number, level in enumerate(found.scores):
        shift = 0.08 * (number - (len(found.scores) - 1) / 2)
        at = [places[entry.smallest] + shift for entry in level.by_size]
        means = [entry.accuracy for entry in level.by_size]
        colour = COLOURS[number % len(COLOURS)]
        for x, mean in zip(at, means, strict=True):
            if mean.low is not None and mean.high is not None:
                axes.plot([x, x], [mean.low, mean.high], color=colour, linewidth=1.2)
        axes.plot(
            at,
            [mean.estimate for mean in means],
            color=colour,
            marker=MARKERS[number % len(MARKERS)],
            linestyle=LINES[number % len(LINES)],
            label=_name(level.level),
        )
    axes.set_xticks([*places.values()], [names[smallest] for smallest in places])
    axes.set(ylim=(-0.03, 1.03), xlabel=f"{found.unit.capitalize()} of a group", ylabel="Accuracy")
    figure.legend(loc="outside lower center", ncols=min(4, len(found.scores)))
    return figure


def describe_sizes(found: LevelAnalysis) -> str:
    """Return the alternative text."""
    said = (
        f"{level.level} from {level.by_size[0].accuracy.estimate:.3f} ({size_of(level.by_size[0])}) "
        f"to {level.by_size[-1].accuracy.estimate:.3f} ({size_of(level.by_size[-1])})"
        for level in found.scores
    )
    return f"Accuracy by level and by the number of {found.unit} of a group: {'; '.join(said)}."


def draw_stopping(found: LevelAnalysis) -> Figure:
    """Return a bar a level: the images whose prediction stops there, right and wrong."""
    stopping = found.stopping
    names = [*(_name(entry.level) for entry in stopping.levels), "no answer"]
    shares = [*(entry.share.estimate for entry in stopping.levels), stopping.unanswered.estimate]
    accuracies = [*(entry.accuracy for entry in stopping.levels), None]
    right = [
        0.0 if mean is None else share * mean.estimate for share, mean in zip(shares, accuracies, strict=True)
    ]
    wrong = [share - part for share, part in zip(shares[:-1], right[:-1], strict=True)]
    figure = Figure(figsize=(8.0, 1.5 + 0.35 * len(names)), layout="constrained")
    axes = figure.subplots()
    rows = range(len(names))
    axes.barh(rows, right, color=COLOURS[0], label="right")
    axes.barh(rows[:-1], wrong, left=right[:-1], color=COLOURS[1], label="wrong")
    axes.barh(rows[-1:], shares[-1:], color=_GREY, label="no answer")
    axes.set_yticks(rows, names)
    axes.set(ylim=(len(names) - 0.5, -0.5), xlim=(0, 1), xlabel="Share of images")
    axes.grid(visible=False, axis="y")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def describe_stopping(found: LevelAnalysis) -> str:
    """Return the alternative text."""
    said = (f"{entry.level} {entry.share.estimate:.3f}" for entry in found.stopping.levels)
    return (
        f"Share of images whose prediction stops at each level, right and wrong: {'; '.join(said)}; "
        f"no answer {found.stopping.unanswered.estimate:.3f}."
    )


def placements_of(found: LevelAnalysis) -> list[tuple[str, Placement]]:
    """Return all placements of held-out groups, each with the level that was held out."""
    return [(held.level, placed) for held in found.held_out for placed in held.placements]


def draw_held_out(found: LevelAnalysis) -> Figure | None:
    """Return a row each pair of levels: accuracy of held-out groups, of seen ones, and of the baseline."""
    placed = placements_of(found)
    if not placed:
        return None
    figure = Figure(figsize=(8.0, 1.4 + 0.4 * len(placed)), layout="constrained")
    axes = figure.subplots()
    for height, (_, entry) in enumerate(placed):
        mean = entry.accuracy
        _point(axes, height, mean.estimate, mean.low, mean.high, 0, "held out")
        if entry.seen is not None:
            _point(axes, height, entry.seen, None, None, 2, "seen")
        _point(axes, height, entry.majority, None, None, 1, MAJORITY_OF_ALL)
    names = [f"new {_name(level)}: {_name(entry.upper)}" for level, entry in placed]
    axes.set_yticks(range(len(names)), names)
    axes.set(xlim=(-0.02, 1.02), ylim=(len(placed) - 0.5, -0.5), xlabel="Accuracy")
    axes.grid(visible=False, axis="y")
    _legend(figure, axes)
    return figure


def describe_held_out(found: LevelAnalysis) -> str:
    """Return the alternative text."""
    said = (
        f"{entry.upper} of a new {level} {entry.accuracy.estimate:.3f}"
        + ("" if entry.seen is None else f", of a seen one {entry.seen:.3f}")
        for level, entry in placements_of(found)
    )
    return f"Accuracy on groups that were held out: {'; '.join(said)}."


def say_scores(found: LevelAnalysis) -> str:
    """Return the accuracy at the finest and at the coarsest level."""
    finest, *_, coarsest = found.scores if len(found.scores) > 1 else (found.scores[0], found.scores[0])
    said = f"Accuracy is {percent(finest.scores.accuracy.estimate)} for {finest.level}"
    if coarsest is finest:
        return said
    return f"{said} and {percent(coarsest.scores.accuracy.estimate)} for {coarsest.level}"


def say_sizes(found: LevelAnalysis) -> str | None:
    """Return the accuracy in the smallest and in the largest groups of the finest level."""
    sizes = found.scores[0].by_size
    if len(sizes) < MOST_COMPARED:
        return None
    ends = (f"{percent(entry.accuracy.estimate)} ({size_of(entry)})" for entry in (sizes[0], sizes[-1]))
    return f"By {found.scores[0].level}, accuracy is {' and '.join(ends)}"


def say_stopping(found: LevelAnalysis) -> str | None:
    """Return how many answers are right, and how many images get none; None where nothing is answered."""
    stopping = found.stopping
    if stopping.accuracy is None:
        return None
    return (
        f"{percent(stopping.accuracy.estimate)} of the answers are right; "
        f"{percent(stopping.unanswered.estimate)} of the images get none"
    )


def say_held_out(found: LevelAnalysis) -> str | None:
    """Return how many images of groups that were held out are placed in the right group above."""
    placed = placements_of(found)
    if not placed:
        return None
    level, entry = placed[0]
    share = percent(entry.accuracy.estimate)
    return f"{share} of the images of a new {level} are placed in the right {entry.upper}"
