"""True and predicted labels, checked and numbered."""

import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array

from skknn_syndrome.metrics.targets import LabelInput, LabelSets, SingleLabels, check_targets, some_weight


def single(y_true: LabelInput, y_pred: LabelInput) -> SingleLabels:
    targets = check_targets(y_true, y_pred)
    assert isinstance(targets, SingleLabels)
    return targets


def test_labels_become_positions_among_the_sorted_classes() -> None:
    targets = single(["b", "a", "b"], ["b", "b", "c"])
    assert targets.classes.tolist() == ["a", "b", "c"]
    assert targets.truth.tolist() == [1, 0, 1]
    assert targets.predicted.tolist() == [1, 1, 2]
    assert targets.weights is None


def test_two_binary_arrays_of_three_classes_are_multiclass() -> None:
    assert single([0, 1], [1, 2]).kind == "multiclass"
    assert single([0, 1], [1, 1]).kind == "binary"


def test_a_column_is_taken_as_labels() -> None:
    assert single(np.array([[3], [5]]), [5, 5]).truth.tolist() == [0, 1]


def test_weights_keep_their_type() -> None:
    targets = check_targets([0, 1], [0, 1], [1, 2])
    assert targets.weights is not None
    assert targets.weights.dtype.kind == "i"


@pytest.mark.parametrize("container", [np.asarray, csr_array, coo_array])
def test_indicator_matrices_become_sparse(container: type) -> None:
    matrix = np.array([[0, 1], [1, 1]])
    targets = check_targets(container(matrix), matrix)
    assert isinstance(targets, LabelSets)
    assert targets.truth.toarray().tolist() == matrix.tolist()
    assert targets.kind == "multilabel-indicator"


@pytest.mark.parametrize(
    "y_true, y_pred, message",
    [
        ([0, 1], [0], "inconsistent numbers of samples"),
        ([], [], "Found empty input array"),
        ([0, 1], [[0, 1], [1, 1]], "mix of binary and multilabel-indicator targets"),
        ([0.5, 1], [0, 1], "mix of continuous and binary targets"),
        ([0.5, 1], [0.5, 1], "continuous is not supported"),
        ([[1, 2], [3, 1]], [[1, 2], [2, 3]], "multiclass-multioutput is not supported"),
        (["a", "b"], [0, 1], "Mix of label input types"),
        ([[0, 1], [1, 1]], [[0, 1, 1], [1, 1, 0]], "different numbers of labels"),
    ],
)
def test_what_does_not_fit_together_is_refused(y_true: LabelInput, y_pred: LabelInput, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_targets(np.array(y_true), np.array(y_pred))


def test_weights_that_are_all_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one non-zero number"):
        some_weight(np.zeros(2))  # whether scikit-learn does so depends on its version
    with pytest.raises(ValueError, match="at least one non-zero number"):
        check_targets([0, 1], [0, 1], [0, 0])


def test_a_sparse_column_is_refused() -> None:
    column = csr_array(np.array([[1], [0]]))
    with pytest.raises(TypeError, match="only supported when targets are of multilabel type"):
        check_targets(column, column)
