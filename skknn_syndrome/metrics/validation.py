"""Input validation of metrics: labels, weights, classes of columns, and types of parameters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, ParamSpec, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, issparse, sparray, spmatrix
from sklearn.utils import check_consistent_length, column_or_1d
from sklearn.utils._param_validation import validate_params
from sklearn.utils.multiclass import type_of_target, unique_labels
from sklearn.utils.validation import _check_sample_weight, _num_samples

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.errors import ParameterError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def validated(
    constraints: Mapping[str, Sequence[object]],
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Refuse arguments that do not fulfil scikit-learn's constraints.

    Parameters
    ----------
    constraints : mapping of str to sequence
        Parameter name -> what is allowed, in the form of scikit-learn's ``_parameter_constraints``.

    Returns
    -------
    callable
        A decorator. The function it returns raises ``InvalidParameterError`` (a ``ValueError`` and a
        ``TypeError``) before anything is computed.
    """
    # scikit-learn ships no types; the cast keeps the signature of the decorated function for mypy.
    return cast(
        "Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]",
        validate_params(dict(constraints), prefer_skip_nested_validation=True),
    )


LabelInput: TypeAlias = ArrayLike | sparray | spmatrix
"""Labels, shape (n_samples,), or an indicator matrix, dense or sparse, shape (n_samples, n_labels)."""

WeightArray: TypeAlias = NDArray[np.integer | np.floating | np.bool_]
"""Weights of the samples, in the type that they came in."""


@dataclass(frozen=True, eq=False, slots=True)
class SingleLabels:
    """One label per sample, as the number of its class."""

    kind: Literal["binary", "multiclass"]
    """Two classes at most, or more."""
    classes: LabelArray
    """Shape (n_classes,): sorted labels that are true or predicted somewhere."""
    truth: IndexArray
    """Shape (n_samples,): position of the true label in `classes`."""
    predicted: IndexArray
    """Shape (n_samples,): position of the predicted label in `classes`."""
    weights: WeightArray | None
    """Shape (n_samples,); None for equal weights."""


@dataclass(frozen=True, eq=False, slots=True)
class LabelSets:
    """A set of labels per sample, as an indicator matrix."""

    kind: ClassVar[Literal["multilabel-indicator"]] = "multilabel-indicator"
    truth: csr_array
    """Shape (n_samples, n_labels): not zero where the label is true."""
    predicted: csr_array
    """Shape (n_samples, n_labels): not zero where the label is predicted."""
    weights: WeightArray | None
    """Shape (n_samples,); None for equal weights."""


def check_targets(
    y_true: LabelInput, y_pred: LabelInput, sample_weight: ArrayLike | None = None
) -> SingleLabels | LabelSets:
    """Check that true and predicted labels fit together.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,), or indicator matrix of shape (n_samples, n_labels)
        Labels. A column of shape (n_samples, 1) is taken as labels of shape (n_samples,).
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    SingleLabels or LabelSets
        The same, with labels as numbers, or as sparse matrices.

    Raises
    ------
    ValueError
        If lengths differ, there is no sample, one is single-label and the other not, strings are mixed with
        numbers, values are continuous or of several outputs, or all weights are zero.
    TypeError
        If labels of shape (n_samples,) come as a sparse matrix.

    Examples
    --------
    >>> targets = check_targets(["b", "a"], ["a", "c"])
    >>> targets.kind, targets.classes.tolist(), targets.truth, targets.predicted
    ('multiclass', ['a', 'b', 'c'], array([1, 0]), array([0, 2]))
    """
    check_consistent_length(y_true, y_pred, sample_weight)
    multilabel = _is_multilabel(y_true, y_pred)
    weights = None
    if sample_weight is not None:
        weights = some_weight(_check_sample_weight(sample_weight, y_true, force_float_dtype=False))
    if not multilabel:
        return _single_labels(y_true, y_pred, weights)
    unique_labels(y_true, y_pred)  # refuses matrices of different widths
    return LabelSets(_as_csr(y_true), _as_csr(y_pred), weights)


def some_weight(weights: NDArray[Any]) -> NDArray[Any]:
    """Return weights of which one at least counts; scikit-learn refuses others from 1.9 on.

    Examples
    --------
    >>> some_weight(np.array([0, 2]))
    array([0, 2])
    """
    if not weights.any():
        raise ParameterError(
            "Sample weights must contain at least one non-zero number.",
            code="no_weight",
            parameter="sample_weight",
        )
    return weights


def those_that_count(
    positive: BoolArray, scores: LabelArray, sample_weight: ArrayLike | None
) -> tuple[BoolArray, LabelArray, Float64Array | None]:
    """Drop samples of weight 0 from arrays that were checked, but for the weights.

    Examples
    --------
    >>> those_that_count(np.array([True, False]), np.array([0.5, 0.25]), [0, 2])
    (array([False]), array([0.25]), array([2.]))
    """
    if sample_weight is None:
        return positive, scores, None
    weights = some_weight(_check_sample_weight(column_or_1d(sample_weight), scores))
    counted = weights != 0
    return positive[counted], scores[counted], weights[counted]


