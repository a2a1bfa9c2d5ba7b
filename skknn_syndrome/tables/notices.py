"""What the study says of itself."""

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table


def notices(study: StudyResult) -> Table:
    """Return the study's notices, one a row."""
    return Table(
        name="notices",
        caption="Notices of the study on itself",
        columns=(Column("code", "Kind"), Column("message", "Notice", longest=400)),
        rows=tuple((notice.code, notice.message) for notice in study.notices),
    )
