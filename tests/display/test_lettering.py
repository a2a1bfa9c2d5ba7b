"""Labels in the letters of an installed font, whatever fonts a machine has."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib.figure import Figure

from skknn_syndrome.display import lettering as module
from skknn_syndrome.display.lettering import drawn_labels, legible, lettering, short_labels
from skknn_syndrome.display.style import save_figure
from skknn_syndrome.errors import MissingLettersWarning
from skknn_syndrome.rendering.figures import write_figures
from tests.rendering.documents import PICTURES, PNG, drawn_as, only_by_class
from tests.rendering.full_study import make_full_study

CHINESE = "唐氏"
Install = Callable[..., Path]


def make_font(path: Path, family: str, letters: str, *, coloured: bool = False) -> Path:
    """Write a font in which every letter is a square."""
    pen = TTGlyphPen(None)
    for number, point in enumerate([(0, 0), (0, 700), (700, 700), (700, 0)]):
        (pen.lineTo if number else pen.moveTo)(point)
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "square"])
    builder.setupCharacterMap({ord(letter): "square" for letter in letters})
    builder.setupGlyf({".notdef": square, "square": square})
    builder.setupHorizontalMetrics({".notdef": (800, 0), "square": (800, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(usWeightClass=500)
    builder.setupPost()
    if coloured:
        builder.setupCOLR({"square": [("square", 0)]})
        builder.setupCPAL([[(1, 0, 0, 1)]])
    builder.save(path)
    return path


def forget() -> None:
    for name in ("_search", "_new_paths", "_add_new_fonts", "_coloured_characters"):
        getattr(module, name).cache_clear()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Install]:
    """Return a function that installs a font; without a call the machine has matplotlib's own alone."""
    own = [entry for entry in font_manager.fontManager.ttflist if "mpl-data" in entry.fname]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)
    installed: list[str] = []
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: list(installed))
    forget()

    def install(family: str, letters: str, *, coloured: bool = False) -> Path:
        path = make_font(tmp_path / f"{family}.ttf", family, letters, coloured=coloured)
        installed.append(str(path))
        forget()
        return path

    yield install
    forget()


@pytest.mark.usefixtures("machine")
def test_without_a_font_labels_are_spelled_in_latin_letters() -> None:
    assert lettering(CHINESE).missing == set(CHINESE)
    assert legible(f"{CHINESE} type 2") == "TangShi type 2"
    assert legible("a 🧬 b") == "a dna b"
    assert legible("\U000f0000") == "UF0000"


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("label", ["Müller", "Σύνδρομο", "Синдром", "متلازمة", "± 0.5"])
def test_what_the_house_font_has_stays_as_it_is(label: str) -> None:
    assert legible(label) == label
    assert lettering(label).families == ()


def test_an_installed_font_is_used_also_where_it_came_after_matplotlibs_list(machine: Install) -> None:
    machine("Made Sans", CHINESE)
    assert lettering(CHINESE) == (("Made Sans",), frozenset())
    assert legible(CHINESE) == CHINESE


def test_the_font_with_most_of_the_letters_comes_first(machine: Install) -> None:
    machine("Small Sans", "唐")
    machine("Large", "唐氏综")
    machine("Other", "合")
    assert lettering("唐氏综合征") == (("Large", "Other"), frozenset("征"))


def test_a_broken_font_is_passed_over(machine: Install) -> None:
    machine("Broken", CHINESE).write_bytes(b"no font")
    assert lettering(CHINESE).families == ()
    assert legible(CHINESE, in_colour=True) == "TangShi"


def test_a_font_that_was_removed_is_passed_over(machine: Install) -> None:
    path = machine("Made Sans", CHINESE)
    font_manager.fontManager.addfont(path)
    path.unlink()
    assert lettering(CHINESE).families == ()


def test_coloured_letters_are_for_the_pdf_alone(machine: Install) -> None:
    machine("Made Emoji", "🧬", coloured=True)
    machine("Made Sans", "唐")
    assert legible("🧬") == "dna"
    assert legible("🧬", in_colour=True) == "🧬"


def test_without_shaping_letters_that_join_are_spelled(
    machine: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine("Made Sans", "डाउन")
    assert legible("डाउन") == "डाउन"
    monkeypatch.setattr(module, "_SHAPES", False)
    forget()
    assert legible("डाउन").isascii()
    assert legible("نونان").isascii()
    assert legible("Müller") == "Müller"


@pytest.mark.usefixtures("machine")
def test_names_that_are_spelled_alike_stay_apart() -> None:
    labels = drawn_labels(["唐", "糖"])
    assert set(labels.values()) == {"Tang", "Tang (2)"}
    assert short_labels(["唐"]) == {"唐": "唐"}


def test_figures_take_the_fonts_that_their_texts_need(machine: Install, tmp_path: Path) -> None:
    machine("Made Sans", CHINESE)
    figure = Figure()
    title = figure.suptitle(CHINESE)
    save_figure(figure, "figure", tmp_path, alt_text="")
    assert title.get_fontfamily()[-1] == "Made Sans"


@pytest.mark.usefixtures("machine")
def test_missing_letters_are_said_once(tmp_path: Path) -> None:
    with pytest.warns(MissingLettersWarning, match="the label '唐'") as warned, drawn_as(PICTURES):
        write_figures(make_full_study(("唐", "b")), tmp_path)
    assert len(warned) == 1


@pytest.mark.no_cover  # what it runs is covered where it isn't drawn, and coverage doubles its time
@pytest.mark.usefixtures("machine")
def test_drawing_two_syndromes_warns_of_no_letter_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_class = only_by_class(monkeypatch)
    with pytest.warns(MissingLettersWarning, match="2 labels, such as") as warned, drawn_as({"png": PNG}):
        files = write_figures(make_full_study(("唐", "氏")), tmp_path)
    assert len(warned) == 1
    assert {file.name for file in files} == by_class
