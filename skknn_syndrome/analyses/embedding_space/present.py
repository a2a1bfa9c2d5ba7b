"""The embedding space: hubs, norms and purity as tables, figure and findings."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from skknn_syndrome.analyses.embedding_space.result import (
    DistanceHubness,
    EmbeddingSpaceAnalysis,
    Hub,
    Hubness,
)
from skknn_syndrome.display.style import METRIC_COLOURS, METRIC_LINES, OTHER_COLOUR, WIDTH
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.questions import FigureMaker, Presentation
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import capitalised, metric_title


def hubness(found: Hubness) -> Table:
    """Return skewness, purity and what else tells distances apart, a row a distance."""
    lists = found.distances[0].n_neighbors
    return Table(
        name="hubness",
        caption=f"Hubs and neighbour purity without folds, in lists of the {lists} nearest other images. "
        f"By chance the purity would be {found.expected_purity:.3f}",
        columns=(
            Column("metric", "Distance"),
            Column("skewness", "Skewness", decimals=2),
            Column("largest", "Most lists"),
            Column("anti_hub_share", "In no list", decimals=3),
            Column("norm_correlation", "Norm correlation", decimals=2),
            Column("neighbor_purity", "Purity", decimals=3),
            Column("purity_without_own_subject", "Purity, other subjects", decimals=3),
            Column("own_subject_nearest", "Own subject nearest", decimals=3),
            Column("silhouette", "Silhouette", decimals=3),
        ),
        rows=tuple(
            (
                entry.metric,
                entry.skewness,
                entry.largest,
                entry.anti_hub_share,
                entry.norm_correlation,
                entry.neighbor_purity,
                entry.purity_without_own_subject,
                entry.own_subject_nearest,
                entry.silhouette,
            )
            for entry in found.distances
        ),
    )


def hubs(found: Hubness) -> Table:
    """Return the images that are near to the most others, each distance in turn, the largest hub first."""
    return Table(
        name="hubs",
        caption="The images that are in the most lists, and how many of these are of other syndromes",
        columns=(
            Column("metric", "Distance"),
            Column("row", "Row"),
            Column("syndrome", "Syndrome"),
            Column("subject", "Subject"),
            Column("n_lists", "Lists"),
            Column("n_wrong_lists", "Of other syndromes"),
            Column("norm", "Norm", decimals=2),
        ),
        rows=tuple(
            (entry.metric, hub.row, hub.syndrome, hub.subject, hub.n_lists, hub.n_wrong_lists, hub.norm)
            for entry in found.distances
            for hub in entry.hubs
        ),
    )


def norms(found: Hubness) -> Table:
    """Return quantiles of the embeddings' lengths, rising."""
    return Table(
        name="norms",
        caption="Euclidean lengths of the embeddings",
        columns=(
            Column("share", "Share of the images below", decimals=2),
            Column("norm", "Norm", decimals=2),
        ),
        rows=tuple((entry.share, entry.value) for entry in found.norms),
    )


MARKERS = ("s", "o", "^", "D")


def draw_hubness(found: Hubness) -> Figure:
    """Return how many images are in how many lists, and how long the embeddings of the largest hubs are."""
    figure = Figure(figsize=(WIDTH, 3.9), layout="constrained")
    left, right = figure.subplots(1, 2)
    for entry, marker in zip(found.distances, MARKERS, strict=False):
        _draw_occurrences(left, entry, found.n_images, marker)
        _draw_hubs(right, entry, marker)
    _draw_norms(right, found)
    lists = found.distances[0].n_neighbors
    left.set(xscale="log", yscale="log", xlabel="Lists", ylabel="Share of images, so many or more")
    left.set_title(f"In lists of the {lists} nearest")
    right.set(yscale="log", xlabel="Norm of the embedding", ylabel="Lists")
    right.set_title("The largest hubs")
    _write_plainly(left.xaxis)
    _write_plainly(left.yaxis)
    _write_plainly(right.yaxis, between=(2, 5))
    handles, labels = right.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3)
    return figure


def say_hubness(found: Hubness) -> str:
    """Return the message: how many lists the largest hub is in."""
    most = max(found.distances, key=lambda entry: entry.largest)
    return (
        f"One image is among the {most.n_neighbors} nearest of {most.largest:,} others "
        f"({metric_title(most.metric)} distance)"
    )


