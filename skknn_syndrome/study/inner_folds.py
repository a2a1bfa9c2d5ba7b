"""Folds inside the training parts of others, for what has to be chosen without the images that report."""

from collections.abc import Sequence

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.study.engine.grid import IndexSplit


def split_inside(
    splits: Sequence[IndexSplit],
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    inner_cv: int = 5,
    random_state: int | None = 42,
) -> list[list[IndexSplit]]:
    """Divide each training part into inner folds.

    Parameters
    ----------
    splits : sequence of (train, test)
        Row numbers.
    labels : array of shape (n_images,)
        The class of each image.
    groups : array of shape (n_images,) or None
        The subject of each image, which inner folds keep together.
    inner_cv : int, default=5
        Inner folds.
    random_state : int or None
        Seeds them.

    Returns
    -------
    list of list of (train, test)
        For each split its inner folds, as row numbers of the whole.

    Raises
    ------
    StudySettingsError
        A training part can't be divided so.
    """
    return [
        [
            (train[part.train], train[part.test])
            for part in make_splits(
                labels[train],
                None if groups is None else groups[train],
                cv=inner_cv,
                random_state=random_state,
            ).parts
        ]
        for train, _ in splits
    ]
