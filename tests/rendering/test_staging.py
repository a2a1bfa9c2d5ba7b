"""An engine sees the document and what it names, and nothing else."""

from pathlib import Path

from skknn_syndrome.rendering.source import read_source
from skknn_syndrome.rendering.staging import THEME_FILES, staged
from tests.rendering.documents import write_document


def staged_files(document: Path) -> set[str]:
    with staged(read_source(document, timeout=60), "Note.") as copy:
        return {str(path.relative_to(copy.parent)) for path in copy.parent.rglob("*") if path.is_file()}


def test_only_what_the_document_names_is_copied(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    (tmp_path / "study.json").touch()
    (tmp_path / "figures" / "other.svg").touch()
    assert staged_files(document) == {
        "report.qmd",
        "references.bib",
        "figures/first.svg",
        "figures/second.png",
    }


def test_theme_files_and_the_png_beside_an_svg_come_along(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    for name in (*THEME_FILES, "figures/first.png"):
        (tmp_path / name).touch()
    assert {*THEME_FILES, "figures/first.png"} < staged_files(document)


def test_links_among_them_do_not(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    (tmp_path / "figures" / "first.png").symlink_to("/etc/hostname")
    assert "figures/first.png" not in staged_files(document)


def test_the_copy_is_called_report_ends_with_the_note_and_goes(tmp_path: Path) -> None:
    document = write_document(tmp_path, "Text.").rename(tmp_path / "other.qmd")
    with staged(read_source(document, timeout=60), "Rendered by X.") as copy:
        assert copy.name == "report.qmd"
        assert copy.read_text().endswith("Text.\n\n::: {.engine-note}\nRendered by X.\n:::\n")
    assert not copy.parent.exists()
