"""A sample of the images, whole subjects of every class, for what takes too long on all of them."""

import numpy as np
from sklearn.utils import check_random_state

from skknn_syndrome._typing import IndexArray, LabelArray
from skknn_syndrome.errors import Argument, StudySettingsError
from skknn_syndrome.results.sample import Sample

FEWEST_OF_A_CLASS = 10
"""Images that a class keeps whatever its share is, where it has so many: a tenth for each of ten folds."""


def draw_sample(
    labels: LabelArray, groups: LabelArray | None, *, n_images: int, random_state: int | None
) -> IndexArray:
    """Draw about so many images, each class with its share, and no subject in part.

    Parameters
    ----------
    labels : ndarray of shape (n_samples,)
        The class of each image.
    groups : ndarray of shape (n_samples,) or None
        The subject of each image; None where each image is on its own.
    n_images : int
        How many are wanted. With as many or fewer in the data, all are taken.
    random_state : int or None
        Seeds the draw: the same seed gives the same rows.

    Returns
    -------
    ndarray of shape (n_drawn,)
        Rows, rising. More than `n_images` where classes would be left with less than 10 images, or subjects
        can't be had in part.

    Raises
    ------
    StudySettingsError
        `n_images` is below 1.

    Notes
    -----
    The share of a class is its part of `n_images` by largest remainders, so that shares add up to that
    number. Each class gets at least that many images, and at least 10, or all it has. Of its subjects, in
    random order, those are taken that do not exceed what is still missing; if none of the rest is small
    enough, the smallest of them.

    Examples
    --------
    >>> labels = np.repeat(["common", "rare"], [900, 12])
    >>> subjects = np.arange(912) // 3
    >>> rows = draw_sample(labels, subjects, n_images=300, random_state=0)
    >>> len(rows), int(np.count_nonzero(labels[rows] == "rare")), len(np.unique(subjects[rows]))
    (309, 12, 103)
    """
    if n_images < 1:
        raise StudySettingsError(
            "{n_images} is no number of images to draw: give 1 at least.",
            code="no_images_drawn",
            parameter="n_images",
            n_images=Argument("n_images", n_images),
        )
    if len(labels) <= n_images:
        return np.arange(len(labels))
    classes, counts = np.unique(labels, return_inverse=True, return_counts=True)[1:]
    quotas = np.maximum(_shares(counts, n_images), np.minimum(counts, FEWEST_OF_A_CLASS))
    subjects = np.arange(len(labels)) if groups is None else np.unique(groups, return_inverse=True)[1]
    random = check_random_state(random_state)
    drawn = np.zeros(len(labels), dtype=np.bool_)
    of_subjects = np.zeros(int(subjects.max()) + 1, dtype=np.bool_)
    members = np.split(np.argsort(classes, kind="stable"), np.cumsum(counts)[:-1])
    for place in np.argsort(counts, kind="stable"):
        # A subject of several classes came with an earlier one of these.
        is_drawn = drawn[members[place]]
        missing = int(quotas[place] - is_drawn.sum())
        of_subjects[_whole_subjects(subjects[members[place][~is_drawn]], missing, random)] = True
        drawn = of_subjects[subjects]
    return np.flatnonzero(drawn)


def _shares(counts: IndexArray, n_images: int) -> IndexArray:
    """Divide a number of images as the classes are, by largest remainders."""
    exact = counts * (n_images / counts.sum())
    shares: IndexArray = np.floor(exact).astype(np.intp)
    missing = n_images - shares.sum()
    shares[np.argsort(shares - exact, kind="stable")[:missing]] += 1
    return shares


def _whole_subjects(subjects: IndexArray, n_images: int, random: np.random.RandomState) -> IndexArray:
    """Return subjects that have so many images together, or as few more as can be."""
    numbers, sizes = np.unique(subjects, return_counts=True)
    order = random.permutation(len(numbers))
    numbers, sizes = numbers[order], sizes[order]
    taken = np.cumsum(sizes) <= n_images
    missing = n_images - sizes[taken].sum()
    while missing > 0:
        left = np.where(taken, np.iinfo(sizes.dtype).max, sizes)
        fitting = np.flatnonzero(left <= missing)
        chosen = fitting[0] if len(fitting) else left.argmin()
        taken[chosen] = True
        missing -= sizes[chosen]
    return numbers[taken]


def describe_sample(
    rows: IndexArray, groups: LabelArray | None, *, n_images: int, random_state: int | None
) -> Sample:
    """Say what was drawn.

    Parameters
    ----------
    rows : ndarray of shape (n_drawn,)
        From `draw_sample`.
    groups : ndarray of shape (n_samples,) or None
        As it was given these.
    n_images : int
        Of the data.
    random_state : int or None
        What the draw was seeded with.

    Returns
    -------
    Sample

    Examples
    --------
    >>> describe_sample(np.arange(10), None, n_images=2000, random_state=0).sentence()
    'computed on 10 of 2,000 images, stratified by class'
    """
    return Sample(
        n_used=len(rows),
        n_images=n_images,
        n_subjects_used=None if groups is None else len(np.unique(groups[rows])),
        n_subjects=None if groups is None else len(np.unique(groups)),
        stratified_by=("class",) if groups is None else ("class", "subject"),
        random_state=random_state,
    )
