"""All tables of a study, in the order of reading, and their CSV files."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from skknn_syndrome._files import write_text
from skknn_syndrome.checks.base import registered_checks
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.questions import Reported, as_study, has_several_labels, presentations, presentations_of
from skknn_syndrome.results.check import Check
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import score_title


def versions(result: Reported) -> Table:
    """Return the programs that the numbers depend on."""
    return Table(
        name="versions",
        caption="Versions",
        columns=(Column("name", "Program"), Column("version", "Version")),
        rows=tuple((entry.name, entry.version) for entry in result.provenance.versions),
    )


def timings(result: Reported) -> Table:
    """Return how long each part took, beside what was expected."""
    expected = any(entry.expected_seconds is not None for entry in result.provenance.timings)
    return Table(
        name="timings",
        caption=f"Seconds by part{', taken and expected beforehand' if expected else ''}",
        columns=(
            Column("part", "Part"),
            Column("seconds", "Seconds", decimals=1),
            Column("expected_seconds", "Expected", decimals=1),
        ),
        rows=tuple(
            (entry.part.replace("_", " "), entry.seconds, entry.expected_seconds)
            for entry in result.provenance.timings
        ),
    )


def encoders(comparison: ModelComparison) -> Table:
    """Return the vectors that models were compared on, a row an encoder, with its time where a file tells."""
    notes = [encoder.dataset.embedder for encoder in comparison.encoders]
    seconds = [None if note is None else note.seconds_per_image for note in notes]
    timed = any(each is not None for each in seconds)
    return Table(
        name="encoders",
        caption="The encoders' vectors of the images",
        columns=(
            Column("name", "Encoder"),
            Column("file", "Data"),
            Column("n_images", "Images"),
            Column("n_features", "Features"),
            Column("dtype", "Number format"),
            Column("n_refused", "Rows refused"),
            Column("n_unmatched", "Not in all files"),
            Column("data_sha256", "SHA-256 of the data"),
            *((Column("seconds_per_image", "Seconds per image", decimals=3),) if timed else ()),
        ),
        rows=tuple(
            (
                encoder.name,
                None if encoder.fused else data.name,
                data.n_images,
                data.n_features,
                data.dtype,
                encoder.n_refused,
                encoder.n_unmatched,
                data.data_sha256[:12],
                *((taken,) if timed else ()),
            )
            for encoder, taken in zip(comparison.encoders, seconds, strict=True)
            for data in (encoder.dataset,)
        ),
    )


def averaging(result: Reported) -> Table:
    """Return what each score is, and how it treats syndromes, or labels of several, and ties."""
    noun = "labels" if has_several_labels(result) else "syndromes"
    return Table(
        name="averaging",
        caption="What the scores are",
        columns=(
            Column("score", "Score"),
            Column("name", "Name in skknn_syndrome.scorers"),
            Column("description", "Meaning", longest=400),
        ),
        rows=tuple(
            (score_title(entry.score), entry.score, entry.description.replace("syndromes", noun))
            for entry in result.provenance.averaging
        ),
    )


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


def open_issues(study: StudyResult, *, by_chance: bool) -> Table:
    """Return the issues and tips with their remedies; the findings themselves stand in the supplement.

    Parameters
    ----------
    study : StudyResult
    by_chance : bool
        Whether the search is not significantly better than chance: then nothing that it found has a remedy.
    """
    return Table(
        name="open_issues",
        caption="Open issues and tips, with remedies",
        columns=(
            Column("title", "Found"),
            Column("outcome", "Kind"),
            Column("remedy", "What to do", longest=400),
            Column("code", "Code"),
        ),
        rows=tuple(
            (check.title, check.outcome, None if by_chance else remedy_of(check) or None, check.code)
            for check in (*study.checks.issues, *study.checks.tips)
        ),
    )


def remedy_of(check: Check) -> str:
    """Return what to do about what a check found; a study of a version before checks does not say it itself.

    Examples
    --------
    >>> remedy_of(Check(code="SK001", name="n", title="Simulated", outcome="issue", message="", docs=""))
    'Run the study on embeddings of real images.'
    """
    kind = registered_checks().get(check.code)
    return check.remedy or ("" if kind is None else kind.remedy)


Verdict: TypeAlias = Literal[
    "met", "in part", "not met", "to be supplied", "data cannot tell", "not applicable"
]
"""What a report can say of an item; ``"to be supplied"`` is for who publishes it."""


@dataclass(frozen=True)
class CheckedItem:
    """One item of a checklist, held against a report."""

    number: str
    asks: str
    """What the item asks for, in words of our own."""
    verdict: Verdict
    detail: str
    """The section that meets it, or why none does."""


def checklist(name: str, title: str, items: Sequence[CheckedItem]) -> Table:
    """Return every item with its verdict, in the order of the checklist."""
    return Table(
        name=f"checklist_{name}",
        caption=title,
        columns=(
            Column("number", "Item"),
            Column("asks", "Asks for", longest=200),
            Column("verdict", "Verdict"),
            Column("detail", "Section, or why not", longest=200),
        ),
        rows=tuple((item.number, item.asks, item.verdict, item.detail) for item in items),
    )


TABLE_NAMES = frozenset({"checks"})
"""Tables of no question's own."""

RETIRED_NAMES = frozenset({"unseen_syndromes", "optimism"})
"""Tables that earlier versions wrote."""


def all_tables(result: Reported) -> Iterator[Table]:
    """Yield every table; what the result has no part for has no rows."""
    if isinstance(result, StudyResult):
        yield checks(result)
    for presentation in presentations_of(result):
        for make in presentation.tables.values():
            table = make(as_study(result))
            if table is not None:
                yield table


def known_tables() -> frozenset[str]:
    """Return the names of all tables that a study may have."""
    return TABLE_NAMES.union(*(presentation.tables for presentation in presentations()))


def write_tables(result: Reported, folder: Path) -> tuple[Path, ...]:
    """Write every table that has rows as CSV, and return their paths.

    What an earlier one left in `folder` and this one lacks is removed: it would pass for one of this result.
    """
    paths: list[Path] = []
    for table in all_tables(result):  # one in memory at a time
        if table.rows:
            paths.append(folder / f"{table.name}.csv")
            write_text(paths[-1], table.to_csv())
    for name in (known_tables() | RETIRED_NAMES) - {path.stem for path in paths}:
        (folder / f"{name}.csv").unlink(missing_ok=True)
    return tuple(paths)
