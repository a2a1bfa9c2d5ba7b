"""`skknn-syndrome study`."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from skknn_syndrome._files import write_text
from skknn_syndrome._output import OutputFolder, open_output
from skknn_syndrome.cli.choices import MetricChoice, ProtocolChoice, ScoreChoice, WeightsChoice
from skknn_syndrome.cli.config import settings_given, settings_of_run
from skknn_syndrome.cli.console import output as console
from skknn_syndrome.cli.console import say, show_table
from skknn_syndrome.cli.options import (
    AverageRows,
    DataColumns,
    NoSubjects,
    NumberOfFeatures,
    NumberOfJobs,
    Pseudonymise,
    check_ignored,
    read_columns,
    read_numbers,
    refuse_without_data,
)
from skknn_syndrome.cli.places import check_input_files, check_output_folder
from skknn_syndrome.cli.reading import command_line, read_dataset
from skknn_syndrome.cli.scheduling import SchedulerAddress, on_scheduler
from skknn_syndrome.metrics.registry import SCORE_NAMES

if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset
    from skknn_syndrome.results import PublishedScore, StudyResult
    from skknn_syndrome.study.dataset_study import Step

EXAMPLES = """
**Examples**

    skknn-syndrome study

    skknn-syndrome study faces.parquet --output results

    skknn-syndrome study lesions.csv --column syndrome=diagnosis --column subject=patient

    skknn-syndrome study faces.npz --n-neighbors 1-60 --metric cosine --weights uniform --weights distance
