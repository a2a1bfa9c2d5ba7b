"""A score over folds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from skknn_syndrome.results.score import Score

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
