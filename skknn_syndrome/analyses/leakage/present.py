"""Subject leakage: tables, findings and advice."""

from collections.abc import Iterator, Sequence

from skknn_syndrome.analyses.leakage.result import Leak, LeakageAnalysis
from skknn_syndrome.display.prose import signed
from skknn_syndrome.display.table import Column, Table, key_columns
from skknn_syndrome.questions import Advice, Presentation
from skknn_syndrome.results.study import StudyResult

KINDS = {
    "exact_copies": "equal images under several ids",
    "near_copies": "near-duplicate images under several ids",
    "two_syndromes": "one id under several syndromes",
}


def leaked_subjects(study: StudyResult) -> Table:
    """Return the subjects that may be one person, or that have several syndromes, a row a person."""
    return Table(
        name="leaked_subjects",
        caption="Suspect subject ids; the first twenty of each kind",
        columns=(Column("kind", "Kind"), Column("subjects", "Subjects"), Column("syndromes", "Syndromes")),
        rows=tuple(
            (KINDS[leak.kind], ", ".join(ids), ", ".join(syndromes) or None)
            for leak in _leaks(study)
            for ids, syndromes in leak.by_person
        ),
    )


def leak_inflations(study: StudyResult) -> Table:
    """Return what each score loses without them in the training parts, a row a score."""
    found = [(leak, entry) for leak in _leaks(study) for entry in leak.inflations]
    columns, cells = key_columns((entry for _, entry in found), "metric", "n_neighbors")
    return Table(
        name="leak_inflations",
        caption="The same test images with and without the subjects that were found in the training parts: "
        "means over folds",
        columns=(
            Column("kind", "Kind"),
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


def _leaks(study: StudyResult) -> Sequence[Leak]:
    found = study.find(LeakageAnalysis)
    return () if found is None else found.leaks


def find_leakage(study: StudyResult) -> Sequence[Leak] | None:
    """Return the leaks whose effect was measured; None where there are none."""
    return [leak for leak in _leaks(study) if leak.inflations] or None


def advise(study: StudyResult) -> Iterator[Advice]:
    """Say beside the near-duplicates what the copies that were found change in a score, at least and most."""
    changes = [
        entry.inflation
        for leak in _leaks(study)
        if leak.kind != "two_syndromes"
        for entry in leak.inflations
        if entry.variant == study.primary.winner.variant and entry.inflation is not None
    ]
    if changes:
        least, greatest = (signed(change) for change in (min(changes), max(changes)))
        said = f"With them in the training parts, scores change by {least} to {greatest}."
        yield Advice(rank=31, sentence=said, adds=True, holds_by_chance=True)


PRESENTATION = Presentation(
    question="leakage",
    tables={"leaked_subjects": leaked_subjects, "leak_inflations": leak_inflations},
    findings=find_leakage,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
)
