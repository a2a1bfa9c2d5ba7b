"""Nested cross-validation: what is chosen inside the folds, and selection bias."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from skknn_syndrome.analyses.nested_cv.result import (
    BiasVerdict,
    Choice,
    NestedAnalysis,
    NestedSelection,
    SelectionBias,
)
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.style import COLOURS, METRIC_COLOURS, OTHER_COLOUR, WIDTH
from skknn_syndrome.display.table import Column, Table, key_columns
from skknn_syndrome.questions import Advice, FigureMaker, Presentation
from skknn_syndrome.results.candidate import KNN, Candidate, Scalar
from skknn_syndrome.results.intervals import Interval
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import capitalised, counted, metric_title, one_line, score_title, votes


def nested_choices(nested: NestedSelection) -> Table:
    """Return how often each candidate was chosen, the most frequent first."""
    columns, cells = key_columns(nested.choices)
    counts = Counter(cells(choice) for choice in nested.choices)
    return Table(
        name="nested_choices",
        caption="Candidates chosen inside the training parts, and in how many folds",
        columns=(
            *columns,
            Column("n_folds", "Folds"),
            Column("share", "Share of the folds", decimals=2),
        ),
        rows=tuple(
            (*candidate, count, count / len(nested.choices))
            for candidate, count in sorted(counts.items(), key=lambda item: (-item[1], _sortable(item[0])))
        ),
    )


def _sortable(cells: Sequence[Scalar]) -> tuple[tuple[bool, float, str], ...]:
    """Return what orders candidates by their parameters, numbers by size, whatever kinds their heads have."""
    return tuple(
        (isinstance(cell, str), cell if isinstance(cell, int | float) else 0.0, str(cell)) for cell in cells
    )


def selection_bias(nested: NestedSelection) -> Table:
    """Return both means of every score and their difference with its test, a row a score."""
    return Table(
        name="selection_bias",
        caption="Selection bias, from choosing and reporting on the same folds: mean over the folds of the "
        "configuration chosen on them and of those chosen inside the training parts, and their difference "
        "with its 95 % confidence interval (corrected resampled t test over the folds)",
        columns=(
            Column("score", "Score"),
            Column("chosen_mean", "Chosen on these folds"),
            Column("nested_mean", "Chosen inside"),
            Column("difference", "Difference"),
            Column("low", "From"),
            Column("high", "To"),
            Column("p_value", "p"),
        ),
        rows=tuple(
            (
                entry.score,
                entry.chosen_mean,
                entry.nested_mean,
                entry.difference,
                entry.low,
                entry.high,
                entry.p_value,
            )
            for entry in nested.selection_bias
        ),
    )


def nested_scores(nested: NestedSelection) -> Table:
    """Return the pooled scores of what was chosen inside, with their intervals; no rows without them."""
    pooled = nested.pooled
    what = (
        ""
        if pooled is None
        else f", with {100 * pooled.confidence:.0f} % confidence intervals over resampled {pooled.unit}"
    )
    return Table(
        name="nested_scores",
        caption=f"Pooled out-of-fold scores of the nested search{what}",
        columns=(
            Column("score", "Score"),
            Column("estimate", "Estimate"),
            Column("low", "From"),
            Column("high", "To"),
            Column("method", "Interval"),
        ),
        rows=tuple(
            (entry.score, entry.estimate, entry.low, entry.high, entry.method)
            for entry in (() if pooled is None else pooled.all_scores)
        ),
    )


LONGEST = 48
"""Characters of a candidate's name beside its bar."""


def count_choices(nested: NestedSelection) -> Counter[tuple[str, str, int]]:
    """Return in how many folds each distance, weighting scheme and k was chosen."""
    return Counter((choice.metric, choice.weights, choice.n_neighbors) for choice in nested.choices)


TELLS_A_TABLE = 2
"""Different choices up to which a sentence and a table say it all."""


def choices_differ(nested: NestedSelection) -> bool:
    """Return whether folds chose so many different candidates that a figure helps."""
    return len({(choice.head, choice.params) for choice in nested.choices}) > TELLS_A_TABLE


def draw_nested_selection(nested: NestedSelection, candidates: Sequence[Candidate]) -> Figure:
    """Return a panel for each distance and weighting scheme that was chosen: in how many folds each k was.

    Of heads other than nearest neighbours there is one panel, and a bar for each candidate that was chosen.
    """
    if any(choice.head != KNN for choice in nested.choices):
        return _draw_by_title(nested)
    counts = count_choices(nested)
    schemes = sorted({(metric, weights) for metric, weights, _ in counts})
    grid = sorted({candidate.n_neighbors for candidate in candidates})
    figure = Figure(figsize=(WIDTH, 0.8 + 1.2 * len(schemes)), layout="constrained")
    panels = figure.subplots(len(schemes), 1, squeeze=False, sharex=True, sharey=True)[:, 0]
    width = 0.8 * min((high - low for low, high in pairwise(grid)), default=1)
    for axes, (metric, weights) in zip(panels, schemes, strict=True):
        colour = METRIC_COLOURS.get(metric, OTHER_COLOUR)
        found = [(k, counts[metric, weights, k]) for k in grid if counts[metric, weights, k]]
        bars = axes.bar([k for k, _ in found], [count for _, count in found], width=width, color=colour)
        axes.bar_label(bars, padding=1)
        axes.set_title(capitalised(f"{metric_title(metric)}, {votes(weights)}"))
        axes.set(xlim=(grid[0] - width, grid[-1] + width), ylim=(0, 1.25 * max(counts.values())))
        axes.yaxis.get_major_locator().set_params(integer=True, nbins=3)
        axes.grid(visible=False, axis="x")
    panels[-1].xaxis.get_major_locator().set_params(integer=True)
    panels[-1].set_xlabel("k")
    figure.supylabel("Folds", fontsize="medium")
    return figure


