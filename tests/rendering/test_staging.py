"""An engine sees the document and what it names, and nothing else."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from skknn_syndrome._files import locked
from skknn_syndrome.errors import FileInUseError
from skknn_syndrome.rendering import staging
from skknn_syndrome.rendering.source import read_source
from skknn_syndrome.rendering.staging import LOCK, PREFIX, THEME_FILES, remove_abandoned, staged
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


class TestAbandonedFolders:
    """What a killed run left in the folder for temporary files goes with the next run."""

    @pytest.fixture(autouse=True)
    def _temporary_files_lie_apart(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
        (tmp_path / "tmp").mkdir()

    def test_it_is_removed(self, tmp_path: Path) -> None:
        left = tmp_path / "tmp" / f"{PREFIX}ab12cd34" / "report"
        left.mkdir(parents=True)
        (left / "report.qmd").touch()
        (left.parent / LOCK).touch()
        staged_files(write_document(tmp_path / "document"))
        assert not list((tmp_path / "tmp").iterdir())

    def test_so_is_one_in_which_nothing_was_made_yet(self, tmp_path: Path) -> None:
        (tmp_path / "tmp" / f"{PREFIX}ab12cd34").mkdir()
        remove_abandoned(tmp_path / "tmp")
        assert not list((tmp_path / "tmp").iterdir())

    def test_one_in_use_stays(self, tmp_path: Path) -> None:
        with staged(read_source(write_document(tmp_path / "document"), timeout=60), "Note.") as copy:
            remove_abandoned(tmp_path / "tmp")
            assert copy.is_file()

    @pytest.mark.parametrize(
        "name, files",
        [
            ("paper", ["report/chapter.qmd"]),
            ("paper", [LOCK, "report/chapter.qmd"]),
            ("ab12cd34", ["report/chapter.qmd"]),
            ("ab12cd34", [LOCK, "data.csv"]),
        ],
    )
    def test_what_somebody_called_so_stays(self, tmp_path: Path, name: str, files: list[str]) -> None:
        place = tmp_path / "tmp" / f"{PREFIX}{name}"
        for file in files:
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            (place / file).touch()
        remove_abandoned(tmp_path / "tmp")
        assert all((place / file).exists() for file in files)

    def test_no_link_is_followed(self, tmp_path: Path) -> None:
        theirs = tmp_path / "theirs" / "report" / "chapter.qmd"
        theirs.parent.mkdir(parents=True)
        theirs.touch()
        (tmp_path / "theirs" / LOCK).touch()
        (tmp_path / "tmp" / f"{PREFIX}ab12cd34").symlink_to(tmp_path / "theirs")
        remove_abandoned(tmp_path / "tmp")
        assert theirs.exists()

    def test_one_that_another_run_took_for_abandoned_is_made_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = iter([True])

        @contextmanager
        def lock(path: Path, busy: str) -> Iterator[None]:
            if next(taken, False):
                raise FileInUseError(busy)
            with locked(path, busy):
                yield

        monkeypatch.setattr(staging, "locked", lock)
        assert "report.qmd" in staged_files(write_document(tmp_path / "document"))
        assert not list((tmp_path / "tmp").iterdir())
