"""People who may be on both sides of a split."""

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table, key_columns

KINDS = {
    "exact_copies": "equal images under several ids",
    "near_copies": "images almost alike under several ids",
    "two_syndromes": "one id under several syndromes",
}


def leaked_people(study: StudyResult) -> Table:
    """Return the subjects that may be one person, or that have several syndromes, a row a person."""
    return Table(
        name="leaked_people",
        caption="Subjects that may not be what their ids say; the first twenty of each kind",
        columns=(Column("kind", "What"), Column("subjects", "Subjects"), Column("syndromes", "Syndromes")),
        rows=tuple(
            (KINDS[leak.kind], ", ".join(ids), ", ".join(syndromes) or None)
            for leak in study.leaks
            for ids, syndromes in leak.by_person
        ),
    )


def leak_inflations(study: StudyResult) -> Table:
    """Return what each score loses without them in the training parts, a row a score."""
    found = [(leak, entry) for leak in study.leaks for entry in leak.inflations]
    columns, cells = key_columns((entry for _, entry in found), "metric", "n_neighbors")
    return Table(
        name="leak_inflations",
        caption="The same test images with and without the subjects that were found in the training parts: "
        "means over folds",
        columns=(
            Column("kind", "What"),
            Column("protocol", "Folds by"),
            *columns,
            Column("score", "Score"),
            Column("original", "With"),
            Column("purged", "Without"),
            Column("inflation", "Difference"),
        ),
        rows=tuple(
            (
                KINDS[leak.kind],
                leak.protocol,
                *cells(entry),
                entry.score,
                entry.original,
                entry.purged,
                entry.inflation,
            )
            for leak, entry in found
        ),
    )
