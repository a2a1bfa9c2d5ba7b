"""How many images and subjects each syndrome has."""

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table


def syndrome_counts(study: StudyResult) -> Table:
    """Return images, subjects and the share of all images, a row a syndrome."""
    total = study.dataset.n_images
    return Table(
        name="syndrome_counts",
        caption="Images and subjects per syndrome",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("n_images", "Images"),
            Column("n_subjects", "Subjects"),
            Column("share_of_images", "Share of images", decimals=3),
        ),
        rows=tuple(
            (entry.syndrome, entry.n_images, entry.n_subjects, entry.n_images / total)
            for entry in study.dataset.syndromes
        ),
    )
