"""What the data is, a line a fact."""

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table


def dataset_summary(study: StudyResult) -> Table:
    """Return name, origin, shape and counts of the data."""
    data = study.dataset
    sizes = [entry.n_images for entry in data.syndromes]
    return Table(
        name="dataset_summary",
        caption="The data",
        columns=(Column("fact", "Fact"), Column("value", "Value")),
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
        ),
    )
