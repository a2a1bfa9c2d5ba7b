"""Image-level beside subject-level scores."""

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table


def protocol_differences(study: StudyResult) -> Table:
    """Return both protocols' means at the subject-level best candidate, and how far they lie apart."""
    return Table(
        name="protocol_differences",
        caption="Folds by image against folds by subject, at the best candidate by subject",
        columns=(
            Column("metric", "Distance"),
            Column("weights", "Weights"),
            Column("n_neighbors", "k"),
            Column("score", "Score"),
            Column("image_mean", "Image"),
            Column("subject_mean", "Subject"),
            Column("inflation", "Gap"),
        ),
        rows=tuple(
            (
                entry.metric,
                entry.weights,
                entry.n_neighbors,
                entry.score,
                entry.image_mean,
                entry.subject_mean,
                entry.inflation,
            )
            for entry in study.differences
        ),
    )
