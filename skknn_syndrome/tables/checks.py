"""Checks of a study: those with something to know or to do, and all."""

from dataclasses import replace

from skknn_syndrome.results import StudyResult
from skknn_syndrome.tables.table import Column, Table


def checks(study: StudyResult) -> Table:
    """Return every check with its outcome, in the order of their codes."""
    return Table(
        name="checks",
        caption="Checks of the study",
        columns=(
            Column("code", "Code"),
            Column("name", "Check"),
            Column("outcome", "Outcome"),
            Column("message", "Finding", longest=2_000),
        ),
        rows=tuple((check.code, check.name, check.outcome, check.message) for check in study.checks),
    )


def open_checks(study: StudyResult) -> Table:
    """Return the issues, then the tips."""
    table = checks(study)
    rows = (row for outcome in ("issue", "tip") for row in table.rows if row[2] == outcome)
    return replace(table, caption="Checks of the study: issues and tips", rows=tuple(rows))
