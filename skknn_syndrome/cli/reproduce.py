"""`skknn-syndrome reproduce`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from skknn_syndrome._files import write_text
from skknn_syndrome.cli.console import make_console, say, show_table
from skknn_syndrome.cli.files import check_input_files, check_output_file, read_dataset
from skknn_syndrome.cli.options import ReadingOptions
from skknn_syndrome.errors import Argument, ParameterError, StudySettingsError, meant

if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset
    from skknn_syndrome.display.table import Table
    from skknn_syndrome.results.model_comparison import ModelComparison

EXAMPLES = (
    "skknn-syndrome reproduce monteiro mini_gm_public_v0.1.p",
    "skknn-syndrome reproduce apollo mini_gm_public_v0.1.p --output apollo.json",
    "skknn-syndrome reproduce khoiwal-mcmillan",
    "skknn-syndrome reproduce khoiwal-mcmillan resnet50.npz --dataset HAM10000",
    "skknn-syndrome reproduce bivalve-families --reference family_distances.csv",
)
WIDE = 150
"""Characters of a line that has room for all columns."""

REVIEWED: Final = "khoiwal-mcmillan"
"""The source whose images can't be shipped."""

CLAIMED: Final = "bivalve-families"
"""The source whose correlation is taken apart on its reference."""

OWN_OPTIONS: Final = {REVIEWED: ("dataset", "by_image"), CLAIMED: ("reference",)}
"""Of one source alone."""


@dataclass(frozen=True, kw_only=True)
class Options(ReadingOptions):
    """What `reproduce` takes."""

    source: Annotated[
        Literal["monteiro", "apollo", "khoiwal-mcmillan", "bivalve-families"],
        typer.Argument(help="Source whose published figures to reproduce."),
    ]
    data: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[DATA]...",
            help="Files of embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl. For khoiwal-mcmillan, whose "
            "images cannot be shipped, none or several: its tables are checked, and its design is run on "
            "each file. For bivalve-families none.",
        ),
    ] = None
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Also write the result to this JSON file."),
    ] = None
    dataset: Annotated[
        str | None,
        typer.Option(
            help="Data set of khoiwal-mcmillan that the images are from, such as HAM10000; without it the "
            "figures of all are shown and none is compared."
        ),
    ] = None
    by_image: Annotated[
        bool,
        typer.Option(
            "--by-image",
            help="For khoiwal-mcmillan, if there are subject ids: also hold out single images, as the source "
            "did.",
        ),
    ] = False
    reference: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="For bivalve-families: the distances between its families, a matrix (.csv, .tsv) or a tree "
            "(.nwk, .nex).",
        ),
    ] = None


def run(options: Options) -> None:
    """Run a published protocol, and show its figures beside what comes out."""
    check_output_file(options.output)
    files = options.data or []
    check_input_files(*files, options.reference)
    _refuse_what_is_of_another_source(options)
    if options.source == REVIEWED:
        written = _review(options, files)
    elif options.source == CLAIMED:
        written = _take_apart(options, len(files))
    else:
        _check_one_file(options.source, len(files))
        written = _reproduce(options, files[0])
    if options.output is not None:
        write_text(options.output, written + "\n")
        say(f"Wrote {options.output}: what is shown above, numbers in full.")


def _refuse_what_is_of_another_source(options: Options) -> None:
    for source, names in OWN_OPTIONS.items():
        for name in names:
            if options.source != source and getattr(options, name):
                raise ParameterError(
                    f"{{option}} is for {source} alone, not for {options.source}: leave it out.",
                    code="option_of_another_source",
                    parameter=name,
                    option=Argument(name),
                )


def _check_one_file(source: str, n_files: int) -> None:
    if n_files != 1:
        raise ParameterError(
            f"{source} is run on one file of embeddings, not on {n_files}.",
            code="not_one_file",
            parameter="data",
        )


