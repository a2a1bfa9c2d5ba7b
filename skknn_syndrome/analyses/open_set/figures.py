"""Open-set recognition and rejection: figures."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.open_set.result import (
    AbsentSyndrome,
    ClassMeanNovelty,
    OpenSet,
    RejectionCurve,
)
from skknn_syndrome.display.extent import ends
from skknn_syndrome.display.lettering import drawn_labels, short_labels
from skknn_syndrome.display.messages import alike, called
from skknn_syndrome.display.prose import number, percent
from skknn_syndrome.display.style import GREY, INK, METRIC_COLOURS, METRIC_LINES, OTHER_COLOUR, WIDTH
from skknn_syndrome.wording import capitalised, metric_title

MARKERS = ("s", "o", "^", "D")
STEP = 0.22
"""Distances stand a little apart, so that equal values do not hide each other."""


def draw_novelty(found: Sequence[OpenSet]) -> Figure:
    """Return a row a syndrome with its AUC under each distance, the best of the last distance on top.

    Novelty is the mean distance to the neighbours that vote. Of many syndromes the hardest and the easiest
    stand.
    """
    order = ends([syndrome for _, syndrome, _ in areas(found[-1])])
    shown = drawn_labels(order)
    figure = Figure(figsize=(WIDTH, 1.3 + 0.27 * len(order)), layout="constrained")
    axes = figure.add_subplot()
    axes.axvline(0.5, color=GREY, linestyle=":", linewidth=1)
    for place, (open_set, marker) in enumerate(zip(found, MARKERS, strict=False)):
        entries = [entry for entry in areas(open_set) if entry[1] in shown]
        shift = STEP * (place - (len(found) - 1) / 2)
        axes.plot(
            [mean for mean, _, _ in entries],
            [order.index(syndrome) + shift for _, syndrome, _ in entries],
            marker,  # as the format, it leaves the line out
            color=METRIC_COLOURS.get(open_set.variant, OTHER_COLOUR),
            markersize=6,
            label=capitalised(metric_title(open_set.variant)),
        )
    axes.set_yticks(range(len(order)), [shown[name] for name in order])
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.set_xlabel("AUC, unknown against known images\n(dotted: by chance)")
    if len(found) > 1:
        figure.legend(loc="outside lower center", ncols=len(found))
    return figure


def say_novelty(found: Sequence[OpenSet]) -> str:
    """Return the message: which absent syndrome is hardest to tell from known ones."""
    entries = areas(found[-1])
    (lowest, worst, _), (highest, best, _) = entries[0], entries[-1]
    if alike(lowest, highest):
        return f"Images of each absent syndrome are detected with an AUC of {number(lowest, 2)}"
    return (
        f"Absent from training, {called(worst)} is hardest to detect (AUC {number(lowest, 2)}), "
        f"{called(best)} easiest ({number(highest, 2)})"
    )


def describe_novelty(found: Sequence[OpenSet]) -> str:
    """Return the alternative text."""
    parts = []
    for open_set in found:
        entries = areas(open_set)
        shown = short_labels([syndrome for _, syndrome, _ in entries])
        (lowest, worst, _), (highest, best, _) = entries[0], entries[-1]
        parts.append(
            f"{open_set.variant_title}, from {lowest:.2f} ({shown[worst]}) to {highest:.2f} ({shown[best]})"
        )
    return f"AUC of each syndrome, unknown, against known images, by the mean of k: {'; '.join(parts)}."


def areas(found: OpenSet) -> list[tuple[float, str, float]]:
    """Return AUC by the mean distance, syndrome, and AUC by the nearest image, rising, where defined."""
    return sorted(
        (entry.roc_auc_mean, entry.syndrome, entry.roc_auc_nearest)
        for entry in found.syndromes
        if entry.roc_auc_mean is not None and entry.roc_auc_nearest is not None
    )


def draw_rejection(found: Sequence[OpenSet]) -> Figure:
    """Return error against rejected share: of known images, and of known and unknown ones together."""
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    known, both = figure.subplots(1, 2, sharex=True, sharey=True)
    for open_set in found:
        _draw(known, open_set.variant, open_set.known_curve)
        if open_set.open_curve is not None:
            _draw(both, open_set.variant, open_set.open_curve)
    known.set(title="Known images", ylabel="Error among the accepted")
    both.set(title="Known and unknown")
    known.set_ylim(bottom=0)
    figure.supxlabel("Share rejected, the most novel first", fontsize="medium")
    if len(found) > 1:
        known.legend()
    return figure


def say_rejection(found: Sequence[OpenSet]) -> str | None:
    """Return the message: what rejecting a fifth of the known images does to the error of the others."""
    effect = found[-1].known_curve.effect
    if effect is None:
        return None
    shares = [
        percent(value) for value in (effect.rejected_share, effect.error_of_all, effect.error_of_accepted)
    ]
    rejected, before, after = shares
    if effect.verdict == "inconclusive":
        return f"Rejecting {rejected} of the known images does not change the error significantly ({before})"
    verb = "lowers" if effect.verdict == "fewer_errors" else "raises"
    return f"Rejecting {rejected} of the known images {verb} the error of the others from {before} to {after}"


def describe_rejection(found: Sequence[OpenSet]) -> str:
    """Return the alternative text."""
    parts = []
    for open_set in found:
        first, last = open_set.known_curve.points[0], open_set.known_curve.points[-1]
        parts.append(
            f"{open_set.variant_title}, from {percent(first.error)} with none rejected "
            f"to {percent(last.error)} with {100 * last.rejected_share:.0f} % rejected"
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


def shown_absent(found: ClassMeanNovelty) -> tuple[AbsentSyndrome, ...]:
    """Return the syndromes that could be left out, the least detected first; of many the ends."""
    return ends(found.judged)


def draw_detection(found: ClassMeanNovelty) -> Figure:
    """Return a row a syndrome with the share of its images that are flagged while it is absent."""
    rows = shown_absent(found)
    figure = Figure(figsize=(WIDTH, 1.1 + 0.27 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    axes.axvline(100 * found.allowed_false_rejections, color=GREY, linestyle=":", linewidth=1)
    names = drawn_labels([entry.syndrome for entry in rows])
    for place, entry in enumerate(rows):
        interval = entry.detected
        assert interval is not None  # noqa: S101  of those that could be left out
        if interval.low is not None and interval.high is not None:
            axes.plot([100 * interval.low, 100 * interval.high], [place, place], color=INK, linewidth=1.3)
        axes.plot([100 * interval.estimate], [place], "s", color=INK, markersize=5)
    axes.set_yticks(range(len(rows)), [names[entry.syndrome] for entry in rows])
    axes.set(
        xlim=(-2, 102),
        ylim=(len(rows) - 0.4, -0.6),
        xlabel=f"Flagged while absent (%; dotted: allowed of known {found.false_rejection_rate.unit})",
    )
    return figure


def say_detection(found: ClassMeanNovelty) -> str | None:
    """Return the message: the mean share that is flagged, and its extremes."""
    if found.detected is None:
        return None
    (worst, low), (best, high) = ((entry.syndrome, entry.detected) for entry in _extremes(found))
    mean = percent(found.detected.estimate)
    if low is None or high is None or alike(low.estimate, high.estimate):
        return f"Absent from training, {mean} of a syndrome's images are flagged as none of the known ones"
    return (
        f"Absent from training, {mean} of a syndrome's images are flagged on average, "
        f"from {percent(low.estimate)} ({called(worst)}) to {percent(high.estimate)} ({called(best)})"
    )


def describe_detection(found: ClassMeanNovelty) -> str:
    """Return the alternative text."""
    parts = [
        f"{entry.syndrome}, {percent(entry.detected.estimate)}"
        for entry in shown_absent(found)
        if entry.detected is not None
    ]
    return f"Share of the images of each syndrome that are flagged while it is absent: {'; '.join(parts)}."


def _extremes(found: ClassMeanNovelty) -> tuple[AbsentSyndrome, AbsentSyndrome]:
    return found.judged[0], found.judged[-1]
