"""All scores of a test part: their values, their rules for missing and unknown classes."""

import warnings
from functools import partial

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.predictions import pair_predictions
from skknn_syndrome.metrics.registry import definitions, find_score
from skknn_syndrome.metrics.score_table import SCORE_NAMES, evaluate, score_probabilities
from tests.refusing import refused

CLASSES = ["a", "b", "c"]
LABELS = ["a", "b", "c", "c"]
PROBABILITIES = np.array([[0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]])
BOUNDS = [f"top_{k}_accuracy_{bound}" for k in (1, 3, 5) for bound in ("lower", "upper")]


def without_warnings(*arguments: ArrayLike) -> dict[str, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        return score_probabilities(*arguments)


def test_names_and_their_order() -> None:
    assert list(score_probabilities(LABELS, PROBABILITIES, CLASSES)) == [*SCORE_NAMES, *BOUNDS]


def test_perfect_probabilities_score_one() -> None:
    assert set(score_probabilities(CLASSES, np.eye(3), CLASSES).values()) == {1.0}


def test_scores_by_hand() -> None:
    scores = score_probabilities(LABELS, PROBABILITIES, CLASSES)
    # predicted: a, b, b, c. precision 1, 1/2, 1; recall 1, 1, 1/2; F1 1, 2/3, 2/3
    assert scores["accuracy"] == 0.75
    assert scores["precision_macro"] == pytest.approx(2.5 / 3)
    assert scores["recall_macro"] == scores["balanced_accuracy"] == pytest.approx(2.5 / 3)
    assert scores["f1_macro"] == pytest.approx((1 + 4 / 3) / 3)
    # a above all; b above 0.1 and 0.2, below 0.5; c: 0.7 above both, 0.3 above 0.1 and equal to 0.3
    assert scores["roc_auc_ovr"] == pytest.approx((1 + 2 / 3 + 3.5 / 4) / 3)
    assert scores["top_1_accuracy"] == 0.75
    assert scores["top_3_accuracy"] == scores["top_5_accuracy_lower"] == 1


def test_weights_count_instead_of_samples() -> None:
    scores = score_probabilities(LABELS, PROBABILITIES, CLASSES, [1, 1, 4, 2])
    assert scores["accuracy"] == scores["top_1_accuracy_upper"] == 0.5
    # recall of c: 2 of 6
    assert scores["balanced_accuracy"] == pytest.approx((1 + 1 + 1 / 3) / 3)


def test_ties_for_the_first_place_part_accuracy_and_top_1() -> None:
    scores = score_probabilities(["a", "b"], [[0.5, 0.5], [0.5, 0.5]], ["a", "b"])
    # predicted is the first of equals, top-1 takes the later one
    assert scores["accuracy"] == scores["top_1_accuracy"] == 0.5
    first = score_probabilities(["a", "a", "b"], [[0.5, 0.5]] * 3, ["a", "b"])
    assert first["accuracy"] == pytest.approx(2 / 3)
    assert first["top_1_accuracy"] == pytest.approx(1 / 3)
    assert (first["top_1_accuracy_lower"], first["top_1_accuracy_upper"]) == (0, 1)


def test_two_classes_have_one_area() -> None:
    labels, positive = [0, 0, 1, 1], np.array([0.1, 0.4, 0.35, 0.8])
    scores = score_probabilities(labels, np.column_stack([1 - positive, positive]), [0, 1])
    assert scores["roc_auc_ovr"] == sklearn.metrics.roc_auc_score(labels, positive) == 0.75
    assert scores["top_3_accuracy"] == scores["top_5_accuracy"] == 1


def test_a_class_missing_from_the_test_part_is_left_out_of_the_area_by_name() -> None:
    present = ["a", "b", "b"]
    with pytest.warns(UndefinedMetricWarning, match=r"\(c\): the macro mean is over the other 2"):
        scores = score_probabilities(present, PROBABILITIES[:3], CLASSES)
    # a above both; b's 0.4 and 0.5 above 0.1
    assert scores["roc_auc_ovr"] == 1
    assert scores["accuracy"] == 1


def test_many_classes_left_out_are_named_in_short() -> None:
    with pytest.warns(UndefinedMetricWarning, match=r"\(2, 3, 4, 5, 6 and 3 more\): the macro mean"):
        scores = score_probabilities([0, 1], np.eye(10)[:2], range(10))
    assert scores["roc_auc_ovr"] == 1


def test_without_any_class_left_the_area_is_nan() -> None:
    with pytest.warns(UndefinedMetricWarning, match=r"\(a, b, c\): no class is left, so the mean is NaN"):
        scores = score_probabilities(["a", "a"], PROBABILITIES[:2], CLASSES)
    assert np.isnan(scores["roc_auc_ovr"])
    assert scores["accuracy"] == 0.5


def test_a_class_of_no_weight_counts_as_missing() -> None:
    with pytest.warns(UndefinedMetricWarning, match=r"\(c\): the macro mean is over the other 2"):
        scores = score_probabilities(["a", "b", "c"], np.eye(3), CLASSES, [1, 1, 0])
    assert scores["roc_auc_ovr"] == scores["balanced_accuracy"] == 1


def test_a_label_the_estimator_never_saw_is_a_miss_and_a_negative_for_the_others() -> None:
    with pytest.warns(UndefinedMetricWarning, match=r"\(z\): the macro mean is over the other 2"):
        scores = score_probabilities(["a", "b", "z"], [[0.6, 0.4], [0.3, 0.7], [0.8, 0.2]], ["a", "b"])
    # a: 0.6 above 0.3, below 0.8; b: 0.7 above both
    assert scores["roc_auc_ovr"] == pytest.approx((0.5 + 1) / 2)
    hits = ["accuracy", "top_1_accuracy", "top_3_accuracy", "top_5_accuracy", *BOUNDS]
    assert [scores[name] for name in hits] == pytest.approx([2 / 3] * len(hits))
    # F1 of a: 2 * 1 / (2 * 1 + 1); of b: 1; of z: 0
    assert scores["f1_macro"] == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert scores["balanced_accuracy"] == pytest.approx(2 / 3)


def test_where_no_class_is_missing_nothing_is_said() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        score_probabilities(LABELS, PROBABILITIES, CLASSES)


@st.composite
def complete_parts(draw: st.DrawFn) -> tuple[IndexArray, Float64Array, Float64Array]:
    """Labels with every class, votes in large steps (so with ties) as probabilities, weights."""
    n_classes = draw(st.integers(3, 7))
    more = draw(st.lists(st.integers(0, n_classes - 1), max_size=20))
    labels = np.array([*range(n_classes), *more])
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    votes = rng.integers(0, 4, (len(labels), n_classes)) + 1.0
    return labels, votes / votes.sum(axis=1, keepdims=True), rng.integers(1, 4, len(labels)).astype(float)


OF_PREDICTIONS = {
    "f1_macro": partial(sklearn.metrics.f1_score, average="macro"),
    "accuracy": sklearn.metrics.accuracy_score,
    "precision_macro": partial(sklearn.metrics.precision_score, average="macro", zero_division=0),
    "recall_macro": partial(sklearn.metrics.recall_score, average="macro"),
    "balanced_accuracy": sklearn.metrics.balanced_accuracy_score,
    "matthews_corrcoef": sklearn.metrics.matthews_corrcoef,
    "cohen_kappa": sklearn.metrics.cohen_kappa_score,
}


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@settings(max_examples=15)
@given(part=complete_parts(), weighted=st.booleans())
def test_every_score_is_scikit_learns(
    part: tuple[IndexArray, Float64Array, Float64Array], *, weighted: bool
) -> None:
    labels, probabilities, weights = part
    w = weights if weighted else None
    n_classes = probabilities.shape[1]
    scores = score_probabilities(labels, probabilities, range(n_classes), w)
    predicted = probabilities.argmax(axis=1)
    expected = {name: metric(labels, predicted, sample_weight=w) for name, metric in OF_PREDICTIONS.items()}
    expected["roc_auc_ovr"] = sklearn.metrics.roc_auc_score(
        labels, probabilities, multi_class="ovr", sample_weight=w
    )
    for k in (k for k in (1, 3, 5) if k < n_classes):
        expected[f"top_{k}_accuracy"] = sklearn.metrics.top_k_accuracy_score(
            labels, probabilities, k=k, sample_weight=w
        )
    assert {name: scores[name] for name in expected} == pytest.approx(expected, abs=1e-12)


@settings(max_examples=15)
@given(part=complete_parts(), keep=st.integers(1, 6))
def test_scores_lie_in_their_range_and_bounds_enclose_theirs(
    part: tuple[IndexArray, Float64Array, Float64Array], keep: int
) -> None:
    labels, probabilities, weights = part
    scores = without_warnings(
        labels[:keep], probabilities[:keep], range(probabilities.shape[1]), weights[:keep]
    )
    for score in definitions("multiclass"):
        value = scores[score.name]
        undefined = np.isnan(value) and score.name in {"roc_auc_ovr", "cohen_kappa"}
        assert undefined or score.lowest <= value <= score.highest
    for k in (1, 3, 5):
        name = f"top_{k}_accuracy"
        assert scores[f"{name}_lower"] <= scores[name] <= scores[f"{name}_upper"]
    assert scores["top_1_accuracy_lower"] <= scores["accuracy"] <= scores["top_1_accuracy_upper"]


def test_a_score_by_itself_is_the_one_in_the_table() -> None:
    predictions = pair_predictions(LABELS, PROBABILITIES, CLASSES)
    table = score_probabilities(LABELS, PROBABILITIES, CLASSES)
    assert {name: evaluate(find_score(name), predictions) for name in table} == table


@pytest.mark.parametrize(
    "name", ["roc_auc", "top_0_accuracy", "top_-1_accuracy", "top_2_accuracy_middle", ""]
)
def test_an_unknown_name_is_refused_with_those_there_are(name: str) -> None:
    with refused("unknown_score", "name") as caught:
        find_score(name)
    assert "there are roc_auc_ovr, " in str(caught.value)