def _reproduce(options: Options, path: Path) -> str:
    from skknn_syndrome.analyses.published.compute import reproduce  # noqa: PLC0415  slow to import: imbalanced-learn
    from skknn_syndrome.analyses.published.present import narrow_tables, remarks, reproduction_tables  # noqa: PLC0415

    dataset = read_dataset(path, options)
    say(f"Running the protocol of {options.source} on {dataset!r} ...")
    result = reproduce(options.source, dataset)
    tables = reproduction_tables if make_console().width >= WIDE else narrow_tables
    _show(tables(result), remarks(result))
    return result.model_dump_json(indent=1)


def _review(options: Options, files: Iterable[Path]) -> str:
    from skknn_syndrome.analyses.published import present, protocols, table_checks  # noqa: PLC0415  as above
    from skknn_syndrome.study.published_design import PublishedDesign  # noqa: PLC0415

    source = table_checks.REVIEWED[options.source]
    review = table_checks.review_tables(protocols.packaged_figures(), source)
    known = list(dict.fromkeys(finding.dataset for finding in review.findings))
    by_letters = {name.casefold(): name for name in known}
    dataset = None if options.dataset is None else by_letters.get(options.dataset.casefold())
    if options.dataset is not None and dataset is None:
        raise StudySettingsError(
            "{dataset} is none of the source's data sets: {meant}.",
            code="unknown_dataset",
            parameter="dataset",
            dataset=Argument("dataset", options.dataset),
            meant=meant(options.dataset, known),
        )
    say(table_checks.describe_review(review))
    _show([present.checked_tables(review)], present.review_remarks(review))
    runs = tuple(found for path in files for found in _run_design(replace(options, dataset=dataset), path))
    return PublishedDesign(review=review, runs=runs).model_dump_json(indent=1)


def _run_design(options: Options, path: Path) -> "list[ModelComparison]":
    dataset = read_dataset(path, options)
    say(f"Running the design of {options.source} on {dataset!r} ...")
    ways = [dataset.subjects is not None]
    if options.by_image and dataset.subjects is not None:
        ways.append(False)
    return [_hold_out(options, dataset, path.stem, by_subject=by_subject) for by_subject in ways]


def _hold_out(
    options: Options, dataset: "EmbeddingDataset", encoder: str, *, by_subject: bool
) -> "ModelComparison":
    from skknn_syndrome.analyses.published_models.present import narrow_table, published_models  # noqa: PLC0415
    from skknn_syndrome.study.published_design import run_published_design  # noqa: PLC0415

    found = run_published_design(
        {encoder: dataset.embeddings},
        dataset.syndromes,
        groups=dataset.subjects if by_subject else None,
        dataset=options.dataset,
    )
    fold = found.models.folds[0]
    kept = "each subject on one side" if by_subject else "each image on its own"
    say(f"Held out {fold.n_test:,} of {fold.n_train + fold.n_test:,} images, {kept}.")
    table = published_models if make_console().width >= WIDE else narrow_table
    _show([table(found.find("published_models"))], ())
    return found


def _take_apart(options: Options, n_files: int) -> str:
    if n_files:
        raise ParameterError(
            f"{CLAIMED} takes no embeddings, whose images can't be had: leave them out.",
            code="embeddings_not_taken",
            parameter="data",
        )
    if options.reference is None:
        raise ParameterError(
            f"{CLAIMED} is checked on the distances between its families: name them by {{option}} FILE.",
            code="no_reference",
            parameter="reference",
            option=Argument("reference"),
        )
    from skknn_syndrome.analyses.published.distance_claim import review_claim  # noqa: PLC0415  as above
    from skknn_syndrome.analyses.published.present import claim_remarks, claim_table  # noqa: PLC0415
    from skknn_syndrome.data import load_reference  # noqa: PLC0415

    claim = review_claim(load_reference(options.reference))
    _show([claim_table(claim)], claim_remarks(claim))
    return claim.model_dump_json(indent=1)


def _show(tables: "Iterable[Table]", sentences: Iterable[str]) -> None:
    from skknn_syndrome.display.table import for_readers  # noqa: PLC0415

    for table in tables:
        show_table(for_readers(table))
    for sentence in sentences:
        say(sentence)
