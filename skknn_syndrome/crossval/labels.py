"""Validation of labels and subject ids."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets

from skknn_syndrome._typing import LabelArray, VectorLike
from skknn_syndrome.errors import StudySettingsError, quote

MIN_CLASSES = 2

_MEANT = {"y": "label", "groups": "subject id"}


@contextmanager
def classes_of_few_images() -> Iterator[None]:
    """Keep scikit-learn from taking many small classes for numbers to be regressed on."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The number of unique classes", category=UserWarning)
        yield


def check_labels(y: VectorLike, n_images: int) -> LabelArray:
    """Return one label for each image.

    Parameters
    ----------
    y : array-like of shape (n_images,)
    n_images : int

    Returns
    -------
    ndarray of shape (n_images,)

    Raises
    ------
    StudySettingsError
        There are more or fewer labels than images, one is missing, empty or no text that can be written,
        texts and numbers are mixed, or all are the same.
    ValueError
        They are numbers to be regressed on.

    Examples
    --------
    >>> check_labels(["a", "b", "a"], 3)
    array(['a', 'b', 'a'], dtype='<U1')
    """
    labels = check_entries(y, "y", n_images)
    with classes_of_few_images():
        check_classification_targets(labels)
    _check_classes(np.unique(labels))
    return labels


def check_entries(values: VectorLike, name: str, n_images: int) -> LabelArray:
    """Return labels (``"y"``) or subject ids (``"groups"``) as an array, one for each image, of one type.

    Raises
    ------
    StudySettingsError
        There are more or fewer than images, one is missing or empty, or texts and numbers are mixed.
    """
    return _of_one_type(values, _without_gaps(values, name, n_images), name)


def _without_gaps(values: VectorLike, name: str, n_images: int) -> LabelArray:
    given = np.asarray(values)
    if given.ndim != 1 and given.shape[1:] != (1,):
        raise StudySettingsError(
            f"{name} has the shape {given.shape}: give one {_MEANT[name]} for each of {n_images} images.",
            code="wrong_shape",
            parameter=name,
        )
    if len(given) != n_images:
        raise StudySettingsError(
            f"{name} has {len(given)} entries for {n_images} images: give one for each.",
            code="wrong_length",
            parameter=name,
        )
    empty = [isinstance(entry, str) and not entry.strip() for entry in given.flat]
    gaps = np.flatnonzero(pd.isna(given).reshape(-1) | np.array(empty))
    if gaps.size:
        raise StudySettingsError(
            f"{name} has no value in row {gaps[0]} (counted from 0): fill it in, or leave the row out.",
            code="missing_value",
            parameter=name,
        )
    checked: LabelArray = column_or_1d(values)
    return checked


def _of_one_type(given: VectorLike, checked: LabelArray, name: str) -> LabelArray:
    """Refuse texts beside numbers: "12" and 12 may be one or two. NumPy makes texts of all in a list."""
    entries = np.asarray(given, dtype=object).reshape(-1) if isinstance(given, list | tuple) else checked
    try:
        np.unique(entries)
    except TypeError as error:
        kinds = {type(entry).__name__: entry for entry in entries.tolist()}
        named = " and ".join(f"{quote(entry)} ({kind})" for kind, entry in kinds.items())
        raise StudySettingsError(
            f"{name} mixes {named}: give {_MEANT[name]}s of one type, such as text.",
            code="mixed_types",
            parameter=name,
        ) from error
    return checked


def _check_classes(classes: LabelArray) -> None:
    if len(classes) < MIN_CLASSES:
        raise StudySettingsError(
            "All images have the same label: a study needs at least two classes.",
            code="one_class",
            parameter="y",
        )
    for position, label in enumerate(classes):
        try:
            str(label).encode()
        except UnicodeEncodeError as error:
            raise StudySettingsError(
                f"Label {position} of {len(classes)} (sorted) is no valid Unicode: {error.reason}.",
                code="invalid_unicode",
                parameter="y",
            ) from error
