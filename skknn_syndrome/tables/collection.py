"""All tables of a study, in the order of reading."""

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
from skknn_syndrome.tables.table import Table


def all_tables(study: StudyResult) -> tuple[Table, ...]:
    """Return every table; what the study has no part for has no rows."""
    audit = study.audit or Audit(n_rows=study.dataset.n_images)
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
        *(distance_comparisons(run) for run in study.protocols),
        *(
            table(evaluation)
            for evaluation in study.headline.evaluations
            for table in (per_syndrome, confusions)
        ),
    )


def write_tables(study: StudyResult, folder: Path) -> tuple[Path, ...]:
    """Write every table as CSV, empty ones too, so that none of an earlier study stays behind."""
    tables = all_tables(study)
    paths = tuple(folder / f"{table.name}.csv" for table in tables)
    for path, table in zip(paths, tables, strict=True):
        write_text(path, table.to_csv())
    return paths
