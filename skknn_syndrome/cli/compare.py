"""`skknn-syndrome compare`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from skknn_syndrome._output import OutputFolder, open_output
from skknn_syndrome.cli.config import settings_given
from skknn_syndrome.cli.console import complain, say
from skknn_syndrome.cli.delivery import deliver_comparison, names_of_result, write_comparison
from skknn_syndrome.cli.files import check_input_files, check_output_folder, command_line, read_dataset
from skknn_syndrome.cli.options import (
    PseudonymOptions,
    check_n_jobs,
    refuse_other_pseudonyms,
    refuse_without_data,
)
from skknn_syndrome.errors import Argument, ParameterError, quote
from skknn_syndrome.metrics.registry import SCORE_NAMES
from skknn_syndrome.wording import counted

if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset
    from skknn_syndrome.results.model_comparison import ModelComparison
    from skknn_syndrome.study.matching_encoders import MatchedImages

    ScoreName: TypeAlias = str
    """A score of a comparison."""
else:
    ScoreName = Literal[tuple(SCORE_NAMES)]

EXAMPLES = (
    "skknn-syndrome compare",
    "skknn-syndrome compare faces.parquet --head lda --head knn --output results",
    "skknn-syndrome compare resnet50.npz clip.npz --fuse --head all",
    "skknn-syndrome compare faces.parquet --holdout 0.2 --test other_clinic.parquet",
    "skknn-syndrome compare lesions.csv --column syndrome=diagnosis --pca 0.95 --reference knn",
)
RESULT = "comparison.json"
ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Options(PseudonymOptions):
    """What `compare` takes; fields that `compare_models` has too bear the names that it gives them."""

    data: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="DATA...",
            help="Files of embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl. Several files are different "
            "encoders of the same images, matched by image id and named after the files. Without any, "
            "embeddings are simulated.",
        ),
    ] = None
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="Folder for comparison.json, tables and figures."),
    ] = Path("artifacts/comparison")
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Classifier to compare; repeat for several, or `all`: knn, centroid, softmax_knn, "
            "logistic_regression, linear_svc, svc, random_forest, lda, nca_knn, plda_knn, calibrated_knn, "
            "pool, neighbor_pool, best_pool. [default: knn, centroid, logistic_regression, lda]",
        ),
    ] = None
    cv: Annotated[int, typer.Option(min=2, help="Number of outer folds.")] = 10
    n_repeats: Annotated[
        int, typer.Option(min=1, help="Number of repeated cross-validations with other seeds.")
    ] = 5
    inner_cv: Annotated[
        int,
        typer.Option(
            min=2, help="Number of inner folds, in which parameters are chosen within each training part."
        ),
    ] = 5
    refit: Annotated[
        ScoreName,
        typer.Option(
            metavar="SCORE",
            help=f"Score by which parameters are chosen and models are ranked: {', '.join(SCORE_NAMES)}.",
        ),
    ] = "roc_auc_ovr"
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="Model that all others are compared with: a classifier, or with several files FILE + HEAD. "
            "[default: the first]",
        ),
    ] = None
    pca: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            help="Reduce embeddings to this number of principal components, or to this share of the "
            "variance.",
        ),
    ] = None
    fuse: Annotated[
        bool,
        typer.Option("--fuse", help="Also compare all files' embeddings concatenated, as one more encoder."),
    ] = False
    holdout: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            metavar="SHARE",
            help="Hold out this share of the images as a test set before anything is chosen.",
        ),
    ] = None
    test: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="External test set, from another source; one file for each of DATA, in the same order.",
        ),
    ] = None
    published: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Published scores to compare the models with; see the docs."),
    ] = None
    published_dataset: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Name of this data set among the published scores."),
    ] = None
    random_state: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Random seed of the folds.")] = 42
    n_jobs: Annotated[
        int | None, typer.Option(callback=check_n_jobs, help="Number of parallel jobs; -1 uses all cores.")
    ] = None
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Overwrite files that an earlier comparison did not write, or that were changed since.",
        ),
    ] = False
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Continue an interrupted comparison from its finished models."),
    ] = False


def run(options: Options) -> None:
    """Compare models on files of embeddings, write the result, and show its gist."""
    paths = options.data or []
    refuse_without_data(options, paths)
    check_output_folder(options.output)
    tests = options.test or []
    check_input_files(*paths, *tests, options.published)
    _refuse_other_tests(paths, tests)
    refuse_other_pseudonyms(options, resume=options.resume)
    _check_heads(options.head or ())
    names = _names_of(paths)
    with open_output(options.output, kind="comparison", last=RESULT) as output:
        datasets = _read_or_simulate(dict(zip(names, paths, strict=True)), options)
        for dataset in datasets.values():
            say(f"Comparing models on {dataset!r}")
        matched = _match(datasets)
        judged = _read_or_simulate(dict(zip(names, tests, strict=True)), options) if tests else None
        if not options.force:
            output.refuse_foreign(names_of_result("comparison", RESULT))
        comparison, written = _compare_and_write(datasets, matched, judged, options, output)
        deliver_comparison(comparison, output, written, RESULT)


def _refuse_other_tests(paths: Sequence[Path], tests: Sequence[Path]) -> None:
    if tests and len(tests) != len(paths):
        raise ParameterError(
            f"There are {counted(len(paths), 'file')} of embeddings and {counted(len(tests), 'test file')}: "
            "give {test} once for each of them, in the same order.",
            code="other_number_of_tests",
            parameter="test",
            test=Argument("test"),
        )


def _check_heads(names: Sequence[str]) -> None:
    """Refuse what is no head before a file is read.

    Raises
    ------
    StudySettingsError
    """
    from skknn_syndrome import heads  # noqa: PLC0415  slow to import: scikit-learn

    for name in names:
        if name != ALL:
            heads.get(name)


def _names_of(paths: Sequence[Path]) -> list[str]:
    """Return what the encoders of files are called."""
    from skknn_syndrome.study.model_settings import FUSED  # noqa: PLC0415  slow to import: scikit-learn

    names = [path.stem for path in paths]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        both = [str(path) for path in paths if path.stem == twice]
        raise ParameterError(
            f"The files {' and '.join(both)} have the name {quote(twice)} both, by which encoders are told "
            "apart: rename one.",
            code="encoders_of_one_name",
            parameter="data",
        )
    if FUSED in names and len(names) > 1:
        raise ParameterError(
            "The file {path} has the name {name}, which the encoder has that {fuse} adds: rename it.",
            code="reserved_encoder_name",
            parameter="data",
            path=paths[names.index(FUSED)],
            name=quote(FUSED),
            fuse=Argument("fuse"),
        )
    return names


def _read_or_simulate(paths: dict[str, Path], options: Options) -> "dict[str, EmbeddingDataset]":
    """Load the files, ids hidden alike in all of them; without any, make embeddings up."""
    from skknn_syndrome.data import make_syndrome_embeddings  # noqa: PLC0415  slow to import

    if not paths:
        dataset = make_syndrome_embeddings()
        return {dataset.name: dataset.without_subjects() if options.no_subjects else dataset}
    import secrets  # noqa: PLC0415  hashlib: a part of the time of a help

    salt = secrets.token_bytes(32)
    return {
        name: read_dataset(path, options, pseudonymise=options.pseudonymise, salt=salt)
        for name, path in paths.items()
    }


def _match(datasets: "dict[str, EmbeddingDataset]") -> "MatchedImages":
    """Match the images, and say which are left out."""
    from skknn_syndrome.study.matching_encoders import match_images  # noqa: PLC0415  slow to import

    matched = match_images(datasets)
    for name, images in matched.unmatched.items():
        if images:
            such = ", ".join(quote(image) for image in images[:3])
            complain(
                f"Warning: {counted(len(images), 'image')} of {quote(name)} left out, for another file has "
                f"no such id: {such}{' ...' if len(images) > 3 else ''}",  # noqa: PLR2004
                style="yellow",
            )
    return matched


def _compare_and_write(
    datasets: "dict[str, EmbeddingDataset]",
    matched: "MatchedImages",
    test: "dict[str, EmbeddingDataset] | None",
    options: Options,
    output: OutputFolder,
) -> "tuple[ModelComparison, str]":
    from skknn_syndrome.cli.progress import showing_progress  # noqa: PLC0415  Rich
    from skknn_syndrome.cli.resuming import keeping_parts  # noqa: PLC0415
    from skknn_syndrome.data import load_published  # noqa: PLC0415
    from skknn_syndrome.study.matching_encoders import compare_datasets  # noqa: PLC0415
    from skknn_syndrome.study.model_settings import QUICK_HEADS  # noqa: PLC0415

    chosen = options.head or QUICK_HEADS
    kept = keeping_parts(options.output, resume=options.resume, pseudonymise=options.pseudonymise)
    with kept as keep, showing_progress() as show:
        comparison = compare_datasets(
            datasets,
            matched=matched,
            test=test,
            command=command_line(),
            settings=settings_given(),
            heads=_all_heads(matched.labels) if ALL in chosen else chosen,
            cv=options.cv,
            n_repeats=options.n_repeats,
            inner_cv=options.inner_cv,
            refit=options.refit,
            reference=options.reference,
            pca=_number_of(options.pca),
            fuse=options.fuse,
            holdout=options.holdout,
            published=() if options.published is None else load_published(options.published),
            published_dataset=options.published_dataset,
            keep=keep,
            random_state=options.random_state,
            n_jobs=options.n_jobs,
            on_progress=show,
        )
        written = write_comparison(comparison, matched.images, output, RESULT)
        show.finish()
    return comparison, written


def _all_heads(labels: object) -> list[str]:
    """Return the names of the heads that take such labels."""
    from skknn_syndrome import heads  # noqa: PLC0415  slow to import: scikit-learn
    from skknn_syndrome.crossval.tasks import task_of  # noqa: PLC0415

    task = task_of(labels).name
    return [name for name in heads.names() if task in heads.get(name).tasks]


def _number_of(components: float | None) -> float | None:
    """Return a number of components as a whole number, and a share of variance as it is."""
    whole = components is not None and components >= 1 and components.is_integer()
    return int(components) if whole and components is not None else components
