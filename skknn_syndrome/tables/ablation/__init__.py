"""Tables of what scaling and resampling are worth."""

from skknn_syndrome.results import AblationResult
from skknn_syndrome.tables.ablation.gains import preprocessing_gains
from skknn_syndrome.tables.ablation.inflations import preprocessing_inflations
from skknn_syndrome.tables.ablation.ranking import preprocessing_ranking
from skknn_syndrome.tables.ablation.summary import preprocessing_summary
from skknn_syndrome.tables.table import Table


def ablation_tables(result: AblationResult) -> tuple[Table, ...]:
    """Return all of them; what nobody asked for has no rows."""
    return (
        preprocessing_summary(result),
        preprocessing_ranking(result),
        preprocessing_gains(result),
        preprocessing_inflations(result),
    )


__all__ = [
    "ablation_tables",
    "preprocessing_gains",
    "preprocessing_inflations",
    "preprocessing_ranking",
    "preprocessing_summary",
]
