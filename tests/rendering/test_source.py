"""A document is checked before anything renders it, and an engine sees it, what it names and nothing else."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from skknn_syndrome._files import locked
from skknn_syndrome.errors import FileInUseError, RenderingError
from skknn_syndrome.rendering import source as source_module
from skknn_syndrome.rendering.source import (
    EARLIEST,
    LOCK,
    PREFIX,
    THEME_FILES,
    Source,
    read_source,
    remove_abandoned,
    reread,
    staged,
)
from tests.refusing import refused
from tests.rendering.documents import write_document


def read(folder: Path, body: str = "Text.", header: str = "") -> Source:
    return read_source(write_document(folder, body, header=header), timeout=60)


def test_a_document_names_its_figures_bibliography_and_date(tmp_path: Path) -> None:
    source = read_source(write_document(tmp_path), timeout=60)
    assert source.figures == (Path("figures/first.svg"), Path("figures/second.png"))
    assert source.bibliography == (Path("references.bib"),)
    assert source.created == datetime(2025, 3, 4, tzinfo=UTC)
    assert source.folder == tmp_path


def test_a_document_needs_none_of_them(tmp_path: Path) -> None:
    source = read(tmp_path)
    assert (source.figures, source.bibliography, source.created) == ((), (), EARLIEST)


def test_a_bibliography_may_be_in_several_files(tmp_path: Path) -> None:
    (tmp_path / "my other.bib").touch()
    source = read(tmp_path, header="---\nbibliography: [references.bib, my other.bib]\n---\n")
    assert source.bibliography == (Path("references.bib"), Path("my other.bib"))


@pytest.mark.parametrize("date", ["1969-07-20", "4 March 2025"])
def test_another_date_counts_as_the_first_that_a_zip_file_can_hold(tmp_path: Path, date: str) -> None:
    assert read(tmp_path, header=f"---\ndate: {date}\n---\n").created == EARLIEST


def test_a_date_that_is_none_is_refused(tmp_path: Path) -> None:
    with refused("no_date"):
        read(tmp_path, header='---\ndate: "2025-13-01"\n---\n')


def test_a_language_that_is_none_is_refused(tmp_path: Path) -> None:
    with refused("no_language"):
        read(tmp_path, header="---\nlang: '\\\"x'\n---\n")


@pytest.mark.parametrize(
    "target",
    [
        "../secret.svg",
        "figures/../../secret.svg",
        "/etc/passwd",
        "https://example.org/x.svg",
        "file:///etc/passwd",
        "data:image/svg+xml;base64,AAAA",
        "//example.org/x.svg",
    ],
)
def test_a_figure_from_elsewhere_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.svg").write_text("<svg/>")
    with refused("file_from_elsewhere"):
        read(tmp_path / "inside", f"![A]({target})")


def test_a_figure_by_reference_is_checked_as_well(tmp_path: Path) -> None:
    with refused("file_from_elsewhere"):
        read(tmp_path, "![A][there]\n\n[there]: /etc/passwd\n")


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text("<svg/>")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link.svg").symlink_to(tmp_path / "secret.svg")
    with refused("link_to_elsewhere"):
        read(tmp_path / "inside", "![A](link.svg)")


def test_a_missing_figure_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match=r"'figures/third.svg', which is not in "):
        read(tmp_path, "![A](figures/third.svg)")


def test_a_figure_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    with refused("no_picture"):
        read(tmp_path, "![A](references.bib)")


def test_a_bibliography_from_elsewhere_is_refused(tmp_path: Path) -> None:
    with refused("file_from_elsewhere"):
        read(tmp_path, header="---\nbibliography: ../x.bib\n---\n")


def test_a_bibliography_that_is_no_name_is_refused(tmp_path: Path) -> None:
    with refused("no_such_file"):
        read(tmp_path, header="---\nbibliography: true\n---\n")


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    with refused("unreadable_document"):
        read_source(tmp_path / "none.qmd", timeout=60)


def test_a_document_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.qmd").write_bytes(b"Zo\xeb")
    with refused("unreadable_document"):
        read_source(tmp_path / "report.qmd", timeout=60)


def staged_files(document: Path) -> set[str]:
    with staged(read_source(document, timeout=60)) as folder:
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_only_what_the_document_names_is_copied(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    (tmp_path / "study.json").touch()
    (tmp_path / "figures" / "other.svg").touch()
    assert staged_files(document) == {"references.bib", "figures/first.svg", "figures/second.png"}


def test_theme_files_and_the_png_beside_an_svg_come_along(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    for name in (*THEME_FILES, "figures/first.png"):
        (tmp_path / name).touch()
    assert {*THEME_FILES, "figures/first.png"} < staged_files(document)


def test_links_among_them_do_not(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    (tmp_path / "figures" / "first.png").symlink_to("/etc/hostname")
    assert "figures/first.png" not in staged_files(document)


def test_the_folder_goes_afterwards(tmp_path: Path) -> None:
    with staged(read_source(write_document(tmp_path), timeout=60)) as folder:
        assert folder.is_dir()
    assert not folder.parent.exists()


def test_another_text_names_the_same_files(tmp_path: Path) -> None:
    source = read_source(write_document(tmp_path), timeout=60)
    other = reread(source, "Latin [a]{onclick=x}.", timeout=60)
    assert (other.text, other.figures) == ("Latin [a]{onclick=x}.", source.figures)
    assert "Latin" in str(other.tree)
    assert "onclick" not in str(other.tree)


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
        with staged(read_source(write_document(tmp_path / "document"), timeout=60)) as folder:
            remove_abandoned(tmp_path / "tmp")
            assert (folder / "references.bib").is_file()

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

        monkeypatch.setattr(source_module, "locked", lock)
        assert "references.bib" in staged_files(write_document(tmp_path / "document"))
        assert not list((tmp_path / "tmp").iterdir())
