"""All tables of a study, in the order of reading."""

from collections.abc import Sequence
from pathlib import Path

from skknn_syndrome._files import write_text
from skknn_syndrome.results import Audit, StudyResult
from skknn_syndrome.tables.audit import data_warnings, near_duplicates, refused_rows
from skknn_syndrome.tables.best_configurations import best_configurations
from skknn_syndrome.tables.confusions import confusions
from skknn_syndrome.tables.dataset_summary import dataset_summary
from skknn_syndrome.tables.distance_comparisons import distance_comparisons
from skknn_syndrome.tables.k_sweep import k_sweep
from skknn_syndrome.tables.notices import notices
from skknn_syndrome.tables.per_syndrome import per_syndrome
from skknn_syndrome.tables.protocol_differences import protocol_differences
from skknn_syndrome.tables.published_comparison import published_comparison
from skknn_syndrome.tables.syndrome_counts import syndrome_counts
from skknn_syndrome.tables.table import Column, Table


def all_tables(study: StudyResult) -> tuple[Table, ...]:
    """Return every table; what the study has no part for has no rows."""
    audit = study.audit or Audit(n_rows=study.dataset.n_images)
    evaluations = study.headline.evaluations
    return (
        dataset_summary(study),
        syndrome_counts(study),
        notices(study),
        best_configurations(study),
        k_sweep(study),
        protocol_differences(study),
        refused_rows(audit),
        data_warnings(audit),
        near_duplicates(study.near_duplicates),
        published_comparison(study),
        *_stacked(
            "protocol", "Folds by", [(run.protocol, distance_comparisons(run)) for run in study.protocols]
        ),
        *_stacked("metric", "Distance", [(entry.metric, per_syndrome(entry)) for entry in evaluations]),
        *_stacked("metric", "Distance", [(entry.metric, confusions(entry)) for entry in evaluations]),
    )


def _stacked(key: str, heading: str, parts: Sequence[tuple[str, Table]]) -> tuple[Table, ...]:
    """Return like tables as one, with a column that says which is which: the files' names stay the same."""
    if not parts:
        return ()
    first = parts[0][1]
    return (
        Table(
            name=first.name.rpartition("_")[0],
            caption=first.caption,
            columns=(Column(key, heading), *first.columns),
            rows=tuple((value, *row) for value, table in parts for row in table.rows),
        ),
    )


def write_tables(study: StudyResult, folder: Path) -> tuple[Path, ...]:
    """Write every table as CSV, empty ones too, so that none of an earlier study stays behind."""
    tables = all_tables(study)
    paths = tuple(folder / f"{table.name}.csv" for table in tables)
    for path, table in zip(paths, tables, strict=True):
        write_text(path, table.to_csv())
    return paths
