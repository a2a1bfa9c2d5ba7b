"""Labels one by one: their scores, curves, and decisions at the threshold of inner folds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.labels.result import LabelCurves, LabelsAnalysis, LabelScores, OperatingPoint
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.prose import number, with_ends
from skknn_syndrome.display.style import COLOURS, LINES, MARKERS
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.questions import Presentation, Reported, figure_of, model_label, of_analysis, of_labelled
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.results.verdicts import LOW_SENSITIVITY
from skknn_syndrome.wording import one_line

MOST_CURVES = 8
"""Models that a figure has lines for."""

MOST_LABELS = 40
"""Labels that a figure has rows for."""

_LONGEST = 40


def label_scores(found: LabelsAnalysis) -> Table:
    """Return a row for each label and model."""
    return Table(
        name="label_scores",
        caption="Labels one by one: of all predictions of a repeat, the mean over the repeats; sensitivity, "
        "specificity and F1 of the model's own predictions",
        columns=(
            Column("model", "Model", longest=120),
            Column("label", "Label"),
            Column("n_positive", "Images with it"),
            Column("prevalence", "Prevalence", decimals=3),
            Column("roc_auc", "AUC", decimals=3),
            Column("average_precision", "Average precision", decimals=3),
            Column("f1", "F1", decimals=3),
            Column("sensitivity", "Sensitivity", decimals=3),
            Column("specificity", "Specificity", decimals=3),
            Column("undefined", "Not defined, for", longest=120),
        ),
        rows=tuple(
            (
                *(entry.model, entry.label, entry.n_positive, entry.prevalence, entry.roc_auc),
                *(entry.average_precision, entry.f1, entry.sensitivity, entry.specificity, entry.undefined),
            )
            for entry in found.labels
        ),
    )


def scores_for_report(found: LabelsAnalysis, label: Callable[[str], str]) -> Table:
    """Return what pages have room for, models called as readers know them."""
    table = label_scores(found)
    several = found.task == "multilabel"
    wanted = ["model", *(["label", "n_positive"] if several else []), "roc_auc", "average_precision", "f1"]
    wanted += ["sensitivity", "specificity", *(["undefined"] if found.undefined else [])]
    shown = table.only(*wanted)
    return replace(shown, rows=tuple((label(str(row[0])), *row[1:]) for row in shown.rows))


_SHARES = (
    ("sensitivity", "Sensitivity"),
    ("specificity", "Specificity"),
    ("positive_predictive_value", "PPV"),
    ("negative_predictive_value", "NPV"),
)


def operating_points(found: LabelsAnalysis) -> Table:
    """Return a row for each model: decisions at the thresholds that inner folds chose."""
    return Table(
        name="operating_points",
        caption="Decisions at the threshold with the highest Youden index in the inner folds of each "
        "training part, all folds pooled; 95 % confidence intervals are over subjects, or images without ids",
        columns=(
            Column("model", "Model", longest=120),
            Column("threshold", "Median threshold", decimals=3),
            *(
                column
                for key, title in _SHARES
                for column in (
                    Column(key, title, decimals=3),
                    Column(f"{key}_low", "From", decimals=3),
                    Column(f"{key}_high", "To", decimals=3),
                )
            ),
        ),
        rows=tuple(
            (
                entry.model,
                float(np.median(entry.operating_point.thresholds)),
                *_shares(entry.operating_point),
            )
            for entry in found.labels
            if entry.operating_point is not None
        ),
    )


def points_for_report(found: LabelsAnalysis, label: Callable[[str], str]) -> Table:
    """Return the same with intervals beside the figures."""
    points = [(entry.model, entry.operating_point) for entry in found.labels if entry.operating_point]
    return Table(
        name="operating_points",
        caption=operating_points(found).caption,
        columns=(
            Column("model", "Model", longest=120),
            Column("threshold", "Median threshold", decimals=3),
            *(Column(key, title) for key, title in _SHARES),
        ),
        rows=tuple(
            (label(model), float(np.median(point.thresholds)), *map(_written, _of(point)))
            for model, point in points
        ),
    )


def _of(point: OperatingPoint) -> list[MeanInterval | None]:
    return [getattr(point, key) for key, _ in _SHARES]


def _written(share: MeanInterval | None) -> str:
    return with_ends(None, None, None) if share is None else with_ends(share.estimate, share.low, share.high)


def _shares(point: OperatingPoint) -> list[Cell]:
    return [
        cell
        for share in _of(point)
        for cell in ((None, None, None) if share is None else (share.estimate, share.low, share.high))
    ]


def _curved(found: LabelsAnalysis) -> list[tuple[LabelScores, LabelCurves]]:
    """Return what has curves, the highest AUC first."""
    entries = [(entry, entry.curves) for entry in found.labels if entry.curves is not None]
    return sorted(entries, key=lambda pair: -(pair[0].roc_auc or 0.0))[:MOST_CURVES]


def draw_curves(found: LabelsAnalysis, label: Callable[[str], str]) -> Figure | None:
    """Return ROC and precision-recall curves of two classes, a line a model."""
    entries = _curved(found)
    if not entries:
        return None
    figure = Figure(figsize=(8.0, 4.4), layout="constrained")
    left, right = figure.subplots(1, 2)
    for place, (entry, curves) in enumerate(entries):
        look = {"color": COLOURS[place % len(COLOURS)], "linestyle": LINES[place % len(LINES)]}
        name = one_line(legible(label(entry.model)), longest=_LONGEST)
        left.plot(curves.false_positive_rate, curves.true_positive_rate, label=name, **look)
        right.plot(curves.recall, curves.precision, **look)
    left.plot([0, 1], [0, 1], color="#999999", linewidth=0.8)
    right.axhline(entries[0][0].prevalence, color="#999999", linewidth=0.8)
    for axes, x, y in (
        (left, "1 \N{MINUS SIGN} specificity", "Sensitivity"),
        (right, "Sensitivity", "Positive predictive value"),
    ):
        axes.set(xlabel=x, ylabel=y, xlim=(-0.01, 1.01), ylim=(-0.01, 1.02))
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def describe_curves(found: LabelsAnalysis, label: Callable[[str], str]) -> str:
    """Return the alternative text."""
    entries = _curved(found)
    best = entries[0][0]
    auc, precision = best.roc_auc or 0.0, best.average_precision or 0.0
    return (
        f"ROC and precision-recall curves of {len(entries)} models for {best.label}. The highest AUC is "
        f"{auc:.3f} ({label(best.model)}), with an average precision of {precision:.3f}; the prevalence is "
        f"{best.prevalence:.3f}."
    )


def say_curves(found: LabelsAnalysis, label: Callable[[str], str]) -> str | None:
    """Return which model has the highest AUC."""
    entries = _curved(found)
    if not entries or entries[0][0].roc_auc is None:
        return None
    best = entries[0][0]
    return f"The highest AUC for {best.label} is {number(best.roc_auc)} ({label(best.model)})"


def draw_labels(found: LabelsAnalysis, label: Callable[[str], str]) -> Figure | None:
    """Return AUC and average precision of several labels, a row a label, a marker a model."""
    if found.task != "multilabel":
        return None
    models = list(dict.fromkeys(entry.model for entry in found.labels))[:MOST_CURVES]
    first = found.of_model(models[0])
    shown = sorted(first, key=lambda entry: -entry.n_positive)[:MOST_LABELS]
    names = [entry.label for entry in shown]
    figure = Figure(figsize=(8.0, 1.8 + 0.3 * len(names)), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    for place, model in enumerate(models):
        entries = {entry.label: entry for entry in found.of_model(model)}
        look: dict[str, Any] = {
            "color": COLOURS[place % len(COLOURS)],
            "marker": MARKERS[place % len(MARKERS)],
        }
        own = [entries[name] for name in names]
        _dots(panels[0], [entry.roc_auc for entry in own], label(model), look)
        _dots(panels[1], [entry.average_precision for entry in own], None, look)
    prevalences = [entry.prevalence for entry in shown]
    panels[1].plot(prevalences, range(len(names)), "|", color="#555555", markersize=11, label="Prevalence")
    panels[0].set_yticks(range(len(names)), [one_line(legible(name), longest=_LONGEST) for name in names])
    panels[0].set_ylim(len(names) - 0.5, -0.5)
    panels[0].set(xlabel="AUC")
    panels[1].set(xlabel="Average precision")
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def _dots(axes: Axes, values: Sequence[float | None], name: str | None, look: dict[str, Any]) -> None:
    known = [(value, height) for height, value in enumerate(values) if value is not None]
    x, y = [value for value, _ in known], [height for _, height in known]
    title = None if name is None else one_line(legible(name), longest=_LONGEST)
    axes.plot(x, y, linestyle="none", markersize=5, label=title, **look)


def describe_labels(found: LabelsAnalysis, label: Callable[[str], str]) -> str:
    """Return the alternative text."""
    entries = [entry for entry in found.of_model(found.labels[0].model) if entry.roc_auc is not None]
    if not entries:
        return "No label has an AUC."
    worst, best = (pick(entries, key=lambda entry: entry.roc_auc or 0.0) for pick in (min, max))
    return (
        f"AUC and average precision of {len(entries)} labels. By {label(worst.model)} the AUC lies between "
        f"{worst.roc_auc:.3f} ({worst.label}) and {best.roc_auc:.3f} ({best.label})."
    )


def say_labels(found: LabelsAnalysis, label: Callable[[str], str]) -> str | None:
    """Return between which labels the AUC of the first model lies."""
    entries = [entry for entry in found.of_model(found.labels[0].model) if entry.roc_auc is not None]
    if not entries:
        return None
    worst, best = (pick(entries, key=lambda entry: entry.roc_auc or 0.0) for pick in (min, max))
    return (
        f"By {label(worst.model)}, the AUC lies between {number(worst.roc_auc)} ({worst.label}) and "
        f"{number(best.roc_auc)} ({best.label})"
    )


@dataclass(frozen=True)
class LabelFindings:
    """What prose says of labels."""

    found: LabelsAnalysis
    result: Reported

    def label(self, model: str) -> str:
        """Return what a model is called for readers."""
        return model_label(self.result)(model)

    @cached_property
    def best(self) -> LabelScores | None:
        """Of two classes, what the model with the highest AUC says."""
        known = [entry for entry in self.found.labels if entry.roc_auc is not None]
        return max(known, key=lambda entry: entry.roc_auc or 0.0) if known else None

    def unreliable(self, model: str) -> list[LabelScores]:
        """Return the labels that a model does not recognise reliably, the worst first."""
        low = [
            entry
            for entry in self.found.labels
            if entry.model == model and entry.sensitivity is not None and entry.sensitivity < LOW_SENSITIVITY
        ]
        return sorted(low, key=lambda entry: entry.sensitivity or 0.0)

    @property
    def least_sensitivity(self) -> float:
        """Below which a label is called so."""
        return LOW_SENSITIVITY

    @cached_property
    def misled(self) -> tuple[str, float, float] | None:
        """Name, subset accuracy and macro AUC of the first model whose subset accuracy misleads."""
        models = self.result.analyses.find("models")
        for model in () if models is None else models.ranked:
            if model.pooled is None:
                continue
            subset, auc = (model.pooled.scores.get(name) for name in ("subset_accuracy", "roc_auc_ovr"))
            if subset is None or auc is None or auc.estimate is None:
                continue
            if self.found.is_misled_by_subset_accuracy(subset.estimate, auc.low):
                return models.label(model.name), subset.estimate, auc.estimate
        return None


def find_labels(result: Reported) -> LabelFindings | None:
    """Return what there is to be said; None of three classes or more."""
    found = result.analyses.find(LabelsAnalysis)
    return None if found is None else LabelFindings(found, result)


PRESENTATION = Presentation(
    question="labels",
    tables={
        "label_scores": of_analysis(LabelsAnalysis, label_scores),
        "operating_points": of_analysis(LabelsAnalysis, operating_points),
    },
    report_tables={
        "label_scores": of_labelled(LabelsAnalysis, scores_for_report),
        "operating_points": of_labelled(LabelsAnalysis, points_for_report),
    },
    figures=(
        figure_of(
            "label-curves",
            of_labelled(LabelsAnalysis, draw_curves),
            of_labelled(LabelsAnalysis, describe_curves),
            of_labelled(LabelsAnalysis, say_curves),
        ),
        figure_of(
            "label-scores",
            of_labelled(LabelsAnalysis, draw_labels),
            of_labelled(LabelsAnalysis, describe_labels),
            of_labelled(LabelsAnalysis, say_labels),
        ),
    ),
    findings=find_labels,
    sections={"results": "section.qmd"},
    reports=frozenset({"study", "comparison"}),
)
