"""Test sets: what they consist of, the scores there, and what they lose against cross-validation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from skknn_syndrome.analyses.test_sets.result import (
    Partition,
    ScoreDrop,
    SetKind,
    TestedModel,
    TestSet,
    TestSetsAnalysis,
)
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.prose import with_ends
from skknn_syndrome.display.style import COLOURS
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.questions import (
    Presentation,
    Reported,
    figure_of,
    model_label,
    of_analysis,
    of_labelled,
)
from skknn_syndrome.results.comparison import judging_scores
from skknn_syndrome.results.dataset import SyndromeCount
from skknn_syndrome.wording import capitalised, one_line, score_title

_LONGEST = 48
_PARTS = {"development": "development", "holdout": "held out", "external": "external"}
_KINDS: dict[SetKind, str] = {"holdout": "Hold-out", "external": "External"}


def test_scores(found: TestSetsAnalysis) -> Table:
    """Return a row for each test set, model and score."""
    return Table(
        name="test_scores",
        caption="Scores on test sets, with 95 % confidence intervals over resampled subjects or images, "
        "beside those of cross-validation on the development images; of images of classes that both have "
        "(one that is predicted and lacks images counts 0 in macro F1)",
        columns=(
            Column("test_set", "Test set"),
            Column("model", "Model", longest=120),
            Column("score", "Score"),
            Column("test", "Test", decimals=3),
            Column("low", "From", decimals=3),
            Column("high", "To", decimals=3),
            Column("internal", "Internal", decimals=3),
            Column("difference", "Difference", decimals=3),
            Column("difference_low", "From", decimals=3),
            Column("difference_high", "To", decimals=3),
            Column("verdict", "Verdict"),
        ),
        rows=tuple(
            _row(entry, model, interval.score)
            for entry, model in _pairs(found)
            for interval in model.all_scores
        ),
    )


test_scores.__test__ = False  # type: ignore[attr-defined] # no test of pytest's


def _pairs(found: TestSetsAnalysis) -> Iterator[tuple[TestSet, TestedModel]]:
    for entry in found.test_sets:
        for model in entry.models:
            yield entry, model


def _row(entry: TestSet, model: TestedModel, score: str) -> tuple[Cell, ...]:
    interval, drop = model.scores[score], model.drop(score)
    told: tuple[Cell, ...] = (None,) * 5
    if drop is not None:
        told = drop.internal, drop.difference, drop.low, drop.high, drop.verdict
    return _KINDS[entry.kind], model.name, score, interval.estimate, interval.low, interval.high, *told


def scores_for_report(found: TestSetsAnalysis, label: Callable[[str], str]) -> Table:
    """Return the deciding score and macro F1 alone, with intervals beside the figures."""
    wanted = judging_scores(found.refit)
    return Table(
        name="test_scores",
        caption=test_scores(found).caption,
        columns=(
            Column("test_set", "Test set"),
            Column("model", "Model", longest=120),
            Column("score", "Score"),
            Column("test", "Test"),
            Column("internal", "Internal", decimals=3),
            Column("difference", "Difference"),
        ),
        rows=tuple(
            (
                *(_KINDS[entry.kind], label(model.name), capitalised(score_title(name))),
                with_ends(model.scores[name].estimate, model.scores[name].low, model.scores[name].high),
                None if (drop := model.drop(name)) is None else drop.internal,
                None if drop is None else with_ends(drop.difference, drop.low, drop.high),
            )
            for entry, model in _pairs(found)
            for name in wanted
            if name in model.scores
        ),
    )


def partitions(found: TestSetsAnalysis) -> Table:
    """Return what each part consists of, a row a class."""
    return Table(
        name="partitions",
        caption="Images and subjects of each part of the data, by class",
        columns=(
            Column("test_set", "Test set"),
            Column("part", "Part"),
            Column("syndrome", "Class"),
            Column("n_images", "Images"),
            Column("share", "Share", decimals=3),
            Column("n_subjects", "Subjects"),
        ),
        rows=tuple(
            (_KINDS[entry.kind], _PARTS[part.name], count.syndrome, count.n_images, share, count.n_subjects)
            for entry in found.test_sets
            for part in (entry.development, entry.test)
            for count, share in _shares(part)
        ),
    )


def _shares(part: Partition) -> Iterator[tuple[SyndromeCount, float]]:
    for count in part.syndromes:
        yield count, count.n_images / part.n_images


def draw_drops(found: TestSetsAnalysis, label: Callable[[str], str]) -> Figure:
    """Return a row a model: its score by cross-validation, and on each test set with its interval."""
    names = [label(model.name) for model in found.test_sets[0].models]
    figure = Figure(figsize=(8.0, 1.5 + 0.42 * len(names)), layout="constrained")
    axes = figure.subplots()
    for place, entry in enumerate(found.test_sets):
        for height, model in enumerate(entry.models):
            _draw(axes, model, found.refit, height + 0.14 * (2 * place - len(found.test_sets) + 1), place)
    axes.set_yticks(range(len(names)), [one_line(legible(name), longest=_LONGEST) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(capitalised(score_title(found.refit)))
    axes.grid(visible=False, axis="y")
    handles = [Line2D([], [], color="#555555", marker="|", markersize=11, linestyle="none", label="Internal")]
    handles += [
        Line2D([], [], color=COLOURS[place], marker="o", label=_KINDS[entry.kind])
        for place, entry in enumerate(found.test_sets)
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def _draw(axes: Axes, model: TestedModel, score: str, height: float, place: int) -> None:
    interval, drop = model.scores[score], model.drop(score)
    if interval.low is not None and interval.high is not None:
        axes.plot([interval.low, interval.high], [height, height], color=COLOURS[place], linewidth=1.8)
    if interval.estimate is not None:
        axes.plot(interval.estimate, height, color=COLOURS[place], marker="o", markersize=6)
    if drop is not None and drop.internal is not None:
        axes.plot(drop.internal, height, color="#555555", marker="|", markersize=11)


def describe_drops(found: TestSetsAnalysis, label: Callable[[str], str]) -> str:
    """Return the alternative text."""
    said = [
        f"{_KINDS[entry.kind]}, {label(model.name)}: {drop.test:.3f} after {drop.internal:.3f}"
        for entry, model in _pairs(found)
        if (drop := model.drop(found.refit)) is not None
        and drop.test is not None
        and drop.internal is not None
    ]
    return f"{capitalised(score_title(found.refit))} on test sets beside cross-validation. {'; '.join(said)}."


def say_drops(found: TestSetsAnalysis) -> str:
    """Return for how many models and test sets the interval of the drop in the deciding score is below 0."""
    drops = [model.drop(found.refit) for _, model in _pairs(found)]
    n_dropping = sum(drop is not None and drop.verdict == "drops" for drop in drops)
    title = capitalised(score_title(found.refit))
    return f"{title} is significantly lower than in cross-validation in {n_dropping} of {len(drops)} tests"


@dataclass(frozen=True)
class TestedFindings:
    """What prose says of one test set."""

    __test__ = False

    entry: TestSet
    refit: str
    label: Callable[[str], str]
    """What a model is called for readers."""
    best_name: str | None
    """The best by cross-validation, which no test image had a say in."""

    @property
    def best(self) -> TestedModel:
        """The best model by cross-validation; the first where nobody says which that is."""
        named = (model for model in self.entry.models if model.name == self.best_name)
        return next(named, self.entry.models[0])

    @property
    def drop(self) -> ScoreDrop | None:
        """What it loses in the deciding score."""
        return self.best.drop(self.refit)

    @property
    def dropping(self) -> list[str]:
        """Models of whose deciding score the interval of the difference lies below 0."""
        drops = [(model.name, model.drop(self.refit)) for model in self.entry.models]
        return [self.label(name) for name, drop in drops if drop is not None and drop.verdict == "drops"]


def find_test_sets(result: Reported) -> list[TestedFindings] | None:
    """Return what there is to be said of each test set; None without any."""
    found = result.analyses.find(TestSetsAnalysis)
    if found is None:
        return None
    models, label = result.analyses.find("models"), model_label(result)
    best = None if models is None else models.best.name
    return [TestedFindings(entry, found.refit, label, best) for entry in found.test_sets]


_for_report = of_labelled(TestSetsAnalysis, scores_for_report)


def _gist(result: Reported) -> Iterator[Table]:
    table = _for_report(result)
    if table is not None:
        yield table


PRESENTATION = Presentation(
    question="test_sets",
    tables={
        "test_scores": of_analysis(TestSetsAnalysis, test_scores),
        "partitions": of_analysis(TestSetsAnalysis, partitions),
    },
    report_tables={"test_scores": _for_report},
    figures=(
        figure_of(
            "test-drops",
            of_labelled(TestSetsAnalysis, draw_drops),
            of_labelled(TestSetsAnalysis, describe_drops),
            of_analysis(TestSetsAnalysis, say_drops),
        ),
    ),
    findings=find_test_sets,
    gist=_gist,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    reports=frozenset({"study", "comparison"}),
)
