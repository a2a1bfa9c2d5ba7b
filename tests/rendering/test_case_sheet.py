"""Case sheets: what they say, and what they leave unsaid."""

from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.rendering import render_case_sheet
from skknn_syndrome.rendering.case_figure import describe_case, draw_case
from skknn_syndrome.rendering.case_sheet import fill_case, neighbor_table, ranking_table
from skknn_syndrome.results.dataset import DataNouns
from skknn_syndrome.results.explanation import Explanation
from tests.model.builders import gallery, lda_model
from tests.refusing import refused


@pytest.fixture(scope="module")
def found() -> Explanation:
    return lda_model().explain(gallery(seed=6), "person-5-a")


def text(found: Explanation) -> str:
    return fill_case(found, {}).replace("\\", "")


def test_a_sheet_is_written_with_placeholders(found: Explanation, tmp_path: Path) -> None:
    nouns = found.card.dataset.revised(nouns=DataNouns(classes="species", subjects="specimen"))
    shells = found.revised(card=found.card.revised(dataset=nouns))
    (file,) = render_case_sheet(shells, tmp_path / "case", "html", "embedded")
    page = file.path.read_text("utf-8")
    assert "species" in page
    assert "nearest specimen" in page
    assert "syndrome" not in page
    assert "person-" not in page
    loaded = Explanation.model_validate_json((tmp_path / "case/explanation.json").read_text("utf-8"))
    assert loaded == shells.with_placeholders()


def test_other_files_are_not_written_over(found: Explanation, tmp_path: Path) -> None:
    (tmp_path / "case.html").write_text("mine")
    with refused("foreign_files"):
        render_case_sheet(found, tmp_path, engine="embedded")
    (file,) = render_case_sheet(found, tmp_path, engine="embedded", force=True)
    assert "mine" not in file.path.read_text("utf-8")[:10]
    with refused("unknown_format", "formats"):
        render_case_sheet(found, tmp_path, "exe")  # type: ignore[arg-type] # on purpose


def test_what_a_plain_case_says(found: Explanation) -> None:
    said = text(found)
    assert "all syndromes but Apert can be excluded" in said
    assert "Not flagged as unknown" in said
    assert "first as well" in said
    assert "out-of-fold predictions of its own fit" in said
    assert "no cause" in said
    assert "Out of the gallery" not in said


def test_doubts_are_said(found: Explanation) -> None:
    said = found.prediction
    odd = said.revised(possibly_none=True, flags=("zero_vector",), prediction_set=())
    card = found.card.revised(expected_of="study", expected_are_stale=True)
    assert found.without_nearest is not None
    changed = found.without_nearest.revised(name="Sotos", changes=True)
    doubted = text(found.revised(prediction=odd, card=card, in_gallery=True, without_nearest=changed))
    for sentence in (
        "unlike each of the 3 syndromes",
        "Possibly none of the gallery",
        "all zeros",
        "holds this very vector",
        "these are stale",
        "another syndrome first: Sotos (100",
        "; Apert 100",
    ):
        assert sentence in doubted


def test_a_set_of_several_is_listed_and_moderate_odds_are_told(found: Explanation) -> None:
    said = found.prediction.revised(prediction_set=("Apert", "Sotos"), novelty_threshold=None)
    several = text(
        found.revised(prediction=said, odds=found.odds.revised(posterior=2.5), without_nearest=None)
    )
    assert "2 syndromes cannot be excluded: Apert and Sotos" in several
    assert "by a factor of 2.50" in several
    assert "Not flagged" not in several
    assert "Without the nearest" not in several
    assert "is not in this set" not in several


def test_a_set_of_another_class_than_the_first_names_it(found: Explanation) -> None:
    other = text(found.revised(prediction=found.prediction.revised(prediction_set=("Sotos",))))
    assert "all syndromes but Sotos can be excluded" in other
    assert "Apert is not in this set" in other
    assert "is not in this set" not in text(found)


def test_odds_of_heads_without_class_shares_are_told_alone(found: Explanation) -> None:
    alone = text(found.revised(odds=found.odds.revised(posterior=2.5, prior=None)))
    assert "are\n2.50 by the model." in alone
    assert "factor" not in alone


def test_the_vote_of_nearest_neighbours_is_the_answer(found: Explanation) -> None:
    assert "are the answer" in text(found.revised(vote=found.vote.revised(decides=True)))
    assert "for orientation" in text(found)


def test_tables_and_figure_have_the_case_among_its_neighbours(found: Explanation) -> None:
    assert [row[0] for row in ranking_table(found).rows] == [e.name for e in found.prediction.ranking]
    assert len(neighbor_table(found).rows) == 5
    left, right = draw_case(found).axes
    assert [bar.get_width() for bar in left.patches] == [e.probability for e in found.prediction.ranking]  # type: ignore[attr-defined] # bars
    marked = [np.asarray(line.get_xdata()) for line in right.lines if line.get_marker() == "o"]
    assert sum(xs.size for xs in marked) == len(found.neighbors)
    assert f"{found.neighbors[0].cosine:.3f}" in describe_case(found)
