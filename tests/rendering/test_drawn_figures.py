"""Figures of a study that its report takes over, and those that it draws again."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from skknn_syndrome.display.style import FigureFile
from skknn_syndrome.questions import FigureMaker, Reported
from skknn_syndrome.rendering import drawn_figures, render_report
from skknn_syndrome.rendering import figures as collection
from skknn_syndrome.rendering.drawn_figures import MANIFEST
from skknn_syndrome.rendering.figures import write_figures
from skknn_syndrome.results.study import StudyResult
from tests.refusing import refused
from tests.rendering.full_study import make_full_study

Change = Callable[[Path], object]


FEW = ("images-per-syndrome", "confusion", "novelty")
"""The figures that are drawn here; how any other is taken over is no different."""

DRAW = collection._drawn  # noqa: SLF001


def draw_few(maker: FigureMaker, of: Reported) -> Figure | None:
    return DRAW(maker, of) if maker.name in FEW else None


@pytest.fixture(scope="module")
def drawn_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a study with its figures, and return their folder."""
    folder = tmp_path_factory.mktemp("drawn")
    study = make_full_study()
    study.save(folder / "study.json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collection, "_drawn", draw_few)
        write_figures(study, folder / "figures", source=folder / "study.json")
    return folder


@pytest.fixture
def source(drawn_once: Path, tmp_path: Path) -> Path:
    """Return the file of a study whose figures lie beside it."""
    return shutil.copytree(drawn_once, tmp_path / "study") / "study.json"


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of figures that are drawn from now on."""
    names: list[str] = []

    def noted(maker: FigureMaker, of: Reported) -> Figure | None:
        figure = draw_few(maker, of)
        if figure is not None:
            names.append(maker.name)
        return figure

    monkeypatch.setattr(collection, "_drawn", noted)
    return names


def again(source: Path, folder: Path) -> tuple[FigureFile, ...]:
    return write_figures(StudyResult.load(source), folder, kinds=("svg",), drawn=source)


def test_a_data_file_that_figures_read_counts_as_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").mkdir()
    monkeypatch.setattr(drawn_figures, "_PACKAGE", tmp_path)
    hashes = set()
    for name, content in (("a.py", ""), ("a.csv", "1"), ("a.csv", "2"), ("__pycache__/a.pyc", "1")):
        (tmp_path / name).write_text(content)
        hashes.add(drawn_figures._code.__wrapped__())  # noqa: SLF001  as it is before it is kept
    assert len(hashes) == 3


def test_unchanged_figures_are_taken_over_with_all_their_files(
    source: Path, tmp_path: Path, drawn: list[str]
) -> None:
    before = write_figures(make_full_study(), tmp_path / "anew")
    drawn.clear()
    taken = again(source, tmp_path / "again")
    assert not drawn
    assert [(file.name, file.alt_text) for file in taken] == [(file.name, file.alt_text) for file in before]
    for file in taken:
        assert file.svg.read_bytes() == (source.parent / "figures" / file.svg.name).read_bytes()
        assert file.png.is_file()


def test_a_report_of_a_file_takes_over_and_one_of_an_object_draws(
    source: Path, tmp_path: Path, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rendering: list[Path] = []

    def render(document: Path, *_: object, **_options: object) -> tuple[()]:
        rendering.append(document)
        return ()

    monkeypatch.setattr("skknn_syndrome.rendering.report.render_document", render)
    render_report(source, tmp_path / "of_file", engine="embedded")
    assert not drawn
    render_report(StudyResult.load(source), tmp_path / "of_object", engine="embedded")
    assert "confusion" in drawn
    assert len({document.parent for document in rendering}) == 2
    files = {path.suffix for path in (tmp_path / "of_object" / "figures").iterdir()}
    assert files == {".svg"}  # which HTML shows, and nothing else is drawn


def test_an_edited_document_is_refused_before_anything_is_drawn(tmp_path: Path, drawn: list[str]) -> None:
    tmp_path.joinpath("report.qmd").write_text("mine")
    with refused("foreign_files"):
        render_report(make_full_study(), tmp_path, engine="embedded", parts="summary")
    assert drawn == []


def change_two(folder: Path) -> set[str]:
    (folder / "confusion.svg").write_bytes(b"<svg/>")
    (folder / "novelty.png").unlink()
    return {"confusion", "novelty"}


def test_what_was_changed_or_is_missing_is_drawn_again(
    source: Path, tmp_path: Path, drawn: list[str]
) -> None:
    changed = change_two(source.parent / "figures")
    files = {file.name: file for file in again(source, tmp_path / "again")}
    assert set(drawn) == changed
    assert files["confusion"].svg.read_bytes() != b"<svg/>"


def other_result(source: Path) -> None:
    document = json.loads(source.read_text("utf-8"))
    document["dataset"]["name"] = "other.csv"
    source.write_text(json.dumps(document), "utf-8")


def other_manifest(source: Path) -> None:
    (source.parent / "figures" / MANIFEST).write_text('{"of": 3}', "utf-8")


def no_manifest(source: Path) -> None:
    (source.parent / "figures" / MANIFEST).unlink()


@pytest.mark.parametrize("change", [other_result, other_manifest, no_manifest])
def test_figures_of_anything_else_are_all_drawn(
    source: Path, tmp_path: Path, drawn: list[str], change: Change
) -> None:
    change(source)
    files = again(source, tmp_path / "again")
    assert drawn == [file.name for file in files] == list(FEW)


def test_figures_of_another_version_are_all_drawn(
    source: Path, tmp_path: Path, drawn: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_figures, "_code", lambda: "another")
    again(source, tmp_path / "again")
    assert "confusion" in drawn
