"""Quarto is found, asked for its version, and run with a theme; what it leaves out is an error."""

import zipfile
from io import BytesIO
from pathlib import Path

import pypandoc
import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.embedded import compile_pdf
from skknn_syndrome.rendering.processes import run_program
from skknn_syndrome.rendering.quarto import find_quarto, quarto_version, render_with_quarto
from skknn_syndrome.rendering.source import EARLIEST, THEME_FILES, Format, read_source
from skknn_syndrome.rendering.templates import assets_folder
from tests.refusing import refused
from tests.rendering.documents import PNG, SVG, write_document
from tests.rendering.quarto_double import Play, QuartoDouble


def render(
    quarto: QuartoDouble,
    folder: Path,
    *,
    format_: Format = "html",
    timeout: float = 60,
    play: Play | None = None,
) -> bytes:
    quarto.plays(play or Play())
    source = read_source(write_document(folder), timeout=60)
    version = quarto_version(quarto.path)
    return render_with_quarto(source, format_, quarto=quarto.path, version=version, timeout=timeout)


@pytest.mark.usefixtures("no_quarto")
def test_where_there_is_none_none_is_found() -> None:
    assert find_quarto() is None


def test_the_one_on_path_is_found(quarto: QuartoDouble) -> None:
    assert find_quarto() == quarto.path


@pytest.mark.parametrize(
    "named, place", [("quarto", ""), ("", ""), ("", "bin")], ids=["program", "folder", "folder-of-bin"]
)
def test_quarto_path_comes_first_and_is_a_program_or_a_folder(
    quarto: QuartoDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, place: str
) -> None:
    other = QuartoDouble(tmp_path / "other" / place).plays(Play())
    monkeypatch.setenv("QUARTO_PATH", str(tmp_path / "other" / named))
    assert find_quarto() == other.path != quarto.path


@pytest.mark.usefixtures("quarto")
def test_a_quarto_path_that_leads_nowhere_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUARTO_PATH", "/nowhere/quarto")
    with refused("quarto_path_astray"):
        find_quarto()


@pytest.mark.parametrize(
    "told, version", [("1.9.37", (1, 9, 37)), ("1.4", (1, 4)), ("Hint: x\n99.9.9", (99, 9, 9))]
)
def test_the_version_is_read(quarto: QuartoDouble, told: str, version: tuple[int, ...]) -> None:
    assert quarto_version(quarto.plays(Play(version=told)).path) == version


@pytest.mark.parametrize("play", [Play(version="hello"), Play(version_code=1)], ids=["no-number", "failure"])
def test_a_program_that_tells_no_version_is_none(quarto: QuartoDouble, play: Play) -> None:
    with refused("no_quarto_version"):
        quarto_version(quarto.plays(play).path)


@pytest.mark.parametrize(
    "format_, target",
    [("html", "html -M embed-resources:true -M html-math-method:mathml"), ("pdf", "typst"), ("docx", "docx")],
)
def test_each_format_is_asked_for_by_quartos_name(
    quarto: QuartoDouble, tmp_path: Path, format_: Format, target: str
) -> None:
    assert render(quarto, tmp_path, format_=format_) == f"by the double: {format_}".encode()
    (call,) = quarto.calls()
    assert call.arguments == ["render", "report.qmd", "--to", *target.split(), "--no-execute"]


def test_quarto_sees_a_private_copy_that_names_it_and_the_documents_date(
    quarto: QuartoDouble, tmp_path: Path
) -> None:
    (tmp_path / "study.json").touch()
    render(quarto, tmp_path)
    (call,) = quarto.calls()
    assert call.files == ["figures/first.svg", "figures/second.png", "references.bib", "report.qmd"]
    assert call.document.endswith("::: {.engine-note}\nRendered by Quarto 1.9.37.\n:::\n")
    assert call.environment == {"NO_COLOR": "1", "SOURCE_DATE_EPOCH": "1741046400"}
    assert not (tmp_path / "report.html").exists()


def test_a_failure_shows_quartos_last_lines(quarto: QuartoDouble, tmp_path: Path) -> None:
    log = "\n".join(["first line", *["line"] * 11, "\x1b[31mERROR: the last line\x1b[39m"])
    with pytest.raises(RenderingError, match=r"failed with code 2\. Its last lines:\nline") as caught:
        render(quarto, tmp_path, play=Play(code=2, log=log))
    assert str(caught.value).endswith("\nERROR: the last line")
    assert "first line" not in str(caught.value)


