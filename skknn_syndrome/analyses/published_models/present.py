"""Published figures beside a comparison's models: tables and prose."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from skknn_syndrome.analyses.published_models.result import FigureBeside, Note, PublishedModels, Standing
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.questions import Presentation, of_analysis

STANDINGS: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        "within": "within interval",
        "above": "above published",
        "below": "below published",
        "not_comparable": "not comparable",
    }
)
"""For readers."""

NOTES: Final[Mapping[Note, str]] = MappingProxyType(
    {
        "other_data": "other images: nobody said that these are those",
        "unknown_design": "not known how the figure came about",
        "other_protocol": "judged otherwise: on a hold-out part or on folds, or with k given",
        "no_such_score": "the score was not computed",
        "no_interval": "no interval",
        "other_unit": "published folds were by image, these keep subjects together",
        "encoder_not_named": "the encoder may be another",
    }
)
"""For readers."""


def published_models(found: PublishedModels) -> Table:
    """Return a row for each published figure and each model with its head."""
    images = "" if found.dataset is None else f", the images said to be {found.dataset}"
    return Table(
        name="published_models",
        caption=f"Published figures beside those of models with the same head{images}",
        columns=(
            Column("source", "Source"),
            Column("table", "Table"),
            Column("dataset", "Data set"),
            Column("classifier", "Published model"),
            Column("model", "Model", longest=120),
            Column("score", "Score"),
            Column("published", "Published"),
            Column("estimate", "Here"),
            Column("difference", "Difference"),
            Column("low", "From"),
            Column("high", "To"),
            Column("standing", "Verdict"),
            Column("notes", "Why, or what to know", longest=300),
        ),
        rows=tuple(
            (
                figure.published.source,
                figure.published.table,
                figure.published.dataset,
                figure.published.classifier,
                figure.model,
                figure.score,
                figure.published.value,
                figure.estimate,
                figure.difference,
                figure.low,
                figure.high,
                STANDINGS[figure.standing],
                "; ".join(NOTES[note] for note in figure.notes) or None,
            )
            for figure in found.figures
        ),
    )


def narrow_table(found: PublishedModels) -> Table:
    """Return the same with the columns that fit into a terminal; the data set where it is not one for all."""
    several = ("dataset",) if len({entry.published.dataset for entry in found.figures}) > 1 else ()
    columns = ("classifier", "model", "score", "published", "estimate", "standing")
    return published_models(found).only(*several, *columns)


@dataclass(frozen=True)
class PublishedModelsFindings:
    """What the section speaks of."""

    found: PublishedModels

    @property
    def comparable(self) -> tuple[FigureBeside, ...]:
        """The figures that can be compared."""
        return tuple(figure for figure in self.found.figures if figure.standing != "not_comparable")

    @property
    def counts(self) -> Mapping[Standing, int]:
        """How many figures have each verdict."""
        return Counter(figure.standing for figure in self.found.figures)

    @property
    def reasons(self) -> tuple[str, ...]:
        """All that has to be known of some of the figures."""
        notes = dict.fromkeys(note for figure in self.found.figures for note in figure.notes)
        return tuple(NOTES[note] for note in notes)


find_published_models = of_analysis(PublishedModels, PublishedModelsFindings)
"""Returns what was found; None where nobody asked."""

PRESENTATION = Presentation(
    question="published_models",
    tables={"published_models": of_analysis(PublishedModels, published_models)},
    findings=find_published_models,
    sections={"results": "section.qmd"},
    reports=frozenset({"study", "comparison"}),
)
