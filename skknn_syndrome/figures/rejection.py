"""What rejecting novel images does to the error."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.figures.style import METRIC_COLOURS, METRIC_LINES, OTHER_COLOUR
from skknn_syndrome.results import OpenSet
from skknn_syndrome.results.open_set import RejectionCurve
from skknn_syndrome.wording import capitalised, metric_title


def draw_rejection(found: Sequence[OpenSet]) -> Figure:
    """Return error against rejected share: of known images, and of known and unseen ones together."""
    figure = Figure(figsize=(9.0, 3.9), layout="constrained")
    known, both = figure.subplots(1, 2, sharex=True, sharey=True)
    for open_set in found:
        _draw(known, open_set.variant, open_set.known_curve)
        if open_set.open_curve is not None:
            _draw(both, open_set.variant, open_set.open_curve)
    known.set(title="Known images", ylabel="Error among the accepted")
    both.set(title="Known and unseen images")
    for axes in (known, both):
        axes.set_xlabel("Share rejected, the most novel first")
        axes.set_ylim(bottom=0)
    handles, labels = known.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def describe_rejection(found: Sequence[OpenSet]) -> str:
    """Return the alternative text."""
    parts = []
    for open_set in found:
        first, last = open_set.known_curve.points[0], open_set.known_curve.points[-1]
        parts.append(
            f"{open_set.variant_title}, from {first.error:.1%} with none rejected "
            f"to {last.error:.1%} with {last.rejected_share:.0%} rejected"
        )
    return f"Error among the accepted images against the share rejected. Known images: {'; '.join(parts)}."


def _draw(axes: Axes, variant: str, curve: RejectionCurve) -> None:
    axes.plot(
        [point.rejected_share for point in curve.points],
        [point.error for point in curve.points],
        color=METRIC_COLOURS.get(variant, OTHER_COLOUR),
        linestyle=METRIC_LINES.get(variant, "-"),
        marker=".",
        label=capitalised(metric_title(variant)),
    )
