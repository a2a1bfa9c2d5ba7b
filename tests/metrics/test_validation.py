"""Input validation of metrics."""

from inspect import signature

import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array
from sklearn.utils._param_validation import InvalidParameterError

from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.validation import (
    LabelInput,
    LabelSets,
    SingleLabels,
    check_targets,
    classes_of_columns,
    ordered_classes,
    refuse_one_column,
    some_weight,
    validated,
)
from tests.refusing import refused


@validated({"number": [int], "free": "no_validation"})
def doubled(number: int, free: object = None) -> tuple[int, object]:
    """Twice the number."""
    return 2 * number, free


def test_arguments_that_fulfil_their_constraints_pass() -> None:
    assert doubled(2, free="anything") == (4, "anything")


def test_others_are_refused_by_name_before_the_function_runs() -> None:
    with pytest.raises(
        InvalidParameterError, match="The 'number' parameter of doubled must be an instance of 'int'"
    ):
        doubled("2")  # type: ignore[arg-type]


def test_signature_and_docstring_stay() -> None:
    assert list(signature(doubled).parameters) == ["number", "free"]
    assert doubled.__doc__ == "Twice the number."


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
    "y_true, y_pred, code",
    [
        ([], [], "no_samples"),
        ([0, 1], [[0, 1], [1, 1]], "mixed_kinds"),
        ([0.5, 1], [0, 1], "mixed_kinds"),
        ([0.5, 1], [0.5, 1], "unsupported_labels"),
        ([[1, 2], [3, 1]], [[1, 2], [2, 3]], "unsupported_labels"),
    ],
)
def test_what_does_not_fit_together_is_refused(y_true: LabelInput, y_pred: LabelInput, code: str) -> None:
    with refused(code, error=ParameterError):
        check_targets(np.array(y_true), np.array(y_pred))


@pytest.mark.parametrize(
    "y_true, y_pred, message",
    [
        ([0, 1], [0], "inconsistent numbers of samples"),
        (["a", "b"], [0, 1], "Mix of label input types"),
        ([[0, 1], [1, 1]], [[0, 1, 1], [1, 1, 0]], "different numbers of labels"),
    ],
)
def test_what_scikit_learn_refuses_is_refused_in_its_words(
    y_true: LabelInput, y_pred: LabelInput, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        check_targets(np.array(y_true), np.array(y_pred))


def test_weights_that_are_all_zero_are_refused() -> None:
    with refused("no_weight", "sample_weight"):
        some_weight(np.zeros(2))
    with pytest.raises(ValueError, match="at least one non-zero number"):  # scikit-learn's own, from 1.9 on
        check_targets([0, 1], [0, 1], [0, 0])


def test_a_sparse_column_is_refused() -> None:
    column = csr_array(np.array([[1], [0]]))
    with pytest.raises(TypeError, match="only supported when targets are of multilabel type"):
        check_targets(column, column)


def test_sorted_distinct_labels_are_kept() -> None:
    assert ordered_classes(["a", "b", "c"]).tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    "labels, code",
    [([0, 1, 1], "repeated_labels"), ([1, 0], "unordered_labels"), (["b", "a", "b"], "repeated_labels")],
)
def test_labels_that_repeat_or_fall_are_refused(labels: list[object], code: str) -> None:
    with refused(code, "labels"):
        ordered_classes(np.array(labels))


MISMATCH = {"unnamed": "{n_classes} classes, {n_columns} columns", "misnamed": "{n_classes} given"}


def test_columns_are_of_the_labels_that_occur_or_are_given() -> None:
    assert classes_of_columns(np.array(["b", "a"]), 2, None, **MISMATCH).tolist() == ["a", "b"]
    assert classes_of_columns(np.array(["b", "b"]), 2, ["a", "b"], **MISMATCH).tolist() == ["a", "b"]


def test_more_or_fewer_columns_than_classes_are_refused_with_the_numbers() -> None:
    with refused("columns_mismatch", "labels") as caught:
        classes_of_columns(np.array([0, 2]), 3, None, **MISMATCH)
    assert str(caught.value) == "2 classes, 3 columns"
    with refused("columns_mismatch", "labels") as caught:
        classes_of_columns(np.array([0, 2]), 2, [0, 1, 2], **MISMATCH)
    assert str(caught.value) == "3 given"


def test_a_label_without_a_column_is_refused() -> None:
    with refused("unknown_label", "y_true"):
        classes_of_columns(np.array([0, 2]), 2, [0, 1], **MISMATCH)


def test_one_score_a_sample_is_not_enough_for_several_classes() -> None:
    refuse_one_column(np.eye(3))
    with refused("one_column", "y_score"):
        refuse_one_column(np.ones(3))
