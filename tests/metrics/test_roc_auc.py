"""The area under the ROC curve, of two classes or of more."""

from typing import Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.averaging import Average
from skknn_syndrome.metrics.roc_auc import roc_auc_score
from tests.refusing import refused

LABELS = [0, 1, 2, 2]
PROBABILITIES = [[0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]]


def random_problem(n_classes: int) -> tuple[IndexArray, Float64Array, Float64Array]:
    """Labels, probabilities with many ties, weights."""
    rng = np.random.default_rng(n_classes)
    labels = np.append(np.arange(n_classes), rng.integers(n_classes, size=40))
    votes = rng.integers(1, 4, size=(len(labels), n_classes)) + 2.0 * (
        labels[:, None] == np.arange(n_classes)
    )
    return labels, votes / votes.sum(axis=1, keepdims=True), rng.random(len(labels))


def test_perfect_and_inverted_and_equal_scores() -> None:
    assert roc_auc_score([0, 0, 1], [0.1, 0.2, 0.9]) == 1
    assert roc_auc_score([1, 1, 0], [0.1, 0.2, 0.9]) == 0
    assert roc_auc_score([0, 1, 0], [0.3, 0.3, 0.3]) == 0.5


def test_two_classes_by_hand() -> None:
    # pairs (positive, negative): 0.4 > 0.1, 0.4 = 0.4 (half), 0.9 > 0.1, 0.9 > 0.4: 3.5 of 4
    assert roc_auc_score(["no", "no", "yes", "yes"], [0.1, 0.4, 0.4, 0.9]) == 3.5 / 4


def test_one_vs_rest_by_hand() -> None:
    # 0 against the rest: 0.8 above all: 1. 1: 0.4 above 0.1 and 0.2, below 0.5: 2/3.
    # 2: 0.3 above 0.1, equal to 0.3, and 0.7 above both: 3.5/4
    areas = [1, 2 / 3, 3.5 / 4]
    options: dict[str, Any] = {"multi_class": "ovr"}
    by_class = roc_auc_score(LABELS, PROBABILITIES, average=None, **options)
    assert np.asarray(by_class).tolist() == pytest.approx(areas)
    assert roc_auc_score(LABELS, PROBABILITIES, **options) == pytest.approx(sum(areas) / 3)
    weighted = (areas[0] + areas[1] + 2 * areas[2]) / 4
    assert roc_auc_score(LABELS, PROBABILITIES, average="weighted", **options) == pytest.approx(weighted)


def test_one_vs_one_by_hand() -> None:
    # {0, 1}: both in order: 1. {0, 2}: by 0's scores 1, by 2's scores 1: 1.
    # {1, 2}: by 1's scores 0.4 above 0.2, below 0.5: 1/2; by 2's scores 0.3 = 0.3, 0.7 above: 3/4; mean 5/8
    assert roc_auc_score(LABELS, PROBABILITIES, multi_class="ovo") == pytest.approx((1 + 1 + 5 / 8) / 3)
    # samples in the pairs: 2, 3 and 3
    weighted = roc_auc_score(LABELS, PROBABILITIES, multi_class="ovo", average="weighted")
    assert weighted == pytest.approx((2 + 3 + 3 * 5 / 8) / 8)


def test_partial_area_by_hand() -> None:
    # fpr 0, 0, 1/2, 1/2, 1 and tpr 0, 1/2, 1/2, 1, 1: up to 1/4 the area is 1/8;
    # guessing has 1/32, perfection 1/4: (1 + (1/8 - 1/32) / (1/4 - 1/32)) / 2 = (1 + 3/7) / 2
    labels, scores = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    assert roc_auc_score(labels, scores, max_fpr=0.25) == pytest.approx(5 / 7)
    assert roc_auc_score(labels, scores, max_fpr=1) == 0.75


def test_partial_area_is_standardised_between_guessing_and_perfection() -> None:
    assert roc_auc_score([0, 1, 0, 1], [1, 1, 1, 1], max_fpr=0.3) == pytest.approx(0.5)
    assert roc_auc_score([0, 0, 1, 1], [1, 2, 3, 4], max_fpr=0.3) == pytest.approx(1)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted", None])
@pytest.mark.parametrize("with_weights", [False, True], ids=["plain", "weighted samples"])
@pytest.mark.parametrize("n_classes", [3, 6])
def test_one_vs_rest_is_what_scikit_learn_computes(
    *, average: Average, with_weights: bool, n_classes: int
) -> None:
    labels, probabilities, weights = random_problem(n_classes)
    options: dict[str, Any] = {"multi_class": "ovr", "average": average}
    options["sample_weight"] = weights if with_weights else None
    expected = sklearn.metrics.roc_auc_score(labels, probabilities, **options)
    np.testing.assert_allclose(roc_auc_score(labels, probabilities, **options), expected, rtol=1e-12)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted", "samples", None])
