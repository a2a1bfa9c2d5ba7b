"""Checks of a study: those with something to know or to do, and all."""

import json
from dataclasses import replace

from skknn_syndrome.results import StudyResult
from skknn_syndrome.results.check import Check
from skknn_syndrome.tables.table import Cell, Column, Table


def checks(study: StudyResult) -> Table:
    """Return every check with all that it says, in the order of their codes; figures are JSON."""
    return Table(
        name="checks",
        caption="Checks of the study",
        columns=(
            Column("code", "Code"),
            Column("name", "Check"),
            Column("outcome", "Outcome"),
            Column("message", "Finding", longest=2_000),
            Column("figures", "Figures"),
            Column("remedy", "What to do", longest=400),
            Column("docs", "Explained in"),
        ),
        rows=tuple(_row(check) for check in study.checks),
    )


def _row(check: Check) -> tuple[Cell, ...]:
    figures = json.dumps(dict(check.figures), ensure_ascii=False)
    return check.code, check.name, check.outcome, check.message, figures, check.remedy, check.docs


def open_checks(study: StudyResult) -> Table:
    """Return the issues, then the tips, with what they found."""
    table = checks(study).only("code", "name", "outcome", "message")
    rows = (row for outcome in ("issue", "tip") for row in table.rows if row[2] == outcome)
    return replace(table, caption="Checks of the study: issues and tips", rows=tuple(rows))
