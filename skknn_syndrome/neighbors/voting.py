"""Votes of neighbours: their sums by class, class weights, and the probabilities that follow."""

from collections.abc import Mapping
from numbers import Real
from typing import Any, Literal, TypeAlias

import numpy as np
from sklearn.utils import compute_class_weight

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.errors import Argument, ParameterError, quote

ClassWeight: TypeAlias = Mapping[Any, float] | Literal["balanced"] | None
"""What `SyndromeKNNClassifier` takes as `class_weight`."""

CLASS_WEIGHT_RANGE = (1e-100, 1e100)
"""Between these no sum of weighted votes can overflow or vanish."""

MOST_LISTED = 10
"""Classes that an error names."""


def class_votes(labels: IndexArray, weights: Float64Array, n_classes: int) -> Float64Array:
    """Return each row's sum of weights per class, added in the order of the neighbours.

    Parameters
    ----------
    labels : ndarray of shape (n_rows, n_neighbors)
        The neighbours' class numbers, nearest first.
    weights : ndarray of shape (n_rows, n_neighbors)
    n_classes : int

    Returns
    -------
    ndarray of shape (n_rows, n_classes)

    Examples
    --------
    >>> class_votes(np.array([[2, 0, 2]]), np.array([[1.0, 0.5, 0.25]]), n_classes=3)
    array([[0.5 , 0.  , 1.25]])
    """
    cells = labels + n_classes * np.arange(len(labels))[:, None]
    # bincount goes through the neighbours one by one: no batch or thread can change the order of the sum.
    votes = np.bincount(cells.ravel(), weights.ravel(), minlength=len(labels) * n_classes)
    return np.asarray(votes, dtype=np.float64).reshape(len(labels), n_classes)


def vote_probabilities(votes: Float64Array, class_weight: Float64Array) -> Float64Array:
    r"""Return the class probabilities :math:`p_c = w_c v_c / \sum_b w_b v_b`.

    Parameters
    ----------
    votes : ndarray of shape (..., n_rows, n_classes)
        Not negative, with at least one vote in each row.
    class_weight : ndarray of shape (n_classes,) or (n_rows, n_classes)
        Positive.

    Returns
    -------
    ndarray of shape (..., n_rows, n_classes)
        Each row sums to 1.

    Examples
    --------
    >>> vote_probabilities(np.array([[2.0, 1.0]]), np.array([1.0, 6.0]))
    array([[0.25, 0.75]])
    """
    probabilities = votes.copy()
    share_votes(probabilities, class_weight)
    return probabilities


def share_votes(votes: Float64Array, class_weight: Float64Array) -> None:
    """Turn votes into the probabilities of `vote_probabilities`, in place."""
    if (class_weight != 1).any():
        votes *= class_weight
    votes /= votes.sum(axis=-1, keepdims=True)


def check_class_weight(class_weight: ClassWeight, classes: LabelArray, *, all_classes: bool = False) -> None:
    """Refuse names in a dictionary of class weights that are no class, and weights that are no number.

    A misspelt name would weigh nothing. A training part may lack a class that is named, though: as in
    `sklearn.utils.compute_class_weight`, such names pass where every class that is there has a weight.

    Parameters
    ----------
    class_weight : "balanced", dict {class: weight} or None
    classes : ndarray of shape (n_classes,)
        The labels, each once.
    all_classes : bool, default=False
        The classes are all there are: no other name passes.

    Raises
    ------
    ParameterError
        Naming the first that is at fault.

    Examples
    --------
    >>> check_class_weight({"a": 2.0, "b": 1.0, "z": 3.0}, np.array(["a", "b"]))
    >>> check_class_weight({"a": 2.0, "z": 3.0}, np.array(["a", "b"]))
    Traceback (most recent call last):
    skknn_syndrome.errors.ParameterError: class_weight names 'z', which is no class: there are 'a', 'b'.
    """
    if not isinstance(class_weight, Mapping):
        return
    given: Mapping[Any, Any] = class_weight
    for label, weight in given.items():
        if not isinstance(weight, Real):
            raise _weight_error(  # no TypeError: it comes from `fit`
                "{class_weight}[{label!r}] is {weight!r}: give a number.",
                code="no_number",
                label=label,
                weight=weight,
            )
    known = classes.tolist()
    unknown = [label for label in class_weight if label not in set(known)]
    weightless = [label for label in known if label not in class_weight]
    if unknown and (weightless or all_classes):
        named = ", ".join(quote(label) for label in known[:MOST_LISTED])
        more = f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
        raise _weight_error(
            "{class_weight} names {unknown!r}, which is no class: there are {named}.",
            code="unknown_class",
            unknown=unknown[0],
            named=named + more,
        )


def resolve_class_weight(class_weight: ClassWeight, classes: LabelArray, labels: LabelArray) -> Float64Array:
    """Return the factor of each class, refusing what could make votes vanish or overflow.

    Parameters
    ----------
    class_weight : "balanced", dict {class: weight} or None
        "balanced" means n_samples / (n_classes * count of the class); a class that a dict doesn't name
        weighs 1.
    classes : ndarray of shape (n_classes,)
        The sorted labels.
    labels : ndarray of shape (n_samples,)
        The training rows' labels.

    Returns
    -------
    ndarray of shape (n_classes,)

    Raises
    ------
    ParameterError
        A factor is not within 1e-100 and 1e100.

    Examples
    --------
    >>> resolve_class_weight("balanced", np.array(["a", "b"]), np.array(["a", "a", "a", "b"])).round(2)
    array([0.67, 2.  ])
    """
    # A study asks for parts of its data: these may lack classes that a dictionary names.
    named = class_weight if isinstance(class_weight, Mapping) else {}
    resolved: Float64Array = (
        np.array([named.get(label, 1.0) for label in classes.tolist()], dtype=np.float64)
        if named
        else compute_class_weight(class_weight or None, classes=classes, y=labels)
    )
    low, high = CLASS_WEIGHT_RANGE
    fits = (resolved >= low) & (resolved <= high)  # False for NaN
    if not fits.all():
        first = np.argmin(fits)
        raise _weight_error(
            "The {class_weight} of class {label} is {weight}; it must lie between {low} and {high}.",
            code="weight_out_of_range",
            label=classes[first],
            weight=resolved[first],
            low=low,
            high=high,
        )
    return resolved


def _weight_error(message: str, *, code: str, **fields: object) -> ParameterError:
    named = {"class_weight": Argument("class_weight"), **fields}
    return ParameterError(message, code=code, parameter="class_weight", **named)