@pytest.mark.parametrize("max_fpr", [None, 0.2])
def test_indicator_matrices_are_scored_as_scikit_learn_does(average: Average, max_fpr: float | None) -> None:
    labels, probabilities, weights = random_problem(4)
    indicator = (labels[:, None] == np.arange(4)).astype(int)
    options: dict[str, Any] = {"average": average, "max_fpr": max_fpr, "sample_weight": weights}
    expected = sklearn.metrics.roc_auc_score(indicator, probabilities, **options)
    np.testing.assert_allclose(roc_auc_score(indicator, probabilities, **options), expected, rtol=1e-12)


def test_labels_name_the_columns_where_a_class_is_missing() -> None:
    labels, probabilities, _ = random_problem(3)
    present = labels != 1
    with pytest.warns(UndefinedMetricWarning, match="Only one class is present"):
        score = roc_auc_score(labels[present], probabilities[present], multi_class="ovr", labels=[0, 1, 2])
    assert np.isnan(score)


@pytest.mark.parametrize("max_fpr", [None, 0.5])
def test_a_class_of_no_weight_is_nan_with_a_warning(max_fpr: float | None) -> None:
    with pytest.warns(UndefinedMetricWarning, match="No negative samples in y_true"):
        score = roc_auc_score([0, 1], [0.2, 0.4], sample_weight=[0, 1], max_fpr=max_fpr)
    assert np.isnan(score)


def test_one_class_alone_is_nan_with_a_warning() -> None:
    with pytest.warns(UndefinedMetricWarning, match="Only one class is present in y_true"):
        score = roc_auc_score([1, 1], [0.2, 0.4])
    assert np.isnan(score)


@pytest.mark.parametrize(
    "options, code, parameter",
    [
        ({}, "no_scheme", "multi_class"),
        ({"multi_class": "ovr", "max_fpr": 0.5}, "partial_area_of_many_classes", "max_fpr"),
        ({"multi_class": "ovr", "average": "samples"}, "unsupported_average", "average"),
        ({"multi_class": "ovo", "average": "micro"}, "unsupported_average", "average"),
        ({"multi_class": "ovo", "sample_weight": [1, 1, 1, 1]}, "weights_of_pairs", "sample_weight"),
        ({"multi_class": "ovr", "labels": [0, 1]}, "columns_mismatch", "labels"),
        ({"multi_class": "ovr", "labels": [0, 1, 3]}, "unknown_label", "y_true"),
        ({"multi_class": "ovr", "labels": [0, 2, 1]}, "unordered_labels", "labels"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any], code: str, parameter: str) -> None:
    with refused(code, parameter):
        roc_auc_score(LABELS, PROBABILITIES, **options)


def test_a_scheme_that_there_is_not_is_refused_as_scikit_learn_does() -> None:
    scheme: Any = "both"
    with pytest.raises(ValueError, match="The 'multi_class' parameter of roc_auc_score must be"):
        roc_auc_score(LABELS, PROBABILITIES, multi_class=scheme)


def test_one_vs_one_by_class_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="average=None is not implemented for multi_class='ovo'"):
        roc_auc_score(LABELS, PROBABILITIES, multi_class="ovo", average=None)


@pytest.mark.parametrize(
    "labels, scores, code",
    [
        (LABELS, [0.1, 0.2, 0.3, 0.4], "one_column"),
        (LABELS, [[1, 2, 3]] * 4, "not_probabilities"),
        ([0, 1, 2, 3], PROBABILITIES, "columns_mismatch"),
        ([[0, 1]] * 4, PROBABILITIES, "columns_mismatch"),
        ([[0, 1, 2]] * 4, PROBABILITIES, "unsupported_labels"),
    ],
)
def test_labels_and_scores_that_do_not_fit_are_refused(
    labels: ArrayLike, scores: ArrayLike, code: str
) -> None:
    with refused(code):
        roc_auc_score(labels, scores, multi_class="ovr")


@settings(max_examples=20)
@given(
    decisions=st.lists(st.tuples(st.booleans(), st.integers(-20, 20)), min_size=2, max_size=40).filter(
        lambda decisions: {positive for positive, _ in decisions} == {True, False}
    )
)
def test_monotone_transforms_leave_the_area_and_a_change_of_sign_mirrors_it(
    decisions: list[tuple[bool, int]],
) -> None:
    labels, scores = (np.array(column) for column in zip(*decisions, strict=True))
    area = roc_auc_score(labels, scores)
    assert roc_auc_score(labels, np.exp(scores / 10)) == area
    assert roc_auc_score(labels, scores.astype(float) ** 3 - 7) == area
    assert roc_auc_score(labels, -scores) == pytest.approx(1 - area)
