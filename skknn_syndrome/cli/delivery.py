"""The files that a study leaves, and its gist on the terminal."""

from itertools import chain
from typing import TYPE_CHECKING

from skknn_syndrome._files import write_text
from skknn_syndrome._output import OutputFolder
from skknn_syndrome.cli.config import settings_of_run
from skknn_syndrome.cli.console import say, show_table

if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset
    from skknn_syndrome.results.study import StudyResult

RECORDS = "out_of_fold.parquet"
ARRAYS = "study.arrays.parquet"
SETTINGS = "settings.toml"


def _names_of_study() -> list[str]:
    """Return the names of all files that a study may write, but `study.json` itself."""
    from skknn_syndrome.rendering.figures import known_figures  # noqa: PLC0415  slow to import: matplotlib
    from skknn_syndrome.rendering.tables import known_tables  # noqa: PLC0415

    tables = (f"tables/{name}.csv" for name in sorted(known_tables()))
    figures = (f"figures/{name}.{kind}" for name in known_figures() for kind in ("png", "svg"))
    return [ARRAYS, RECORDS, SETTINGS, *tables, *figures]


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
        output.refuse_foreign(["study.json", *_names_of_study()])


def write_files(result: "StudyResult", dataset: "EmbeddingDataset", output: OutputFolder) -> str:
    """Write the study with all that goes with it into `staging`, and return what there is in words."""
    from skknn_syndrome.crossval.out_of_fold_file import write_records  # noqa: PLC0415  likewise: pyarrow
    from skknn_syndrome.rendering.figures import write_figures  # noqa: PLC0415  slow to import: matplotlib
    from skknn_syndrome.rendering.tables import write_tables  # noqa: PLC0415

    staging = output.staging
    result.save(staging / "study.json")
    write_records(
        result.records,
        staging / RECORDS,
        data_sha256=result.dataset.data_sha256,
        images=dataset.images,
    )
    paths = write_tables(result, staging / "tables")
    figures = write_figures(result, staging / "figures")
    write_text(staging / SETTINGS, settings_of_run(f"Settings of the study in {output.folder.name}."))
    beside = ", ".join(name for name in (ARRAYS, RECORDS, SETTINGS) if (staging / name).exists())
    return f"{beside}, {len(paths)} tables and {len(figures)} figures"


def deliver(result: "StudyResult", output: OutputFolder, written: str) -> None:
    """Let the files take their places, remove what was kept until then, and show the study's gist."""
    from skknn_syndrome.study.resuming import KeptParts  # noqa: PLC0415  likewise

    output.commit(ours=_names_of_study() if _is_of_earlier_version(output) else ())
    KeptParts(output.folder).discard()
    _show_gist(result)
    say(f"Wrote {output.folder / 'study.json'}; beside it {written}.")


def _show_gist(result: "StudyResult") -> None:
    from skknn_syndrome.display.table import for_readers  # noqa: PLC0415
    from skknn_syndrome.questions import presentations  # noqa: PLC0415  slow to import
    from skknn_syndrome.rendering.tables import open_checks  # noqa: PLC0415

    checks = open_checks(result)
    found = (entry.gist(result) for entry in presentations() if entry.gist is not None)
    for table in (*chain.from_iterable(found), checks):
        show_table(for_readers(table))
    if checks.rows:
        say("What each check means: docs/checks.md.\n")
