"""A study made into a report: the engine is chosen by rule, and files appear whole or not at all."""

from pathlib import Path
from typing import Any, cast

import pytest

from skknn_syndrome._output import open_output
from skknn_syndrome.errors import FileInUseError, ForeignFileError, StudyFileError
from skknn_syndrome.rendering import render_edited, render_report
from skknn_syndrome.rendering.embedded import embedded_version
from skknn_syndrome.rendering.parts import STEMS
from skknn_syndrome.rendering.quarto import find_quarto
from skknn_syndrome.rendering.report import Engine, RenderedFile, render_document
from skknn_syndrome.rendering.source import Format
from tests.builders import make_study
from tests.model_builders import make_model_comparison, make_two_models
from tests.refusing import refused
from tests.rendering.documents import write_document
from tests.rendering.full_study import make_sweep
from tests.rendering.quarto_double import Play, QuartoDouble


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("formats", ["docx", ["docx"]])
def test_one_format_may_stand_alone(tmp_path: Path, formats: Any) -> None:
    (file,) = render_report(make_study(make_sweep()), tmp_path, formats, engine="embedded", parts="main")
    assert (file.path, file.path.is_file()) == (tmp_path / "report.docx", True)


@pytest.mark.parametrize(
    "options, code, parameter",
    [
        ({"formats": "odt"}, "unknown_format", "formats"),
        ({"formats": ("html", "odt")}, "unknown_format", "formats"),
        ({"engine": "latex"}, "unknown_engine", "engine"),
        ({"parts": "abstract"}, "unknown_part", "parts"),
    ],
)
def test_what_there_is_not_is_refused_before_the_study_is_read(
    tmp_path: Path, options: dict[str, Any], code: str, parameter: str
) -> None:
    with refused(code, parameter):
        render_report(tmp_path / "missing.json", tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("no_quarto")
def test_a_quarto_that_is_not_there_is_missed_before_the_study_is_read(tmp_path: Path) -> None:
    with refused("no_quarto", "engine"):
        render_report(tmp_path / "missing.json", tmp_path / "out", engine="quarto")


def test_a_study_that_can_not_be_read_is_missed_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StudyFileError, match="can't be read"):
        render_report(tmp_path / "missing.json", tmp_path / "out", engine="embedded")
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("quarto")
class TestFolder:
    """A report's folder changes as a whole, and holds nothing of another report."""

    def render(self, folder: Path, formats: Any = "html", **options: Any) -> set[str]:
        render_report(options.pop("study", make_study(make_sweep())), folder, formats, "quarto", **options)
        return {path.name for path in folder.iterdir() if path.is_file()}

    @pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
    def test_formats_of_the_same_study_add_up(self, tmp_path: Path) -> None:
        self.render(tmp_path)
        assert self.render(tmp_path, "docx") >= {"report.html", "report.docx", "report.qmd"}

    @pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
    def test_formats_of_another_study_go(self, tmp_path: Path) -> None:
        self.render(tmp_path)
        study = make_study(make_sweep())
        other = study.model_copy(update={"dataset": study.dataset.model_copy(update={"name": "other"})})
        assert "report.html" not in self.render(tmp_path, "docx", study=other)

    @pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
    @pytest.mark.parametrize("name", ["references.bib", "report.qmd", "report.html"])
    def test_what_somebody_else_wrote_stays_unless_forced(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("mine")
        with pytest.raises(ForeignFileError, match=f"{name}.*force=True"):
            self.render(tmp_path)
        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "mine"}
        assert "report.html" in self.render(tmp_path, force=True)
        assert (tmp_path / name).read_text() != "mine"

    @pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
    def test_what_was_changed_by_hand_stays_as_well(self, tmp_path: Path) -> None:
        self.render(tmp_path)
        with (tmp_path / "report.qmd").open("a") as stream:
            stream.write("My own conclusion.\n")
        with pytest.raises(ForeignFileError, match="changed since"):
            self.render(tmp_path)

    def test_two_at_once_are_one_too_many(self, tmp_path: Path) -> None:
        with open_output(tmp_path, kind="study", last="study.json"), pytest.raises(FileInUseError):
            self.render(tmp_path)

    def test_all_parts_are_written_unless_some_are_asked_for(self, tmp_path: Path) -> None:
        documents = {f"{stem}.qmd" for stem in STEMS.values()}
        assert self.render(tmp_path / "all") >= {f"{stem}.html" for stem in STEMS.values()} | documents
        some = self.render(tmp_path / "some", parts=("summary", "checklists"))
        assert {name for name in some if name.endswith(".html")} == {"summary.html", "checklists.html"}
        assert documents <= some

    def test_parts_of_the_same_study_add_up(self, tmp_path: Path) -> None:
        self.render(tmp_path, parts="summary")
        assert self.render(tmp_path, "docx", parts="main") >= {"summary.html", "report.docx"}

    def test_a_comparison_has_its_main_text_alone(self, tmp_path: Path) -> None:
        comparison = make_model_comparison(make_two_models())
        assert "report.html" in self.render(tmp_path, study=comparison)
        with refused("part_not_there", "parts"):
            self.render(tmp_path, study=comparison, parts=("main", "summary"))

    def test_an_edited_document_is_rendered_again(self, tmp_path: Path) -> None:
        self.render(tmp_path, parts="main")
        document = tmp_path / "report.qmd"
        document.write_text(document.read_text("utf-8") + "\nMy own conclusion.\n", "utf-8")
        (tmp_path / "other.qmd").write_text("Another.\n")
        files = [
            *render_edited(document, ("html", "docx"), "embedded"),
            *render_edited(tmp_path / "other.qmd", "html", "embedded"),
            *render_edited(document, "html", "embedded", output_dir=tmp_path / "out"),
        ]
        names = ["report.html", "report.docx", "other.html", "out/report.html"]
        assert [file.path for file in files] == [tmp_path / name for name in names]
        assert "My own conclusion." in (tmp_path / "report.html").read_text("utf-8")
        (tmp_path / "report.html").write_text("mine")
        with pytest.raises(ForeignFileError):
            render_edited(document, "html", "embedded")
        (file,) = render_edited(document, "html", "embedded", force=True)
        assert file.path.read_text("utf-8") != "mine"


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
    with refused("quarto_too_old", "engine"):
        render(tmp_path, "quarto")


