"""All tables of a study, in the order of reading."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from skknn_syndrome._files import write_text
from skknn_syndrome.results import Audit, StudyResult
from skknn_syndrome.tables.ablation import ablation_tables
from skknn_syndrome.tables.ablation.published import preprocessing_published
from skknn_syndrome.tables.alternatives import alternatives
from skknn_syndrome.tables.audit import data_warnings, near_duplicates, refused_rows
from skknn_syndrome.tables.baselines import baselines
from skknn_syndrome.tables.best_configurations import best_configurations
from skknn_syndrome.tables.calibrations import calibrations, temperatures
from skknn_syndrome.tables.confusions import confusions
from skknn_syndrome.tables.dataset_summary import dataset_summary
from skknn_syndrome.tables.distance_comparisons import distance_comparisons
from skknn_syndrome.tables.hubness import hubness, hubs, norms
from skknn_syndrome.tables.k_sweep import k_sweep
from skknn_syndrome.tables.leaks import leak_inflations, leaked_people
from skknn_syndrome.tables.nested_selection import nested_choices, nested_scores, optimism
from skknn_syndrome.tables.notices import notices
from skknn_syndrome.tables.per_subject import per_subject, several_images
from skknn_syndrome.tables.per_syndrome import per_syndrome
from skknn_syndrome.tables.pooled_scores import pooled_differences, pooled_scores
from skknn_syndrome.tables.protocol_differences import protocol_differences, protocol_inflations
from skknn_syndrome.tables.published_comparison import published_comparison
from skknn_syndrome.tables.repeats import repeated_comparisons, repeats, selections
from skknn_syndrome.tables.syndrome_counts import syndrome_counts
from skknn_syndrome.tables.table import Column, Table
from skknn_syndrome.tables.unseen_syndromes import rejection, unseen_syndromes

TABLE_NAMES = frozenset(
    {
        *("dataset_summary", "syndrome_counts", "notices", "best_configurations", "k_sweep"),
        *(
            "protocol_differences",
            "protocol_inflations",
            "alternatives",
            "refused_rows",
            "data_warnings",
            "near_duplicates",
        ),
        *("published_comparison", "distance_comparisons", "pooled_scores", "pooled_differences"),
        *("repeats", "selections", "repeated_comparisons", "leaked_people", "leak_inflations"),
        *("baselines_subject", "baselines_image", "per_subject", "several_images", "per_syndrome"),
        *("confusions", "optimism", "nested_scores", "nested_choices", "calibrations", "temperatures"),
        *("unseen_syndromes", "rejection", "hubness", "hubs", "norms"),
        *("preprocessing_summary", "preprocessing_ranking", "preprocessing_scores"),
        *("preprocessing_gains", "preprocessing_inflations", "preprocessing_classes"),
        *("preprocessing_syndromes", "preprocessing_roc", "preprocessing_clusters"),
        *("preprocessing_centroids", "preprocessing_published", "preprocessing_steps"),
    }
)
"""All tables that a study may have."""


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
        protocol_inflations(study),
        refused_rows(audit),
        data_warnings(audit),
        near_duplicates(study.near_duplicates),
        published_comparison(study),
        *_stacked(
            "protocol", "Folds by", [(run.protocol, distance_comparisons(run)) for run in study.protocols]
        ),
        pooled_scores(study.headline),
        pooled_differences(study),
        repeats(study.headline),
        selections(study.headline),
        repeated_comparisons(study.headline),
        leaked_people(study),
        leak_inflations(study),
        baselines(study.headline.baselines, study.headline),
        alternatives(study.headline),
        per_subject(study.headline.subject_levels),
        several_images(study.headline.subject_levels),
        *_stacked("metric", "Distance", [(entry.variant, per_syndrome(entry)) for entry in evaluations]),
        *_stacked("metric", "Distance", [(entry.variant, confusions(entry)) for entry in evaluations]),
        *_analyses(study),
    )


def _analyses(study: StudyResult) -> Iterator[Table]:
    """Yield what was looked into beside the scores, where the study did."""
    run = study.headline
    if run.nested is not None:
        yield optimism(run.nested)
        yield nested_scores(run.nested)
        yield nested_choices(run.nested)
    yield calibrations(run.calibrations)
    yield temperatures(run.temperatures)
    yield from _stacked(
        "metric", "Distance", [(entry.variant, unseen_syndromes(entry)) for entry in run.open_sets]
    )
    yield from _stacked("metric", "Distance", [(entry.variant, rejection(entry)) for entry in run.open_sets])
    if study.hubness is not None:
        yield hubness(study.hubness)
        yield hubs(study.hubness)
        yield norms(study.hubness)
    if study.ablation is not None:
        yield from ablation_tables(study.ablation)
        yield preprocessing_published(study.ablation, study.published)


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
    """Write every table that has rows as CSV, and return their paths.

    What an earlier study left in `folder` and this one lacks is removed: it would pass for one of this study.
    """
    tables = {folder / f"{table.name}.csv": table for table in all_tables(study) if table.rows}
    for path, table in tables.items():
        write_text(path, table.to_csv())
    for name in TABLE_NAMES - {path.stem for path in tables}:
        (folder / f"{name}.csv").unlink(missing_ok=True)
    return tuple(tables)
