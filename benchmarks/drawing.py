"""Time against the number of rows."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

from benchmarks.table import Run

TITLES = {
    "plain": "GridSearchCV, KNeighborsClassifier",
    "transformer": "KNeighborsTransformer, memory",
    "loop": "loop around kneighbors",
    "faiss": "loop around faiss",
    "sklearnex": "scikit-learn-intelex",
    "search": "ours, through GridSearchCV",
    "engine": "ours, engine",
    "product": "bare float32 product",
}

COLOURS = ["#332288", "#88CCEE", "#44AA99", "#117733", "#999933", "#CC6677", "#882255", "#777777"]


def draw(runs: Sequence[Run], folder: Path) -> None:
    """Write `time_by_rows.png` and `.svg`."""
    figure, axes = plt.subplots(figsize=(9, 5.6), layout="constrained")
    single = [run for run in runs if run["jobs"] == 1 and "process" not in run["seconds"]]
    for (name, title), colour in zip(TITLES.items(), COLOURS, strict=True):
        # Of two runs at one size the first counts, which measured plain in full.
        by_rows = {
            run["rows"]: (median(times), bool(run["share_folds"]) and name == "plain")
            for run in reversed(single)
            if (times := run["seconds"].get(name) or run.get(name))
        }
        points = [(rows, *by_rows[rows]) for rows in sorted(by_rows)]
        if not points:
            continue
        rows, seconds, _ = zip(*points, strict=True)
        axes.loglog(rows, seconds, color=colour, linestyle=":" if name == "product" else "-")
        for place, time, extrapolated in points:
            axes.plot(place, time, "o", color=colour, markerfacecolor="white" if extrapolated else colour)
        axes.annotate(
            title,
            (rows[-1], seconds[-1]),
            xytext=(8, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    axes.set(xlabel="images", ylabel="seconds for 30 candidates on 10 folds, one thread")
    axes.set_xlim(900, 500_000)
    axes.set_title("Hollow: extrapolated from a share of the fits", loc="left", fontsize="medium")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, which="major", alpha=0.3)
    for suffix in ("png", "svg"):
        figure.savefig(folder / f"time_by_rows.{suffix}", dpi=150)
    plt.close(figure)
