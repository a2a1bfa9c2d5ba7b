"""Tables: typed results in, rows out; nothing is computed but what a row shows."""

from skknn_syndrome.tables.audit import data_warnings, near_duplicates, refused_rows
from skknn_syndrome.tables.best_configurations import best_configurations
from skknn_syndrome.tables.collection import all_tables, write_tables
from skknn_syndrome.tables.dataset_summary import dataset_summary
from skknn_syndrome.tables.headline_scores import headline_scores
from skknn_syndrome.tables.k_sweep import k_sweep
from skknn_syndrome.tables.notices import notices
from skknn_syndrome.tables.protocol_differences import protocol_differences
from skknn_syndrome.tables.syndrome_counts import syndrome_counts
from skknn_syndrome.tables.table import Column, Table

__all__ = [
    "Column",
    "Table",
    "all_tables",
    "best_configurations",
    "data_warnings",
    "dataset_summary",
    "headline_scores",
    "k_sweep",
    "near_duplicates",
    "notices",
    "protocol_differences",
    "refused_rows",
    "syndrome_counts",
    "write_tables",
]
