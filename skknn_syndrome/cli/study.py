"""`skknn-syndrome study`."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

import typer

from skknn_syndrome._output import OutputFolder, open_output
from skknn_syndrome.cli.config import settings_given
from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.delivery import (
    RESULT,
    check_foreign_files,
    deliver,
    deliver_comparison,
    names_of_comparison,
    write_comparison,
    write_files,
)
from skknn_syndrome.cli.files import check_input_files, check_output_folder, command_line, read_dataset
from skknn_syndrome.cli.options import (
    CovariateOptions,
    check_ignored,
    check_n_jobs,
    check_numbers,
    check_temperature,
    numbers_of,
    refuse_other_pseudonyms,
    refuse_without_data,
)
from skknn_syndrome.cli.planning import plan_lines
from skknn_syndrome.cli.scheduling import check_address, on_scheduler
from skknn_syndrome.metrics.registry import SCORE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from skknn_syndrome.data import EmbeddingDataset
    from skknn_syndrome.results.published import PublishedScore
    from skknn_syndrome.results.study import StudyResult
    from skknn_syndrome.study.estimating import Estimate
    from skknn_syndrome.study.progress import Progress
    from skknn_syndrome.study.resuming import KeptParts

    ScoreName: TypeAlias = str
    """A score of a study."""
else:
    ScoreName = Literal[tuple(SCORE_NAMES)]

EXAMPLES = (
    "skknn-syndrome study",
    "skknn-syndrome study faces.parquet --output results",
    "skknn-syndrome study faces.parquet --output results --resume",
    "skknn-syndrome study lesions.csv --column syndrome=diagnosis --column subject=patient",
    "skknn-syndrome study xrays.csv --column labels=finding_",
    "skknn-syndrome study faces.csv --covariate sex --covariate age:0,2,6 --covariate site --leave-out site",
    "skknn-syndrome study faces.npz --n-neighbors 1-60 --metric cosine --weights uniform --weights distance",
)
ISSUES = 1
"""Exit code of `--strict` where a check finds an issue."""


class MetricName(StrEnum):
    """A distance; where an option may be repeated, Typer reads lists of enumerations alone."""

    EUCLIDEAN = "euclidean"
    COSINE = "cosine"
    MANHATTAN = "manhattan"


class WeightsName(StrEnum):
    """A voting scheme."""

    UNIFORM = "uniform"
    DISTANCE = "distance"
    SOFTMAX = "softmax"


class ProtocolName(StrEnum):
    """What folds keep together."""

    SUBJECT = "subject"
    IMAGE = "image"


@dataclass(frozen=True, kw_only=True)
class Options(CovariateOptions):
    """What `study` takes; fields that `study_dataset` has too bear the names that it gives them."""

    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="DATA",
            help="Embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl. Without it: simulated ones.",
        ),
    ] = None
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for study.json, tables and figures.")
    ] = Path("artifacts/study")
    n_neighbors: Annotated[
        str,
        typer.Option(
            metavar="NUMBERS",
            callback=check_numbers,
            help="Values of k to try: a list of numbers and ranges.",
        ),
    ] = "1-15"
    metrics: Annotated[
        list[MetricName] | None,
        typer.Option(
            "--metric",
            metavar="DISTANCE",
            help="euclidean, cosine or manhattan; repeat for several. [default: euclidean, cosine]",
        ),
    ] = None
    weights: Annotated[
        list[WeightsName] | None,
        typer.Option(
            metavar="SCHEME",
            help="Votes: uniform, distance or softmax; repeat for several. [default: distance]",
        ),
    ] = None
    cv: Annotated[int, typer.Option(min=2, help="Number of folds.")] = 10
    refit: Annotated[
        ScoreName,
        typer.Option(
            metavar="SCORE",
            help=f"Score that decides which candidate is best: {', '.join(SCORE_NAMES)}.",
        ),
    ] = "roc_auc_ovr"
    refit_rule: Annotated[
        Literal["best", "one_standard_error", "composite", "six_score_product"],
        typer.Option(
            metavar="RULE",
            help="How it decides: best (highest mean), one_standard_error (largest k within it), "
            "composite (cube root of AUC x F1 x top-5), six_score_product (AUC x F1 x accuracy x precision x "
            "recall x top-5).",
        ),
    ] = "best"
    protocols: Annotated[
        list[ProtocolName] | None,
        typer.Option(
            "--protocol",
            metavar="FOLDS",
            help="What folds keep together: subject or image, the primary one first; repeat for both. "
            "[default: subject, image; without ids: image]",
        ),
    ] = None
    random_state: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the folds.")] = 42
    n_jobs: Annotated[
        int | None, typer.Option(callback=check_n_jobs, help="Fits at a time; -1 for all cores.")
    ] = None
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            callback=check_address,
            help="Run the fits on the workers of a running Dask scheduler, such as tcp://host:8786.",
        ),
    ] = None
    temperature: Annotated[
        float,
        typer.Option(min=1e-6, callback=check_temperature, help="Temperature of softmax weights."),
    ] = 0.07
    class_weight: Annotated[
        Literal["balanced"] | None,
        typer.Option(help="Give each syndrome the same say, however many images it has."),
    ] = None
    n_repeats: Annotated[
        int | None,
        typer.Option(
            min=1, help="Splits with other seeds, to see how scores move. [default: 10; several labels: 5]"
        ),
    ] = None
    leave_out: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COVARIATE",
            help="Hold out each level of a covariate in turn, such as `--covariate site --leave-out site`: "
            "train on all others, test on the one; repeat for several.",
        ),
    ] = None
    group_near_duplicates: Annotated[
        bool,
        typer.Option(
            "--group-near-duplicates",
            help="Take subjects whose images are near duplicates for one person.",
        ),
    ] = False
    quick: Annotated[
        bool, typer.Option("--quick", help="Scores alone: no intervals, repeats, baselines, map ...")
    ] = False
    no_map: Annotated[bool, typer.Option("--no-map", help="Leave out the map of the embeddings.")] = False
    preprocessing: Annotated[
        Literal["off", "scores", "full"] | None,
        typer.Option(
            metavar="EXTENT",
            help="off, scores or full: compare scalers and resamplers, within folds and before "
            "splitting; full is on two splits and with maps, which takes minutes. "
            "[default: scores, on a sample of more than 1,200 images; off with --quick]",
        ),
    ] = None
    learning_curve: Annotated[
        list[str] | None,
        typer.Option(
            "--learning-curve",
            metavar="HEAD",
            help="Classifier whose learning curve is measured, such as lda; repeat for several. "
            "[default: the best candidate]",
        ),
    ] = None
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHECK",
            callback=check_ignored,
            help="Leave a check out, by code or name, such as SK007; repeat for several.",
        ),
    ] = None
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a check finds an issue, after all is written.")
    ] = False
    published: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Published scores to hold the study's own beside; see the docs."),
    ] = None
    comparison: Annotated[
        Path | None,
        typer.Option(
            metavar="JSON",
            help="A comparison.json of `compare`, of the same file, that becomes a section of the report.",
        ),
    ] = None
    force: Annotated[
        bool,
        typer.Option("--force", help="Write over files that are none of an earlier study, or were changed."),
    ] = False
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Take up the finished parts of a study that was stopped; see the docs."
        ),
    ] = False


def run(options: Options) -> None:
    """Study a file of embeddings, write the result, and show its gist."""
    refuse_without_data(options, options.data)
    refuse_other_pseudonyms(options, resume=options.resume)
    check_output_folder(options.output)
    check_input_files(options.data, options.published, options.comparison)
    from skknn_syndrome.data import load_published  # noqa: PLC0415  slow to import

    with open_output(options.output, kind="study", last="study.json") as output:
        published = () if options.published is None else load_published(options.published)
        dataset = _read_or_simulate(options)
        say(f"Studying {dataset!r}")
        if hasattr(dataset, "label_names"):
            _study_several_labels(dataset, options, published, output)
            return
        if not options.force:
            check_foreign_files(output)
        study, written = _study_and_write(dataset, options, published, output)
        deliver(study, output, written)
    if options.strict:
        _exit_on_issues(study)


def _study_several_labels(
    dataset: "EmbeddingDataset",
    options: Options,
    published: "tuple[PublishedScore, ...]",
    output: OutputFolder,
) -> None:
    """Study several labels an image, and leave the files of a comparison of models, called as a study's."""
    from skknn_syndrome.cli.progress import showing_progress  # noqa: PLC0415  slow to import: Rich
    from skknn_syndrome.cli.resuming import keeping_parts  # noqa: PLC0415
    from skknn_syndrome.neighbors.multilabel import MultilabelKNNClassifier  # noqa: PLC0415
    from skknn_syndrome.study.multilabel_study import no_meaning, study_multilabel_dataset  # noqa: PLC0415

    for name in ("class_weight", "scheduler", "quick", "strict", "leave_out", "learning_curve", "covariates"):
        if getattr(options, name):
            raise no_meaning(name, getattr(options, name))
    if not options.force:
        output.refuse_foreign(names_of_comparison(RESULT))
    kept = keeping_parts(options.output, resume=options.resume, pseudonymise=options.pseudonymise)
    with kept as keep, showing_progress() as show:
        study = study_multilabel_dataset(
            dataset,
            **_shared_settings(options),
            estimator=MultilabelKNNClassifier(temperature=options.temperature),
            preprocessing=options.preprocessing or "off",
            comparison=options.comparison,
            published=published,
            on_progress=show,
            keep=keep,
        )
        written = write_comparison(study, dataset.images, output, RESULT)
        show.finish()
    deliver_comparison(study, output, written, RESULT)