def of_unit_scale(weights: NDArray[Any]) -> NDArray[np.float64]:
    """Return weights of which the largest of each row lies between 1/2 and 1, all in their old proportions.

    Scores take products of sums of weights, which may leave the range of float64 where no score depends on
    their scale. A power of two, which is exact, is divided by.

    Parameters
    ----------
    weights : ndarray of shape (..., n_samples)
        Not negative.

    Returns
    -------
    ndarray of the same shape
        A row without weight stays as it is.

    Examples
    --------
    >>> of_unit_scale(np.array([[3.0, 1.0], [0.0, 0.0], [1e-300, 0.0]])).tolist()
    [[0.75, 0.25], [0.0, 0.0], [0.669..., 0.0]]
    """
    plain = weights.astype(np.float64, copy=False)
    exponents = np.frexp(plain.max(axis=-1, keepdims=True, initial=0.0))[1]
    scaled: NDArray[np.float64] = np.ldexp(plain, -exponents)
    return scaled


def _is_multilabel(y_true: LabelInput, y_pred: LabelInput) -> bool:
    """Whether both are indicator matrices; False if neither is and both are labels."""
    kind = type_of_target(y_true, input_name="y_true")
    other = type_of_target(y_pred, input_name="y_pred")
    if _num_samples(y_true) == 0:
        raise ParameterError(
            "Found empty input array (e.g., `y_true` or `y_pred`) while a minimum of 1 sample is required.",
            code="no_samples",
            parameter="y_true",
        )
    if kind != other and {kind, other} != {"binary", "multiclass"}:
        message = f"Classification metrics can't handle a mix of {kind} and {other} targets"
        raise ParameterError(message, code="mixed_kinds", parameter="y_pred")
    if kind not in {"binary", "multiclass", "multilabel-indicator"}:
        raise ParameterError(f"{kind} is not supported", code="unsupported_labels", parameter="y_true")
    return bool(kind == "multilabel-indicator")


def _as_csr(indicator: LabelInput) -> csr_array:
    # scipy's types know no union of dense and sparse.
    return csr_array(cast("csr_array", indicator))


def _single_labels(y_true: LabelInput, y_pred: LabelInput, weights: WeightArray | None) -> SingleLabels:
    if any(map(issparse, (y_true, y_pred))):
        message = "Sparse input is only supported when targets are of multilabel type"
        raise TypeError(message)
    truth, predicted = column_or_1d(y_true), column_or_1d(y_pred)
    classes = unique_labels(truth, predicted)
    return SingleLabels(
        "binary" if len(classes) <= 2 else "multiclass",  # noqa: PLR2004 (what binary means)
        classes,
        np.searchsorted(classes, truth),
        np.searchsorted(classes, predicted),
        weights,
    )


def ordered_classes(labels: ArrayLike) -> LabelArray:
    """Return labels as an array, if they are sorted and all different.

    Parameters
    ----------
    labels : array-like of shape (n_classes,)
        Class of each column.

    Returns
    -------
    ndarray of shape (n_classes,)
        The same labels.

    Raises
    ------
    ParameterError
        If a label comes twice, or before a smaller one.

    Examples
    --------
    >>> ordered_classes(["a", "b"])
    array(['a', 'b'], dtype='<U1')
    """
    given = column_or_1d(labels)
    classes = np.unique(given)
    if len(classes) != len(given):
        raise ParameterError("Parameter 'labels' must be unique.", code="repeated_labels", parameter="labels")
    if not np.array_equal(classes, given):
        raise ParameterError(
            "Parameter 'labels' must be ordered.", code="unordered_labels", parameter="labels"
        )
    return classes


def classes_of_columns(
    truth: LabelArray, n_columns: int, labels: ArrayLike | None, *, unnamed: str, misnamed: str
) -> LabelArray:
    """Return the class of each column of a matrix of scores.

    Parameters
    ----------
    truth : ndarray of shape (n_samples,)
        Labels of the samples.
    n_columns : int
    labels : array-like of shape (n_classes,), optional
        Sorted classes of the columns; those in `truth` by default.
    unnamed, misnamed : str
        What is said, of ``{n_classes}`` and ``{n_columns}``, where they differ: without and with `labels`.

    Returns
    -------
    ndarray of shape (n_columns,)

    Raises
    ------
    ParameterError
        There are more or fewer classes than columns, or a label is of no column.

    Examples
    --------
    >>> classes_of_columns(np.array(["b", "a", "b"]), 2, None, unnamed="", misnamed="")
    array(['a', 'b'], dtype='<U1')
    """
    classes = np.unique(truth) if labels is None else ordered_classes(labels)
    if len(classes) != n_columns:
        raise ParameterError(
            unnamed if labels is None else misnamed,
            code="columns_mismatch",
            parameter="labels",
            n_classes=len(classes),
            n_columns=n_columns,
        )
    if len(np.setdiff1d(truth, classes)):
        raise ParameterError(
            "'y_true' contains labels not in parameter 'labels'.", code="unknown_label", parameter="y_true"
        )
    return classes


def refuse_one_column(scores: Float64Array) -> None:
    """Refuse one score a sample where there are several classes.

    Raises
    ------
    ParameterError
    """
    if scores.ndim == 1:
        raise ParameterError(
            "`y_score` needs to be of shape `(n_samples, n_classes)`, since `y_true` contains multiple "
            f"classes. Got `y_score.shape={scores.shape}`.",
            code="one_column",
            parameter="y_score",
        )
