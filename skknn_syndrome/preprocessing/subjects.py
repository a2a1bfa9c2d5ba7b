"""Subjects of resampled rows, and the guard that keeps relatives on one side of a split."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from skknn_syndrome._typing import Estimator, IndexArray, StringArray
from skknn_syndrome.errors import StudySettingsError, quote


def subjects_of_rows(sampler: Estimator, subjects: StringArray) -> StringArray:
    """Return the subjects that the rows of a sampler belong to: those of their parents.

    Parameters
    ----------
    sampler : sampler
        After `fit_resample`, with `sample_indices_`.
    subjects : ndarray of shape (n_samples,) or (n_samples, n_parents)
        Of the rows that the sampler was given; two-dimensional where an earlier sampler made them.

    Returns
    -------
    ndarray of shape (n_rows, n_parents)
        The subjects of all parents, one after the other; the same subject may stand there several times.

    Raises
    ------
    StudySettingsError
        The sampler does not say where its rows came from, or there are fewer subjects than rows.

    Examples
    --------
    >>> import numpy as np
    >>> from skknn_syndrome.preprocessing import MixupOverSampler
    >>> sampler = MixupOverSampler(random_state=0)
    >>> _ = sampler.fit_resample([[0.0], [1.0], [8.0], [9.0], [7.0]], ["a", "a", "b", "b", "b"])
    >>> subjects_of_rows(sampler, np.array(["s1", "s2", "s3", "s4", "s5"]))[-2:].tolist()
    [['s5', 's5'], ['s1', 's2']]
    """
    parents = getattr(sampler, "sample_indices_", None)
    if parents is None:
        raise StudySettingsError(
            f"{type(sampler).__name__} does not say which rows its rows came from, so that subjects can't "
            "follow: use it in a pipeline, inside the folds.",
            code="no_parents",
            parameter="sampler",
        )
    known = np.asarray(subjects)
    if len(known) <= np.max(parents):
        raise StudySettingsError(
            f"There are {len(known)} subjects, and the sampler was given at least {np.max(parents) + 1} "
            "rows: give the subject of each row.",
            code="too_few_subjects",
            parameter="subjects",
        )
    followed: StringArray = known[parents].reshape(len(parents), -1)
    return followed


def refuse_parted_subjects(subjects: StringArray, splits: Iterable[tuple[IndexArray, IndexArray]]) -> None:
    """Refuse splits that have a subject's rows, or their children, on both sides.

    Parameters
    ----------
    subjects : ndarray of shape (n_rows,) or (n_rows, n_parents)
        The subject or subjects of each row, as `subjects_of_rows` returns them.
    splits : iterable of (train, test)
        Row numbers.

    Raises
    ------
    StudySettingsError
        Naming the first such split and subject; or a row has no subject.

    Examples
    --------
    >>> import numpy as np
    >>> refuse_parted_subjects(np.array(["s1", "s1", "s2"]), [(np.array([0, 1]), np.array([2]))])
    >>> refuse_parted_subjects(np.array(["s1", "s1", "s2"]), [(np.array([0, 2]), np.array([1]))])
    Traceback (most recent call last):
    skknn_syndrome.errors.StudySettingsError: Fold 0 has rows that came from subject 's1' in training ...
    """
    gaps = np.argwhere(pd.isna(subjects))
    if len(gaps):
        raise StudySettingsError(
            f"Row {gaps[0][0]} (counted from 0) has no subject: give one, or leave the row out.",
            code="no_subject",
            parameter="subjects",
        )
    for number, (train, test) in enumerate(splits):
        shared = np.intersect1d(subjects[train], subjects[test])
        if len(shared):
            raise StudySettingsError(
                f"Fold {number} has rows that came from subject {quote(shared[0])} in training and test part "
                "alike: resample inside the folds, after the split.",
                code="parted_subject",
                parameter="splits",
            )
