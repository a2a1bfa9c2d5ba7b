"""Scores by subject beside scores by image."""

from collections.abc import Sequence

from skknn_syndrome.analyses.subject_level.result import SubjectLevel, SubjectLevelAnalysis
from skknn_syndrome.display.table import Column, Table, key_columns
from skknn_syndrome.questions import Presentation
from skknn_syndrome.results.candidate import entry_of
from skknn_syndrome.results.study import StudyResult


def per_subject(entries: Sequence[SubjectLevel]) -> Table:
    """Return both means of every score and how far they lie apart, a row a score, each distance in turn."""
    columns, cells = key_columns(entries)
    return Table(
        name="per_subject",
        caption="A subject's images fused by their mean probability, against single images: "
        "mean over the folds",
        columns=(
            *columns,
            Column("score", "Score"),
            Column("image_mean", "By image"),
            Column("subject_mean", "By subject"),
            Column("difference", "Difference"),
        ),
        rows=tuple(
            (
                *cells(entry),
                single.name,
                single.mean,
                fused.mean,
                entry.differences[single.name],
            )
            for entry in entries
            for single, fused in zip(entry.image_scores, entry.subject_scores, strict=True)
        ),
    )


def several_images(entries: Sequence[SubjectLevel]) -> Table:
    """Return what fusing does for the subjects with several images, a row a distance."""
    columns, cells = key_columns(entries)
    return Table(
        name="several_images",
        caption="Subjects with several images: accuracy from one image of each, taken at random, "
        "and from all of them fused, and their difference with its 95 % confidence interval over subjects; "
        "all folds pooled",
        columns=(
            *columns,
            Column("n_subjects", "Subjects"),
            Column("n_images", "Images"),
            Column("single_accuracy", "One image"),
            Column("fused_accuracy", "Fused"),
            Column("difference", "Difference"),
            Column("low", "Low"),
            Column("high", "High"),
        ),
        rows=tuple(
            (
                *cells(entry),
                found.n_subjects,
                found.n_images,
                found.single_accuracy,
                found.fused_accuracy,
                found.fused_accuracy - found.single_accuracy,
                None if found.difference is None else found.difference.low,
                None if found.difference is None else found.difference.high,
            )
            for entry in entries
            if (found := entry.several) is not None
        ),
    )


def find_subject_level(study: StudyResult) -> SubjectLevel | None:
    """Return the winner by subjects; None where it was not scored so."""
    return entry_of(_levels(study), study.primary.winner)


def _levels(study: StudyResult) -> Sequence[SubjectLevel]:
    found = study.find(SubjectLevelAnalysis)
    return () if found is None else found.subject_levels


PRESENTATION = Presentation(
    question="subject_level",
    tables={
        "per_subject": lambda study: per_subject(_levels(study)),
        "several_images": lambda study: several_images(_levels(study)),
    },
    findings=find_subject_level,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)
