"""The engine is chosen by rule, and files appear whole or not at all."""

from pathlib import Path
from typing import cast

import pytest

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.embedded import embedded_version
from skknn_syndrome.rendering.engine import Engine, Format, RenderedFile, render_document
from skknn_syndrome.rendering.quarto import find_quarto
from tests.rendering.documents import write_document
from tests.rendering.quarto_double import Play, QuartoDouble


def render(
    folder: Path, engine: Engine = "auto", formats: tuple[Format, ...] = ("html",)
) -> list[RenderedFile]:
    return list(render_document(write_document(folder), folder / "out", formats=formats, engine=engine))


@pytest.mark.usefixtures("no_quarto")
def test_without_quarto_auto_takes_the_embedded_renderer(tmp_path: Path) -> None:
    (file,) = render(tmp_path)
    assert (file.format, file.path) == ("html", tmp_path / "out" / "report.html")
    assert (file.engine, file.engine_version) == ("embedded", embedded_version("html"))
    assert file.path.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert file.seconds > 0


@pytest.mark.usefixtures("quarto")
def test_with_quarto_auto_takes_it(tmp_path: Path) -> None:
    (file,) = render(tmp_path)
    assert (file.engine, file.engine_version) == ("quarto", "1.9.37")
    assert file.path.read_text("utf-8") == "by the double: html"


@pytest.mark.usefixtures("quarto")
def test_the_embedded_renderer_can_be_asked_for(tmp_path: Path) -> None:
    assert render(tmp_path, "embedded")[0].engine == "embedded"


def test_auto_passes_over_a_quarto_that_is_too_old(quarto: QuartoDouble, tmp_path: Path) -> None:
    quarto.plays(Play(version="1.3.450"))
    assert render(tmp_path)[0].engine == "embedded"


def test_a_quarto_that_is_asked_for_must_not_be_too_old(quarto: QuartoDouble, tmp_path: Path) -> None:
    quarto.plays(Play(version="1.3.450"))
    with pytest.raises(RenderingError, match=r"1\.3\.450, and reports need 1\.4 or later"):
        render(tmp_path, "quarto")


@pytest.mark.usefixtures("no_quarto")
def test_a_quarto_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(
        RenderingError, match=r"neither at QUARTO_PATH nor on PATH: install it from .*embedded"
    ):
        render(tmp_path, "quarto")


def test_auto_does_not_hide_a_quarto_that_fails(quarto: QuartoDouble, tmp_path: Path) -> None:
    quarto.plays(Play(code=1))
    with pytest.raises(RenderingError, match="Quarto failed with code 1"):
        render(tmp_path)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("quarto")
def test_formats_come_in_order_and_once(tmp_path: Path) -> None:
    files = render(tmp_path, formats=("pdf", "html", "pdf"))
    assert [file.path.name for file in files] == ["report.pdf", "report.html"]


def test_an_earlier_report_stays_where_rendering_fails(quarto: QuartoDouble, tmp_path: Path) -> None:
    render(tmp_path)
    quarto.plays(Play(code=1))
    with pytest.raises(RenderingError, match="Quarto failed"):
        render(tmp_path)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.html"]


def test_a_figure_outside_the_folder_reaches_no_engine(quarto: QuartoDouble, tmp_path: Path) -> None:
    document = write_document(tmp_path, "![A](/etc/hostname)")
    with pytest.raises(RenderingError, match="'/etc/hostname', which is not a file in its own folder"):
        render_document(document, tmp_path / "out", formats=("html",))
    assert quarto.calls() == []


def test_unknown_formats_and_engines_are_refused(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    with pytest.raises(RenderingError, match="no format 'odt': choose of html, pdf, docx"):
        render_document(document, tmp_path, formats=(cast("Format", "odt"),))
    with pytest.raises(RenderingError, match="no engine 'word': choose of auto, quarto, embedded"):
        render_document(document, tmp_path, formats=("html",), engine=cast("Engine", "word"))


@pytest.mark.skipif(find_quarto() is None, reason="no Quarto at QUARTO_PATH or on PATH")
@pytest.mark.parametrize("format_", ["html", "pdf", "docx"])
def test_a_real_quarto_renders_the_document(tmp_path: Path, format_: Format) -> None:
    (file,) = render(tmp_path, "quarto", (format_,))
    assert file.engine == "quarto"
    assert file.path.stat().st_size > 1_000
