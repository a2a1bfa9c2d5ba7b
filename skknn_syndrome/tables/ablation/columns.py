"""What the tables of a comparison of preprocessing have in common: which variant a row is, and its order."""

from collections.abc import Sequence
from typing import TypeVar

from skknn_syndrome.results import AblationResult, Gain, Inflation
from skknn_syndrome.tables.table import Column

SCALER = Column("scaler", "Scaler")
RESAMPLER = Column("resampler", "Resampler")
METRIC = Column("metric", "Distance")
WAY = Column("way", "Way")
K = Column("n_neighbors", "k")
SCORE = Column("score", "Score")
SPLITS = Column("n_splits", "Splits")

HEADLINE_SCORES = ("f1_macro", "roc_auc_ovr", "top_1_accuracy")
"""The scores that are read first."""


Entry = TypeVar("Entry", Gain, Inflation)


def by_score(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries score by score, F1, AUC and top-1 accuracy first, distance by distance within each.

    The other scores and the distances stay in the order of the result.
    """
    scores = list(dict.fromkeys((*HEADLINE_SCORES, *(entry.score for entry in entries))))
    metrics = list(dict.fromkeys(entry.metric for entry in entries))
    return sorted(entries, key=lambda entry: (scores.index(entry.score), metrics.index(entry.metric)))


def n_splits(result: AblationResult, gain: Gain) -> int:
    """Return on how many splits a variant was compared with unprocessed embeddings."""
    return gain.n_splits or len(result.seeds)


def compared_where(result: AblationResult) -> str:
    """Return at which k variants were compared, for a caption."""
    if result.compared_at is None:
        return "each at its own best k"
    return f"all at k = {result.compared_at}"
