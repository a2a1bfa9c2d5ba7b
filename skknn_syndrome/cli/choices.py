"""Values to choose from; where an option may be repeated, Typer reads lists of enumerations alone."""

from enum import StrEnum
from typing import Literal, TypeAlias


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


ScoreChoice: TypeAlias = Literal[
    "roc_auc_ovr",
    "f1_macro",
    "accuracy",
    "precision_macro",
    "recall_macro",
    "balanced_accuracy",
    "top_1_accuracy",
    "top_3_accuracy",
    "top_5_accuracy",
]
"""A score: `skknn_syndrome._typing.ScoreName` again, since that module imports NumPy."""
