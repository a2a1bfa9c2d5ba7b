"""The study of a data set, from its arrays to what its file tells."""

from typing import Any

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.results import PublishedScore, StudyResult
from skknn_syndrome.study.cross_validation import cross_validate_study
from skknn_syndrome.study.describing import describe_dataset


def study_dataset(
    dataset: EmbeddingDataset,
    *,
    command: str | None = None,
    published: tuple[PublishedScore, ...] = (),
    with_map: bool = True,
    **options: Any,  # noqa: ANN401  handed on as they are
) -> StudyResult:
    """Cross-validate on a data set: both protocols if it has subjects, and all that the data itself tells.

    Parameters
    ----------
    dataset : EmbeddingDataset
        From `load_embeddings`, `make_syndrome_embeddings` or `EmbeddingDataset.from_arrays`.
    command : str, optional
        The command line that a second run would need.
    published : tuple of PublishedScore
        What others reported on such data.
    with_map : bool, default=True
        Lay the embeddings out in the plane, which takes some twenty seconds for a thousand images.
    **options
        As in `cross_validate_study`.

    Returns
    -------
    StudyResult
        With the data set's name and origin, its audit, near-duplicates and map. Simulated data stays called
        simulated.

    Raises
    ------
    StudySettingsError
        `dataset` is none, or as `cross_validate_study` raises it.

    Examples
    --------
    >>> from skknn_syndrome import make_syndrome_embeddings
    >>> study = study_dataset(
    ...     make_syndrome_embeddings(n_features=8), with_map=False, n_neighbors=[5], cv=3, analyses=()
    ... )
    >>> study.dataset.simulated, [run.protocol for run in study.protocols]
    (True, ['subject', 'image'])
    """
    if not isinstance(dataset, EmbeddingDataset):
        raise StudySettingsError(
            f"study_dataset takes an EmbeddingDataset, and this is of type {type(dataset).__name__}: make "
            "one with EmbeddingDataset.from_arrays(X, y, subjects), or give arrays to cross_validate_study."
        )
    if dataset.subjects is not None:
        options = {"protocols": ("subject", "image"), **options}
    study = cross_validate_study(dataset.embeddings, dataset.syndromes, groups=dataset.subjects, **options)
    return describe_dataset(study, dataset, command=command, published=published, with_map=with_map)
