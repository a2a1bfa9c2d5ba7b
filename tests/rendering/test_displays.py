"""Figures and tables of a result by name, as data, pictures, LaTeX and Word."""

import re
import zipfile
from html import unescape
from pathlib import Path

import pypandoc
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from skknn_syndrome.analyses.per_class.forest import forest_rows
from skknn_syndrome.questions import presentations_of
from skknn_syndrome.rendering.displays import FigureDisplay, TableDisplay
from skknn_syndrome.rendering.maps import MAP, map_html, write_map
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.results.study import StudyResult
from tests.alignment_builders import make_alignment
from tests.builders import make_study, with_analyses
from tests.model_builders import make_encoder, make_model_comparison, make_two_models
from tests.refusing import refused
from tests.rendering.full_study import make_full_study
from tests.rendering.studies import everything

DRAWN = True
HOSTILE = r"<script>alert(1)</script> \input{x} 50 % & a_b"


@pytest.fixture(scope="module")
def study() -> StudyResult:
    """Return a study with every figure."""
    return make_full_study()


def text_of(path: Path) -> str:
    """Return the text of a Word document."""
    return " ".join(pypandoc.convert_file(str(path), "plain", extra_args=["--columns=400"]).split())


def test_a_result_lists_the_figures_and_tables_that_it_has() -> None:
    bare = make_study()
    assert bare.figures == ("images_per_syndrome",)
    assert "images_per_syndrome" in dir(bare.plot)
    assert repr(bare.plot) == "<Figures: images_per_syndrome>"
    assert "calibration" not in dir(bare.plot)
    assert "syndrome_counts" in bare.tables
    assert "calibrations" not in bare.tables


def test_tab_and_unknown_names_of_other_kinds_draw_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = make_study()
    monkeypatch.setattr(type(bare.plot), "_has", lambda *_: pytest.fail("a figure is drawn"))
    assert {"images_per_syndrome", "calibration"} <= set(dir(bare.plot))


def test_a_name_with_a_slip_names_all_that_are_like_it() -> None:
    with refused("unknown_figure", "name") as raised:
        make_full_study().plot("rocc")
    assert "did you mean micro_roc or syndrome_roc or preprocessing_roc?" in str(raised.value)


def test_comparisons_and_alignments_have_theirs() -> None:
    comparison = make_model_comparison(make_two_models(), make_encoder("embeddings"))
    assert "model_scores" in comparison.figures
    assert comparison.table("model_scores").frame().shape[0] > 0
    assert "alignment_pairs" in make_alignment().figures
    assert "checks" not in make_alignment().tables


def test_a_figure_is_found_by_name_by_question_and_by_a_part_of_its_name(study: StudyResult) -> None:
    for name in ("confusion", "Confusion ", "embedding_map", "embedding-map", "map"):
        assert study.plot(name).name in {"confusion", "embedding-map"}
    assert study.plot.roc().name == study.plot("micro_roc").name
    assert study.plot.roc.__doc__
    assert study.table("per_class").name == study.table("per_syndrome").name


def test_an_unknown_name_is_refused_with_the_nearest_and_with_all(study: StudyResult) -> None:
    bare = make_study()
    with refused("unknown_figure", "name") as raised:
        bare.plot("images_per_sindrome")
    assert "did you mean images_per_syndrome" in str(raised.value)
    with refused("unknown_table", "name"):
        study.table("weather")
    with pytest.raises(AttributeError, match="confusion"):
        _ = study.plot.weather
    with pytest.raises(AttributeError):
        _ = study.plot._repr_png_


def test_a_figure_has_the_size_and_the_letters_asked_for(study: StudyResult) -> None:
    display = study.plot.micro_roc()
    plain, large = display.figure(), display.figure(font_scale=1.5, size=(8, 3))
    assert large.get_size_inches().tolist() == [8.0, 3.0]
    before, after = (float(shown.axes[0].xaxis.label.get_fontsize()) for shown in (plain, large))
    assert after == 1.5 * before
    with refused("not_positive", "size"):
        display.figure(size=(0, 3))


