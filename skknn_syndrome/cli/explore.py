"""`skknn-syndrome explore`."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.files import check_input_files
from skknn_syndrome.cli.options import check_columns, columns_of
from skknn_syndrome.errors import SkknnSyndromeError

EXAMPLES = (
    "skknn-syndrome explore faces.model",
    "skknn-syndrome explore faces.model --data faces.csv --covariate sex",
    "skknn-syndrome explore artifacts/study/study.json --port 8080",
)
if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset

MEBIBYTE = 1024**2


@dataclass(frozen=True, kw_only=True)
class Options:
    """What `explore` takes."""

    file: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL|STUDY", help="File that `skknn-syndrome fit` or `skknn-syndrome study` wrote."
        ),
    ]
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File of embeddings that it is of, for covariates to colour by."),
    ] = None
    covariates: Annotated[
        list[str] | None,
        typer.Option(
            "--covariate", metavar="COLUMN", help="Column of that file, as `study` takes it; repeatable."
        ),
    ] = None
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="OURS=THEIRS",
            callback=check_columns,
            help="Name of a column that is called otherwise in that file.",
        ),
    ] = None
    no_subjects: Annotated[
        bool, typer.Option("--no-subjects", help="Ignore its subject ids, as when it was fitted or studied.")
    ] = False
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes one that is free.")
    ] = 0
    max_upload: Annotated[
        int, typer.Option(min=1, max=2048, metavar="MIB", help="Size of a file of new cases, in MiB.")
    ] = 64
    open: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False


def run(options: Options) -> None:
    """Serve the page, and say where."""
    check_input_files(options.file, options.data)
    missing = [name for name in ("starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        raise SkknnSyndromeError(
            f"The page needs {' and '.join(missing)}: pip install 'skknn-syndrome[explore]'.",
            code="missing_extra",
        )
    from skknn_syndrome.exploring.serving import open_explored, serve  # noqa: PLC0415  slow to import

    say(f"Opening {options.file}")
    explored = open_explored(options.file, _data(options))

    def tell(address: str) -> None:
        say(f"Open {address}\nThe page is for this machine alone; Ctrl-C ends it.")
        if options.open:
            import webbrowser  # noqa: PLC0415  seldom asked for

            webbrowser.open(address)

    serve(explored, port=options.port, max_bytes=options.max_upload * MEBIBYTE, tell=tell)
    say("Closed.")


def _data(options: Options) -> "EmbeddingDataset | None":
    if options.data is None:
        return None
    from skknn_syndrome.data import load_embeddings  # noqa: PLC0415  slow to import: pandas

    return load_embeddings(
        options.data,
        columns=columns_of(options.columns),
        subjects=not options.no_subjects,
        covariates=options.covariates or (),
    )
