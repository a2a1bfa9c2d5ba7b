"""Versions, and how scores are averaged."""

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table
from skknn_syndrome.wording import score_title


def versions(study: StudyResult) -> Table:
    """Return the programs that the numbers depend on."""
    return Table(
        name="versions",
        caption="Versions",
        columns=(Column("name", "Program"), Column("version", "Version")),
        rows=tuple((entry.name, entry.version) for entry in study.provenance.versions),
    )


def averaging(study: StudyResult) -> Table:
    """Return what each score is, and how it treats syndromes and ties."""
    return Table(
        name="averaging",
        caption="What the scores are",
        columns=(
            Column("score", "Score"),
            Column("name", "Name in skknn_syndrome.scorers"),
            Column("description", "Meaning", longest=400),
        ),
        rows=tuple(
            (score_title(entry.score), entry.score, entry.description) for entry in study.provenance.averaging
        ),
    )