def test_a_time_out_is_an_error(quarto: QuartoDouble, tmp_path: Path) -> None:
    with refused("program_too_slow"):
        render(quarto, tmp_path, timeout=1, play=Play(seconds=60))


@pytest.mark.parametrize(
    "warning",
    [
        "\x1b[33mWARNING (crossref/refs.lua:128) Unable to resolve crossref @fig-nope",
        "[WARNING] Could not fetch resource figures/none.svg",
        "[WARNING] Citeproc: citation nobody not found",
        "[WARNING] Could not convert image figures/first.svg: check that rsvg-convert is in path.",
    ],
)
def test_a_warning_of_something_missing_is_an_error_though_quarto_ends_well(
    quarto: QuartoDouble, tmp_path: Path, warning: str
) -> None:
    with pytest.raises(RenderingError, match=r"left something out of the report:\n.*WARNING") as caught:
        render(quarto, tmp_path, play=Play(log=f"pandoc\n{warning}\x1b[39m\nOutput created: report.html"))
    assert str(caught.value).count("\n") == 1


def test_other_warnings_are_no_error(quarto: QuartoDouble, tmp_path: Path) -> None:
    assert render(quarto, tmp_path, play=Play(log="WARNING: a new version is out")).startswith(
        b"by the double"
    )


def test_ending_well_without_a_file_is_an_error(quarto: QuartoDouble, tmp_path: Path) -> None:
    with refused("quarto_wrote_nothing"):
        render(quarto, tmp_path, play=Play(writes=False))


def test_an_old_version_is_refused_with_what_to_do(quarto: QuartoDouble, tmp_path: Path) -> None:
    with refused("quarto_too_old", "engine"):
        render(quarto, tmp_path, play=Play(version="1.3.450"))
    assert quarto.calls() == []


THEME = assets_folder() / "theme"
THEMED = """![A caption.](first.svg){fig-alt="A black box."}

| Syndrome | F1 |
|:---|---:|
| Tang[\\ (唐)]{.original} | 0.5 |
"""


def convert(folder: Path, format_: str) -> bytes:
    """Return the text in a format, by pandoc with the filter that Quarto runs last."""
    (folder / "first.svg").write_text(SVG)
    (folder / "first.png").write_bytes(PNG)
    program = [
        pypandoc.get_pandoc_path(),
        "--from",
        "markdown",
        "--to",
        format_,
        "--lua-filter",
        THEME / "quarto.lua",
    ]
    finished = run_program([*program, "--output", "-"], folder=folder, timeout=60, text=THEMED.encode())
    assert (finished.code, finished.log) == (0, "")
    return finished.output


def test_every_file_that_the_document_names_is_there() -> None:
    header = (assets_folder() / "sections" / "format.qmd").read_text("utf-8")
    for name in THEME_FILES:
        assert (THEME / name).is_file()
        assert name in header


def test_word_gets_pictures_that_it_can_show_with_alt_texts(tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(convert(tmp_path, "docx"))) as document:
        media = [name for name in document.namelist() if name.startswith("word/media/")]
        text = document.read("word/document.xml").decode()
    assert [Path(name).suffix for name in media] == [".png"]
    assert 'descr="A black box."' in text


def test_the_keyboard_reaches_tables_that_scroll(tmp_path: Path) -> None:
    page = convert(tmp_path, "html").decode()
    assert '<div class="scroll" role="group" tabindex="0" aria-label="Table">\n<table>' in page
    assert 'src="first.svg"' in page


@pytest.mark.parametrize("format_, shown", [("html", True), ("docx", True), ("typst", False)])
def test_a_name_without_a_font_stands_on_paper_in_latin_letters_alone(
    tmp_path: Path, format_: str, *, shown: bool
) -> None:
    content = convert(tmp_path, format_)
    if format_ == "docx":
        content = zipfile.ZipFile(BytesIO(content)).read("word/document.xml")
    assert ("唐".encode() in content) is shown


def test_the_header_for_typst_compiles(tmp_path: Path) -> None:
    words = b"#let document-part = [Main text]\n#let page-of(here, last) = [Page #here of #last]\n"
    header = words + (THEME / "quarto.typ").read_bytes()
    body = b"= Data\n#pagebreak()\n#link(<a>)[A link].\n= Next <a>\n#table([Head])\n"
    assert compile_pdf(header + body, root=tmp_path, created=EARLIEST, timeout=60).startswith(b"%PDF")
