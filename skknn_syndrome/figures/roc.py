"""ROC curves."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.figures.labels import short_labels
from skknn_syndrome.figures.style import METRIC_COLOURS, METRIC_LINES, OTHER_COLOUR, marks
from skknn_syndrome.results import Evaluation, RocCurve


def draw_micro_roc(evaluations: Sequence[Evaluation]) -> Figure:
    """Return the micro-average curves of all distances in one graph, each with a band over the folds."""
    figure = Figure(figsize=(5.6, 5.4), layout="constrained")
    axes = figure.add_subplot()
    for evaluation in evaluations:
        curve = evaluation.micro_roc
        colour = METRIC_COLOURS.get(evaluation.metric, OTHER_COLOUR)
        _draw_band(axes, curve, colour)
        axes.plot(
            curve.false_positive_rate,
            curve.true_positive_rate,
            color=colour,
            linestyle=METRIC_LINES.get(evaluation.metric, "-"),
            label=f"{evaluation.metric}, k = {evaluation.n_neighbors}: AUC {_area(curve)}",
        )
    _finish(axes)
    axes.legend(loc="lower right")
    return figure


def describe_micro_roc(evaluations: Sequence[Evaluation]) -> str:
    """Return the alternative text."""
    parts = [f"{entry.metric} {_area(entry.micro_roc)}" for entry in evaluations]
    return f"Micro-average ROC curves, mean over the folds. Area under the curve: {'; '.join(parts)}."


def draw_syndrome_roc(evaluation: Evaluation) -> Figure:
    """Return one curve a syndrome against the rest, the legend beside the graph."""
    look, names = marks(evaluation.syndromes), short_labels(evaluation.syndromes)
    figure = Figure(figsize=(8.2, max(5.0, 0.9 + 0.22 * len(names))), layout="constrained")
    axes = figure.add_subplot()
    for entry in evaluation.syndrome_rocs:
        if entry.curve is not None:
            mark = look[entry.syndrome]
            axes.plot(
                entry.curve.false_positive_rate,
                entry.curve.true_positive_rate,
                color=mark.colour,
                linestyle=mark.line,
                linewidth=1.3,
                marker=mark.marker,
                markersize=4,
                markevery=(0.05, 0.12),
                label=f"{names[entry.syndrome]}: {entry.curve.mean_auc:.3f}",
            )
    _finish(axes)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", title="Syndrome: AUC")
    return figure


def describe_syndrome_roc(evaluation: Evaluation) -> str:
    """Return the alternative text."""
    names = short_labels(evaluation.syndromes)
    areas = sorted(
        (entry.curve.mean_auc, names[entry.syndrome])
        for entry in evaluation.syndrome_rocs
        if entry.curve is not None
    )
    if not areas:
        return "No syndrome has a ROC curve."
    (lowest, worst), (highest, best) = areas[0], areas[-1]
    return (
        f"ROC curves of {len(areas)} syndromes against the rest. Areas from {lowest:.3f} ({worst}) "
        f"to {highest:.3f} ({best})."
    )


def _area(curve: RocCurve) -> str:
    return f"{curve.mean_auc:.3f} ± {curve.std_auc:.3f}"


def _draw_band(axes: Axes, curve: RocCurve, colour: str) -> None:
    pairs = list(zip(curve.true_positive_rate, curve.true_positive_rate_std, strict=True))
    low, high = [max(0.0, rate - std) for rate, std in pairs], [min(1.0, rate + std) for rate, std in pairs]
    axes.fill_between(curve.false_positive_rate, low, high, color=colour, alpha=0.15, linewidth=0)


def _finish(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color="#888888", linestyle=":", linewidth=1)
    axes.set(
        xlim=(-0.01, 1.01),
        ylim=(-0.01, 1.02),
        aspect="equal",
        xlabel="False positive rate",
        ylabel="True positive rate",
    )
