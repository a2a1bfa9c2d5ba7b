"""Single pictures."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from skknn_syndrome.display.pictures import picture, save_picture, scale_fonts
from tests.refusing import refused


def drawn() -> Figure:
    figure = Figure((4, 3))
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1])
    axes.set_xlabel("Sensitivity <b>")
    return figure


def test_a_png_has_the_size_in_inches_times_the_dots_per_inch(tmp_path: Path) -> None:
    save_picture(drawn(), tmp_path / "a.PNG", dpi=300, tight=False)
    assert imread(tmp_path / "a.PNG").shape[:2] == (900, 1200)


def test_text_in_svg_and_pdf_is_text() -> None:
    svg = picture(drawn(), "svg", dpi=72).decode()
    assert "Sensitivity &lt;b&gt;</text>" in svg
    assert b"/Type /Font" in picture(drawn(), "pdf", dpi=72)


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_figure_gives_the_same_bytes_without_a_date(kind: str) -> None:
    first = picture(drawn(), kind, dpi=72)
    assert first == picture(drawn(), kind, dpi=72)
    assert b"matplotlib" not in first.lower().replace(b"matplotlib.", b"")[:400]


def test_all_text_grows() -> None:
    figure = drawn()
    before = [figure.axes[0].xaxis.label.get_fontsize(), figure.axes[0].get_xticklabels()[0].get_fontsize()]
    scale_fonts(figure, 2)
    after = [figure.axes[0].xaxis.label.get_fontsize(), figure.axes[0].get_xticklabels()[0].get_fontsize()]
    assert after == [2 * size for size in before]


def test_what_can_not_be_written_is_refused(tmp_path: Path) -> None:
    with refused("unknown_picture", "path"):
        save_picture(drawn(), tmp_path / "a.eps", dpi=72)
    for dpi in (0, 1e9, float("nan")):
        with refused("wrong_dpi", "dpi"):
            save_picture(drawn(), tmp_path / "a.png", dpi=dpi)
    with refused("not_positive", "font_scale"):
        scale_fonts(drawn(), 0)
    assert list(tmp_path.iterdir()) == []
