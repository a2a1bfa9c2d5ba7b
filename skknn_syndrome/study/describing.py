"""A study of a data set knows more than a study of arrays: name, origin, audit, near-duplicates."""

from skknn_syndrome.checks import CheckContext, rerun_checks
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.results import Checks, EmbeddingMap, PublishedScore, StudyResult
from skknn_syndrome.study.centroids import compare_centroids
from skknn_syndrome.study.mapping import map_embeddings, why_no_map
from skknn_syndrome.study.near_duplicates import find_near_duplicates
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
    """Add to a study what its data set tells.

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
        A copy with name, origin, audit, near-duplicates, maps, and how alike the syndromes are.
    """
    stopwatch = Stopwatch()
    random_state = study.provenance.random_state or 0
    shown: EmbeddingMap | None = None
    missing = why_no_map(dataset.embeddings) if with_map else None
    if with_map:
        with stopwatch.part("map"):
            shown = map_embeddings(dataset.embeddings, dataset.syndromes, random_state=random_state)
    with stopwatch.part("near-duplicates"):
        alike = find_near_duplicates(dataset)
    summary = study.dataset.model_copy(
        update={"name": dataset.name, "simulated": dataset.simulated, "file_sha256": dataset.sha256}
    )
    described = study.model_copy(
        update={
            "dataset": summary,
            "audit": dataset.audit,
            "published": published,
            "embedding_map": shown,
            "centroid_similarities": compare_centroids(dataset.embeddings, dataset.syndromes),
            "near_duplicates": alike,
            "provenance": with_later_parts(study.provenance, stopwatch).model_copy(
                update={"command": command, "settings": settings}
            ),
        }
    )
    return described.model_copy(update={"checks": _checks(described, missing)})


def _checks(study: StudyResult, without_map: str | None) -> Checks:
    """Make the checks anew that look at what was added."""
    if without_map is None:
        return rerun_checks(study.checks, CheckContext.of(study), "simulated_data")
    left_out = {check.name: check.figures for check in study.checks.tips}.get("analysis_left_out", {})
    reasons = {name: str(reason) for name, reason in left_out.items()} | {"map": f"{without_map}."}
    return rerun_checks(study.checks, CheckContext.of(study, reasons), "simulated_data", "analysis_left_out")
