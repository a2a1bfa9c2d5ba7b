"""Confusion matrix, accuracy and balanced accuracy."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, DTypeLike
from scipy.sparse import csr_array

from skknn_syndrome.metrics import accuracy_score, balanced_accuracy_score, confusion_matrix, recall_score
from tests.metrics.builders import LabelPair, assert_agree, label_sets, single_labels
from tests.refusing import refused

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
@settings(max_examples=25)
def test_accuracy_agrees_with_scikit_learn(pair: LabelPair, normalize: bool) -> None:  # noqa: FBT001 (drawn)
    y_true, y_pred, weights = pair
    assert_agree("accuracy_score", y_true, y_pred, normalize=normalize, sample_weight=weights)


@given(pair=single_labels(), adjusted=st.booleans())
@settings(max_examples=25)
def test_balanced_accuracy_agrees_with_scikit_learn(pair: LabelPair, adjusted: bool) -> None:  # noqa: FBT001
    y_true, y_pred, weights = pair
    assert_agree("balanced_accuracy_score", y_true, y_pred, adjusted=adjusted, sample_weight=weights)


@given(pair=single_labels())
@settings(max_examples=25)
def test_accuracy_is_the_recall_of_all_classes_pooled(pair: LabelPair) -> None:
    y_true, y_pred, weights = pair
    pooled = recall_score(y_true, y_pred, average="micro", sample_weight=weights)
    assert accuracy_score(y_true, y_pred, sample_weight=weights) == pytest.approx(pooled)


ANIMALS = ["cat", "ant", "cat", "cat", "ant", "bee"]
PREDICTED_ANIMALS = ["ant", "ant", "cat", "cat", "ant", "cat"]

Normalize = Literal["true", "pred", "all"] | None


def test_perfect_predictions_lie_on_the_diagonal() -> None:
    assert confusion_matrix(ANIMALS, ANIMALS).tolist() == [[2, 0, 0], [0, 1, 0], [0, 0, 3]]


def test_rows_are_true_and_columns_predicted() -> None:
    # ant: both found; bee: misclassified as cat; cat: one misclassified as ant, two found
    assert confusion_matrix(ANIMALS, PREDICTED_ANIMALS).tolist() == [[2, 0, 0], [0, 0, 1], [1, 0, 2]]


def test_labels_choose_rows_and_leave_out_the_rest() -> None:
    assert confusion_matrix(ANIMALS, PREDICTED_ANIMALS, labels=["cat", "ant"]).tolist() == [[2, 1], [0, 2]]
    assert confusion_matrix(ANIMALS, PREDICTED_ANIMALS, labels=["dog", "bee"]).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    "normalize, expected",
    [
        ("true", [[1, 0, 0], [0, 0, 1], [1 / 3, 0, 2 / 3]]),
        ("pred", [[2 / 3, 0, 0], [0, 0, 1 / 3], [1 / 3, 0, 2 / 3]]),  # nothing is predicted to be a bee: 0
        ("all", [[2 / 6, 0, 0], [0, 0, 1 / 6], [1 / 6, 0, 2 / 6]]),
    ],
)
def test_shares_of_rows_columns_or_all(normalize: Normalize, expected: list[list[float]]) -> None:
    shares = confusion_matrix(ANIMALS, PREDICTED_ANIMALS, normalize=normalize)
    np.testing.assert_allclose(shares.astype(np.float64), np.array(expected))


@pytest.mark.parametrize(
    "weights, kind, corner",
    [(None, np.int64, 1), ([2, 1], np.int64, 2), ([True, True], np.int64, 1), ([0.5, 1], np.float64, 0.5)],
)
def test_whole_weights_give_whole_counts(weights: ArrayLike | None, kind: DTypeLike, corner: float) -> None:
    matrix = confusion_matrix([0, 1], [0, 1], sample_weight=weights)
    assert matrix.dtype == kind
    assert matrix[0, 0] == corner


def test_counts_above_what_floats_hold_stay_exact() -> None:
    assert confusion_matrix([0, 0, 1], [0, 0, 1], sample_weight=[2**53, 1, 1])[0, 0] == 2**53 + 1


def test_one_class_alone_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="A single label was found"):
        assert confusion_matrix([1, 1], [1, 1]).tolist() == [[2]]


@pytest.mark.parametrize(
    "labels, code",
    [([], "no_labels"), (["dog"], "labels_absent")],
)
def test_labels_that_say_nothing_are_refused(labels: ArrayLike, code: str) -> None:
    with refused(code, "labels"):
        confusion_matrix(ANIMALS, PREDICTED_ANIMALS, labels=labels)


def test_sets_of_labels_are_refused() -> None:
    with refused("unsupported_labels", "y_true"):
        confusion_matrix([[0, 1], [1, 1]], [[0, 1], [1, 1]])


@given(pair=single_labels(), normalize=st.sampled_from([None, "true", "pred", "all"]), data=st.data())
@settings(max_examples=25)
def test_the_confusion_matrix_agrees_with_scikit_learn(
    pair: LabelPair, normalize: Normalize, data: st.DataObject
) -> None:
    y_true, y_pred, weights = pair
    labels = data.draw(st.none() | st.permutations(np.unique(y_true).tolist()))
    assert_agree(
        "confusion_matrix", y_true, y_pred, labels=labels, sample_weight=weights, normalize=normalize
    )


@given(pair=single_labels())
@settings(max_examples=25)
@pytest.mark.filterwarnings("ignore:A single label was found:UserWarning")
def test_its_trace_is_the_number_of_right_predictions(pair: LabelPair) -> None:
    y_true, y_pred, weights = pair
    matrix = confusion_matrix(y_true, y_pred, sample_weight=weights)
    right = accuracy_score(y_true, y_pred, sample_weight=weights, normalize=False)
    assert matrix.trace() == pytest.approx(right)
    assert matrix.sum() == pytest.approx(len(y_true) if weights is None else weights.sum())