def _study_and_write(
    dataset: "EmbeddingDataset",
    options: Options,
    published: "tuple[PublishedScore, ...]",
    output: OutputFolder,
) -> "tuple[StudyResult, str]":
    """Study the data set and write the files, on a display; what is finished is kept until they are there."""
    from skknn_syndrome.cli.progress import showing_progress  # noqa: PLC0415  slow to import: Rich
    from skknn_syndrome.cli.resuming import keeping_parts  # noqa: PLC0415

    kept = keeping_parts(options.output, resume=options.resume, pseudonymise=options.pseudonymise)
    with kept as keep, showing_progress() as show:
        study = _study(dataset, options, published, keep, show)
        written = write_files(study, dataset, output)
        show.finish()
    return study, written


def _study(
    dataset: "EmbeddingDataset",
    options: Options,
    published: "tuple[PublishedScore, ...]",
    keep: "KeptParts | None",
    show: "Callable[[Progress], None]",
) -> "StudyResult":
    # Slower still: what is wrong with a file is told before.
    from skknn_syndrome.neighbors import SyndromeKNNClassifier  # noqa: PLC0415
    from skknn_syndrome.results.model_comparison import ModelComparison  # noqa: PLC0415
    from skknn_syndrome.study import study_dataset  # noqa: PLC0415

    estimator = SyndromeKNNClassifier(temperature=options.temperature, class_weight=options.class_weight)
    comparison = None if options.comparison is None else ModelComparison.load(options.comparison)
    with on_scheduler(options.scheduler):
        return study_dataset(
            dataset,
            **_shared_settings(options),
            estimator=estimator,
            preprocessing=options.preprocessing or ("off" if options.quick else "scores"),
            published=published,
            comparison=comparison,
            with_map=not (options.no_map or options.quick),
            on_plan=lambda plan: _say_plan(plan, quick=options.quick),
            on_progress=show,
            keep=keep,
            analyses=(("subgroups",) if options.covariates else ()) if options.quick else None,
            leave_out=options.leave_out or (),
            learning_curve=tuple(options.learning_curve or ()),
        )


