"""How many images each syndrome has."""

from matplotlib.figure import Figure

from skknn_syndrome.figures.labels import drawn_labels, short_labels
from skknn_syndrome.figures.style import marks
from skknn_syndrome.results import DatasetSummary


def draw_images_per_syndrome(dataset: DatasetSummary) -> Figure:
    """Return bars, the largest syndrome on top, each with its count."""
    entries = sorted(dataset.syndromes, key=lambda entry: (entry.n_images, entry.syndrome))
    names = [entry.syndrome for entry in entries]
    shown, look = drawn_labels(names), marks(names)
    figure = Figure(figsize=(7.0, 0.6 + 0.3 * len(entries)), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh(
        range(len(entries)),
        [entry.n_images for entry in entries],
        color=[look[name].colour for name in names],
    )
    axes.bar_label(bars, padding=3, fontsize=9)
    axes.set_yticks(range(len(entries)), [shown[name] for name in names])
    axes.set_xlabel("Images")
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.08, y=0.02)
    return figure


def describe_images_per_syndrome(dataset: DatasetSummary) -> str:
    """Return the alternative text."""
    largest = max(dataset.syndromes, key=lambda entry: entry.n_images)
    smallest = min(dataset.syndromes, key=lambda entry: entry.n_images)
    shown = short_labels([entry.syndrome for entry in dataset.syndromes])
    return (
        f"Bars of the images of {len(dataset.syndromes)} syndromes, from {smallest.n_images} "
        f"({shown[smallest.syndrome]}) to {largest.n_images} ({shown[largest.syndrome]})."
    )
