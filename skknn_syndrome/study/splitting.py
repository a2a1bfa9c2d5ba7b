"""Which images are trained on and which are tested: one list of folds for a whole study."""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, check_cv

from skknn_syndrome._typing import Estimator, IndexArray, LabelArray, MatrixLike, ProtocolName, VectorLike
from skknn_syndrome.errors import StudySettingsError, quote
from skknn_syndrome.results import Fold
from skknn_syndrome.study.grouped_folds import grouped_folds


class Splitter(Protocol):
    """A cross-validator of scikit-learn's."""

    def split(
        self, X: MatrixLike, y: VectorLike, groups: VectorLike | None
    ) -> Iterator[tuple[IndexArray, IndexArray]]:
        """Return the rows of each training and test part."""
        ...


CrossValidation: TypeAlias = int | Splitter | Iterable[tuple[IndexArray, IndexArray]]
"""What scikit-learn takes as `cv`."""


MIN_FOLDS = 2


@dataclass(frozen=True)
class Split:
    """The rows of one training and one test part."""

    train: IndexArray
    test: IndexArray


@dataclass(frozen=True)
class Splits:
    """The folds of one protocol, fixed once, so that every candidate meets the same."""

    protocol: ProtocolName
    description: str
    """The splitter as it would be written in Python."""
    parts: tuple[Split, ...]
    n_folds: int
    """Folds in one shuffle of the data."""

    def as_cv(self) -> list[tuple[IndexArray, IndexArray]]:
        """Return the folds as scikit-learn's `cv` takes them."""
        return [(part.train, part.test) for part in self.parts]

    def describe(self, labels: LabelArray) -> tuple[Fold, ...]:
        """Return the folds' sizes and the classes that they lack."""
        return tuple(_describe(number, part, labels, self.n_folds) for number, part in enumerate(self.parts))


def make_splits(
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    cv: CrossValidation,
    random_state: int | np.random.RandomState | None,
) -> Splits:
    """Divide the images into training and test parts.

    Parameters
    ----------
    labels : array of shape (n_images,)
        The class of each image; every fold gets its share of every class as far as that goes.
    groups : array of shape (n_images,) or None
        The subject of each image. With it, folds keep a subject's images together
        (`StratifiedGroupKFold`); without, each image is on its own (`StratifiedKFold`). Both shuffle.
    cv : int, cross-validator or iterable of (train, test)
        The number of folds, or a splitter of scikit-learn's, or the folds themselves.
    random_state : int, RandomState or None
        Seeds the shuffle where `cv` is a number.

    Returns
    -------
    Splits
        The folds, listed once: a splitter with no seed would give others at each call.

    Raises
    ------
    StudySettingsError
        If the data can't be divided so, or given folds part a subject's images.
    """
    splitter = _make_splitter(labels, groups, cv=cv, random_state=random_state)
    rows = np.arange(len(labels))
    with warnings.catch_warnings():
        # "The least populated class in y has only 3 members": the study says this as a notice of its own.
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        try:
            parts = tuple(
                # In file order, whatever a splitter shuffled: of equally near rows the first counts.
                Split(np.sort(rows[train]), rows[test])
                for train, test in _listed(splitter, labels, groups, cv=cv, random_state=random_state)
            )
        except ValueError as error:
            message = f"The images can't be divided into folds: {error}"
            raise StudySettingsError(message) from error
    _check_parts(parts, groups)
    return Splits(
        protocol="image" if groups is None else "subject",
        description=_describe_splitter(splitter, cv),
        parts=parts,
        n_folds=len(parts) // getattr(splitter, "n_repeats", 1),
    )


def _make_splitter(
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    cv: CrossValidation,
    random_state: int | np.random.RandomState | None,
) -> Estimator:
    if not isinstance(cv, int):
        return check_cv(cv, labels, classifier=True)
    _refuse_number(cv, labels, groups)
    kfold = StratifiedKFold if groups is None else StratifiedGroupKFold
    return kfold(n_splits=cv, shuffle=True, random_state=random_state)


def _refuse_number(cv: int, labels: LabelArray, groups: LabelArray | None) -> None:
    """Refuse more folds than there are subjects, or images of the largest class, and less than two."""
    n_subjects = len(labels) if groups is None else len(np.unique(groups))
    largest = int(np.unique(labels, return_counts=True)[1].max())
    available = min(n_subjects, largest)
    if MIN_FOLDS <= cv <= available:
        return
    if n_subjects == 1:
        what, remedy = "1 subject", "give ids that differ, or folds by image: protocols=('image',)"
    else:
        units = f"{n_subjects} {'images' if groups is None else 'subjects'}"
        too_many = cv > largest and n_subjects > largest
        what = (
            f"{largest} {'image' if largest == 1 else 'images'} of the largest class" if too_many else units
        )
        remedy = f"take from {MIN_FOLDS} to {available}" if available > MIN_FOLDS else f"take cv={available}"
        remedy = "leave classes of one image out, or collect more" if available < MIN_FOLDS else remedy
    raise StudySettingsError(f"cv={cv} folds can't be made of {what}: {remedy}.")


def _listed(
    splitter: Estimator,
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    cv: CrossValidation,
    random_state: int | np.random.RandomState | None,
) -> Iterable[tuple[IndexArray, IndexArray]]:
    if groups is not None and isinstance(cv, int) and isinstance(random_state, int):
        return grouped_folds(labels, groups, n_splits=cv, seed=random_state)
    folds: Iterable[tuple[IndexArray, IndexArray]] = splitter.split(
        np.zeros((len(labels), 1)), labels, groups
    )
    return folds


def _describe_splitter(splitter: Estimator, cv: CrossValidation) -> str:
    if isinstance(cv, int) or hasattr(cv, "split"):
        return " ".join(str(splitter).split())
    return "folds given by the caller"


def _check_parts(parts: tuple[Split, ...], groups: LabelArray | None) -> None:
    if not parts:
        raise StudySettingsError("cv has no folds: give a number, a splitter or (train, test) pairs.")
    for number, part in enumerate(parts):
        if not len(part.train) or not len(part.test):
            message = f"Fold {number} has no image to train or to test on: ask for fewer folds."
            raise StudySettingsError(message)
        if len(np.intersect1d(part.train, part.test)):
            message = f"Fold {number} has images in training and test part alike: give folds that part them."
            raise StudySettingsError(message)
        if groups is not None and len(shared := np.intersect1d(groups[part.train], groups[part.test])):
            message = (
                f"Fold {number} has images of subject {quote(shared[0])} in training and test part alike: "
                "use a splitter that keeps groups together, or give no groups."
            )
            raise StudySettingsError(message)


def _describe(number: int, part: Split, labels: LabelArray, n_folds: int) -> Fold:
    trained, tested = np.unique(labels[part.train]), np.unique(labels[part.test])
    repeat, split = divmod(number, n_folds)
    return Fold(
        repeat=repeat,
        split=split,
        n_train=len(part.train),
        n_test=len(part.test),
        absent_from_train=tuple(str(label) for label in np.setdiff1d(tested, trained)),
        absent_from_test=tuple(str(label) for label in np.setdiff1d(trained, tested)),
    )
