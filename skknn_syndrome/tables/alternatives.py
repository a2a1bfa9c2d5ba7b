"""Baselines and larger k against the best candidate of the grid."""

from collections.abc import Sequence

from skknn_syndrome.results import Alternative, AlternativeDifference, ProtocolResult
from skknn_syndrome.tables.table import Cell, Column, Table
from skknn_syndrome.wording import head_title

WITHOUT_EMBEDDINGS = frozenset({"majority", "prior"})
"""Baselines that look at labels alone."""


def alternatives(run: ProtocolResult, scores: Sequence[str] | None = None) -> Table:
    """Return each alternative's difference from the best candidate, a row a score.

    Parameters
    ----------
    run : ProtocolResult
    scores : sequence of str, optional
        Which scores to show, of what looks at embeddings; by default everything.
    """
    return Table(
        name="alternatives",
        caption=f"Baselines and larger k minus the best candidate, folds by {run.protocol}: mean over all "
        "folds of the repeated splits, difference with 95 % confidence interval, p of the corrected "
        "resampled t test after Holm's correction for the other scores; intervals are not adjusted. The AUC "
        "of nearest centroid and nearest image compares distances between images, and says little of their "
        "decisions",
        columns=(
            Column("rule", "Method"),
            Column("metric", "Distance"),
            Column("n_neighbors", "k"),
            Column("score", "Score"),
            Column("mean", "Mean", decimals=3),
            Column("mean_difference", "Difference", decimals=3),
            Column("low", "From", decimals=3),
            Column("high", "To", decimals=3),
            Column("p_value", "p", decimals=3, least=0.001),
            Column("p_holm", "p (Holm)", decimals=3, least=0.001),
            Column("verdict", "Verdict"),
            Column("n_splits", "Splits"),
        ),
        rows=tuple(
            _row(entry, difference)
            for entry in run.alternatives
            for difference in entry.differences
            if scores is None or (difference.score in scores and entry.head not in WITHOUT_EMBEDDINGS)
        ),
    )


def _row(entry: Alternative, difference: AlternativeDifference) -> tuple[Cell, ...]:
    return (
        "nearest images" if entry.kind == "larger_k" else head_title(entry.head),
        entry.metric,
        entry.n_neighbors,
        difference.score,
        difference.mean,
        difference.mean_difference,
        difference.low,
        difference.high,
        difference.p_value,
        difference.p_holm,
        difference.verdict,
        entry.n_splits,
    )