"""

ISSUES = 1
"""Exit code of `--strict` where a check finds an issue."""
RECORDS = "out_of_fold.parquet"
SETTINGS = "settings.toml"
MOST_IMAGES = 5_000
"""Above, scalers and resamplers are compared on request alone."""

NOT_COMPARED = (
    "Scalers and resamplers are not compared above {:,} images, for it takes long: "
    "--preprocessing scores asks for it."
)
STEPS: dict["Step", str] = {
    "map": "Making the map of the embeddings ...",
    "preprocessing": "Comparing scalers and resamplers ...",
}
"""What is said before a part that takes long."""


def run(  # noqa: PLR0913, PLR0917  Typer reads the options from the signature
    data: Annotated[
        Path | None,
        typer.Argument(
            metavar="DATA",
            help="Embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl. Without it: simulated ones.",
        ),
    ] = None,
    output_folder: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for study.json, tables and figures.")
    ] = Path("artifacts/study"),
    n_neighbors: Annotated[
        str, typer.Option(metavar="NUMBERS", help="Values of k to try: a list of numbers and ranges.")
    ] = "1-15",
    metric: Annotated[
        list[MetricChoice] | None,
        typer.Option(
            metavar="DISTANCE",
            help="euclidean, cosine or manhattan; repeat for several. [default: euclidean, cosine]",
        ),
    ] = None,
    weights: Annotated[
        list[WeightsChoice] | None,
        typer.Option(
            metavar="SCHEME",
            help="Votes: uniform, distance or softmax; repeat for several. [default: distance]",
        ),
    ] = None,
    cv: Annotated[int, typer.Option(min=2, help="Number of folds.")] = 10,
    refit: Annotated[
        ScoreChoice,
        typer.Option(
            metavar="SCORE",
            help=f"Score that decides which candidate is best: {', '.join(SCORE_NAMES)}.",
        ),
    ] = "roc_auc_ovr",
    refit_rule: Annotated[
        Literal["best", "one_standard_error", "composite", "six_score_product"],
        typer.Option(
            metavar="RULE",
            help="How it decides: best (highest mean), one_standard_error (largest k within it), "
            "composite (cube root of AUC x F1 x top-5), six_score_product (AUC x F1 x accuracy x precision x "
            "recall x top-5).",
        ),
    ] = "best",
    protocol: Annotated[
        list[ProtocolChoice] | None,
        typer.Option(
            metavar="FOLDS",
            help="What folds keep together: subject or image, the primary one first; repeat for both. "
            "[default: subject, image; without ids: image]",
        ),
    ] = None,
    random_state: Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the folds.")] = 42,
    n_jobs: NumberOfJobs = None,
    scheduler: SchedulerAddress = None,
    temperature: Annotated[float, typer.Option(min=1e-6, help="Temperature of softmax weights.")] = 0.07,
    class_weight: Annotated[
        Literal["balanced"] | None,
        typer.Option(help="Give each syndrome the same say, however many images it has."),
    ] = None,
    n_repeats: Annotated[
        int | None,
        typer.Option(
            "--repeats", min=1, help="Splits with other seeds, to see how scores move. [default: 10]"
        ),
    ] = None,
    group_near_duplicates: Annotated[  # noqa: FBT002  Typer reads options so
        bool,
        typer.Option(
            "--group-near-duplicates",
            help="Take subjects with images hardly to be told apart for one person.",
        ),
    ] = False,
    quick: Annotated[  # noqa: FBT002  Typer reads options so
        bool, typer.Option("--quick", help="Scores alone: no intervals, repeats, baselines, map ...")
    ] = False,
    no_map: Annotated[  # noqa: FBT002  Typer reads options so
        bool, typer.Option("--no-map", help="Leave out the map of the embeddings.")
    ] = False,
    preprocessing: Annotated[
        Literal["off", "scores", "full"] | None,
        typer.Option(
            metavar="EXTENT",
            help="off, scores or full: compare scalers and resamplers, within folds and before "
            "splitting; full is on two splits and with maps, which takes minutes. "
            "[default: scores; off above 5,000 images and with --quick]",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHECK",
            callback=check_ignored,
            help="Leave a check out, by code or name, such as SK007; repeat for several.",
        ),
    ] = None,
    strict: Annotated[  # noqa: FBT002  Typer reads options so
        bool, typer.Option("--strict", help="Exit with 1 if a check finds an issue, after all is written.")
    ] = False,
    published: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Published scores to hold the study's own beside; see the docs."),
    ] = None,
    column: DataColumns = None,
    n_features: NumberOfFeatures = None,
    no_subjects: NoSubjects = False,  # noqa: FBT002  Typer reads options so
    average_rows: AverageRows = False,  # noqa: FBT002
    pseudonymise: Pseudonymise = False,  # noqa: FBT002
    force: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--force", help="Write over files that are none of an earlier study, or were changed."),
    ] = False,
) -> None:
    """Cross-validate k, distance and weights, and write the result."""
    refuse_without_data(
        data, column=column, n_features=n_features, average_rows=average_rows, pseudonymise=pseudonymise
    )
    check_output_folder(output_folder)
    numbers, columns = read_numbers(n_neighbors), read_columns(column)
    check_input_files(data, published)
    with open_output(output_folder, kind="study", last="study.json") as output:
        reference = _published(published)
        dataset = _read_or_simulate(
            data,
            columns=columns,
            n_features=n_features,
            hide_ids=pseudonymise,
            subjects=not no_subjects,
            average_rows=average_rows,
        )
        say(f"Studying {dataset!r}")
        # Slower still: what is wrong with a file is told before.
        from skknn_syndrome.neighbors import SyndromeKNNClassifier  # noqa: PLC0415
        from skknn_syndrome.study import study_dataset  # noqa: PLC0415

        if not force:
            check_foreign_files(output)
        n_images = len(dataset.syndromes)
        with on_scheduler(scheduler):
            study = study_dataset(
                dataset,
                protocols=[choice.value for choice in protocol or ()] or None,
                preprocessing=preprocessing or _usual_extent(n_images, quick=quick),
                published=reference,
                ignore=ignore or (),
                with_map=not (no_map or quick),
                command=command_line(),
                settings=settings_given(),
                on_step=lambda step: say(STEPS[step]),
                estimator=SyndromeKNNClassifier(temperature=temperature, class_weight=class_weight),
                n_neighbors=numbers,
                metrics=[choice.value for choice in metric or (MetricChoice.EUCLIDEAN, MetricChoice.COSINE)],
                weights=[choice.value for choice in weights or (WeightsChoice.DISTANCE,)],
                cv=cv,
                refit=refit,
                refit_rule=refit_rule,
                random_state=random_state,
                n_repeats=n_repeats,
                n_jobs=n_jobs,
                group_near_duplicates=group_near_duplicates,
                analyses=() if quick else None,
                # A bar needs workers on this machine.
                callbacks=progress_bar() if scheduler is None else [],
            )
        if preprocessing is None and not quick and n_images > MOST_IMAGES:
            say(NOT_COMPARED.format(MOST_IMAGES))
        _deliver(study, dataset, output)
    if strict:
        _exit_on_issues(study)


def _published(path: Path | None) -> "tuple[PublishedScore, ...]":
    from skknn_syndrome.data import load_published  # noqa: PLC0415  slow to import

    return () if path is None else load_published(path)


def _read_or_simulate(path: Path | None, *, subjects: bool, **how: Any) -> "EmbeddingDataset":  # noqa: ANN401
    """Load a file as `read_dataset` does; without one, make embeddings up."""
    from skknn_syndrome.data import make_syndrome_embeddings  # noqa: PLC0415  slow to import

    dataset = make_syndrome_embeddings() if path is None else read_dataset(path, subjects=subjects, **how)
    return dataset if subjects else dataset.without_subjects()


def _exit_on_issues(result: "StudyResult") -> None:
    """End with an exit code of its own where a check has found an issue."""
    if result.checks.issues:
        codes = ", ".join(check.code for check in result.checks.issues)
        say(f"Exit code {ISSUES}, for the checks found issues: {codes}.")
        raise typer.Exit(ISSUES)


def _usual_extent(n_images: int, *, quick: bool) -> Literal["off", "scores"]:
    """Return how far preprocessing is compared where nobody says."""
    return "off" if quick or n_images > MOST_IMAGES else "scores"


def progress_bar() -> list[object]:
    """Return scikit-learn's progress bar for a terminal; elsewhere, or before scikit-learn 1.9, none."""
    if not console.is_terminal or find_spec("sklearn.callback") is None:
        return []
    from sklearn.callback import ProgressBar  # noqa: PLC0415  missing before scikit-learn 1.9

    return [ProgressBar(max_propagation_depth=0)]


