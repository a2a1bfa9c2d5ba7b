"""Factors on the votes of each class."""

from collections.abc import Mapping
from numbers import Real
from typing import Any, Literal, TypeAlias

import numpy as np
from sklearn.utils import compute_class_weight

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.errors import quote

ClassWeight: TypeAlias = Mapping[Any, float] | Literal["balanced"] | None
"""What `SyndromeKNNClassifier` takes as `class_weight`."""

CLASS_WEIGHT_RANGE = (1e-100, 1e100)
"""Between these no sum of weighted votes can overflow or vanish."""

MOST_LISTED = 10
"""Classes that an error names."""


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
    ValueError
        Naming the first that is at fault.

    Examples
    --------
    >>> check_class_weight({"a": 2.0, "b": 1.0, "z": 3.0}, np.array(["a", "b"]))
    >>> check_class_weight({"a": 2.0, "z": 3.0}, np.array(["a", "b"]))
    Traceback (most recent call last):
    ValueError: class_weight names 'z', which is no class: there are 'a', 'b'.
    """
    if not isinstance(class_weight, Mapping):
        return
    given: Mapping[Any, Any] = class_weight
    for label, weight in given.items():
        if not isinstance(weight, Real):
            raise ValueError(f"class_weight[{label!r}] is {weight!r}: give a number.")  # noqa: TRY004  from `fit`
    known = classes.tolist()
    unknown = [label for label in class_weight if label not in set(known)]
    weightless = [label for label in known if label not in class_weight]
    if unknown and (weightless or all_classes):
        named = ", ".join(quote(label) for label in known[:MOST_LISTED])
        more = f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
        raise ValueError(f"class_weight names {unknown[0]!r}, which is no class: there are {named}{more}.")


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
        raise ValueError(
            f"The class_weight of class {classes[first]} is {resolved[first]}; "
            f"it must lie between {low} and {high}."
        )
    return resolved
