"""Style, labels and extent of what is shown."""

import base64
import io
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from PIL import Image

from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.display.extent import MOST_SYNDROMES, extent_note, within_extent
from skknn_syndrome.display.lettering import drawn_labels, short_labels
from skknn_syndrome.display.style import (
    COLOURS,
    METRIC_COLOURS,
    METRIC_LINES,
    MOST_DOTS,
    LineEnd,
    house_style,
    label_ends,
    marks,
    save_figure,
    title_above,
)
from skknn_syndrome.display.table import Cell, Column, Table, for_readers
from skknn_syndrome.rendering.figures import write_figures
from skknn_syndrome.results.dataset import SyndromeCount
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import LONGEST_LABEL
from tests.builders import analysis_of, make_study, with_analyses
from tests.rendering.documents import PICTURES, drawn_as
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_full_study


def luminance(colour: str) -> float:
    """Return relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_syndrome_looks_the_same_whatever_the_order() -> None:
    assert marks(["b", "a", "c"]) == marks(["a", "b", "c"])


@pytest.mark.parametrize("n_syndromes", [2, 10, 110])
def test_no_two_syndromes_look_the_same(n_syndromes: int) -> None:
    looks = marks([f"{number:03}" for number in range(n_syndromes)]).values()
    assert len({(look.colour, look.marker) for look in looks}) == n_syndromes


def test_no_colour_fades_into_white_paper() -> None:
    for colour in COLOURS:
        assert 1.05 / (luminance(colour) + 0.05) > 2, colour


def test_distances_differ_in_line_where_colour_is_lost() -> None:
    assert len(set(METRIC_LINES.values())) == len(METRIC_LINES)
    assert set(METRIC_COLOURS) == set(METRIC_LINES)


def test_the_users_own_settings_neither_matter_nor_change() -> None:
    with mpl.rc_context({"font.size": 33}):
        with house_style():
            assert mpl.rcParams["font.size"] == 10
        assert mpl.rcParams["font.size"] == 33


def shown(keys: list[str], *rows: tuple[Cell, ...]) -> Table:
    return for_readers(Table("t", "", tuple(Column(key, key) for key in keys), rows))


def test_scores_and_distances_have_the_names_of_prose() -> None:
    table = shown(["metric", "score"], ("euclidean", "roc_auc_ovr"), ("cosine", "f1_macro"))
    assert table.rows == (("Euclidean", "Macro AUC"), ("cosine", "Macro F1"))
    assert shown(["compared"], ("cosine minus euclidean",)).rows == (("cosine minus Euclidean",),)


def test_other_columns_keep_their_words() -> None:
    assert shown(["syndrome"], ("euclidean",)).rows == (("euclidean",),)
    assert shown(["metric"], (None,), ("cosine",)).rows == ((None,), ("cosine",))


def test_scores_that_differ_nowhere_share_a_row() -> None:
    keys = ["metric", "score", "mean"]
    same = shown(keys, ("cosine", "recall_macro", 0.5), ("cosine", "balanced_accuracy", 0.5))
    assert same.rows == (("cosine", "Macro recall, balanced accuracy", 0.5),)
    assert len(shown(keys, ("cosine", "accuracy", 0.5), ("cosine", "top_1_accuracy", 0.25)).rows) == 2
    assert len(shown(keys, ("cosine", "accuracy", 0.5), ("euclidean", "top_1_accuracy", 0.5)).rows) == 2


def test_a_column_without_any_value_is_left_out() -> None:
    table = shown(["a", "b"], (1, None), (None, None))
    assert [column.key for column in table.columns] == ["a"]
    assert table.rows == ((1,), (None,))


def test_a_table_without_rows_keeps_its_columns() -> None:
    assert [column.key for column in shown(["a", "b"]).columns] == ["a", "b"]


@given(st.lists(st.text(max_size=60), unique=True, max_size=12))
def test_labels_are_short_printable_and_no_two_alike(names: list[str]) -> None:
    shown = short_labels(names)
    assert set(shown) == set(names)
    assert len(set(shown.values())) == len(names)
    assert all(len(label) <= LONGEST_LABEL + 5 for label in shown.values())
    # A no-break space does nothing to a line.
    assert all(f"{label}x".replace("\N{NO-BREAK SPACE}", "").isprintable() for label in shown.values())


def test_a_short_name_stays_as_it_is() -> None:
    assert short_labels(["Noonan"]) == {"Noonan": "Noonan"}


NAMES = ("alpha", "beta", "gamma")


def test_a_study_with_few_syndromes_stays_as_it_is() -> None:
    study = make_full_study(NAMES)
    assert within_extent(study) is study


def test_of_many_syndromes_the_worst_and_the_best_are_left_and_the_rest_agrees() -> None:
    study = with_sensitivities(make_full_study(NAMES), {"alpha": 0.5, "beta": 0.9, "gamma": 0.8})
    shown = within_extent(study, 2)
    assert {entry.syndrome for entry in shown.dataset.syndromes} == {"alpha", "beta"}
    note = "Of 3 syndromes, the 1 with the lowest and the 1 with the highest sensitivity."
    assert extent_note(study, 2) == note
    assert extent_note(study) == ""
    assert StudyResult.model_validate_json(shown.model_dump_json()).dataset == shown.dataset
    assert len(analysis_of(shown, PerClassAnalysis).evaluations[0].confusion) == 2
    found = analysis_of(shown, EmbeddingMapAnalysis)
    assert found.embedding_map is not None
    assert set(found.embedding_map.labels) == {0, 1}
    assert [len(entry.matrix[0]) for entry in found.centroid_similarities] == [2, 2]
    alone = found.revised(embedding_map=None)
    assert alone.of_classes(alone.centroid_similarities[0].syndromes) == alone


def with_sensitivities(study: StudyResult, recalls: Mapping[str, float]) -> StudyResult:
    """Return a study in which the syndromes have these sensitivities."""
    found = analysis_of(study, PerClassAnalysis)
    evaluations = tuple(
        entry.model_copy(
            update={
                "per_syndrome": tuple(
                    row.model_copy(update={"recall": recalls[row.syndrome]}) for row in entry.per_syndrome
                )
            }
        )
        for entry in found.evaluations
    )
    return with_analyses(study, found.model_copy(update={"evaluations": evaluations}))


def test_of_a_study_without_analyses_the_largest_are_left() -> None:
    study = make_study()
    largest = max(study.dataset.syndromes, key=lambda entry: entry.n_images)
    assert within_extent(study, 1).dataset.syndromes == (largest,)
    assert extent_note(study, 1).endswith("the 1 with the most images.")


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_report_of_thousands_of_syndromes_says_what_it_shows() -> None:
    counts = tuple(SyndromeCount(syndrome=f"s{n:05}", n_images=2, n_subjects=1) for n in range(20_000))
    study = make_full_study(NAMES)
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"syndromes": counts})})
    text = whole_text(study, ())
    note = f"Of 20,000 syndromes, the {MOST_SYNDROMES // 2} with the lowest"
    assert note in " ".join(text.split()).replace("\\", "")
    assert "the first 10 and the last 10 of 20\\,000 rows" in text
    assert "CSV" not in text.split("the last 10 of")[1].split("\n")[0]
    assert "s00009" in text
    assert "s00010" not in text
    assert "s19990" in text


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_labels_of_thousands_of_syndromes_are_made_in_one_pass() -> None:
    names = [f"{'a long name that is cut':<40}{n:09}" for n in range(20_000)]
    assert len(set(drawn_labels(names).values())) == len(names)


def test_the_alt_text_says_what_is_left_out(tmp_path: Path) -> None:
    counts = tuple(SyndromeCount(syndrome=f"s{n:03}", n_images=2, n_subjects=1) for n in range(101))
    study = make_study()
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"syndromes": counts})})
    with drawn_as(PICTURES):
        (figure,) = write_figures(study, tmp_path)
    assert "101 syndromes has 2 images" in figure.alt_text


def test_a_figure_is_laid_out_once_and_the_same_for_all_files(tmp_path: Path) -> None:
    figure = Figure(figsize=(2.0, 1.0), layout="constrained")
    figure.subplots().set_xlabel("k")
    first = save_figure(figure, "k", tmp_path / "a", alt_text="Nothing.")
    assert figure.get_layout_engine() is None
    again = save_figure(figure, "k", tmp_path / "b", alt_text="Nothing.")
    assert first.svg.read_bytes() == again.svg.read_bytes()
    assert first.png.read_bytes().startswith(b"\x89PNG")


def letters_of(svg: bytes) -> str:
    """Return the characters of the fonts inside an SVG."""
    faces = re.findall(rb"base64,([A-Za-z0-9+/=]+)[)] format", svg)
    fonts = (TTFont(io.BytesIO(base64.b64decode(face))) for face in faces)
    return "".join(chr(code) for font in fonts for code in font.getBestCmap())


def test_type_of_an_svg_is_text_with_the_letters_that_it_needs(tmp_path: Path) -> None:
    with house_style():
        figure = Figure(figsize=(4.0, 2.0), layout="constrained")
        figure.subplots().set_xlabel("Größe \N{GREEK SMALL LETTER ALPHA}")
        title_above(figure, "A finding & its number")
    svg = save_figure(figure, "k", tmp_path, alt_text="", kinds=("svg",)).svg.read_bytes()
    assert "Größe \N{GREEK SMALL LETTER ALPHA}</text>".encode() in svg
    assert svg.count(b"@font-face") == 2  # plain and bold
    assert set("Größe \N{GREEK SMALL LETTER ALPHA}A&\N{MINUS SIGN}") <= set(letters_of(svg))
    assert not (tmp_path / "k.png").exists()


def test_no_picture_is_larger_than_a_screen_needs(tmp_path: Path) -> None:
    figure = Figure(figsize=(1.0, 40.0), layout="constrained")
    figure.subplots()
    with Image.open(save_figure(figure, "k", tmp_path, alt_text="", kinds=("png",)).png) as picture:
        assert max(picture.size) <= MOST_DOTS + 1


def test_names_of_lines_stand_apart_and_within_the_panel() -> None:
    axes = Figure(figsize=(2.0, 1.0)).subplots()
    axes.set_ylim(0, 1)
    label_ends(axes, [LineEnd(name, 0.99, "black") for name in "abc"], 1.0)
    heights = [text.xy[1] for text in axes.texts if isinstance(text, Annotation)]
    assert heights == sorted(heights)
    assert min(high - low for low, high in pairwise(heights)) > 0.1
    assert max(heights) <= 1
    label_ends(axes, [], 1.0)
    assert len(axes.texts) == 3