@pytest.mark.usefixtures("no_quarto")
def test_a_quarto_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    with refused("no_quarto", "engine") as caught:
        render(tmp_path, "quarto")
    assert caught.value.spelled(lambda argument: f"--{argument.name} {argument.value}").endswith(
        "install it from https://quarto.org/docs/download, or choose --engine embedded."
    )


def test_auto_does_not_hide_a_quarto_that_fails(quarto: QuartoDouble, tmp_path: Path) -> None:
    quarto.plays(Play(code=1))
    with refused("quarto_failed"):
        render(tmp_path)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("quarto")
def test_formats_come_in_order_and_once(tmp_path: Path) -> None:
    files = render(tmp_path, formats=("pdf", "html", "pdf"))
    assert [file.path.name for file in files] == ["report.pdf", "report.html"]


def test_an_earlier_report_stays_where_rendering_fails(quarto: QuartoDouble, tmp_path: Path) -> None:
    render(tmp_path)
    quarto.plays(Play(code=1))
    with refused("quarto_failed"):
        render(tmp_path)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.html"]


def test_a_figure_outside_the_folder_reaches_no_engine(quarto: QuartoDouble, tmp_path: Path) -> None:
    document = write_document(tmp_path, "![A](/etc/hostname)")
    with refused("file_from_elsewhere"):
        render_document(document, tmp_path / "out", formats=("html",))
    assert quarto.calls() == []


def test_unknown_formats_and_engines_are_refused(tmp_path: Path) -> None:
    document = write_document(tmp_path)
    with refused("unknown_format", "formats"):
        render_document(document, tmp_path, formats=(cast("Format", "odt"),))
    with refused("unknown_engine", "engine"):
        render_document(document, tmp_path, formats=("html",), engine=cast("Engine", "word"))


@pytest.mark.skipif(find_quarto() is None, reason="no Quarto at QUARTO_PATH or on PATH")
@pytest.mark.parametrize("format_", ["html", "pdf", "docx"])
def test_a_real_quarto_renders_the_document(tmp_path: Path, format_: Format) -> None:
    (file,) = render(tmp_path, "quarto", (format_,))
    assert file.engine == "quarto"
    assert file.path.stat().st_size > 1_000
