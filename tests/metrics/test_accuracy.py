"""Accuracy, plain and balanced."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from skknn_syndrome.metrics import accuracy_score, balanced_accuracy_score, recall_score
from tests.metrics.agreement import assert_agree
from tests.metrics.label_strategies import LabelPair, label_sets, single_labels

TRUE = [0, 0, 0, 0, 1, 1]
PREDICTED = [0, 0, 0, 1, 1, 0]


def test_all_right_and_all_wrong() -> None:
    assert accuracy_score(TRUE, TRUE) == balanced_accuracy_score(TRUE, TRUE) == 1
    wrong = [1 - label for label in TRUE]
    assert accuracy_score(TRUE, wrong) == balanced_accuracy_score(TRUE, wrong) == 0


def test_share_and_number_of_right_predictions() -> None:
    assert accuracy_score(TRUE, PREDICTED) == pytest.approx(4 / 6)
    assert accuracy_score(TRUE, PREDICTED, normalize=False) == 4


def test_weights_count_as_repetition() -> None:
    weights = [1, 1, 1, 3, 2, 1]  # right: 1 + 1 + 1 + 2 = 5 of 9
    assert accuracy_score(TRUE, PREDICTED, sample_weight=weights) == pytest.approx(5 / 9)
    assert accuracy_score(TRUE, PREDICTED, sample_weight=weights, normalize=False) == 5


@pytest.mark.parametrize("container", [np.asarray, csr_array])
def test_a_set_of_labels_must_match_exactly(container: type) -> None:
    y_true = container(np.array([[0, 1], [1, 1], [0, 0]]))
    y_pred = container(np.array([[0, 1], [1, 0], [0, 1]]))
    assert accuracy_score(y_true, y_pred) == pytest.approx(1 / 3)


def test_balanced_accuracy_is_the_mean_recall() -> None:
    assert balanced_accuracy_score(TRUE, PREDICTED) == (3 / 4 + 1 / 2) / 2


def test_adjusted_balanced_accuracy_is_zero_for_guessing() -> None:
    assert balanced_accuracy_score(TRUE, [1] * 6, adjusted=True) == 0
    # 0.625, of which 0.5 are had by guessing, over the 0.5 that are left
    assert balanced_accuracy_score(TRUE, PREDICTED, adjusted=True) == 0.25


def test_classes_that_are_never_true_are_left_out_with_a_warning() -> None:
    with pytest.warns(UserWarning, match="y_pred contains classes not in y_true"):
        assert balanced_accuracy_score([0, 0, 1], [0, 2, 1]) == (1 / 2 + 1) / 2


def test_one_class_alone_has_no_adjusted_score() -> None:
    with (
        pytest.warns(UserWarning, match="A single label was found"),
        pytest.warns(RuntimeWarning, match="invalid value"),
    ):
        assert np.isnan(balanced_accuracy_score([1, 1], [1, 1], adjusted=True))


@given(pair=single_labels() | label_sets(), normalize=st.booleans())
@settings(max_examples=60, deadline=None)
def test_accuracy_agrees_with_scikit_learn(pair: LabelPair, normalize: bool) -> None:  # noqa: FBT001 (drawn)
    y_true, y_pred, weights = pair
    assert_agree("accuracy_score", y_true, y_pred, normalize=normalize, sample_weight=weights)


@given(pair=single_labels(), adjusted=st.booleans())
@settings(max_examples=60, deadline=None)
def test_balanced_accuracy_agrees_with_scikit_learn(pair: LabelPair, adjusted: bool) -> None:  # noqa: FBT001
    y_true, y_pred, weights = pair
    assert_agree("balanced_accuracy_score", y_true, y_pred, adjusted=adjusted, sample_weight=weights)


@given(pair=single_labels())
@settings(max_examples=60, deadline=None)
def test_accuracy_is_the_recall_of_all_classes_pooled(pair: LabelPair) -> None:
    y_true, y_pred, weights = pair
    pooled = recall_score(y_true, y_pred, average="micro", sample_weight=weights)
    assert accuracy_score(y_true, y_pred, sample_weight=weights) == pytest.approx(pooled)
