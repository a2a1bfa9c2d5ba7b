"""Every row refused and everything that looked dangerous."""

from skknn_syndrome.results import Audit, NearDuplicates
from skknn_syndrome.tables.table import Column, Table


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
        caption="Legal but dangerous",
        columns=(Column("code", "Kind"), Column("message", "What was found", longest=400)),
        rows=tuple((warning.code, warning.message) for warning in audit.warnings),
    )


def near_duplicates(found: NearDuplicates | None) -> Table:
    """Return pairs of different subjects that may be one person, the most alike first."""
    above = "" if found is None else f", cosine similarity above {found.threshold:g}"
    return Table(
        name="near_duplicates",
        caption=f"Images of different subjects that look like one person{above}",
        columns=(
            Column("image_1", "Image 1"),
            Column("image_2", "Image 2"),
            Column("subject_1", "Subject 1"),
            Column("subject_2", "Subject 2"),
            Column("syndrome_1", "Syndrome 1"),
            Column("syndrome_2", "Syndrome 2"),
            Column("cosine", "Cosine"),
        ),
        rows=tuple(
            (*pair.images, *pair.subjects, *pair.syndromes, pair.cosine)
            for pair in (() if found is None else found.pairs)
        ),
    )
