"""Output folders with a few small files."""

from pathlib import Path

from skknn_syndrome._files import write_text
from skknn_syndrome._output import MANIFEST, OutputFolder, open_output


def write(folder: Path, files: dict[str, str], *, kind: str = "study", **options: list[str]) -> None:
    with open_output(folder, kind=kind, last="study.json") as output:
        stage(output, files)
        output.commit(**options)


def stage(output: OutputFolder, files: dict[str, str]) -> None:
    for name, text in files.items():
        write_text(output.staging / name, text)


def content(folder: Path) -> dict[str, str]:
    """All files of a folder but the manifest, hidden ones included."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


OLD = {"study.json": "old", "tables/a.csv": "old a", "tables/b.csv": "old b"}
NEW = {"study.json": "new", "tables/a.csv": "new a"}
