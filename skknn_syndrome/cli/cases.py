"""New cases named on the command line: read without labels, for a model that is loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skknn_syndrome.cli.console import complain, say
from skknn_syndrome.cli.files import check_input_files
from skknn_syndrome.cli.options import check_columns, columns_of

if TYPE_CHECKING:
    from skknn_syndrome.data.new_cases import NewCases
    from skknn_syndrome.model import SyndromeModel


@dataclass(frozen=True, kw_only=True)
class CaseOptions:
    """A model, new cases, and how their file is read."""

    model: Annotated[Path, typer.Argument(metavar="MODEL", help="File that `skknn-syndrome fit` wrote.")]
    new: Annotated[
        Path,
        typer.Argument(
            metavar="NEW",
            help="Embeddings of the new cases: .csv, .tsv, .parquet, .npz, .p or .pkl. Labels are not read. "
            "With --encoder, a picture or a folder of them.",
        ),
    ]
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="Encoder of the gallery, as `embed --model` takes it: NEW is then a picture, or a folder of "
            "them.",
        ),
    ] = None
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="OURS=THEIRS",
            callback=check_columns,
            help="Name of a column that is called otherwise in the file; OURS is subject, image or features "
            "(their prefix). A column that is named for syndrome is left unread.",
        ),
    ] = None
    no_subjects: Annotated[
        bool, typer.Option("--no-subjects", help="Ignore subject ids: answer about each image alone.")
    ] = False
    average_rows: Annotated[
        bool, typer.Option("--average-rows", help="Average several rows of the same image.")
    ] = False


def open_cases(options: CaseOptions) -> "tuple[SyndromeModel, NewCases]":
    """Load the model, and read the cases: what was refused of them is said here."""
    check_input_files(options.model, options.new)
    from skknn_syndrome.model import SyndromeModel  # noqa: PLC0415
    from skknn_syndrome.wording import counted  # noqa: PLC0415

    model = SyndromeModel.load(options.model)
    if model.card.expected_are_stale:
        complain("Warning: the gallery has changed since the study whose scores the model names.", "yellow")
    if options.encoder is not None:
        from skknn_syndrome.embedding.cases import embed_cases  # noqa: PLC0415  Pillow

        cases = embed_cases(options.new, options.encoder, model.card.dataset.embedder)
    else:
        cases = _read(options)
    say(f"Asking {model!r} about {counted(len(cases.images), 'image')}")
    return model, cases


def _read(options: CaseOptions) -> "NewCases":
    """Read vectors, and say what was refused of them."""
    from skknn_syndrome.data.loading import Reading, read_embeddings  # noqa: PLC0415  slow to import: pandas
    from skknn_syndrome.data.new_cases import NewCases  # noqa: PLC0415
    from skknn_syndrome.wording import counted  # noqa: PLC0415

    reading = Reading(
        columns_of(options.columns),
        subjects=not options.no_subjects,
        average_rows=options.average_rows,
        labelled=False,
    )
    cases = NewCases.of(read_embeddings(options.new, reading))
    refused = cases.audit.refused
    if refused:
        complain(
            f"Warning: {len(refused):,} of {counted(cases.audit.n_rows, 'row')} refused; the first: "
            f"{refused[0].message}",
            style="yellow",
        )
    return cases