def _names_of_study() -> list[str]:
    """Return the names of all files that a study may write, but `study.json` itself."""
    from skknn_syndrome.figures.collection import FIGURE_NAMES  # noqa: PLC0415  slow to import: matplotlib
    from skknn_syndrome.tables.collection import TABLE_NAMES  # noqa: PLC0415

    tables = (f"tables/{name}.csv" for name in sorted(TABLE_NAMES))
    figures = (f"figures/{name}.{kind}" for name in FIGURE_NAMES for kind in ("png", "svg"))
    return [RECORDS, SETTINGS, *tables, *figures]


def _is_of_earlier_version(output: OutputFolder) -> bool:
    """Tell whether a version wrote the folder that kept no account of what it wrote."""
    if output.written:
        return False
    try:
        with (output.folder / "study.json").open("rb") as stream:
            return b'"schema_version"' in stream.read(100)
    except OSError:
        return False


def check_foreign_files(output: OutputFolder) -> None:
    """Refuse to write over what no study wrote, before hours are spent on one.

    Raises
    ------
    ForeignFileError
        Naming the files.
    """
    if not _is_of_earlier_version(output):
        output.refuse_foreign(["study.json", *_names_of_study()], "add --force to write over")


def _deliver(result: "StudyResult", dataset: "EmbeddingDataset", output: OutputFolder) -> None:
    """Write the study with all that goes with it, let it take its place, and show its gist."""
    from skknn_syndrome.figures.collection import write_figures  # noqa: PLC0415  slow to import: matplotlib
    from skknn_syndrome.study.records import write_records  # noqa: PLC0415  likewise: pyarrow
    from skknn_syndrome.tables.collection import write_tables  # noqa: PLC0415

    staging, folder = output.staging, output.folder
    result.save(staging / "study.json")
    write_records(
        result.records,
        staging / RECORDS,
        data_sha256=result.dataset.data_sha256,
        images=dataset.images,
    )
    paths = write_tables(result, staging / "tables")
    figures = write_figures(result, staging / "figures")
    write_text(staging / SETTINGS, settings_of_run(f"Settings of the study in {folder.name}."))
    output.commit(ours=_names_of_study() if _is_of_earlier_version(output) else ())
    _show_gist(result)
    say(
        f"Wrote {folder / 'study.json'}; beside it {RECORDS}, {SETTINGS}, {len(paths)} tables and "
        f"{len(figures)} figures."
    )


def _show_gist(result: "StudyResult") -> None:
    from skknn_syndrome import tables  # noqa: PLC0415  slow to import
    from skknn_syndrome.tables.ablation import preprocessing_summary  # noqa: PLC0415
    from skknn_syndrome.tables.for_readers import for_readers  # noqa: PLC0415

    shown = [tables.headline_scores(run) for run in result.protocols]
    inflations = tables.protocol_inflations(result)
    kept = "metric", "score", "difference", "low", "high"
    shown.append(inflations.only(*kept) if inflations.rows else tables.protocol_differences(result))
    judged = tables.alternatives(result.headline, (result.headline.refit, "f1_macro"))
    shown.append(judged.only("rule", "metric", "n_neighbors", "score", "mean_difference", "p_holm"))
    if result.ablation is not None:
        scores = "f1_macro", "top_1_accuracy"
        columns = "scaler", "resampler", "n_neighbors", *scores, "verdict", "top_1_inflation"
        shown.append(preprocessing_summary(result.ablation).only(*columns))
    checks = tables.open_checks(result)
    for table in (*shown, checks):
        show_table(for_readers(table))
    if checks.rows:
        say("What each check means: docs/checks.md.\n")
