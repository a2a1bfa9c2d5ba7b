"""Tables of what scaling and resampling are worth."""

from skknn_syndrome.results import AblationResult
from skknn_syndrome.tables.ablation.classes import preprocessing_classes
from skknn_syndrome.tables.ablation.clusters import preprocessing_centroids, preprocessing_clusters
from skknn_syndrome.tables.ablation.gains import preprocessing_gains
from skknn_syndrome.tables.ablation.inflations import preprocessing_inflations
from skknn_syndrome.tables.ablation.ranking import preprocessing_ranking
from skknn_syndrome.tables.ablation.roc import preprocessing_roc
from skknn_syndrome.tables.ablation.scores import preprocessing_scores
from skknn_syndrome.tables.ablation.steps import preprocessing_steps
from skknn_syndrome.tables.ablation.summary import preprocessing_summary
from skknn_syndrome.tables.ablation.syndromes import preprocessing_syndromes
from skknn_syndrome.tables.table import Table


def ablation_tables(result: AblationResult) -> tuple[Table, ...]:
    """Return all of them; what nobody asked for has no rows."""
    return (
        preprocessing_summary(result),
        preprocessing_ranking(result),
        preprocessing_scores(result),
        preprocessing_gains(result),
        preprocessing_inflations(result),
        preprocessing_classes(result),
        preprocessing_syndromes(result),
        preprocessing_roc(result),
        preprocessing_clusters(result),
        preprocessing_centroids(result),
        preprocessing_steps(result),
    )


__all__ = [
    "ablation_tables",
    "preprocessing_centroids",
    "preprocessing_classes",
    "preprocessing_clusters",
    "preprocessing_gains",
    "preprocessing_inflations",
    "preprocessing_ranking",
    "preprocessing_roc",
    "preprocessing_scores",
    "preprocessing_steps",
    "preprocessing_summary",
    "preprocessing_syndromes",
]
