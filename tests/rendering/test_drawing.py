"""The figures of a study, drawn as pixels and as curves, and in a report."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from skknn_syndrome.display.prose import NBSP
from skknn_syndrome.display.style import FigureFile
from skknn_syndrome.rendering import render_report
from skknn_syndrome.rendering.embedded import data_uri
from skknn_syndrome.rendering.figures import known_figures, write_figures
from tests.builders import make_study
from tests.rendering.documents import PICTURES, PNG, SVG, drawn_as, only_by_class
from tests.rendering.full_study import OF_OTHERS, make_full_study
from tests.rendering.studies import everything

pytestmark = pytest.mark.no_cover  # what it runs is covered where it isn't drawn; coverage doubles its time

DRAWN = True
"""For the fixtures of this folder."""

HOSTILE = ("<script>alert(1)</script>", "$x$ \\frac{1}{2}", "../../etc/passwd", "\u202eesrever\n", "x" * 200)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[FigureFile, ...]:
    """Describe the figures of a whole study, with pictures in their place."""
    with drawn_as(PICTURES):
        return write_figures(make_full_study(), tmp_path_factory.mktemp("figures"))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a report in all formats, made of a file."""
    folder = tmp_path_factory.mktemp("whole")
    everything().save(folder / "study.json")
    render_report(folder / "study.json", folder / "report", ("html", "pdf", "docx"), engine="embedded")
    return folder / "report"


def test_a_whole_study_has_all_figures_in_the_order_of_reading(
    files: tuple[FigureFile, ...], report: Path
) -> None:
    assert [file.name for file in files] == [name for name in known_figures() if name not in OF_OTHERS]
    assert {path.name for path in (report / "figures").iterdir()} == {
        f"{file.name}.{kind}" for file in files for kind in ("png", "svg")
    }
    assert (report / "figures" / "confusion.png").read_bytes().startswith(b"\x89PNG")


def test_the_same_study_gives_the_same_pixels(report: Path, tmp_path: Path) -> None:
    with drawn_as({"svg": SVG.encode()}):
        twins = write_figures(everything(), tmp_path)
    for twin in twins:
        assert twin.png.read_bytes() == (report / "figures" / twin.png.name).read_bytes(), twin.name


def test_a_report_is_made_of_the_file_alone(report: Path) -> None:
    starts = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF", "docx": b"PK"}
    for format_, start in starts.items():
        assert (report / f"report.{format_}").read_bytes().startswith(start)


def test_every_figure_of_the_document_is_drawn_and_reaches_the_page(report: Path) -> None:
    shown = re.findall(r"\]\((figures/[^)]+)\)", (report / "report.qmd").read_text("utf-8"))
    page = (report / "report.html").read_text("utf-8")
    assert shown
    for path in shown:
        assert data_uri(report / path) in page
        assert (report / path).stat().st_size > len(SVG)


def test_what_is_drawn_alike_is_the_same_curves(tmp_path: Path) -> None:
    with drawn_as({"png": PNG}):
        (one,), (twin,) = (write_figures(make_study(), tmp_path / name) for name in ("one", "twin"))
    assert twin.svg.read_bytes() == one.svg.read_bytes()


def test_alt_texts_say_the_numbers(files: tuple[FigureFile, ...]) -> None:
    alt = {file.name: file.alt_text for file in files}
    assert "from 10 (alpha) to 12 (gamma)" in alt["images-per-syndrome"]
    assert "cosine is best at k = 5 with macro AUC 0.700" in alt["score-by-k"]
    assert "cosine 0.812 ± 0.062" in alt["micro-roc"]
    assert "from 0.812 (alpha) to 0.812 (gamma)" in alt["syndrome-roc"]
    assert "27 of 30 images lie on the diagonal" in alt["confusion"]
    assert "0.25 (t-SNE) and \N{MINUS SIGN}0.12 (Principal components)" in alt["embedding-map"]
    assert "Cosine similarity from 0.33 to 0.67" in alt["centroid-similarity"]
    assert "cosine, votes by distance, confidence 0.60 and accuracy 0.80" in alt["calibration"]
    assert "cosine distance, from 0.50 (alpha) to 0.53 (gamma)" in alt["novelty"]
    assert "from 50 % with none rejected to 25 % with 20 % rejected" in alt["rejection"].replace(NBSP, " ")
    assert "from 0.720 (mixup) to 0.720 (unprocessed)" in alt["preprocessing-gains"]
    assert "F1 at k = 3 (unprocessed) from 0.330 (b) to 0.820 (a)" in alt["preprocessing-syndromes"]
    assert "At k = 1, areas from 0.625 (mixup)" in alt["preprocessing-roc"]
    assert "2 variants of preprocessing with K-means clusters" in alt["preprocessing-maps"]
    assert "linear discriminant analysis 1.2, nearest class centroid 1.8" in alt["model-ranks"]
    assert "one image is in 40 lists of 5, 10 % of the images are in none" in alt["hubness"]


def test_many_names_are_drawn_and_some_are_hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_full_study(tuple(sorted([*HOSTILE, *(f"syndrome {n}" for n in range(10))])))
    by_class = only_by_class(monkeypatch)
    with drawn_as({"png": PNG}):
        files = write_figures(study, tmp_path)
    assert {file.name for file in files} == by_class
    for file in files:
        root = ET.parse(file.svg).getroot()  # noqa: S314  the file was written a moment ago
        assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
        assert file.svg.parent == tmp_path
