"""Cross-validation folds: stratified, grouped by subject, or given, listed once for a whole study."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from numbers import Integral
from typing import Any, Protocol, TypeAlias

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, check_cv

from skknn_syndrome._typing import (
    BoolArray,
    Estimator,
    IndexArray,
    LabelArray,
    MatrixLike,
    ProtocolName,
    VectorLike,
)
from skknn_syndrome.crossval.stratification import grouped_folds, iterative_folds
from skknn_syndrome.errors import Argument, FewerFoldsWarning, StudySettingsError, quote
from skknn_syndrome.results.protocol import Fold


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


def check_folds(cv: Any) -> CrossValidation:  # noqa: ANN401  checked here
    """Return `cv`, a whole number as an int.

    Raises
    ------
    StudySettingsError
        It is no number of folds, no splitter and no folds.

    Examples
    --------
    >>> check_folds(np.int64(5))
    5
    """
    taken = cv is None or hasattr(cv, "split") or isinstance(cv, Integral | Iterable)
    if not taken or isinstance(cv, str | bool):
        raise StudySettingsError(
            "{cv} is no number of folds: give a whole number, such as {example}, a splitter of "
            "scikit-learn's, or (train, test) pairs.",
            code="not_folds",
            parameter="cv",
            cv=Argument("cv", cv),
            example=Argument("cv", 5),
        )
    folds: CrossValidation = int(cv) if isinstance(cv, Integral) else cv
    return folds


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

    def describe(self, labels: LabelArray, classes: LabelArray | None = None) -> tuple[Fold, ...]:
        """Return the folds' sizes and the classes that they lack; of an indicator matrix give the labels."""
        names = np.unique(labels) if classes is None else classes
        codes = np.searchsorted(names, labels) if labels.ndim == 1 else None

        def which(rows: IndexArray) -> BoolArray:
            if codes is None:
                return np.asarray(labels[rows].any(axis=0))
            return np.bincount(codes[rows], minlength=len(names)) > 0

        return tuple(
            _describe(number, part, names, which, self.n_folds) for number, part in enumerate(self.parts)
        )


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
            raise StudySettingsError(message, code="not_divisible", parameter="cv") from error
    _check_parts(parts, groups)
    return Splits(
        protocol="image" if groups is None else "subject",
        description=_describe_splitter(splitter, cv),
        parts=parts,
        n_folds=len(parts) // getattr(splitter, "n_repeats", 1),
    )