def test_a_figure_is_drawn_into_axes_where_one_is_enough(study: StudyResult) -> None:
    mine = Figure().subplots(1, 2)
    assert study.plot.micro_roc().plot(ax=mine[1]) is mine[1]
    assert len(mine[1].lines) == len(study.plot.micro_roc().plot().lines) > 0
    assert make_alignment().plot("alignment_power").plot().texts  # notes at points come along
    with refused("several_panels", "ax"):
        study.plot.class_forest().plot()


def test_the_frame_of_a_figure_is_what_it_shows(study: StudyResult) -> None:
    frame = study.plot.micro_roc().frame()
    assert {"x", "y", "series"} <= set(frame.columns)
    assert (frame["y"].min(), frame["y"].max()) == (0.0, 1.0)


def test_every_figure_has_data_and_a_short_repr() -> None:
    shown = everything()
    for name in shown.figures:
        display = shown.plot(name)
        assert not display.frame().empty, name
        assert len(repr(display)) <= 200


def test_every_table_is_html_latex_and_data() -> None:
    shown = everything()
    for name in shown.tables:
        display = shown.table(name)
        assert len(display.frame()) == len(display.table.rows)
        assert "<td" in display.to_html(), name
        assert "\\toprule" in display.to_latex(), name
        assert len(repr(display)) <= 200


