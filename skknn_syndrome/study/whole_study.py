"""A whole study while it is made: its protocols, and what is found beyond single ones."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from skknn_syndrome.analyses.published.result import PublishedScores
from skknn_syndrome.checks.base import CheckContext
from skknn_syndrome.checks.running import run_checks
from skknn_syndrome.crossval.protocol_run import Fields
from skknn_syndrome.crossval.provenance import make_provenance, summarise_arrays
from skknn_syndrome.crossval.settings import StudySettings
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.crossval.study_run import StudyRun
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.neighbors.embedding_space import EmbeddingSpace
from skknn_syndrome.neighbors.near_duplicates import merge_subjects
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study.analysing import analyse


def find_all(study: StudyRun, **identity: Any) -> tuple[Fields, dict[str, str]]:  # noqa: ANN401  of any type
    """Look into the primary protocol and across the protocols.

    Parameters
    ----------
    study : StudyRun
    **identity
        Name and origin of the data, as `summarise_arrays` takes them.

    Returns
    -------
    dict
        Fields of a `StudyResult` by name; all that it needs but `checks` and `provenance`.
    dict
        Why what could not be done was left out, by its name.
    """
    analyses, left_out = analyse(study)
    return {
        "dataset": summarise_arrays(study.data.array, study.data.labels, study.data.groups, **identity),
        "protocols": tuple(run.result() for run in study.runs),
        "analyses": analyses,
    }, left_out


def put_together(
    study: StudyRun,
    found: Fields,
    left_out: Mapping[str, str],
    *,
    command: str | None = None,
    settings: str = "",
    published: tuple[PublishedScore, ...] = (),
) -> StudyResult:
    """Check what was found, and put the study's result together.

    Parameters
    ----------
    study : StudyRun
    found : dict
        Fields by name, as `find_all` returns them, and more.
    left_out : mapping of str to str
        Why an analysis, "map" or "preprocessing" was left out, by its name.
    command : str, optional
        The command line, without names of folders.
    settings : str
        What was set on it or in a file, as TOML.
    published : tuple of PublishedScore
        What others reported on such data.

    Returns
    -------
    StudyResult
    """
    if published:
        found["analyses"] = found["analyses"].replaced_by(PublishedScores(published=published))
    context = CheckContext(
        dataset=found["dataset"],
        protocols=found["protocols"],
        analyses=found["analyses"],
        asked=study.analyses,
        left_out=left_out,
        withheld=study.withheld,
        # Of a data set there is an audit, if an empty one; arrays have none.
        origin_known="audit" in found,
    )
    provenance = make_provenance(
        study.given,
        random_state=study.settings.random_state,
        refit=study.settings.refit,
        stopwatch=study.stopwatch,
        task=study.data.task.name,
        command=command,
        settings=settings,
        head=study.settings.head,
    )
    return StudyResult.of(
        search=study.search,
        records=study.records,
        **found,
        checks=run_checks(context, study.ignore),
        provenance=provenance,
    )


def merge_people(data: StudyData, settings: StudySettings, space: EmbeddingSpace) -> StudyData:
    """Return the data with one subject for all that may be one person."""
    # Alike images are found by cosine whatever the head; what grouping changes is measured on the graph of
    # nearest neighbours, and where that lacks the distance, nothing would be said of it.
    neighbors = settings.head is KNN
    if data.groups is None or settings.prefix or (neighbors and "cosine" not in settings.metrics):
        cosine = ", the cosine distance among the metrics," if neighbors else ""
        raise StudySettingsError(
            f"group_near_duplicates takes groups{cosine} and no pipeline: give these, or leave it out.",
            code="near_duplicates_not_groupable",
            parameter="group_near_duplicates",
        )
    return replace(data, groups=merge_subjects(space.pairs, data.groups))