def describe_hubness(found: Hubness) -> str:
    """Return the alternative text."""
    parts = [
        f"{metric_title(entry.metric)} distance, one image is in {entry.largest} lists of "
        f"{entry.n_neighbors}, {100 * entry.anti_hub_share:.0f} % of the images are in none"
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
    label = f"{100 * (high.share - low.share):.0f} % of all images"
    axes.axvspan(low.value, high.value, color="#e4e4e4", linewidth=0, zorder=0, label=label)


def _write_plainly(axis: Axis, between: tuple[int, ...] = ()) -> None:
    """Write a logarithmic axis as 0.01, 0.1, 1: no text of a figure is read as mathematics."""
    axis.set_major_locator(LogLocator(subs=(1, *between), numticks=20))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())


@dataclass(frozen=True)
class EmbeddingSpaceFindings:
    """The winner's distance beside the best of the others."""

    hubness: Hubness
    metric: str
    """Of the winner."""
    other_metric: str | None
    """The distance that comes second."""

    @property
    def own(self) -> DistanceHubness:
        """The winner's distance."""
        return self._of(self.metric)

    @property
    def other(self) -> DistanceHubness | None:
        """The distance that comes second; None where there is one alone."""
        return None if self.other_metric is None else self._of(self.other_metric)

    @property
    def hub(self) -> tuple[DistanceHubness, Hub]:
        """The largest hub of all, with its distance."""
        found = max(self.hubness.distances, key=lambda entry: entry.largest)
        return found, found.hubs[0]

    @property
    def norms(self) -> tuple[float, float, float, float]:
        """Least norm, the bounds of most, and the greatest."""
        values = [quantile.value for quantile in self.hubness.norms]
        return values[0], values[1], values[-2], values[-1]

    def verdict(self, *, scores_differ: bool) -> Literal["explains", "partly", "against"] | None:
        """Return whether fewer hubs and purer neighbours go with the higher score.

        None where the deciding scores of the two don't differ significantly, for then there is no difference
        to explain, or where skewness or purity do not differ at all.
        """
        own, other = self.own, self.other
        if not scores_differ or other is None or own.skewness is None or other.skewness is None:
            return None
        if own.skewness == other.skewness or own.neighbor_purity == other.neighbor_purity:
            return None
        agreeing = (own.skewness < other.skewness) + (own.neighbor_purity > other.neighbor_purity)
        return ("against", "partly", "explains")[agreeing]

    def _of(self, metric: str) -> DistanceHubness:
        return next(entry for entry in self.hubness.distances if entry.metric == metric)


def _hubness(study: StudyResult) -> Hubness | None:
    found = study.find(EmbeddingSpaceAnalysis)
    return None if found is None else found.hubness


def find_embedding_space(study: StudyResult) -> EmbeddingSpaceFindings | None:
    """Return the winner's distance beside the one that comes second; None where nobody looked."""
    run, found = study.primary, _hubness(study)
    if found is None or run.winner.metric is None:
        return None
    others = [best for variant, best in run.best.items() if variant != run.winner.variant]
    second = max(others, key=run.refit_mean, default=None)
    return EmbeddingSpaceFindings(found, run.winner.metric, None if second is None else second.metric)


def _table(make: Callable[[Hubness], Table]) -> Callable[[StudyResult], Table | None]:
    def table(study: StudyResult) -> Table | None:
        found = _hubness(study)
        return None if found is None else make(found)

    return table


def _drawn(study: StudyResult) -> Figure | None:
    found = _hubness(study)
    return None if found is None else draw_hubness(found)


def _said(study: StudyResult) -> str | None:
    found = _hubness(study)
    return None if found is None else say_hubness(found)


def _described(study: StudyResult) -> str:
    found = _hubness(study)
    return "" if found is None else describe_hubness(found)


PRESENTATION = Presentation(
    question="embedding_space",
    tables={"hubness": _table(hubness), "hubs": _table(hubs), "norms": _table(norms)},
    figures=(FigureMaker(name="hubness", draw=_drawn, describe=_described, message=_said),),
    findings=find_embedding_space,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)
