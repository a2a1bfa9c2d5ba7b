"""The confusion matrix."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, DTypeLike

from skknn_syndrome.metrics import accuracy_score, confusion_matrix
from tests.metrics.agreement import assert_agree
from tests.metrics.label_strategies import LabelPair, single_labels

TRUE = ["cat", "ant", "cat", "cat", "ant", "bee"]
PREDICTED = ["ant", "ant", "cat", "cat", "ant", "cat"]

Normalize = Literal["true", "pred", "all"] | None


def test_perfect_predictions_lie_on_the_diagonal() -> None:
    assert confusion_matrix(TRUE, TRUE).tolist() == [[2, 0, 0], [0, 1, 0], [0, 0, 3]]


def test_rows_are_true_and_columns_predicted() -> None:
    # ant: both found; bee: taken for a cat; cat: one taken for an ant, two found
    assert confusion_matrix(TRUE, PREDICTED).tolist() == [[2, 0, 0], [0, 0, 1], [1, 0, 2]]


def test_labels_choose_rows_and_leave_out_the_rest() -> None:
    assert confusion_matrix(TRUE, PREDICTED, labels=["cat", "ant"]).tolist() == [[2, 1], [0, 2]]
    assert confusion_matrix(TRUE, PREDICTED, labels=["dog", "bee"]).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    "normalize, expected",
    [
        ("true", [[1, 0, 0], [0, 0, 1], [1 / 3, 0, 2 / 3]]),
        ("pred", [[2 / 3, 0, 0], [0, 0, 1 / 3], [1 / 3, 0, 2 / 3]]),  # nothing was taken for a bee: 0
        ("all", [[2 / 6, 0, 0], [0, 0, 1 / 6], [1 / 6, 0, 2 / 6]]),
    ],
)
def test_shares_of_rows_columns_or_all(normalize: Normalize, expected: list[list[float]]) -> None:
    shares = confusion_matrix(TRUE, PREDICTED, normalize=normalize)
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
    "labels, message",
    [([], "should contain at least one label"), (["dog"], "At least one label specified must be in y_true")],
)
def test_labels_that_say_nothing_are_refused(labels: ArrayLike, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        confusion_matrix(TRUE, PREDICTED, labels=labels)


def test_sets_of_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="multilabel-indicator is not supported"):
        confusion_matrix([[0, 1], [1, 1]], [[0, 1], [1, 1]])


@given(pair=single_labels(), normalize=st.sampled_from([None, "true", "pred", "all"]), data=st.data())
@settings(max_examples=60, deadline=None)
def test_agrees_with_scikit_learn(pair: LabelPair, normalize: Normalize, data: st.DataObject) -> None:
    y_true, y_pred, weights = pair
    labels = data.draw(st.none() | st.permutations(np.unique(y_true).tolist()))
    assert_agree(
        "confusion_matrix", y_true, y_pred, labels=labels, sample_weight=weights, normalize=normalize
    )


@given(pair=single_labels())
@settings(max_examples=60, deadline=None)
@pytest.mark.filterwarnings("ignore:A single label was found:UserWarning")
def test_its_trace_is_the_number_of_right_predictions(pair: LabelPair) -> None:
    y_true, y_pred, weights = pair
    matrix = confusion_matrix(y_true, y_pred, sample_weight=weights)
    right = accuracy_score(y_true, y_pred, sample_weight=weights, normalize=False)
    assert matrix.trace() == pytest.approx(right)
    assert matrix.sum() == pytest.approx(len(y_true) if weights is None else weights.sum())
