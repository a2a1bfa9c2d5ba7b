"""Factors on the votes of each class."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
from sklearn.utils import compute_class_weight

from skknn_syndrome._typing import Float64Array, LabelArray

ClassWeight: TypeAlias = Mapping[Any, float] | Literal["balanced"] | None
"""What `SyndromeKNNClassifier` takes as `class_weight`."""

CLASS_WEIGHT_RANGE = (1e-100, 1e100)
"""Between these no sum of weighted votes can overflow or vanish."""


def unknown_classes(class_weight: ClassWeight, labels: LabelArray) -> list[Any]:
    """Return the names in a dictionary of class weights that are no label.

    A training part may lack a class that is named; whoever knows all labels can ask.

    Examples
    --------
    >>> unknown_classes({"a": 2.0, "z": 3.0}, np.array(["a", "b"]))
    ['z']
    """
    known = set(labels.tolist())
    return (
        [label for label in class_weight if label not in known] if isinstance(class_weight, Mapping) else []
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
    ValueError
        A factor is not within 1e-100 and 1e100.

    Examples
    --------
    >>> resolve_class_weight("balanced", np.array(["a", "b"]), np.array(["a", "a", "a", "b"])).round(2)
    array([0.67, 2.  ])
    """
    # A dictionary may name classes that a training part lacks, and leave out others.
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
        raise ValueError(
            f"The class_weight of class {classes[first]} is {resolved[first]}; "
            f"it must lie between {low} and {high}."
        )
    return resolved
