"""Whether a tested row has relatives among the rows that it is compared with."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome._typing import Estimator, IndexArray, LabelArray
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import subjects_of_rows


def follow_subjects(samplers: Sequence[Estimator], subjects: LabelArray) -> LabelArray | None:
    """Return whose rows come out of fitted steps, one sampler after another.

    Parameters
    ----------
    samplers : sequence of fitted estimator
        Those that do not resample pass rows on as they are.
    subjects : ndarray of shape (n_rows,)
        Of the rows that go in.

    Returns
    -------
    ndarray of shape (n_rows_out, n_parents) or None
        None where a sampler does not say where its rows came from.

    Examples
    --------
    >>> from skknn_syndrome.preprocessing import CentroidBalancer
    >>> balancer = CentroidBalancer(outlier_quantile=0.8)
    >>> _ = balancer.fit_resample([[0.0], [1.0], [2.0], [9.0], [5.0], [6.0]], list("aaaabb"))
    >>> follow_subjects([balancer], np.arange(6))[:, 0]
    array([1, 2, 4, 5])
    """
    followed: LabelArray = subjects[:, None]
    for sampler in samplers:
        if hasattr(sampler, "fit_resample"):
            try:
                followed = subjects_of_rows(sampler, followed)
            except StudySettingsError:
                return None
    return followed


def share_related(subjects: LabelArray, train: IndexArray, test: IndexArray) -> float:
    """Return the share of test rows that share a subject with the training rows.

    Parameters
    ----------
    subjects : ndarray of shape (n_rows, n_parents)
    train, test : ndarray of int
        Row numbers.

    Examples
    --------
    >>> share_related(np.array([["s1"], ["s1"], ["s2"]]), np.array([0]), np.array([1, 2]))
    0.5
    """
    return float(np.isin(subjects[test], subjects[train]).any(axis=1).mean())