def test_a_figure_is_saved_by_its_suffix(study: StudyResult, tmp_path: Path) -> None:
    display = study.plot.micro_roc()
    assert display.save(tmp_path / "a.png", dpi=300, size=(4, 3)) == tmp_path / "a.png"
    assert imread(tmp_path / "a.png").shape[:2] == (900, 1200)
    assert "<text" in display.save(tmp_path / "a.svg").read_text()
    assert display.save(tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    with refused("unknown_picture", "path"):
        display.save(tmp_path / "a.tiff")
    with refused("too_small", "size"):
        display.save(tmp_path / "b.png", size=(0.5, 0.5))
    assert not (tmp_path / "b.png").exists()


def test_a_table_is_saved_by_its_suffix(study: StudyResult, tmp_path: Path) -> None:
    display = study.table("syndrome_counts")
    for suffix, begin in ((".csv", "syndrome,"), (".tex", "\\begin{table}"), (".html", "<style")):
        assert display.save(tmp_path / f"a{suffix}").read_text().startswith(begin)
    assert zipfile.is_zipfile(display.save(tmp_path / "a.docx"))
    with refused("unknown_table_file", "path"):
        display.save(tmp_path / "a.xlsx")


def test_word_has_table_and_figure_with_caption_and_alternative_text(
    study: StudyResult, tmp_path: Path
) -> None:
    table = study.table("syndrome_counts")
    assert table.caption in text_of(table.to_word(tmp_path / "t.docx"))
    display = FigureDisplay("a-b", f'{HOSTILE} "quoted"', lambda: study.plot.micro_roc().figure())
    display.to_word(tmp_path / "f.docx")
    with zipfile.ZipFile(tmp_path / "f.docx") as document:
        assert any(name.startswith("word/media/") for name in document.namelist())
        body = document.read("word/document.xml").decode()
    # In the caption, and as the alternative text.
    assert body.count("alert(1)") >= 2
    assert unescape(re.sub("<[^>]*>", "", body)).strip().endswith(f'{HOSTILE} "quoted"')
    with refused("no_word_file", "path"):
        table.to_word(tmp_path / "t.pdf")


def test_latex_of_a_figure_names_its_picture_and_escapes_its_caption(study: StudyResult) -> None:
    text = FigureDisplay("a-b", HOSTILE, Figure).to_latex()
    assert "{a-b.pdf}" in text
    assert "\\input{" not in text
    with refused("unfit_for_latex", "path"):
        study.plot.micro_roc().to_latex("a}b.pdf")


def test_notebooks_show_a_picture_and_a_table(study: StudyResult) -> None:
    for display in (study.plot.micro_roc(), study.table("syndrome_counts")):
        html = display._repr_html_()
        assert 'class="skknn-card"' in html
        assert "<script" not in html
    image = FigureDisplay("a", f'{HOSTILE} "', lambda: study.plot.micro_roc().figure())
    assert 'alt="&lt;script&gt;' in image._repr_html_()
    assert isinstance(study.table("syndrome_counts"), TableDisplay)


def test_the_map_is_written_beside_and_has_no_ids_unless_given(study: StudyResult, tmp_path: Path) -> None:
    assert write_map(study, tmp_path) == (tmp_path / MAP,)
    page = (tmp_path / MAP).read_text("utf-8")
    assert '"ids":null' in page
    n_images = study.find("embedding_map").embedding_map.n_images
    named = study.plot.map_html(tmp_path / "named.html", ids=[f"i{row}" for row in range(n_images)])
    assert '"i0"' in named.read_text("utf-8")
    with refused("wrong_count", "ids"):
        map_html(study, ids=["i0"])


def test_a_map_of_a_sample_takes_the_ids_of_its_points(study: StudyResult) -> None:
    found = study.find("embedding_map")
    shown = found.embedding_map
    n_points = len(shown.labels)
    sampled = shown.revised(n_images=9 * n_points, rows=tuple(range(0, 9 * n_points, 9)))
    ids = [f"i{row}" for row in range(9 * n_points)]
    page = map_html(
        with_analyses(study, found.revised(embedding_map=sampled)),
        ids=ids,
    )
    assert page is not None
    assert '"ids":["i0","i9",' in page


def test_figures_tables_cards_and_map_speak_of_the_data_in_its_nouns(tmp_path: Path) -> None:
    plain = make_full_study()
    study = plain.revised(
        dataset=plain.dataset.revised(nouns=DataNouns(classes="species", images="photograph"))
    )
    shown = study.plot("images_per_syndrome")
    counts = study.table("syndrome_counts")
    page = study.plot.map_html(tmp_path / "map.html").read_text("utf-8")
    said = [shown.caption, *(text.get_text() for text in shown.figure().findobj(Text))]
    said += [
        counts.caption,
        counts.to_latex(),
        counts.to_html(),
        text_of(counts.to_word(tmp_path / "a.docx")),
    ]
    said += [study._repr_html_(), page[: page.index("<script")]]
    markup = re.compile(r"\\label\{[^}]*\}|<style>.*?</style>|[-\w]*=\"[^\"]*\"", re.DOTALL)
    for text in said:
        assert not re.search(r"\b(?:syndrome|image)s?\b", markup.sub("", text)), text
    assert "species" in counts.caption
    assert "species</p>" in page
    assert counts.frame().columns[0] == "syndrome"
    assert "syndrome" in plain.table("syndrome_counts").caption


def test_cards_of_comparisons_and_alignments_do_too() -> None:
    comparison = make_model_comparison(make_two_models())
    own = comparison.encoders[0].dataset.revised(nouns=DataNouns(images="scan"))
    scans = comparison.revised(encoders=(comparison.encoders[0].revised(dataset=own),))
    assert " scans" in scans._repr_html_()
    assert " scans" not in make_alignment()._repr_html_()


def test_figures_of_many_classes_have_the_numbers_of_the_report() -> None:
    full = make_full_study(tuple(f"class {number:02}" for number in range(30)))
    study = full.revised(
        analyses=type(full.analyses)(entry for entry in full.analyses if entry.question == "per_class")
    )
    makers = {maker.name: maker for entry in presentations_of(study) for maker in entry.figures}
    for name in ("class-forest", "confusion"):
        # None of these two is drawn of a part of the classes by `write_figures`.
        assert not makers[name].by_class
        assert makers[name].describe(study) in study.plot(name).caption
    ticks = study.plot("class-forest").figure().axes[0].get_yticklabels()
    tested = {row.label: row.n_tested for row in forest_rows(study.find("per_class").evaluations[0])}
    assert ticks
    for tick in ticks:
        label, _, number = tick.get_text().rpartition(" ")
        assert tested[label] == int(number.strip("()"))


def test_a_figure_has_its_message_above(study: StudyResult) -> None:
    message = study.plot.confusion().figure().get_suptitle()
    assert message
    assert "".join(message.split()) in "".join(study.plot.confusion().caption.split())


def test_results_without_a_map_have_no_page(tmp_path: Path) -> None:
    assert write_map(make_study(), tmp_path) == ()
    assert map_html(make_alignment()) is None
    with refused("no_map"):
        make_study().plot.map_html(tmp_path / "a.html")
    assert not list(tmp_path.iterdir())
