"""Participants by level of a covariate and by class: the counts of a "Table 1"."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, LabelArray
from skknn_syndrome.analyses.subgroups.result import CovariateSummary, LevelCount, NumberSummary
from skknn_syndrome.data.covariates import MISSING, Covariate


def summarise(covariate: Covariate, labels: LabelArray, subjects: LabelArray | None) -> CovariateSummary:
    """Count images and subjects by the levels of a covariate, and by class.

    Parameters
    ----------
    covariate : Covariate
    labels : array of shape (n_images,)
    subjects : array of shape (n_images,) or None

    Returns
    -------
    CovariateSummary

    Examples
    --------
    >>> sex = Covariate.of("sex", ["f", "f", "m", None])
    >>> found = summarise(sex, np.array(["a", "a", "a", "b"]), np.array(["s", "s", "t", "u"]))
    >>> [(entry.level, entry.n_images, entry.n_subjects) for entry in found.levels]
    [('f', 2, 1), ('m', 1, 1), ('missing', 1, 1)]
    """
    classes = np.unique(labels)
    of_class = [labels == name for name in classes]
    n_varying = None if subjects is None else covariate.n_varying(subjects)
    # One value a subject where all its images have the same, so that who has many images counts once.
    single = covariate.known
    if subjects is not None and n_varying == 0:
        single = _firsts(subjects, covariate.known)
    return CovariateSummary(
        name=covariate.name,
        cuts=covariate.cuts,
        levels=tuple(_count(covariate, level, of_class, subjects) for level in covariate.level_names),
        n_subjects=None if subjects is None else len(np.unique(subjects)),
        n_varying=n_varying,
        numbers=_numbers(covariate.numbers, single),
        numbers_by_class=()
        if covariate.numbers is None
        else tuple(_numbers(covariate.numbers, single & chosen) for chosen in of_class),
    )


def _count(
    covariate: Covariate, level: str, of_class: Sequence[BoolArray], subjects: LabelArray | None
) -> LevelCount:
    there = covariate.levels == level
    return LevelCount(
        level=level,
        is_missing=level == MISSING,
        n_images=int(there.sum()),
        n_subjects=n_units(subjects, there),
        images_by_class=tuple(int((there & chosen).sum()) for chosen in of_class),
        subjects_by_class=None
        if subjects is None
        else tuple(len(np.unique(subjects[there & chosen])) for chosen in of_class),
    )


def n_units(subjects: LabelArray | None, chosen: BoolArray) -> int | None:
    """Return how many subjects some images are of, None where nobody knows."""
    return None if subjects is None else len(np.unique(subjects[chosen]))


def _firsts(subjects: LabelArray, known: BoolArray) -> BoolArray:
    """Tell the first image of each subject whose value is known."""
    rows = np.flatnonzero(known)
    first = np.zeros(len(subjects), dtype=np.bool_)
    first[rows[np.unique(subjects[rows], return_index=True)[1]]] = True
    return first


def _numbers(values: Float64Array | None, chosen: BoolArray) -> NumberSummary | None:
    known = np.array([]) if values is None else values[chosen & np.isfinite(values)]
    if not known.size:
        return None
    lower, median, upper = np.quantile(known, [0.25, 0.5, 0.75]).tolist()
    return NumberSummary(n_known=len(known), lower_quartile=lower, median=median, upper_quartile=upper)