def _draw_by_title(nested: NestedSelection) -> Figure:
    counts = Counter((choice.head, choice.params) for choice in nested.choices).most_common()
    titles = {(choice.head, choice.params): choice.title for choice in nested.choices}
    figure = Figure(figsize=(WIDTH, 0.9 + 0.34 * len(counts)), layout="constrained")
    axes = figure.subplots()
    # Titles are tick labels, not places: two that are cut to the same text keep a bar each.
    bars = axes.barh(range(len(counts)), [count for _, count in counts], height=0.6, color=COLOURS[0])
    axes.bar_label(bars, padding=2)
    shown = [one_line(legible(capitalised(titles[key])), longest=LONGEST) for key, _ in counts]
    axes.set_yticks(range(len(counts)), shown)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.15 * counts[0][1]), xlabel="Folds")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=False, axis="y")
    return figure


def say_nested_selection(nested: NestedSelection) -> str:
    """Return the message: which candidate was chosen most often."""
    chosen = Counter((choice.head, choice.params) for choice in nested.choices)
    key, count = chosen.most_common(1)[0]
    most = next(choice for choice in nested.choices if (choice.head, choice.params) == key)
    title = one_line(legible(capitalised(most.title)), longest=LONGEST)
    return f"{title} was chosen most often, in {count} of {counted(len(nested.choices), 'fold')}"


def describe_nested_selection(nested: NestedSelection) -> str:
    """Return the alternative text."""
    chosen = Counter((choice.head, choice.params) for choice in nested.choices)
    key, count = chosen.most_common(1)[0]
    most = next(choice for choice in nested.choices if (choice.head, choice.params) == key)
    title = most.title
    if most.head == KNN:
        title = f"{metric_title(most.metric)} distance, {votes(most.weights)}, k = {most.n_neighbors}"
    return (
        f"Inside {counted(len(nested.choices), 'fold')}, {counted(len(chosen), 'configuration')} were "
        f"chosen, most often {title}: in {counted(count, 'fold')}."
    )


@dataclass(frozen=True)
class SelectionFindings:
    """A search that was cross-validated itself."""

    nested: NestedSelection
    refit: str
    """The score by which candidates are judged."""

    @cached_property
    def counts(self) -> list[tuple[Choice, int]]:
        """A choice of each candidate that was chosen, with the number of folds, the most frequent first."""
        chosen = Counter((choice.head, choice.params) for choice in self.nested.choices)
        first = {(choice.head, choice.params): choice for choice in reversed(self.nested.choices)}
        return [(first[key], count) for key, count in chosen.most_common()]

    @property
    def metrics(self) -> list[tuple[str, int]]:
        """Each distance (or head without one) that was chosen, with its folds, the most frequent first."""
        chosen = Counter(choice.variant for choice in self.nested.choices)
        return sorted(chosen.items(), key=lambda item: (-item[1], item[0]))

    @property
    def ks(self) -> tuple[int, int] | None:
        """The smallest and the largest k that was chosen; None of heads without neighbours."""
        chosen = [choice.n_neighbors for choice in self.nested.choices if choice.head == KNN]
        return (min(chosen), max(chosen)) if chosen else None

    @property
    def bias(self) -> SelectionBias:
        """Of the deciding score."""
        return next(entry for entry in self.nested.selection_bias if entry.score == self.refit)

    @property
    def verdict(self) -> BiasVerdict | None:
        """Whether choosing on the folds that report raised the deciding score, by the paired test over them.

        None where the score is not defined or nothing was tested.
        """
        return self.bias.verdict

    @property
    def interval(self) -> Interval | None:
        """The deciding score of the nested search's pooled predictions; None without an interval."""
        entry = None if self.nested.pooled is None else self.nested.pooled.scores.get(self.refit)
        return None if entry is None or entry.method is None else entry


def find_nested(study: StudyResult) -> SelectionFindings | None:
    """Return what the report says of selection bias."""
    found = study.find(NestedAnalysis)
    return None if found is None else SelectionFindings(found.nested, study.primary.refit)


def _table(make: Callable[[NestedSelection], Table], study: StudyResult) -> Table | None:
    found = study.find(NestedAnalysis)
    return None if found is None else make(found.nested)


def _drawn(study: StudyResult) -> Figure | None:
    found = study.find(NestedAnalysis)
    if found is None or not choices_differ(found.nested):
        return None
    return draw_nested_selection(found.nested, study.primary.candidates)


def _described(study: StudyResult) -> str:
    found = study.find(NestedAnalysis)
    return "" if found is None else describe_nested_selection(found.nested)


def _said(study: StudyResult) -> str | None:
    found = study.find(NestedAnalysis)
    return None if found is None else say_nested_selection(found.nested)


def advise(study: StudyResult) -> Iterator[Advice]:
    """Say what to expect of new images where the choice flatters."""
    found = find_nested(study)
    if found is not None and found.verdict == "significant":
        yield Advice(
            40,
            f"Expect the {score_title(found.refit)} of the nested search, {found.bias.nested_mean:.3f}, "
            "of new images: the best configuration's is flattered by the choice.",
        )


PRESENTATION = Presentation(
    question="nested_cv",
    tables={
        "selection_bias": partial(_table, selection_bias),
        "nested_scores": partial(_table, nested_scores),
        "nested_choices": partial(_table, nested_choices),
    },
    figures=(FigureMaker(name="nested-selection", draw=_drawn, describe=_described, message=_said),),
    findings=find_nested,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
)
