"""Hubs: images that are near to very many others."""

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from skknn_syndrome.figures.style import METRIC_COLOURS, METRIC_LINES, OTHER_COLOUR
from skknn_syndrome.results import Hubness
from skknn_syndrome.results.hubness import DistanceHubness
from skknn_syndrome.wording import capitalised, metric_title

MARKERS = ("s", "o", "^", "D")


def draw_hubness(found: Hubness) -> Figure:
    """Return how many images are in how many lists, and how long the embeddings of the largest hubs are."""
    figure = Figure(figsize=(9.0, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    for entry, marker in zip(found.distances, MARKERS, strict=False):
        _draw_occurrences(left, entry, found.n_images, marker)
        _draw_hubs(right, entry, marker)
    _draw_norms(right, found)
    lists = found.distances[0].n_neighbors
    left.set(xscale="log", yscale="log", xlabel="Lists", ylabel="Share of images in so many or more")
    left.set_title(f"In how many lists of {lists} an image is")
    right.set(yscale="log", xlabel="Norm of the embedding", ylabel="Lists")
    right.set_title("The largest hubs and their norms")
    for axis in (left.xaxis, left.yaxis, right.yaxis):
        _write_plainly(axis)
    handles, labels = right.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def describe_hubness(found: Hubness) -> str:
    """Return the alternative text."""
    parts = [
        f"{metric_title(entry.metric)} distance, one image is in {entry.largest} lists of "
        f"{entry.n_neighbors}, {entry.anti_hub_share:.0%} of the images are in none"
        for entry in found.distances
    ]
    return (
        "How many lists of nearest neighbours an image is in, and norms of the largest hubs: "
        f"{'; '.join(parts)}."
    )


def _draw_occurrences(axes: Axes, entry: DistanceHubness, n_images: int, marker: str) -> None:
    """Draw the share of images that are in at least so many lists, from one list on."""
    rising = [point for point in entry.occurrences if point.n_lists]
    above = [sum(point.n_images for point in rising[place:]) / n_images for place in range(len(rising))]
    axes.plot(
        [point.n_lists for point in rising],
        above,
        color=METRIC_COLOURS.get(entry.metric, OTHER_COLOUR),
        linestyle=METRIC_LINES.get(entry.metric, "-"),
        marker=marker,
        markevery=[len(rising) - 1],
    )
    axes.annotate(
        f"{entry.largest:,}",
        (rising[-1].n_lists, above[-1]),
        textcoords="offset points",
        xytext=(7, 0),
        va="center",
        fontsize=9,
    )


def _draw_hubs(axes: Axes, entry: DistanceHubness, marker: str) -> None:
    axes.plot(
        [hub.norm for hub in entry.hubs],
        [hub.n_lists for hub in entry.hubs],
        color=METRIC_COLOURS.get(entry.metric, OTHER_COLOUR),
        linestyle="none",
        marker=marker,
        label=capitalised(metric_title(entry.metric)),
    )


def _draw_norms(axes: Axes, found: Hubness) -> None:
    """Shade where the norms of most images lie."""
    low, *_, high = (quantile for quantile in found.norms if 0 < quantile.share < 1)
    label = f"{high.share - low.share:.0%} of all images"
    axes.axvspan(low.value, high.value, color="#e4e4e4", linewidth=0, zorder=0, label=label)


def _write_plainly(axis: Axis) -> None:
    """Write a logarithmic axis as 0.01, 0.1, 1: no text of a figure is read as mathematics."""
    axis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=20))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())
