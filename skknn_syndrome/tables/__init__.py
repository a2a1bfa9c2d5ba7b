"""Tables: typed results in, rows out; nothing is computed but what a row shows."""

from skknn_syndrome.tables.alternatives import alternatives
from skknn_syndrome.tables.audit import data_warnings, near_duplicates, refused_rows
from skknn_syndrome.tables.best_configurations import best_configurations
from skknn_syndrome.tables.checks import checks, open_checks
from skknn_syndrome.tables.collection import all_tables, write_tables
from skknn_syndrome.tables.confusions import confusions
from skknn_syndrome.tables.dataset_summary import dataset_summary
from skknn_syndrome.tables.distance_comparisons import distance_comparisons
from skknn_syndrome.tables.headline_scores import headline_scores
from skknn_syndrome.tables.k_sweep import k_sweep
from skknn_syndrome.tables.per_syndrome import per_syndrome
from skknn_syndrome.tables.pooled_scores import pooled_differences, pooled_scores
from skknn_syndrome.tables.protocol_differences import protocol_differences, protocol_inflations
from skknn_syndrome.tables.provenance import averaging, versions
from skknn_syndrome.tables.published_comparison import published_comparison
from skknn_syndrome.tables.syndrome_counts import syndrome_counts
from skknn_syndrome.tables.table import Column, Table

__all__ = [
    "Column",
    "Table",
    "all_tables",
    "alternatives",
    "averaging",
    "best_configurations",
    "checks",
    "confusions",
    "data_warnings",
    "dataset_summary",
    "distance_comparisons",
    "headline_scores",
    "k_sweep",
    "near_duplicates",
    "open_checks",
    "per_syndrome",
    "pooled_differences",
    "pooled_scores",
    "protocol_differences",
    "protocol_inflations",
    "published_comparison",
    "refused_rows",
    "syndrome_counts",
    "versions",
    "write_tables",
]
