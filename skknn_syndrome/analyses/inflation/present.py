"""Image-level against subject-level (grouped) cross-validation."""

from collections.abc import Iterator
from dataclasses import dataclass

from skknn_syndrome.analyses.inflation.result import InflationAnalysis, ProtocolInflation
from skknn_syndrome.display.table import Column, Table, key_columns
from skknn_syndrome.questions import Advice, Presentation
from skknn_syndrome.results.candidate import entry_of
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import counted


def protocol_differences(study: StudyResult) -> Table:
    """Return both protocols' means at the subject-level best candidate, and how far they lie apart."""
    found = _found(study).differences
    columns, cells = key_columns(found)
    return Table(
        name="protocol_differences",
        caption="Image-level against subject-level cross-validation on the first split, at the best "
        "configuration of subject-level folds: means over the folds",
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
            for entry in found
        ),
    )


def protocol_inflations(study: StudyResult) -> Table:
    """Return how much higher image-level scores are, over the repeated splits, with intervals."""
    found = _found(study).protocol_inflations
    splits = f"mean over {counted(found[0].n_splits, 'split')}" if found else "mean over the splits"
    columns, cells = key_columns(found, "metric")
    return Table(
        name="protocol_inflations",
        caption=f"Image-level minus subject-level cross-validation, {splits}, at the best configurations of "
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


def _found(study: StudyResult) -> InflationAnalysis:
    return study.find(InflationAnalysis) or InflationAnalysis()


@dataclass(frozen=True)
class InflationFindings:
    """Image-level minus subject-level folds, at the winner."""

    over_splits: bool
    """Whether there are intervals over repeated splits."""
    of_winner: ProtocolInflation | None
    """By the deciding score; None where there is no interval over repeated splits."""

    @property
    def is_overestimate(self) -> bool:
        """Whether image-level folds give a significantly higher deciding score."""
        found = self.of_winner
        return found is not None and found.excludes_zero and found.difference > 0


def find_inflation(study: StudyResult) -> InflationFindings | None:
    """Return what the report says of image-level folds; None where there is one protocol alone."""
    found, run = study.find(InflationAnalysis), study.primary
    if found is None:
        return None
    on_refit = (entry for entry in found.protocol_inflations if entry.score == run.refit)
    return InflationFindings(bool(found.protocol_inflations), entry_of(on_refit, run.winner))


def advise(study: StudyResult) -> Iterator[Advice]:
    """Yield what to report where image-level scores are inflated."""
    found = find_inflation(study)
    if found is not None and found.is_overestimate:
        yield Advice(
            rank=50,
            sentence="Report subject-level scores: image-level ones are inflated by other images of the "
            "same subjects.",
        )


def _on_screen(study: StudyResult) -> Iterator[Table]:
    inflations = protocol_inflations(study)
    kept = "metric", "score", "difference", "low", "high"
    yield inflations.only(*kept) if inflations.rows else protocol_differences(study)


PRESENTATION = Presentation(
    question="inflation",
    tables={"protocol_differences": protocol_differences, "protocol_inflations": protocol_inflations},
    findings=find_inflation,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
    gist=_on_screen,
)
