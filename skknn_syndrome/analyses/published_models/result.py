"""Published figures beside the models of a comparison, with a verdict on each."""

from typing import Literal, Self, TypeAlias

from pydantic import model_validator

from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.intervals import Unit
from skknn_syndrome.results.published import PublishedScore

Standing: TypeAlias = Literal["within", "above", "below", "not_comparable"]
"""Where the published figure lies: within the model's interval; or the model above or below it."""

Note: TypeAlias = Literal[
    "other_data",
    "unknown_design",
    "other_protocol",
    "no_such_score",
    "no_interval",
    "other_unit",
    "encoder_not_named",
]
"""What keeps a figure from being compared, or has to be known of one that is."""

PREVENTING: frozenset[Note] = frozenset(
    {"other_data", "unknown_design", "other_protocol", "no_such_score", "no_interval", "other_unit"}
)
"""Notes with which a figure is not comparable."""


class FigureBeside(Result):
    """A published figure beside that of a model with the same head."""

    published: PublishedScore
    model: str
    score: str
    """The comparison's name of the score; the published one where it has none."""
    estimate: float | None
    """Of all predictions; of several labels an image the mean over the folds."""
    low: float | None
    high: float | None
    """Confidence interval of the estimate."""
    unit: Unit | None
    """What the interval is over; None without one."""
    standing: Standing
    notes: tuple[Note, ...] = ()

    @property
    def difference(self) -> float | None:
        """The model's figure minus the published one."""
        return None if self.estimate is None else self.estimate - self.published.value

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if (self.standing == "not_comparable") is PREVENTING.isdisjoint(self.notes):
            message = f"a figure that is {self.standing!r} can't have the notes {list(self.notes)}"
            raise ValueError(message)
        return self


class PublishedModels(Analysis):
    """Published figures beside the models of a comparison that have the same head."""

    question: Literal["published_models"] = "published_models"
    dataset: str | None
    """The published data set that the images are said to be; None where nobody said so."""
    figures: tuple[FigureBeside, ...]
    without_model: tuple[str, ...] = ()
    """Classifiers of the published tables whose head none of the models has."""
