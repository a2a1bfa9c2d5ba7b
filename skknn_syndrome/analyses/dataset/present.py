"""The data set: counts, refused rows, data warnings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from skknn_syndrome.display.extent import MOST_SYNDROMES, ends
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.questions import Advice, FigureMaker, Presentation, ReportedImages, has_several_labels
from skknn_syndrome.results.audit import Audit
from skknn_syndrome.results.dataset import DatasetSummary, SyndromeCount
from skknn_syndrome.results.embedder import EmbedderNote
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import UNEQUAL_CLASSES

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def dataset_summary(study: StudyResult) -> Table:
    """Return name, origin, shape and counts of the data."""
    data = study.dataset
    sizes = [entry.n_images for entry in data.syndromes]
    return Table(
        name="dataset_summary",
        caption="The data",
        columns=(Column("fact", "Property"), Column("value", "Value")),
        rows=(
            ("Name", data.name),
            ("Origin", "simulated" if data.simulated else "given by the user"),
            ("Images", data.n_images),
            ("Features per image", data.n_features),
            ("Number format", data.dtype),
            ("Syndromes", len(data.syndromes)),
            ("Subjects", data.n_subjects),
            ("Images in the smallest syndrome", min(sizes)),
            ("Images in the largest syndrome", max(sizes)),
            ("SHA-256 of the file", data.file_sha256),
            ("SHA-256 of the data", data.data_sha256),
            *_embedder_facts(data.embedder),
        ),
    )


def _embedder_facts(note: EmbedderNote | None) -> tuple[tuple[str, str | int | float | None], ...]:
    """Return what made the vectors, where the file says it."""
    if note is None:
        return ()
    facts = (
        ("Encoder", f"{note.model} ({note.architecture})"),
        ("SHA-256 of its weights", note.weights_sha256),
        ("Preprocessing of images", note.preprocessing),
        ("Seconds per image", note.seconds_per_image),
    )
    zeros = ("Unreadable images, as vectors of zeros", note.n_zero_filled)
    return (*facts, zeros) if note.n_zero_filled else facts


def syndrome_counts(study: ReportedImages) -> Table:
    """Return images, subjects and the share of all images, a row a syndrome, or a label of several."""
    total, noun = study.dataset.n_images, "label" if has_several_labels(study) else "syndrome"
    return Table(
        name="syndrome_counts",
        caption=f"Images and subjects per {noun}",
        columns=(
            Column("syndrome", noun.capitalize()),
            Column("n_images", "Images"),
            Column("n_subjects", "Subjects"),
            Column("share_of_images", "Share of images", decimals=3),
        ),
        rows=tuple(
            (entry.syndrome, entry.n_images, entry.n_subjects, entry.n_images / total)
            for entry in study.dataset.syndromes
        ),
    )


def largest_first(study: ReportedImages) -> Table:
    """Return the same as a report shows it: many syndromes by their images, the most first."""
    table = syndrome_counts(study)
    if len(table.rows) <= MOST_SYNDROMES:
        return table
    return replace(table, rows=tuple(sorted(table.rows, key=lambda row: (-int(row[1] or 0), str(row[0])))))


def refused_rows(audit: Audit) -> Table:
    """Return the rows that could not be used, in file order."""
    return Table(
        name="refused_rows",
        caption="Rows refused",
        columns=(
            Column("row", "Row"),
            Column("syndrome", "Syndrome"),
            Column("subject", "Subject"),
            Column("image", "Image"),
            Column("reason", "Reason"),
            Column("message", "What to do", longest=400),
        ),
        rows=tuple(
            (row.row, row.syndrome, row.subject, row.image, row.reason, row.message) for row in audit.refused
        ),
    )


def data_warnings(audit: Audit) -> Table:
    """Return what is legal but dangerous."""
    return Table(
        name="data_warnings",
        caption="Data warnings: rows that are legal but dangerous",
        columns=(Column("code", "Kind"), Column("message", "What was found", longest=400)),
        rows=tuple((warning.code, warning.message) for warning in audit.warnings),
    )


def draw_images_per_syndrome(dataset: DatasetSummary) -> "Figure":
    """Return bars with their counts, the largest syndrome on top; of many the largest and the smallest."""
    from matplotlib.figure import Figure  # noqa: PLC0415  slow to import, and `audit` wants the tables alone

    from skknn_syndrome.display.lettering import drawn_labels  # noqa: PLC0415  likewise: matplotlib
    from skknn_syndrome.display.style import INK, WIDTH  # noqa: PLC0415

    entries = sorted(dataset.syndromes, key=lambda entry: (entry.n_images, entry.syndrome))
    shown = ends(entries)
    left_out = len(entries) - len(shown)
    # A row is left for what is not shown.
    places = [row + (left_out > 0 and row >= len(shown) // 2) for row in range(len(shown))]
    names = drawn_labels([entry.syndrome for entry in shown])
    figure = Figure(figsize=(WIDTH, 0.9 + 0.25 * len(shown)), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh(places, [entry.n_images for entry in shown], color=INK)
    axes.bar_label(bars, padding=3)
    axes.set_yticks(places, [names[entry.syndrome] for entry in shown])
    if left_out:
        axes.text(0, len(shown) // 2, f" {left_out:,} others between", va="center")
    axes.set_xlabel("Images")
    axes.grid(visible=False, axis="y")
    axes.margins(x=0.1, y=0.02)
    return figure


def say_images_per_syndrome(dataset: DatasetSummary) -> str:
    """Return the message: which syndromes have the most and the fewest images."""
    from skknn_syndrome.display.messages import called  # noqa: PLC0415  slow to import: matplotlib

    ranked = sorted(dataset.syndromes, key=lambda entry: (entry.n_images, entry.syndrome))
    fewest, most = ranked[0], ranked[-1]
    if fewest.n_images == most.n_images:
        return f"Each of {len(ranked):,} syndromes has {most.n_images:,} images"
    return (
        f"{called(most.syndrome)} has the most images ({most.n_images:,}), {called(fewest.syndrome)} "
        f"the fewest ({fewest.n_images:,})"
    )


def describe_images_per_syndrome(dataset: DatasetSummary) -> str:
    """Return the alternative text."""
    from skknn_syndrome.display.lettering import short_labels  # noqa: PLC0415  slow to import: matplotlib

    largest = max(dataset.syndromes, key=lambda entry: entry.n_images)
    smallest = min(dataset.syndromes, key=lambda entry: entry.n_images)
    shown = short_labels([entry.syndrome for entry in dataset.syndromes])
    return (
        f"Bars of the images of {len(dataset.syndromes)} syndromes, from {smallest.n_images} "
        f"({shown[smallest.syndrome]}) to {largest.n_images} ({shown[largest.syndrome]})."
    )


@dataclass(frozen=True)
class DatasetFindings:
    """How many images, subjects and classes there are, and how unequal these are."""

    dataset: DatasetSummary

    @property
    def n_syndromes(self) -> int:
        """Number of classes."""
        return len(self.dataset.syndromes)

    @property
    def largest(self) -> SyndromeCount:
        """The syndrome with the most images."""
        return max(self.dataset.syndromes, key=lambda entry: entry.n_images)

    @property
    def smallest(self) -> SyndromeCount:
        """The syndrome with the fewest images."""
        return min(self.dataset.syndromes, key=lambda entry: entry.n_images)

    @property
    def imbalance(self) -> float:
        """Images of the largest syndrome for one of the smallest."""
        return self.largest.n_images / self.smallest.n_images

    @property
    def unequal_classes(self) -> bool:
        """Whether that is so many that it has to be said."""
        return self.imbalance >= UNEQUAL_CLASSES

    @property
    def images_per_subject(self) -> float | None:
        """Mean number of images of a subject."""
        data = self.dataset
        return None if data.n_subjects is None else data.n_images / data.n_subjects


def advise(study: StudyResult) -> Iterator[Advice]:
    """Yield what data to record."""
    if study.dataset.n_subjects is None:
        yield Advice(
            rank=32,
            sentence="Record subject ids: without them nobody can tell what images of the same subjects "
            "add to the score.",
            holds_by_chance=True,
        )


def _audit(study: StudyResult) -> Audit:
    return study.audit or Audit(n_rows=study.dataset.n_images)


PRESENTATION = Presentation(
    question="dataset",
    tables={
        "dataset_summary": dataset_summary,
        "syndrome_counts": syndrome_counts,
        "refused_rows": lambda study: refused_rows(_audit(study)),
        "data_warnings": lambda study: data_warnings(_audit(study)),
    },
    figures=(
        FigureMaker(
            name="images-per-syndrome",
            draw=lambda study: draw_images_per_syndrome(study.dataset),
            describe=lambda study: describe_images_per_syndrome(study.dataset),
            message=lambda study: say_images_per_syndrome(study.dataset),
        ),
    ),
    report_tables={"syndrome_counts": largest_first},
    findings=lambda study: DatasetFindings(study.dataset),
    sections={"data": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
)
