"""Whether one distance is better than the other by more than chance."""

from skknn_syndrome.results import ProtocolResult
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.tables.table import Column, Table


def distance_comparisons(run: ProtocolResult) -> Table:
    """Return difference, interval and p of the best candidates of two distances, a row a score."""
    return Table(
        name=f"distance_comparisons_{run.protocol}",
        caption=f"Distances compared, folds by {run.protocol}: mean difference with 95 % interval "
        "and two-sided p of the corrected resampled t test, and p adjusted for the other scores (Holm)",
        columns=(
            Column("score", "Score"),
            Column("first", "Higher"),
            Column("second", "Lower"),
            Column("mean_difference", "Difference"),
            Column("confidence_low", "From"),
            Column("confidence_high", "To"),
            Column("p_value", "p", decimals=3, least=SMALLEST_P),
            Column("p_holm", "p (Holm)", decimals=3, least=SMALLEST_P),
        ),
        rows=tuple(
            (
                entry.score,
                entry.first,
                entry.second,
                entry.mean_difference,
                entry.confidence_low,
                entry.confidence_high,
                entry.p_value,
                entry.p_holm,
            )
            for entry in run.comparisons
        ),
    )
