"""A document is checked before anything renders it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.source import EARLIEST, Source, read_source
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
    with pytest.raises(RenderingError, match=r"date is none: month must be in 1\.\.12"):
        read(tmp_path, header='---\ndate: "2025-13-01"\n---\n')


def test_a_language_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match="language '\"x' is none: write one like 'en'"):
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
    with pytest.raises(RenderingError, match="which is not a file in its own folder"):
        read(tmp_path / "inside", f"![A]({target})")


def test_a_figure_by_reference_is_checked_as_well(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match="'/etc/passwd', which is not a file in its own folder"):
        read(tmp_path, "![A][there]\n\n[there]: /etc/passwd\n")


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text("<svg/>")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link.svg").symlink_to(tmp_path / "secret.svg")
    with pytest.raises(RenderingError, match=r"'link.svg', a link to a file outside its folder"):
        read(tmp_path / "inside", "![A](link.svg)")


def test_a_missing_figure_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match=r"'figures/third.svg', which is not in "):
        read(tmp_path, "![A](figures/third.svg)")


def test_a_figure_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match=r"'references.bib' is neither SVG nor PNG"):
        read(tmp_path, "![A](references.bib)")


def test_a_bibliography_from_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match=r"'../x.bib', which is not a file in its own folder"):
        read(tmp_path, header="---\nbibliography: ../x.bib\n---\n")


def test_a_bibliography_that_is_no_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match="asks for '', which is not in"):
        read(tmp_path, header="---\nbibliography: true\n---\n")


def test_a_missing_document_is_named(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match=r"none.qmd can't be read as a document: .*No such file"):
        read_source(tmp_path / "none.qmd", timeout=60)


def test_a_document_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report.qmd").write_bytes(b"Zo\xeb")
    with pytest.raises(RenderingError, match="can't be read as a document: 'utf-8' codec"):
        read_source(tmp_path / "report.qmd", timeout=60)
