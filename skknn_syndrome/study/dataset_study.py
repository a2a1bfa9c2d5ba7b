"""The study of a data set: cross-validation, what its file tells, published scores, preprocessing."""

from collections.abc import Callable, Sequence
from functools import partial
from inspect import signature
from typing import Any, Literal, TypeAlias, get_args, overload

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.analyses.alignment.matching import match_classes
from skknn_syndrome.analyses.label_errors.result import LabelErrorsAnalysis
from skknn_syndrome.analyses.preprocessing.on_study import Extent, compare_on_folds_of
from skknn_syndrome.crossval.protocol_run import Fields
from skknn_syndrome.crossval.provenance import fingerprint
from skknn_syndrome.crossval.study_data import classes_of_few_images
from skknn_syndrome.crossval.study_run import DatasetRun, StudyRun
from skknn_syndrome.data import EmbeddingDataset, MultilabelDataset
from skknn_syndrome.data.levels import as_levels
from skknn_syndrome.data.reference import as_reference
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.questions import descriptions
from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study.alignment import DistancesLike, class_names
from skknn_syndrome.study.cross_validation import cross_validate_study, run_study
from skknn_syndrome.study.describing import describe, identity, record_of, without_map
from skknn_syndrome.study.estimating import Estimate, pass_over
from skknn_syndrome.study.multilabel_study import study_multilabel_dataset
from skknn_syndrome.study.progress import Course, Progress
from skknn_syndrome.study.resuming import KeptParts
from skknn_syndrome.study.whole_study import find_all, put_together

Preprocessing: TypeAlias = Extent | Literal["off"]
"""How far scalers and resamplers are compared."""


