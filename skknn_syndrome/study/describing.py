"""What the data set of a study tells: name, origin, audit, near-duplicates, maps, similar syndromes."""

from skknn_syndrome.checks import CheckContext, rerun_checks
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.results import Checks, EmbeddingMap, NearDuplicates, PublishedScore, StudyResult
from skknn_syndrome.study.centroids import compare_centroids
from skknn_syndrome.study.embedding_space import EmbeddingSpace
from skknn_syndrome.study.mapping import map_embeddings, why_no_map
from skknn_syndrome.study.near_duplicates import name_pairs
from skknn_syndrome.study.protocol_run import Fields
from skknn_syndrome.study.provenance import Stopwatch, with_later_parts
from skknn_syndrome.study.validating import classes_of_few_images


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
    found = describe(
        dataset,
        EmbeddingSpace(dataset.embeddings, dataset.syndromes, dataset.subjects),
        random_state=study.provenance.random_state,
        with_map=with_map,
        stopwatch=stopwatch,
    )
    described = study.revised(
        **found,
        dataset=study.dataset.revised(**identity(dataset)),
        published=published,
        provenance=with_later_parts(study.provenance, stopwatch).revised(command=command, settings=settings),
    )
    return described.revised(checks=_checks(described, without_map(dataset) if with_map else {}))


def _checks(study: StudyResult, without: dict[str, str]) -> Checks:
    """Make the checks anew that look at what was added."""
    if not without:
        return rerun_checks(study.checks, CheckContext.of(study), "simulated_data")
    left_out = {check.name: check.figures for check in study.checks.tips}.get("analysis_left_out", {})
    reasons = {name: str(reason) for name, reason in left_out.items()} | without
    return rerun_checks(study.checks, CheckContext.of(study, reasons), "simulated_data", "analysis_left_out")


def identity(dataset: EmbeddingDataset) -> Fields:
    """Return the fields of a `DatasetSummary` that arrays do not tell."""
    return {"name": dataset.name, "simulated": dataset.simulated, "file_sha256": dataset.sha256}


def describe(
    dataset: EmbeddingDataset,
    space: EmbeddingSpace,
    *,
    random_state: int | None,
    with_map: bool,
    stopwatch: Stopwatch,
) -> Fields:
    """Return what a data set tells beside the scores.

    Parameters
    ----------
    dataset : EmbeddingDataset
    space : EmbeddingSpace
        Of its images.
    random_state : int or None
        Seed of t-SNE; None takes 0.
    with_map : bool
    stopwatch : Stopwatch
        Notes how long the map and the near-duplicates take.

    Returns
    -------
    dict
        Fields of a `StudyResult` by name.
    """
    shown: EmbeddingMap | None = None
    if with_map:
        with stopwatch.part("map"):
            shown = map_embeddings(
                dataset.embeddings, dataset.syndromes, random_state=random_state or 0, space=space
            )
    with stopwatch.part("near-duplicates"):
        alike = _near_duplicates(dataset, space)
    return {
        "audit": dataset.audit,
        "embedding_map": shown,
        "centroid_similarities": compare_centroids(dataset.embeddings, dataset.syndromes),
        "near_duplicates": alike,
    }


def without_map(dataset: EmbeddingDataset) -> dict[str, str]:
    """Return why there can be no map, by the name of the part; empty where there can."""
    reason = why_no_map(dataset.embeddings)
    return {} if reason is None else {"map": f"{reason}."}


def _near_duplicates(dataset: EmbeddingDataset, space: EmbeddingSpace) -> NearDuplicates | None:
    if dataset.subjects is None:
        return None
    return name_pairs(
        space.pairs, dataset.syndromes, dataset.subjects, dataset.images, sensitivity=space.sensitivity
    )
