"""The study of a data set: cross-validation, what its file tells, published scores, preprocessing."""

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any, Literal, TypeAlias, get_args

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.analyses.preprocessing.on_study import Extent, compare_on_folds_of
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.crossval.protocol_run import Fields
from skknn_syndrome.crossval.study_data import classes_of_few_images
from skknn_syndrome.crossval.study_run import DatasetRun, StudyRun
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study.cross_validation import cross_validate_study, run_study
from skknn_syndrome.study.describing import describe, identity, without_map
from skknn_syndrome.study.whole_study import find_all, put_together

Preprocessing: TypeAlias = Extent | Literal["off"]
"""How far scalers and resamplers are compared."""

Step: TypeAlias = Literal["map", "preprocessing"]
"""Parts of a study that take long and are named before they begin."""


def _pass_over(_step: Step) -> None: ...


@classes_of_few_images()
def study_dataset(
    dataset: EmbeddingDataset,
    *,
    protocols: ProtocolName | Sequence[ProtocolName] | None = None,
    preprocessing: Preprocessing = "off",
    published: tuple[PublishedScore, ...] = (),
    with_map: bool = True,
    command: str | None = None,
    settings: str = "",
    on_step: Callable[[Step], object] = _pass_over,
    **options: Any,  # noqa: ANN401  handed on as they are
) -> StudyResult:
    """Study a data set: cross-validation, all that its file tells, and what preprocessing is worth.

    This is what ``skknn-syndrome study`` runs.

    Parameters
    ----------
    dataset : EmbeddingDataset
        From `load_embeddings`, `make_syndrome_embeddings` or `EmbeddingDataset.from_arrays`.
    protocols : {"subject", "image"} or sequence of them, optional
        Which folds to use, the primary one first. By default both if the data has subjects, else by image.
    preprocessing : {"off", "scores", "full"}, default="off"
        Compare scalers and resamplers on the study's own grid and folds, within folds and before splitting:
        "scores" on one split; "full" on two and with maps, which takes minutes. With a pipeline, or folds of
        your own, a check says why nothing was compared.
    published : tuple of PublishedScore
        What others reported on such data, from `skknn_syndrome.data.load_published`.
    with_map : bool, default=True
        Lay the embeddings out in the plane, which takes some twenty seconds for a thousand images.
    command : str, optional
        The command line that a second run would need.
    settings : str
        What was set on it or in a file, as TOML.
    on_step : callable, optional
        Told "map" and "preprocessing" before these begin.
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
        `dataset` is none, `preprocessing` is none of its choices, or as `cross_validate_study` raises it.
    TypeError
        An option is none of `cross_validate_study`.

    Examples
    --------
    >>> from skknn_syndrome import PreprocessingComparison, make_syndrome_embeddings
    >>> study = study_dataset(
    ...     make_syndrome_embeddings(n_features=8), with_map=False, n_neighbors=[5], cv=3, analyses=(),
    ...     metrics="cosine", preprocessing="scores", n_repeats=1,
    ... )
    >>> study.dataset.simulated, [run.protocol for run in study.protocols]
    (True, ['subject', 'image'])
    >>> compared = study.find(PreprocessingComparison)
    >>> compared.splitters == (study.primary.splitter,), len(compared.variants)
    (True, 36)
    """
    _check(dataset, preprocessing)
    if protocols is None and dataset.subjects is not None:
        protocols = "subject", "image"
    bound = signature(cross_validate_study).bind(
        dataset.embeddings, dataset.syndromes, groups=dataset.subjects, protocols=protocols, **options
    )
    bound.apply_defaults()
    study = run_study(**bound.arguments)
    found, left_out = find_all(study, **identity(dataset))
    if with_map:
        on_step("map")
        left_out |= without_map(dataset)
    described = describe(
        DatasetRun(dataset, study.space, random_state=study.settings.random_state, with_map=with_map),
        study.stopwatch,
    )
    found |= described | {"analyses": found["analyses"].replaced_by(*described["analyses"])}
    if preprocessing != "off":
        on_step("preprocessing")
        compared, reasons = _compare(study, found, dataset, preprocessing, bound.arguments)
        found["analyses"] = found["analyses"].replaced_by(compared)
        left_out |= reasons
    return put_together(study, found, left_out, command=command, settings=settings, published=published)


def _check(dataset: object, preprocessing: object) -> None:
    if not isinstance(dataset, EmbeddingDataset):
        raise StudySettingsError(
            f"study_dataset takes an EmbeddingDataset, and this is of type {type(dataset).__name__}: make "
            "one with EmbeddingDataset.from_arrays(X, y, subjects), or give arrays to cross_validate_study."
        )
    choices = "off", *get_args(Extent)
    if preprocessing not in choices:
        raise StudySettingsError(
            f"preprocessing is {preprocessing!r}: give one of {', '.join(map(repr, choices))}.",
            code="unknown_extent",
            parameter="preprocessing",
        )


def _compare(
    study: StudyRun, found: Fields, dataset: EmbeddingDataset, extent: Extent, options: Fields
) -> tuple[PreprocessingComparison | None, dict[str, str]]:
    """Return the comparison of preprocessing; None where there can be none, with the reason."""
    with study.stopwatch.part("preprocessing"):
        return compare_on_folds_of(
            found["protocols"][0],
            found["dataset"],
            dataset,
            study.data.groups,
            estimator=options["estimator"],
            extent=extent,
            random_state=study.settings.random_state,
            n_repeats=options["n_repeats"],
            n_jobs=options["n_jobs"],
        )
