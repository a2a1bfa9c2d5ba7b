"""Confident errors and label noise: tables and advice."""

from collections.abc import Iterator

from skknn_syndrome.analyses.label_errors.result import LabelErrorsAnalysis
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.questions import Advice, Presentation, of_analysis
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import counted


def confident_errors(found: LabelErrorsAnalysis) -> Table:
    """Return the errors, the most confident first."""
    named = any(error.image is not None for error in found.errors)
    return Table(
        name="confident_errors",
        caption="The most confident errors, by the normalised margin of the label's probability over the "
        "highest other one; likely label errors by confident learning",
        columns=(
            Column("image", "Image") if named else Column("row", "Row"),
            Column("syndrome", "Label"),
            Column("predicted", "Predicted"),
            Column("self_confidence", "Probability of the label", decimals=3),
            Column("confidence", "Of the prediction", decimals=3),
            Column("margin", "Margin", decimals=3),
            Column("suspected", "Likely label error"),
            Column("n_others", "Further images of the subject"),
            Column("n_others_alike", "Predicted alike"),
        ),
        rows=tuple(
            (
                error.image if named else error.row,
                error.syndrome,
                error.predicted,
                error.self_confidence,
                error.confidence,
                error.margin,
                "yes" if error.suspected else "no",
                error.n_others,
                error.n_others_alike,
            )
            for error in found.errors
        ),
    )


def label_noise(found: LabelErrorsAnalysis) -> Table:
    """Return how many labels of each class are suspected."""
    return Table(
        name="label_noise",
        caption="Labels that are likely wrong by confident learning, by syndrome; the threshold is the mean "
        "out-of-fold probability of the syndrome's own images",
        columns=(
            Column("syndrome", "Label"),
            Column("n_images", "Images"),
            Column("threshold", "Threshold", decimals=3),
            Column("n_suspected", "Likely label errors"),
            Column("most_likely", "Most often likely"),
        ),
        rows=tuple(
            (entry.syndrome, entry.n_images, entry.threshold, entry.n_suspected, entry.most_likely)
            for entry in found.classes
        ),
    )


find_label_errors = of_analysis(LabelErrorsAnalysis, lambda found: found)
"""Returns what the report says of label errors; None where a study has nothing of them."""


def advise(study: StudyResult) -> Iterator[Advice]:
    """Yield what to look at where labels are suspected."""
    found = find_label_errors(study)
    if found is not None and found.n_suspected:
        yield Advice(
            rank=32,
            sentence=f"Look at the images with likely label errors ({counted(found.n_suspected, 'image')}): "
            "the label is wrong, or the classifier.",
        )


PRESENTATION = Presentation(
    question="label_errors",
    tables={
        "confident_errors": of_analysis(LabelErrorsAnalysis, confident_errors),
        "label_noise": of_analysis(LabelErrorsAnalysis, label_noise),
    },
    findings=find_label_errors,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
)
