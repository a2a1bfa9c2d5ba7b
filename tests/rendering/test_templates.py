"""Templates are found wherever they lie, and filled with tables and figures that are given."""

from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from skknn_syndrome.display.style import FigureFile
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.rendering.embedded import FILTERS
from skknn_syndrome.rendering.templates import MOST_ROWS, Contents, assets_folder, fill
from tests.refusing import refused


def write_frame(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.qmd").write_text(text, "utf-8")
    return folder


def make_table(n_rows: int) -> Table:
    return Table("scores", "Scores", (Column("a", "A"),), tuple((f"row {n}",) for n in range(n_rows)))


class TestFolder:
    """The report's frame, theme and filters are found."""

    def test_all_that_the_embedded_renderer_needs_is_there(self) -> None:
        folder = assets_folder()
        names = [*(f"filters/{name}" for name in FILTERS), "theme/template.html", "theme/template.typ"]
        assert all((folder / name).is_file() for name in names)

    def test_the_first_place_that_holds_a_template_is_taken(self, tmp_path: Path) -> None:
        for name in ("second", "third"):
            write_frame(tmp_path / name, "")
        places = tuple(tmp_path / name for name in ("first", "second", "third"))
        assert assets_folder(places) == tmp_path / "second"

    def test_a_broken_installation_is_named(self, tmp_path: Path) -> None:
        with refused("no_template"):
            assets_folder((tmp_path / "a", tmp_path / "b"))


class TestFilling:
    """A report is filled with what it is given, and with nothing else."""

    def test_a_section_may_lie_in_a_folder_of_its_own(self, tmp_path: Path) -> None:
        frame = write_frame(
            tmp_path / "frame",
            "<% for question in order %><% include question ~ '/section.qmd' %><% endfor %>",
        )
        sections = {}
        for question in ("leakage", "calibration"):
            sections[question] = tmp_path / "analyses" / question
            sections[question].mkdir(parents=True)
            (sections[question] / "section.qmd").write_text(f"{question} of << label >>. ")
        names = {"order": ["calibration", "leakage"], "label": "a*b"}
        text = fill(Contents(names=names, sections=sections), frame)
        assert text == r"calibration of a\*b. leakage of a\*b. "

    def test_a_section_that_is_nowhere_is_an_error(self, tmp_path: Path) -> None:
        frame = write_frame(tmp_path, "<% include 'calibration/section.qmd' %>")
        with pytest.raises(TemplateNotFound):
            fill(Contents(), frame)

    def test_a_name_that_is_not_given_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(UndefinedError):
            fill(Contents(), write_frame(tmp_path, "<< study.name >>"))

    def test_a_table_is_shown_where_there_is_one(self, tmp_path: Path) -> None:
        frame = write_frame(tmp_path, "<< tables.scores | table >>|<< tables.none | table >>")
        text = fill(Contents(tables={"scores": make_table(1), "none": None}), frame)
        assert text == "| A |\n|:---|\n| row 0 |\n\n: Scores {#tbl-scores}|"

    def test_a_long_table_is_cut_and_says_so(self, tmp_path: Path) -> None:
        frame = write_frame(tmp_path, "<< tables.scores | table >>")
        text = fill(Contents(tables={"scores": make_table(MOST_ROWS + 1)}), frame)
        assert f"row {MOST_ROWS - 1}" in text
        assert f"row {MOST_ROWS}" not in text
        assert f"the first {MOST_ROWS} of 201 rows" in text

    def test_a_figure_that_is_not_drawn_leaves_nothing(self, tmp_path: Path) -> None:
        frame = write_frame(tmp_path, '<< figure("roc", "A *curve*.") >><% if has_figure("roc") %>!<%endif%>')
        assert fill(Contents(), frame) == ""
        drawn = FigureFile("roc", Path("roc.png"), Path("roc.svg"), alt_text='A "line".')
        assert fill(Contents(figures={"roc": drawn}), frame) == (
            r'![A \*curve\*\.](figures/roc.svg){#fig-roc fig-alt="A \"line\"\."}!'
        )
