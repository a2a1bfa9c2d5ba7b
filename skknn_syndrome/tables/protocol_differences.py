"""Image-level against subject-level (grouped) cross-validation."""

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table, key_columns
from skknn_syndrome.wording import counted


def protocol_differences(study: StudyResult) -> Table:
    """Return both protocols' means at the subject-level best candidate, and how far they lie apart."""
    columns, cells = key_columns(study.differences)
    return Table(
        name="protocol_differences",
        caption="Image-level against subject-level cross-validation on the first split, at the best "
        "candidate of subject-level folds: means over the folds",
        columns=(
            *columns,
            Column("score", "Score"),
            Column("image_mean", "Image"),
            Column("subject_mean", "Subject"),
            Column("inflation", "Gap"),
        ),
        rows=tuple(
            (
                *cells(entry),
                entry.score,
                entry.image_mean,
                entry.subject_mean,
                entry.inflation,
            )
            for entry in study.differences
        ),
    )


def protocol_inflations(study: StudyResult) -> Table:
    """Return how much higher image-level scores are, over the repeated splits, with intervals."""
    found = study.protocol_inflations
    splits = f"mean over {counted(found[0].n_splits, 'split')}" if found else "mean over the splits"
    columns, cells = key_columns(found, "metric")
    return Table(
        name="protocol_inflations",
        caption=f"Image-level minus subject-level cross-validation, {splits}, at the best candidates of "
        "subject-level folds, with 95 % confidence intervals over subjects and splits",
        columns=(
            *columns,
            Column("score", "Score"),
            Column("image_mean", "Image"),
            Column("subject_mean", "Subject"),
            Column("difference", "Difference"),
            Column("low", "From"),
            Column("high", "To"),
            Column("split_std", "SD over splits"),
        ),
        rows=tuple(
            (
                *cells(entry),
                entry.score,
                entry.image_mean,
                entry.subject_mean,
                entry.difference,
                entry.low,
                entry.high,
                entry.split_std,
            )
            for entry in found
        ),
    )
