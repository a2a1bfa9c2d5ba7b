"""What the data set of a study tells: name, origin, audit, near-duplicates, maps, similar syndromes."""

from collections.abc import Iterable
from functools import partial

from skknn_syndrome.analyses.embedding_map.compute import why_no_map
from skknn_syndrome.analyses.published.result import PublishedScores
from skknn_syndrome.checks.base import CheckContext
from skknn_syndrome.checks.running import rerun_checks
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.protocol_run import Fields
from skknn_syndrome.crossval.provenance import Stopwatch, with_later_parts
from skknn_syndrome.crossval.study_data import classes_of_few_images
from skknn_syndrome.crossval.study_run import DatasetRun
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.neighbors.embedding_space import EmbeddingSpace
from skknn_syndrome.questions import Description, descriptions
from skknn_syndrome.results.analysis import Analyses, Analysis
from skknn_syndrome.results.check import Checks
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.study import StudyResult

_ANEW = "simulated_data", "stepped_back"
"""Checks that look at what a data set tells."""


@classes_of_few_images()
def describe_dataset(
    study: StudyResult,
    dataset: EmbeddingDataset,
    *,
    command: str | None,
    settings: str = "",
    published: tuple[PublishedScore, ...] = (),
    with_map: bool = True,
) -> StudyResult:
    """Add to a finished study what its data set tells; `study_dataset` does both at once.

    Parameters
    ----------
    study : StudyResult
        Of the data set's arrays.
    dataset : EmbeddingDataset
        The data it was run on.
    command : str or None
        The command line, without names of folders.
    settings : str
        What was set on the command line or in a file, as TOML.
    published : tuple of PublishedScore
        What others reported on such data.
    with_map : bool
        Lay the embeddings out in the plane, which takes some twenty seconds for a thousand images.

    Returns
    -------
    StudyResult
        Another one with name, origin, audit, near-duplicates, maps, and how alike the syndromes are.
    """
    stopwatch = Stopwatch()
    space = EmbeddingSpace(dataset.embeddings, dataset.syndromes, dataset.subjects)
    run = DatasetRun(
        dataset,
        space,
        random_state=study.provenance.random_state,
        with_map=with_map,
        record=record_of(study.primary, study.records),
    )
    found = describe(run, stopwatch)
    others = [PublishedScores(published=published)] if published else []
    described = study.revised(
        audit=found["audit"],
        dataset=study.dataset.revised(**identity(dataset)),
        analyses=study.analyses.replaced_by(*found["analyses"], *others),
        provenance=with_later_parts(study.provenance, stopwatch).revised(command=command, settings=settings),
    )
    return described.revised(checks=_checks(described, without_map(dataset) if with_map else {}))


def record_of(run: ProtocolResult, records: Iterable[OutOfFoldRecord]) -> OutOfFoldRecord | None:
    """Return the out-of-fold predictions of a protocol's winner, None where there are none."""
    found = (record for record in records if record.protocol == run.protocol)
    return next((record for record in found if record.candidate.is_like(run.winner)), None)


def _checks(study: StudyResult, without: dict[str, str]) -> Checks:
    """Make the checks anew that look at what was added."""
    if not without:
        return rerun_checks(study.checks, CheckContext.of(study), *_ANEW)
    left_out = {check.name: check.figures for check in study.checks.tips}.get("analysis_left_out", {})
    reasons = {name: str(reason) for name, reason in left_out.items()} | without
    return rerun_checks(study.checks, CheckContext.of(study, reasons), *_ANEW, "analysis_left_out")


def identity(dataset: EmbeddingDataset) -> Fields:
    """Return the fields of a `DatasetSummary` that arrays do not tell."""
    return {
        "name": dataset.name,
        "simulated": dataset.simulated,
        "file_sha256": dataset.sha256,
        "embedder": dataset.embedder,
        "nouns": dataset.nouns,
    }


def describe(run: DatasetRun, stopwatch: Stopwatch) -> Fields:
    """Return what a data set tells beside the scores.

    Parameters
    ----------
    run : DatasetRun
    stopwatch : Stopwatch
        Notes how long each of its analyses takes.

    Returns
    -------
    dict
        Fields of a `StudyResult` by name, `analyses` with those of the data set alone.
    """
    found: list[Analysis | None] = []
    for description in descriptions():
        if description.of_reference and run.reference is None:
            continue
        found += stopwatch.find(description.question, partial(_describe, description, run))
    return {"audit": run.dataset.audit, "analyses": Analyses.of(found)}


def _describe(description: Description[DatasetRun], run: DatasetRun) -> list[Analysis | None]:
    return [description.describe(run)]


def without_map(dataset: EmbeddingDataset) -> dict[str, str]:
    """Return why there can be no map, by the name of the part; empty where there can."""
    reason = why_no_map(dataset.embeddings)
    return {} if reason is None else {"map": f"{reason}."}
