"""A study made into a report."""

from pathlib import Path
from typing import Any

import pytest

from skknn_syndrome._output import open_output
from skknn_syndrome.errors import FileInUseError, ForeignFileError, RenderingError, StudyFileError
from skknn_syndrome.rendering import render_report
from tests.builders import make_study
from tests.figures.builders import make_sweep


@pytest.mark.parametrize("formats", ["docx", ["docx"]])
def test_one_format_may_stand_alone(tmp_path: Path, formats: Any) -> None:
    (file,) = render_report(make_study(make_sweep()), tmp_path, formats, engine="embedded")
    assert file.path == tmp_path / "report.docx"


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"formats": "odt"}, "There is no format 'odt': choose of html, pdf, docx."),
        ({"formats": ("html", "odt")}, "There is no format 'odt'"),
        ({"engine": "latex"}, "There is no engine 'latex': choose of auto, quarto, embedded."),
    ],
)
def test_what_there_is_not_is_refused_before_the_study_is_read(
    tmp_path: Path, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RenderingError, match=sentence):
        render_report(tmp_path / "missing.json", tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("no_quarto")
def test_a_quarto_that_is_not_there_is_missed_before_the_study_is_read(tmp_path: Path) -> None:
    with pytest.raises(RenderingError, match="Quarto is neither at QUARTO_PATH nor on PATH"):
        render_report(tmp_path / "missing.json", tmp_path / "out", engine="quarto")


def test_a_study_that_can_not_be_read_is_missed_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StudyFileError, match="can't be read"):
        render_report(tmp_path / "missing.json", tmp_path / "out", engine="embedded")
    assert not (tmp_path / "out").exists()


class TestFolder:
    """A report's folder changes as a whole, and holds nothing of another report."""

    def render(self, folder: Path, formats: Any = "html", **options: Any) -> set[str]:
        render_report(options.pop("study", make_study(make_sweep())), folder, formats, "embedded", **options)
        return {path.name for path in folder.iterdir() if path.is_file()}

    def test_formats_of_the_same_study_add_up(self, tmp_path: Path) -> None:
        self.render(tmp_path)
        assert self.render(tmp_path, "docx") >= {"report.html", "report.docx", "report.qmd"}

    def test_formats_of_another_study_go(self, tmp_path: Path) -> None:
        self.render(tmp_path)
        study = make_study(make_sweep())
        other = study.model_copy(update={"dataset": study.dataset.model_copy(update={"name": "other"})})
        assert "report.html" not in self.render(tmp_path, "docx", study=other)

    @pytest.mark.parametrize("name", ["references.bib", "report.qmd", "report.html"])
    def test_what_somebody_else_wrote_stays_unless_forced(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("mine")
        with pytest.raises(ForeignFileError, match=f"{name}.*force=True"):
            self.render(tmp_path)
        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {name: "mine"}
        assert "report.html" in self.render(tmp_path, force=True)
        assert (tmp_path / name).read_text() != "mine"

    def test_what_was_changed_by_hand_stays_as_well(self, tmp_path: Path) -> None:
        self.render(tmp_path)
        with (tmp_path / "report.qmd").open("a") as stream:
            stream.write("My own conclusion.\n")
        with pytest.raises(ForeignFileError, match="changed since"):
            self.render(tmp_path)

    def test_two_at_once_are_one_too_many(self, tmp_path: Path) -> None:
        with open_output(tmp_path, kind="study", last="study.json"), pytest.raises(FileInUseError):
            self.render(tmp_path)
