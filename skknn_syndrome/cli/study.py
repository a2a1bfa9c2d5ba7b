"""`skknn-syndrome study`."""

from typing import TYPE_CHECKING, Any

import typer

from skknn_syndrome._output import OutputFolder, open_output
from skknn_syndrome.cli.config import settings_given
from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.delivery import (
    RESULT,
    check_foreign_files,
    deliver,
    deliver_comparison,
    names_of_result,
    write_comparison,
    write_files,
)
from skknn_syndrome.cli.files import check_input_files, check_output_folder, command_line, read_dataset
from skknn_syndrome.cli.options import (
    numbers_of,
    refuse_other_pseudonyms,
    refuse_without_data,
)
from skknn_syndrome.cli.planning import say_plan
from skknn_syndrome.cli.scheduling import on_scheduler
from skknn_syndrome.cli.study_options import MetricName, WeightsName, refuse_unknown_names
from skknn_syndrome.cli.study_options import Options as Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from skknn_syndrome.data import EmbeddingDataset
    from skknn_syndrome.results.published import PublishedScore
    from skknn_syndrome.results.study import StudyResult
    from skknn_syndrome.study.progress import Progress
    from skknn_syndrome.study.resuming import KeptParts

EXAMPLES = (
    "skknn-syndrome study",
    "skknn-syndrome study faces.parquet --output results",
    "skknn-syndrome study faces.parquet --output results --resume",
    "skknn-syndrome study lesions.csv --column syndrome=diagnosis --column subject=patient",
    "skknn-syndrome study xrays.csv --column labels=finding_",
    "skknn-syndrome study faces.csv --covariate sex --covariate age:0,2,6 --covariate site --leave-out site",
    "skknn-syndrome study shells.csv --column syndrome=species --level genus --hold-out species",
    "skknn-syndrome study faces.npz --n-neighbors 1-60 --metric cosine --weights uniform --weights distance",
)
ISSUES = 1
"""Exit code of `--strict` where a check finds an issue."""


def run(options: Options) -> None:
    """Study a file of embeddings, write the result, and show its gist."""
    refuse_without_data(options, options.data)
    refuse_other_pseudonyms(options, resume=options.resume)
    check_output_folder(options.output)
    others = options.published, options.comparison, options.reference, options.level_file
    check_input_files(options.data, *others)
    refuse_unknown_names(options)
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


WITHOUT_MEANING = (
    *("class_weight", "scheduler", "quick", "strict", "leave_out", "learning_curve", "covariates"),
    *("reference", "level_head", "hold_out"),
)
"""Options that have no meaning where images have several labels."""


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

    for name in WITHOUT_MEANING:
        if getattr(options, name):
            raise no_meaning(name, getattr(options, name))
    if not options.force:
        output.refuse_foreign(names_of_result("comparison", RESULT))
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
    subgroups = ("subgroups",) if dataset.covariates else ()
    levels = () if dataset.levels is None else ("levels",)
    with on_scheduler(options.scheduler):
        return study_dataset(
            dataset,
            **_shared_settings(options),
            estimator=estimator,
            preprocessing=options.preprocessing or ("off" if options.quick else "scores"),
            published=published,
            comparison=comparison,
            reference=options.reference,
            with_map=not (options.no_map or options.quick),
            on_plan=lambda plan: say_plan(plan, quick=options.quick),
            on_progress=show,
            keep=keep,
            analyses=(*subgroups, *levels) if options.quick else None,
            leave_out=options.leave_out or (),
            level_head=options.level_head,
            hold_out=options.hold_out or (),
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