def _shared_settings(options: Options) -> dict[str, Any]:
    """Return what studies of one label an image and of several are told alike."""
    return {
        "command": command_line(),
        "settings": settings_given(),
        "protocols": [choice.value for choice in options.protocols or ()] or None,
        "n_neighbors": numbers_of(options.n_neighbors),
        "metrics": [each.value for each in options.metrics or (MetricName.EUCLIDEAN, MetricName.COSINE)],
        "weights": [each.value for each in options.weights or (WeightsName.DISTANCE,)],
        "cv": options.cv,
        "n_repeats": options.n_repeats,
        "refit": options.refit,
        "refit_rule": options.refit_rule,
        "group_near_duplicates": options.group_near_duplicates,
        "ignore": options.ignore or (),
        "random_state": options.random_state,
        "n_jobs": options.n_jobs,
    }


def _say_plan(plan: "Estimate", *, quick: bool) -> None:
    """Say what a long study is expected to take, and what scores alone would."""
    from skknn_syndrome.study.estimating import quick_seconds  # noqa: PLC0415  slow to import

    for line in plan_lines(plan, None if quick else quick_seconds(plan.sizes)):
        say(line)


def _read_or_simulate(options: Options) -> "EmbeddingDataset":
    """Load the file; without one, make embeddings up."""
    from skknn_syndrome.data import make_syndrome_embeddings  # noqa: PLC0415  slow to import

    if options.data is not None:
        return read_dataset(options.data, options, pseudonymise=options.pseudonymise)
    dataset = make_syndrome_embeddings()
    return dataset.without_subjects() if options.no_subjects else dataset


def _exit_on_issues(result: "StudyResult") -> None:
    """End with an exit code of its own where a check has found an issue."""
    if result.checks.issues:
        codes = ", ".join(check.code for check in result.checks.issues)
        say(f"Exit code {ISSUES}, for the checks found issues: {codes}.")
        raise typer.Exit(ISSUES)
