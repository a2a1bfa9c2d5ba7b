"""Typed results: analyses, comparisons, intervals, protocols and scores."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from skknn_syndrome.analyses.calibration.result import CalibrationAnalysis
from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis, Projection
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.comparison import judging_scores
from skknn_syndrome.results.dataset import SyndromeCount
from skknn_syndrome.results.intervals import Interval
from skknn_syndrome.results.score import Score
from tests.analysis_builders import make_chance
from tests.builders import make_candidate, make_run
from tests.comparison_builders import make_alternative
from tests.rendering.full_study import make_full_study

COUNT = SyndromeCount(syndrome="a", n_images=3, n_subjects=None)
LINE = Projection(
    method="pca",
    metric="euclidean",
    random_state=None,
    perplexity=None,
    explained_variance=0.5,
    x=(0.0, 1.0),
    y=(0.0, 1.0),
    silhouette=None,
)


def test_a_changed_result_is_another_one_with_the_other_fields_as_they_were() -> None:
    assert COUNT.revised(n_images=4) == SyndromeCount(syndrome="a", n_images=4, n_subjects=None)
    assert COUNT.n_images == 3
    assert COUNT.revised() == COUNT


@pytest.mark.parametrize("change", [{"n_images": "three"}, {"n_image": 4}, {"syndrome": None}])
def test_a_change_to_what_the_field_does_not_hold_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(change))):
        COUNT.revised(**change)


def test_a_change_that_parts_fields_that_belong_together_is_refused() -> None:
    assert LINE.revised(x=(2.0, 3.0)).x == (2.0, 3.0)
    with pytest.raises(ValidationError, match="'y' has 2 entries, and 1 are needed"):
        LINE.revised(x=(2.0,))


def test_an_analysis_is_found_by_its_kind_or_its_question() -> None:
    study = make_full_study()
    assert study.find("calibration") is study.find(CalibrationAnalysis)
    assert study.find("per_class", "image") is study.find(PerClassAnalysis, "image")
    assert Analyses().find("calibration") is None


def test_a_question_that_nobody_knows_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(KeyError, match=r"there is no question 'calibrations', but .*'calibration'"):
        make_full_study().find("calibrations")


def test_they_stand_in_the_order_of_reading_and_one_takes_the_place_of_its_like() -> None:
    study = make_full_study()
    shuffled = Analyses.of(reversed(study.analyses))
    assert shuffled == study.analyses
    bare = EmbeddingMapAnalysis()
    replaced = study.analyses.replaced_by(bare, None)
    assert [entry.question for entry in replaced] == [entry.question for entry in study.analyses]
    assert replaced.find(EmbeddingMapAnalysis) is bare


def test_what_several_kinds_have_is_gathered() -> None:
    study = make_full_study()
    gathered = study.analyses.gathered("calibrations")
    assert gathered == study.find("calibration").calibrations
    assert repr(study.analyses).startswith("<Analyses: ")
    assert repr(Analyses()) == "<Analyses: none>"


def test_an_alternative_is_better_where_its_lead_is_significant_after_holm() -> None:
    found = make_alternative(
        ("roc_auc_ovr", 0.02, 0.04),
        ("f1_macro", 0.1, 0.05),
        ("accuracy", -0.1, 0.001),
        ("recall_macro", 0.0, None),
    )
    assert [entry.score for entry in found.better_by("roc_auc_ovr", "f1_macro", "accuracy")] == [
        "roc_auc_ovr"
    ]
    assert found.better_by("recall_macro", "precision_macro") == ()


def test_a_score_that_is_named_twice_counts_once() -> None:
    found = make_alternative(("f1_macro", 0.1, 0.01))
    assert len(found.better_by("f1_macro", "f1_macro")) == 1
    assert judging_scores("f1_macro") == ("f1_macro",)


@pytest.mark.parametrize("p_value, least", [(1 / 200, True), (2 / 200, False)])
def test_the_least_p_value_is_that_of_one_arrangement_of_all(p_value: float, least: bool) -> None:  # noqa: FBT001
    # The builder's 199 permutations and the observed labels are 200 arrangements.
    assert make_chance(p_value).is_least is least


def interval(percentile: Any = (None, None), bca: Any = (None, None), exact: Any = (None, None)) -> Interval:
    return Interval(
        score="accuracy",
        estimate=0.5,
        percentile_low=percentile[0],
        percentile_high=percentile[1],
        bca_low=bca[0],
        bca_high=bca[1],
        exact_low=exact[0],
        exact_high=exact[1],
    )


@pytest.mark.parametrize(
    "found, method, ends",
    [
        (interval((0.1, 0.9), (0.2, 0.8)), "bca", (0.2, 0.8)),
        (interval((0.1, 0.9)), "percentile", (0.1, 0.9)),
        (interval((0.1, 0.9), (0.2, None)), "percentile", (0.1, 0.9)),
        (interval(exact=(0.9, 1.0)), "exact", (0.9, 1.0)),
        (interval(), None, (None, None)),
        # As files before schema version 4 have it.
        (interval((1.0, 1.0)), None, (None, None)),
        (interval((0.9, 1.0), (1.0, 1.0)), "percentile", (0.9, 1.0)),
    ],
)
def test_ends_are_those_of_the_best_interval_that_there_is(found: Interval, method: Any, ends: Any) -> None:
    assert found.method == method
    assert (found.low, found.high) == ends


def test_a_difference_is_told_from_zero_by_its_interval() -> None:
    assert interval((0.01, 0.02)).excludes_zero
    assert interval((-0.02, -0.01)).excludes_zero
    assert not interval((-0.01, 0.02)).excludes_zero
    assert not interval().excludes_zero


def test_best_is_by_distance_and_by_the_mean_of_the_refit_score() -> None:
    run = make_run(
        make_candidate([0.5, 0.7], metric="cosine", n_neighbors=1),
        make_candidate([0.6, 0.8], metric="cosine", n_neighbors=2),
        make_candidate([0.1, 0.2], metric="euclidean", n_neighbors=1),
    )
    assert {metric: best.n_neighbors for metric, best in run.best.items()} == {"cosine": 2, "euclidean": 1}
    assert run.winner is run.candidates[1]


def test_of_equals_the_first_in_the_grid_is_best() -> None:
    run = make_run(make_candidate([0.5], n_neighbors=3), make_candidate([0.5], n_neighbors=5))
    assert run.best["cosine"].n_neighbors == 3
    assert run.winner.n_neighbors == 3


def test_a_candidate_without_a_mean_loses_to_any_other() -> None:
    run = make_run(make_candidate([NAN], n_neighbors=1), make_candidate([0.0], n_neighbors=2))
    assert run.best["cosine"].n_neighbors == 2


def test_mappings_can_not_be_changed() -> None:
    run = make_run(make_candidate([0.5]))
    with pytest.raises(TypeError, match="does not support item assignment"):
        run.best["cosine"] = run.candidates[0]  # type: ignore[index]
    with pytest.raises(TypeError, match="does not support item assignment"):
        run.candidates[0].scores["roc_auc_ovr"] = run.candidates[0].all_scores[0]  # type: ignore[index]


NAN = float("nan")


def test_mean_and_standard_deviation_are_those_of_the_folds() -> None:
    # mean (0.2 + 0.4 + 0.9) / 3 = 0.5; squares 0.09 + 0.01 + 0.16 = 0.26; SD sqrt(0.26 / 3)
    score = Score.from_values("f1_macro", [0.2, 0.4, 0.9])
    assert score.mean == pytest.approx(0.5)
    assert score.std == pytest.approx(math.sqrt(0.26 / 3))


def test_a_fold_without_a_value_is_none_with_its_reason_and_left_out_of_the_mean() -> None:
    score = Score.from_values("roc_auc_ovr", [1.0, NAN, 0.5], reason="one syndrome only")
    assert score.values == (1.0, None, 0.5)
    assert [(entry.fold, entry.reason) for entry in score.undefined] == [(1, "one syndrome only")]
    assert (score.mean, score.n_defined) == (0.75, 2)


def test_a_score_defined_nowhere_has_no_mean() -> None:
    score = Score.from_values("roc_auc_ovr", [NAN, NAN])
    assert (score.mean, score.std, score.n_defined) == (None, None, 0)


def test_tie_bounds_have_means_of_their_own() -> None:
    score = Score.from_values("top_3_accuracy", [0.5, 0.7], lower=[0.25, 0.75], upper=[0.5, 1.0])
    assert (score.mean_lower, score.mean_upper) == (0.5, 0.75)
    assert Score.from_values("accuracy", [0.5]).mean_lower is None
    assert Score.from_values("accuracy", [0.5]).mean_upper is None


@given(st.lists(st.floats(0, 1) | st.just(NAN), min_size=1, max_size=12))
def test_it_comes_back_from_json_the_same(values: list[float]) -> None:
    score = Score.from_values("accuracy", values)
    assert Score.model_validate_json(score.model_dump_json()) == score


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("mean", 0.9, "changed after the study"),
        ("std", None, "changed after the study"),
        ("lower", [0.1], "tie bound of accuracy has not one value for each"),
        ("undefined", [{"fold": 0, "reason": "?"}], "not each of them has its reason"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(field: str, value: object, sentence: str) -> None:
    document = Score.from_values("accuracy", [0.25, 0.75]).model_dump(mode="json")
    with pytest.raises(ValidationError, match=sentence):
        Score.model_validate({**document, field: value}, strict=False)