@overload
def study_dataset(dataset: MultilabelDataset, **options: Any) -> ModelComparison: ...  # noqa: ANN401
@overload
def study_dataset(dataset: EmbeddingDataset, **options: Any) -> StudyResult: ...  # noqa: ANN401
@classes_of_few_images()
def study_dataset(  # noqa: PLR0913
    dataset: EmbeddingDataset,
    *,
    protocols: ProtocolName | Sequence[ProtocolName] | None = None,
    preprocessing: Preprocessing = "off",
    published: tuple[PublishedScore, ...] = (),
    comparison: ModelComparison | None = None,
    with_map: bool = True,
    reference: DistancesLike | None = None,
    command: str | None = None,
    settings: str = "",
    on_plan: Callable[[Estimate], object] = pass_over,
    on_progress: Callable[[Progress], object] | None = None,
    keep: KeptParts | None = None,
    **options: Any,
) -> StudyResult | ModelComparison:
    """Study a data set: cross-validation, all that its file tells, and what preprocessing is worth.

    This is what ``skknn-syndrome study`` runs.

    Parameters
    ----------
    dataset : EmbeddingDataset
        From `load_embeddings`, `make_syndrome_embeddings` or `EmbeddingDataset.from_arrays`; or a
        `MultilabelDataset`, whose study is that of `skknn_syndrome.study.study_multilabel`.
    protocols : {"subject", "image"} or sequence of them, optional
        Which folds to use, the primary one first. By default both if the data has subjects, else by image.
    preprocessing : {"off", "scores", "full"}, default="off"
        Compare scalers and resamplers on the study's own grid and folds, within folds and before splitting:
        "scores" on one split; "full" on two and with maps, which takes minutes. With a pipeline, or folds of
        your own, a check says why nothing was compared.
    published : tuple of PublishedScore
        What others reported on such data, from `skknn_syndrome.data.load_published`.
    comparison : ModelComparison, optional
        Of models on this data set, from `compare_models` or `compare_datasets`: a section of the report.
    with_map : bool, default=True
        Lay the embeddings out in the plane, which takes some twenty seconds for a thousand images.
    reference : ReferenceDistances, DataFrame or path, optional
        Distances between the classes, such as genetic ones: those of the embeddings are compared with them,
        as `compare_distances` does it.
    command : str, optional
        The command line that a second run would need.
    settings : str
        What was set on it or in a file, as TOML.
    on_plan : callable, optional
        Told the `Estimate` of the whole before it begins: seconds by part, which parts work on a sample of
        the images, and which are left out of so many. Not called of heads that have to be fitted.
    on_progress : callable, optional
        Told before each part how far the study is, as a `Progress`, and once more when all are done.
    keep : KeptParts, optional
        Where finished parts are kept, so that a study that is stopped can go on.
    **options
        As in `cross_validate_study`.

    Returns
    -------
    StudyResult
        With the data set's name and origin, its audit, near-duplicates and map. Simulated data stays called
        simulated. Of several labels an image, a `ModelComparison`.

    Raises
    ------
    StudySettingsError
        `dataset` is none, `preprocessing` is none of its choices, `comparison` is of other images, labels,
        subjects or folds, or as `cross_validate_study` raises it.
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
    if isinstance(dataset, MultilabelDataset):
        return study_multilabel_dataset(
            dataset,
            protocols=protocols,
            command=command,
            settings=settings,
            preprocessing=preprocessing,
            comparison=comparison,
            published=published,
            on_progress=on_progress,
            keep=keep,
            **options,
        )
    _check(dataset, preprocessing)
    if protocols is None and dataset.subjects is not None:
        protocols = "subject", "image"
    bound = signature(cross_validate_study).bind(
        dataset.embeddings,
        dataset.syndromes,
        groups=dataset.subjects,
        protocols=protocols,
        **{"covariates": dataset.covariates, "levels": dataset.levels, **options},
    )
    bound.apply_defaults()
    if comparison is not None:
        _check_comparison(comparison, dataset, protocols)
    known = None if reference is None else as_reference(reference)
    if known is not None:
        match_classes(class_names(dataset), known)
    if keep is not None:
        given = known and [known.names, known.distances.tobytes().hex()]
        own = {"preprocessing": preprocessing, "with_map": with_map, "reference": given}
        told = {str(covariate.column): covariate.texts for covariate in dataset.covariates}
        levels = as_levels(bound.arguments["levels"], dataset.syndromes)
        paths = None if levels is None else [levels.names, *levels.paths.values()]
        keep.begin(dataset, {**bound.arguments, **own, "covariates": told, "levels": paths})
    compared = () if preprocessing == "off" else ("preprocessing",)
    aligned = known is not None
    told_later = [*_described(with_map=True, aligned=aligned), *compared]
    course = Course(on_progress, later=told_later, kept=keep)
    later = [*_described(with_map=with_map, aligned=aligned), *compared]
    study = run_study(**bound.arguments, course=course, later_parts=later, on_plan=on_plan)
    found, left_out = find_all(study, **identity(dataset))
    errors = found["analyses"].find(LabelErrorsAnalysis)
    if errors is not None:
        found["analyses"] = found["analyses"].replaced_by(errors.named(dataset.images.tolist()))
    if with_map:
        left_out |= without_map(dataset)
    described = describe(
        DatasetRun(
            dataset,
            study.space,
            random_state=study.settings.random_state,
            with_map=with_map,
            reference=known,
            record=record_of(found["protocols"][0], study.records),
        ),
        study.stopwatch,
    )
    found |= described | {"analyses": found["analyses"].replaced_by(*described["analyses"])}
    if preprocessing != "off":
        compare = partial(_compare, study, found, dataset, preprocessing, bound.arguments, left_out)
        found["analyses"] = found["analyses"].replaced_by(*course.find("preprocessing", compare))
    if comparison is not None:
        found["analyses"] = found["analyses"].replaced_by(comparison.models)
    course.finish()
    return put_together(study, found, left_out, command=command, settings=settings, published=published)


def _described(*, with_map: bool, aligned: bool) -> list[str]:
    """Return what is told of the data set; without a map, `embedding_map` compares centroids alone."""
    return [
        entry.question
        for entry in descriptions()
        if (with_map or entry.question != "embedding_map") and (aligned or not entry.of_reference)
    ]


def _check(dataset: object, preprocessing: object) -> None:
    if not isinstance(dataset, EmbeddingDataset):
        raise StudySettingsError(
            f"study_dataset takes an EmbeddingDataset, and this is of type {type(dataset).__name__}: make "
            "one with EmbeddingDataset.from_arrays(X, y, subjects), or give arrays to cross_validate_study.",
            code="no_dataset",
            parameter="dataset",
        )
    choices = "off", *get_args(Extent)
    if preprocessing not in choices:
        raise StudySettingsError(
            f"preprocessing is {preprocessing!r}: give one of {', '.join(map(repr, choices))}.",
            code="unknown_extent",
            parameter="preprocessing",
        )


def _check_comparison(
    comparison: ModelComparison,
    dataset: EmbeddingDataset,
    protocols: ProtocolName | Sequence[ProtocolName] | None,
) -> None:
    """Refuse a comparison of other images, or on folds of another kind, before anything is computed."""
    own = fingerprint(dataset.embeddings, dataset.syndromes, dataset.subjects)
    if own not in {encoder.dataset.data_sha256 for encoder in comparison.encoders}:
        raise StudySettingsError(
            f"The comparison of models on {quote(comparison.dataset.name)} is of other images, labels or "
            f"subjects than {quote(dataset.name)}: compare models on this data set.",
            code="comparison_of_other_data",
            parameter="comparison",
        )
    made = (protocols,) if isinstance(protocols, str) else protocols or ("image",)
    if comparison.models.protocol not in made:
        raise StudySettingsError(
            f"The comparison of models has folds by {comparison.models.protocol}, and the study by "
            f"{' and '.join(made)}: add that protocol.",
            code="comparison_on_other_folds",
            parameter="comparison",
        )


def _compare(
    study: StudyRun,
    found: Fields,
    dataset: EmbeddingDataset,
    extent: Extent,
    options: Fields,
    left_out: dict[str, str],
) -> list[Analysis | None]:
    """Return the comparison of preprocessing; None where there can be none, with the reason in `left_out`."""
    compared, reasons = compare_on_folds_of(
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
    left_out |= reasons
    return [compared]