def make_multilabel_splits(
    indicators: LabelArray,
    groups: LabelArray | None,
    *,
    cv: CrossValidation,
    random_state: int | np.random.RandomState | None,
) -> Splits:
    """Divide images with several labels each into training and test parts.

    Parameters
    ----------
    indicators : array of shape (n_images, n_labels)
        1 where an image has a label, else 0.
    groups, cv, random_state
        As in `make_splits`. A number of folds is made by iterative stratification; a splitter is given the
        sets of labels, numbered, as classes.

    Returns
    -------
    Splits

    Raises
    ------
    StudySettingsError
        If the data can't be divided so, or given folds part a subject's images.
    """
    if not isinstance(cv, int):
        sets = np.unique(indicators, axis=0, return_inverse=True)[1].reshape(-1)
        return make_splits(sets, groups, cv=cv, random_state=random_state)
    n_units, kind = (len(indicators), "images") if groups is None else (len(np.unique(groups)), "subjects")
    if not MIN_FOLDS <= cv <= n_units:
        raise _wrong_number(cv, n_units, kind, largest=n_units)
    numbers = iterative_folds(indicators, groups, n_splits=cv, random_state=random_state)
    parts = tuple(
        Split(np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)) for fold in range(cv)
    )
    _check_parts(parts, groups)
    return Splits(
        protocol="image" if groups is None else "subject",
        description=f"iterative stratification into {cv} folds, random_state={random_state}",
        parts=parts,
        n_folds=cv,
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
    n_units = len(labels) if groups is None else len(np.unique(groups))
    largest = int(np.unique(labels, return_counts=True)[1].max())
    if MIN_FOLDS <= cv <= min(n_units, largest):
        return
    if groups is not None and n_units == 1:
        raise StudySettingsError(
            "{cv} is too many folds for 1 subject: all images have the id {subject}. Give ids that differ, "
            "or take folds by image: {protocols}.",
            code="one_subject",
            parameter="cv",
            cv=Argument("cv", cv),
            subject=quote(groups[0]),
            protocols=Argument("protocols", ("image",)),
        )
    if largest == 1:
        raise StudySettingsError(
            "Each class has one image, and folds need one to train and one to test on: collect more images "
            "of some classes at least, or check that the labels are no ids.",
            code="one_image_a_class",
            parameter="y",
        )
    raise _wrong_number(cv, n_units, "images" if groups is None else "subjects", largest)


def _wrong_number(cv: int, n_units: int, kind: str, largest: int) -> StudySettingsError:
    """Say how many folds of so many units, and a largest class of so many images, can be made."""
    most = min(n_units, largest)
    remedy = f"take from {MIN_FOLDS} to {most}" if most > MIN_FOLDS else "take {most}"
    if cv < MIN_FOLDS:
        why = " (no more than the largest class has images)" if largest < n_units else ""
        code, sentence = "too_few_folds", f"{{cv}} is too few folds: {remedy}{why}."
    else:
        few = f"{largest} images of the largest class" if largest < min(cv, n_units) else f"{n_units} {kind}"
        code, sentence = "too_many_folds", f"{{cv}} is too many folds for {few}: {remedy}."
    return StudySettingsError(
        sentence, code=code, parameter="cv", cv=Argument("cv", cv), most=Argument("cv", most)
    )


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
        raise StudySettingsError(
            "{cv} has no folds: give a number, a splitter or (train, test) pairs.",
            code="no_folds",
            parameter="cv",
            cv=Argument("cv"),
        )
    named = None if groups is None else np.unique(groups, return_inverse=True)
    for number, part in enumerate(parts):
        if not len(part.train) or not len(part.test):
            message = f"Fold {number} has no image to train or to test on: ask for fewer folds."
            raise StudySettingsError(message, code="empty_fold", parameter="cv")
        if len(_shared(part.train, part.test)):
            message = f"Fold {number} has images in training and test part alike: give folds that part them."
            raise StudySettingsError(message, code="image_in_both_parts", parameter="cv")
        if named is not None and len(shared := _shared(named[1][part.train], named[1][part.test])):
            message = (
                f"Fold {number} has images of subject {quote(named[0][shared.min()])} in training and test "
                "part alike: use a splitter that keeps groups together, or give no groups."
            )
            raise StudySettingsError(message, code="subject_in_both_parts", parameter="cv")


def _shared(train: IndexArray, test: IndexArray) -> IndexArray:
    """Return those numbers of the second array that are in the first as well, without sorting either."""
    trained = np.zeros(max(train.max(), test.max()) + 1, dtype=np.bool_)
    trained[train] = True
    return test[trained[test]]


def _describe(
    number: int, part: Split, names: LabelArray, which: Callable[[IndexArray], BoolArray], n_folds: int
) -> Fold:
    trained, tested = which(part.train), which(part.test)
    repeat, split = divmod(number, n_folds)
    return Fold(
        repeat=repeat,
        split=split,
        n_train=len(part.train),
        n_test=len(part.test),
        absent_from_train=tuple(map(str, names[tested & ~trained])),
        absent_from_test=tuple(map(str, names[trained & ~tested])),
    )


def possible_folds(
    n_folds: int, labels: LabelArray, groups: LabelArray | None, *, stacklevel: int = 2
) -> int:
    """Return how many folds can be made, at most as many as asked for.

    Stratified folds need a member of the largest class each, and grouped ones a group each.

    Parameters
    ----------
    n_folds : int
        How many are wanted.
    labels : array of shape (n_samples,)
    groups : array of shape (n_samples,) or None
    stacklevel : int
        Whom the warning names, as in `warnings.warn`.

    Returns
    -------
    int
        As many as were asked for where not even 2 can be made: `make_splits` then refuses.

    Warns
    -----
    FewerFoldsWarning
        It is less than `n_folds`.

    Examples
    --------
    >>> possible_folds(2, np.array(["a", "a", "a", "b"]), groups=None)
    2
    """
    limits = [(int(np.unique(labels, return_counts=True)[1].max()), "number of rows in the largest class")]
    if groups is not None:
        limits.append((len(np.unique(groups)), "number of groups"))
    available, limit = min(limits)
    if available < MIN_FOLDS or n_folds <= available:
        return n_folds
    message = f"cv is {n_folds}, but the {limit} is {available}: {available} folds are made."
    warnings.warn(message, FewerFoldsWarning, stacklevel=stacklevel)
    return available
