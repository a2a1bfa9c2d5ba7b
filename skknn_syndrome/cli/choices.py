"""Values to choose from; where an option may be repeated, Typer reads lists of enumerations alone."""

from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from skknn_syndrome.metrics.registry import SCORE_NAMES


class MetricChoice(StrEnum):
    """A distance."""

    EUCLIDEAN = "euclidean"
    COSINE = "cosine"
    MANHATTAN = "manhattan"


class WeightsChoice(StrEnum):
    """A voting scheme."""

    UNIFORM = "uniform"
    DISTANCE = "distance"
    SOFTMAX = "softmax"


class ProtocolChoice(StrEnum):
    """What folds keep together."""

    SUBJECT = "subject"
    IMAGE = "image"


class FormatChoice(StrEnum):
    """A kind of report."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


if TYPE_CHECKING:
    ScoreChoice: TypeAlias = str
    """A score of a study."""
else:
    ScoreChoice = Literal[tuple(SCORE_NAMES)]
