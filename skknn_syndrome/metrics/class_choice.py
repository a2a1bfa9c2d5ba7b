"""Which classes a score is about: all, those asked for, or the positive one."""

import warnings
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from skknn_syndrome.metrics.averaging import Average
from skknn_syndrome.metrics.targets import LabelSets, SingleLabels

AverageOrBinary: TypeAlias = Average | Literal["binary"]
"""How the values of single classes become one; 'binary' takes that of the positive class."""

PosLabel: TypeAlias = float | str | None
"""The positive class of two: a number, a bool or a string."""


def chosen_labels(
    targets: SingleLabels | LabelSets,
    labels: ArrayLike | None,
    pos_label: PosLabel,
    average: AverageOrBinary,
) -> ArrayLike | None:
    """Labels that a score is about.

    Parameters
    ----------
    targets : SingleLabels or LabelSets
        True and predicted labels.
    labels : array-like, optional
        What the caller asked for.
    pos_label : float, bool or str, optional
        The positive class, for 'binary'.
    average : {'binary', 'micro', 'macro', 'samples', 'weighted'} or None
        How values become one.

    Returns
    -------
    array-like or None
        The positive class alone for 'binary', else `labels`.

    Raises
    ------
    ValueError
        If `average` does not fit the kind of labels, or `pos_label` is none of two classes.

    Warns
    -----
    UserWarning
        If a `pos_label` is given that has no effect.
    """
    if average == "binary":
        return np.array([_positive_class(targets, pos_label)])
    if average == "samples" and isinstance(targets, SingleLabels):
        message = "Samplewise metrics are not available outside of multilabel classification."
        raise ValueError(message)
    if pos_label not in {None, 1}:
        message = (
            f"Note that pos_label (set to {pos_label!r}) is ignored when average != 'binary' (got "
            f"{average!r}). You may use labels=[pos_label] to specify a single positive class."
        )
        warnings.warn(message, UserWarning, stacklevel=4)
    return labels


def _positive_class(targets: SingleLabels | LabelSets, pos_label: PosLabel) -> PosLabel:
    if isinstance(targets, LabelSets) or targets.kind != "binary":
        options = [None, "micro", "macro", "weighted", *(["samples"] * isinstance(targets, LabelSets))]
        message = (
            f"Target is {targets.kind} but average='binary'. Please choose another average setting, one of "
            f"{options!r}."
        )
        raise ValueError(message)
    classes = targets.classes
    # With one class alone it may be the negative one.
    if pos_label is None or (len(classes) > 1 and pos_label not in classes.tolist()):
        message = f"pos_label={pos_label} is not a valid label. It should be one of {classes}"
        raise ValueError(message)
    return pos_label
