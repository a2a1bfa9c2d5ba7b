"""Results of a head that has neither a distance nor a k: everything that reads them goes on working."""

from pathlib import Path

import pandas as pd
import pytest

from skknn_syndrome.analyses.nested_cv.present import describe_nested_selection, draw_nested_selection
from skknn_syndrome.analyses.nested_cv.result import NestedAnalysis
from skknn_syndrome.display.table import for_readers
from skknn_syndrome.rendering.checklists import read_checklists
from skknn_syndrome.rendering.figures import write_figures
from skknn_syndrome.rendering.tables import all_tables
from skknn_syndrome.results.provenance import HeadNote
from skknn_syndrome.results.study import StudyResult
from tests.analysis_builders import make_nested
from tests.builders import analysis_of, make_study, with_parts
from tests.comparison_builders import make_repeats
from tests.head_builders import TOY, of_toy_head
from tests.rendering.documents import PICTURES, drawn_as
from tests.rendering.filling import whole_text
from tests.rendering.full_study import make_full_study


@pytest.fixture(scope="module")
def toy() -> StudyResult:
    full = make_full_study()
    nested = make_nested([("cosine", 5), ("cosine", 3), ("cosine", 5)])
    return of_toy_head(with_parts(full, repeats=make_repeats(), nested=nested))


def test_the_best_candidate_is_found_by_the_heads_name(toy: StudyResult) -> None:
    assert list(toy.best) == [TOY]
    best = toy.best[TOY]
    assert (best.metric, best.n_neighbors, best.params["shrinkage"]) == (None, None, 0.5)
    assert "toy_model, shrinkage=0.5, solver='lsqr', <roc_auc_ovr" in repr(toy)


def test_a_frame_has_the_head_and_its_parameters(toy: StudyResult) -> None:
    frame = toy.to_frame()
    assert list(frame) == [
        *("protocol", "repeat", "head", "shrinkage", "solver", "split", "score", "value"),
    ]
    assert set(frame["shrinkage"]) == {0.1, 0.3, 0.5}
    assert set(frame["repeat"]) == {0, 1}
    own = frame[(frame["repeat"] == 0) & (frame["shrinkage"] == 0.5) & (frame["score"] == "roc_auc_ovr")]
    assert tuple(own["value"]) == toy.best[TOY].scores["roc_auc_ovr"].values


def test_a_frame_of_several_heads_has_the_parameters_of_all(toy: StudyResult) -> None:
    knn = make_study().primary
    mixed = make_study(knn, toy.primary.model_copy(update={"protocol": "subject"})).to_frame()
    assert list(mixed.columns[2:7]) == ["head", "metric", "weights", "n_neighbors", "shrinkage"]
    assert mixed[mixed["head"] == "knn"]["shrinkage"].isna().all()
    assert mixed[mixed["head"] == TOY]["n_neighbors"].isna().all()


def test_tables_tell_its_candidates_apart(toy: StudyResult) -> None:
    tables = {table.name: table for table in all_tables(toy)}
    for name in (
        "k_sweep",
        "best_configurations",
        "calibrations",
        "nested_choices",
        "repeats",
    ):
        keys = [column.key for column in tables[name].columns]
        assert {"head", "shrinkage", "solver"} <= set(keys), name
        assert not {"metric", "n_neighbors"} & set(keys), name
    assert len({row[:4] for row in tables["k_sweep"].rows}) == 3
    shown = for_readers(tables["best_configurations"])
    assert shown.rows[0][1] == "toy model"


def test_figures_are_drawn_and_those_of_k_are_left_out(toy: StudyResult, tmp_path: Path) -> None:
    with drawn_as(PICTURES):
        drawn = {figure.name for figure in write_figures(toy, tmp_path)}
    assert {"micro-roc", "confusion", "calibration", "novelty", "rejection"} <= drawn
    assert not {"score-by-k", "score-beyond-grid"} & drawn


def test_the_figure_of_nested_choices_has_a_bar_for_each_candidate(toy: StudyResult) -> None:
    nested = analysis_of(toy, NestedAnalysis).nested
    axes = draw_nested_selection(nested, toy.primary.candidates).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "Toy model, shrinkage = 0.5, solver = lsqr",
        "Toy model, shrinkage = 0.3, solver = lsqr",
    ]
    assert [bar.get_width() for bar in axes.containers[0]] == [2, 1]
    assert "most often toy model, shrinkage = 0.5, solver = lsqr: in 2 folds" in (
        describe_nested_selection(nested)
    )


def test_the_report_speaks_of_the_head(toy: StudyResult) -> None:
    text = whole_text(toy, ())
    assert "toy model, shrinkage = 0.5, solver = lsqr" in text.replace("\\", "")
    for wrong in ("None distance", "toy model distance", "toy_model distance", "k = None", "by None", " k "):
        assert wrong not in text, wrong


def test_a_frame_of_knn_has_the_columns_it_always_had() -> None:
    frame: pd.DataFrame = make_full_study().to_frame()
    assert list(frame) == [
        *("protocol", "repeat", "metric", "weights", "n_neighbors", "split", "score", "value"),
    ]
    assert frame["n_neighbors"].dtype == "int64"


def told(study: StudyResult, *gives: str) -> StudyResult:
    """Return a study whose provenance says what its head is."""
    head = HeadNote(title="toy of mine", gives=gives)
    return study.model_copy(update={"provenance": study.provenance.model_copy(update={"head": head})})


def document(study: StudyResult) -> str:
    """Return the report on one line, without the backslashes of its escapes."""
    return " ".join(whole_text(study, ()).replace("\\", "").split())


def test_the_report_calls_the_head_by_its_title(toy: StudyResult) -> None:
    text = document(told(toy, "probabilities"))
    assert "Each image is classified by toy of mine, fitted on the training images." in text
    assert "shrinkage was tried at 0.1, 0.3 and 0.5; solver was lsqr." in text
    assert "toy of mine, shrinkage = 0.5, solver = lsqr has the highest" in text
    assert "by toy of mine" in text.split("subtitle")[0].replace("\\", "")
    assert "decision values" not in text
    assert "classified by toy model, fitted" in document(toy)


def test_the_methods_say_what_the_auc_of_decision_values_is(toy: StudyResult) -> None:
    assert "It gives decision values and no probabilities." in document(told(toy, "decision"))
    assert "no probabilities. AUC" not in document(told(toy, "decision", "probabilities"))


def test_captions_name_what_the_candidates_differ_in(toy: StudyResult) -> None:
    captions = {table.name: table.caption for table in all_tables(toy)}
    for text in (*captions.values(), document(toy)):
        assert "each distance" not in text
        assert "larger k" not in text
        assert "per distance" not in text
        assert "weighting schemes" not in text


@pytest.mark.parametrize("number", ["1", "24", "25"])
def test_checklists_say_nothing_of_neighbours(toy: StudyResult, number: str) -> None:
    claim = {item.number: item for item in read_checklists()[1].items}[number]
    detail = claim.check(told(toy, "probabilities")).detail
    assert "toy of mine" in detail
    assert "neighbours" not in detail
    assert claim.check(make_full_study()).detail == ": ".join(
        text for text in (claim.section, claim.detail) if text
    )


def test_a_note_of_the_head_goes_to_json_and_back(toy: StudyResult) -> None:
    study = told(toy, "decision")
    assert StudyResult.model_validate_json(study.model_dump_json()) == study
    assert make_full_study().provenance.head is None
