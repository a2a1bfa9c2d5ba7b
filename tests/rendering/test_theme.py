"""What goes along with the document for Quarto, tried with pandoc and Typst, which Quarto is made of."""

import zipfile
from io import BytesIO
from pathlib import Path

import pypandoc
import pytest

from skknn_syndrome.rendering.assets import assets_folder
from skknn_syndrome.rendering.pdf import compile_pdf
from skknn_syndrome.rendering.processes import run_program
from skknn_syndrome.rendering.source import EARLIEST
from skknn_syndrome.rendering.staging import THEME_FILES
from tests.rendering.documents import PNG, SVG

THEME = assets_folder() / "theme"
TEXT = """![A caption.](first.svg){fig-alt="A black box."}

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
    finished = run_program([*program, "--output", "-"], folder=folder, timeout=60, text=TEXT.encode())
    assert (finished.code, finished.log) == (0, "")
    return finished.output


def test_every_file_that_the_document_names_is_there() -> None:
    header = (assets_folder() / "report.qmd").read_text("utf-8").split("\n---\n")[0]
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
    header = (THEME / "quarto.typ").read_bytes()
    body = b"= Data\n#pagebreak()\n#link(<a>)[A link].\n= Next <a>\n#table([Head])\n"
    assert compile_pdf(header + body, root=tmp_path, created=EARLIEST, timeout=60).startswith(b"%PDF")
