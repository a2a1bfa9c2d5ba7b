"""Scores of sets of labels, and the table of scores by label."""

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from scipy.sparse import csr_array, csr_matrix

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.metrics import hamming_loss, label_ranking_average_precision_score, scores_by_label
from skknn_syndrome.metrics.counting import LabelSetTally
from skknn_syndrome.metrics.predictions import LabelSetPredictions
from skknn_syndrome.metrics.registry import find_score, why_undefined
from skknn_syndrome.metrics.score_table import evaluate
from tests.metrics.builders import LabelPair, assert_agree, label_sets, single_labels
from tests.metrics.test_average_precision import ranked
from tests.refusing import refused

TRUTH = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 0], [1, 0, 0]])
SAID = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 1, 0]])
SCORES = np.array([[0.9, 0.1, 0.1], [0.4, 0.8, 0.6], [0.4, 0.2, 0.3], [0.7, 0.5, 0.0]])


def score(name: str, truth: LabelArray, said: LabelArray, scores: Float64Array) -> float:
    return evaluate(find_score(name), LabelSetPredictions(truth > 0, said > 0, scores))


def test_by_hand() -> None:
    # Wrong are three of twelve decisions. F1 by image: 1, 2/4, 0 (nothing is true or said), 2/3. By label:
    # 4/5, 2/3, 0, true in 3, 1 and 0 images. Precisions of the first label: 1, 1 and, tied with another, 3/4.
    assert score("hamming_loss", TRUTH, SAID, SCORES) == hamming_loss(TRUTH, SAID) == 3 / 12
    assert score("f1_samples", TRUTH, SAID, SCORES) == pytest.approx((1 + 1 / 2 + 0 + 2 / 3) / 4)
    assert score("f1_weighted", TRUTH, SAID, SCORES) == pytest.approx((3 * 4 / 5 + 1 * 2 / 3) / 4)
    assert score("average_precision_macro", TRUTH, SAID, SCORES) == pytest.approx(((2 + 3 / 4) / 3 + 1) / 2)
    # The second image's labels rank first and third of three, the second of two true ones.
    found = score("label_ranking_average_precision", TRUTH, SAID, SCORES)
    assert found == pytest.approx((1 + (1 + 2 / 3) / 2 + 1 + 1) / 4)


@settings(max_examples=50)
@given(pair=single_labels() | label_sets())
def test_the_hamming_loss_agrees_with_scikit_learn(pair: LabelPair) -> None:
    truth, said, weights = pair
    assert_agree("hamming_loss", truth, said, sample_weight=weights)
    if truth.ndim > 1 and truth.shape[1] > 1:
        assert_agree("hamming_loss", csr_matrix(truth), csr_matrix(said), sample_weight=weights)


@settings(max_examples=50)
@given(case=ranked())
def test_rankings_agree_with_scikit_learn(
    case: tuple[IndexArray, Float64Array, Float64Array | None],
) -> None:
    truth, scores, weights = case
    assert_agree("label_ranking_average_precision_score", truth, scores, sample_weight=weights)
    plain = label_ranking_average_precision_score(truth, scores)
    assert label_ranking_average_precision_score(csr_array(truth), scores) == plain
    assert score("label_ranking_average_precision", truth, truth, scores) == pytest.approx(plain)
    assert 0 < plain <= 1 + 1e-12


@settings(max_examples=50)
@given(pair=label_sets())
def test_registered_scores_agree_with_scikit_learn(pair: LabelPair) -> None:
    truth, said, _ = pair
    scores = said.astype(np.float64)
    for average in ("micro", "macro", "weighted", "samples"):
        expected = sklearn.metrics.f1_score(truth, said, average=average, zero_division=0)
        assert score(f"f1_{average}", truth, said, scores) == pytest.approx(expected, abs=1e-12)
    assert score("hamming_loss", truth, said, scores) == pytest.approx(hamming_loss(truth, said))
    has = truth.any(axis=0)
    found = score("average_precision_macro", truth, said, scores)
    if has.any():
        each = [
            sklearn.metrics.average_precision_score(truth[:, j], scores[:, j]) for j in np.flatnonzero(has)
        ]
        assert found == pytest.approx(np.mean(each))
    else:
        assert np.isnan(found)


def test_images_in_another_order_change_nothing() -> None:
    order = np.random.default_rng(0).permutation(4)
    for name in ("f1_samples", "f1_weighted", "average_precision_macro", "label_ranking_average_precision"):
        moved = score(name, TRUTH[order], SAID[order], SCORES[order])
        assert moved == pytest.approx(score(name, TRUTH, SAID, SCORES))


def test_without_images_nothing_is_counted() -> None:
    nothing = np.zeros((0, 2), np.bool_)
    tally = LabelSetTally.of(nothing, nothing)
    for counted in (tally.wrong, tally.f1_by_sample, tally.total):
        assert counted == 0


def test_labels_that_no_image_has_leave_average_precision_undefined_with_the_reason() -> None:
    nothing = np.zeros((3, 2))
    assert np.isnan(score("average_precision_macro", nothing, nothing, nothing))
    assert why_undefined("average_precision_macro") == "no image of the test part has a label"


def test_what_does_not_fit_is_refused() -> None:
    with refused("mixed_kinds", "y_pred"):
        hamming_loss([[1, 0], [1, 1]], [0, 1])
    with refused("columns_mismatch", "y_score"):
        label_ranking_average_precision_score([[1, 0]], [[0.1, 0.2, 0.3]])
    with refused("unsupported_labels", "y_true"):
        label_ranking_average_precision_score([1, 2, 3], [0.1, 0.2, 0.3])
    with refused("columns_mismatch", "scores"):
        scores_by_label([[1, 0]], [[1, 0]], [[0.2, 0.3, 0.1]])


def test_one_label_in_a_column_is_a_set_too() -> None:
    assert_agree("label_ranking_average_precision_score", [[1], [0]], [[0.4], [0.2]])


def test_a_table_has_what_scikit_learn_finds_of_each_label() -> None:
    table = scores_by_label(TRUTH[:, :2], SAID[:, :2], SCORES[:, :2], ["edema", "effusion"])
    assert table["label"].tolist() == ["edema", "effusion"]
    assert table["n_positive"].tolist() == [3, 1]
    assert table["prevalence"].tolist() == [0.75, 0.25]
    for column, function in (
        ("roc_auc", sklearn.metrics.roc_auc_score),
        ("average_precision", sklearn.metrics.average_precision_score),
    ):
        expected = function(TRUTH[:, :2], SCORES[:, :2], average=None)
        np.testing.assert_allclose(table[column], expected)
    np.testing.assert_allclose(table["f1"], sklearn.metrics.f1_score(TRUTH, SAID, average=None)[:2])
    assert table["sensitivity"].tolist() == [2 / 3, 1]
    assert table["specificity"].tolist() == [1, 2 / 3]
    assert table["undefined"].tolist() == [None, None]


def test_a_label_of_all_images_or_of_none_has_no_value_and_the_reason() -> None:
    table = scores_by_label([[1, 0, 0], [1, 0, 0]], [[1, 0, 1], [0, 0, 0]], np.zeros((2, 3)))
    assert table["undefined"].tolist() == [
        "all images of the test part have the label",
        "no image of the test part has the label",
        "no image of the test part has the label",
    ]
    assert table["roc_auc"].isna().all()
    assert table["average_precision"].isna().tolist() == [False, True, True]
    assert table["sensitivity"].isna().tolist() == [False, True, True]
    assert table["specificity"].isna().tolist() == [True, False, False]
    assert table["f1"].fillna(-1).tolist() == [2 / 3, -1, 0]
