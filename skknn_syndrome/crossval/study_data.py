"""What a study is run on, checked before anything is computed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils import _safe_indexing, check_array

from skknn_syndrome._typing import IndexArray, LabelArray, MatrixLike, ProtocolName, VectorLike
from skknn_syndrome.crossval.folds import CrossValidation, Splits
from skknn_syndrome.crossval.labels import check_entries
from skknn_syndrome.crossval.labels import classes_of_few_images as classes_of_few_images
from skknn_syndrome.crossval.tasks import MULTICLASS, Target, Task, task_of
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.data.covariates import Covariate, CovariatesLike, as_covariates
from skknn_syndrome.data.levels import Levels, LevelsLike, as_levels
from skknn_syndrome.errors import Argument, StudySettingsError, meant, quote
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.heads.registry import choose, names

SCALES = (1e-50, 1e50)
"""Where the largest number has to lie, so that fourth powers, as in shrunken covariances, can be added."""


@dataclass(frozen=True)
class LevelSettings:
    """Taxonomic levels of a study's labels, and what is asked of them."""

    levels: Levels
    head: Head | None = None
    """Fitted at every level; None for the default."""
    held_out: tuple[str, ...] = ()
    """Levels whose groups are held out whole, the finest first."""


@dataclass(frozen=True)
class StudyData:
    """Embeddings, labels and subjects that fit together."""

    samples: MatrixLike
    """As the estimator takes them: an array, or the caller's data frame."""
    array: LabelArray
    """The same as an array."""
    labels: LabelArray
    groups: LabelArray | None
    task: Task = MULTICLASS
    covariates: tuple[Covariate, ...] = ()
    """What else is known of each image."""
    left_out: tuple[str, ...] = ()
    """Names of covariates whose levels are held out in turn."""
    taxonomy: LevelSettings | None = None
    """The levels that the labels are the finest of, and what is asked of them; None where there are none."""

    def folds(self, protocol: ProtocolName, *, cv: CrossValidation, random_state: int | None) -> Splits:
        """Divide the images as task and protocol have it."""
        target = Target(self.labels, np.unique(self.labels))
        return self.task.folds(target, self.groups_of(protocol), cv=cv, random_state=random_state)

    def part(self, rows: IndexArray) -> "StudyData":
        """Return the data of some images."""
        return replace(
            self,
            samples=_safe_indexing(self.samples, rows),
            array=self.array[rows],
            labels=self.labels[rows],
            groups=None if self.groups is None else self.groups[rows],
            covariates=tuple(covariate.part(rows) for covariate in self.covariates),
        )

    def groups_of(self, protocol: ProtocolName) -> LabelArray | None:
        """Return the subjects that a protocol's folds keep together."""
        return self.groups if protocol == "subject" else None


def validate_data(
    X: MatrixLike,
    y: VectorLike | None,
    groups: VectorLike | None,
    *,
    head: Head = KNN,
    several_labels: bool = False,
    for_testing: bool = False,
) -> StudyData:
    """Check embeddings, labels and subjects.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
        Embeddings. Missing values pass: a pipeline may fill them, and the classifier refuses them.
    y : array-like of shape (n_images,)
        Class labels.
    groups : array-like of shape (n_images,) or None
        Subject ids.
    head : Head
        Has to take such labels.
    several_labels : bool, default=False
        Whether images may have several labels.
    for_testing : bool, default=False
        Whether nothing is fitted to these images, so that all may be of one class.

    Returns
    -------
    StudyData
        The same, as arrays.

    Raises
    ------
    StudySettingsError
        If a label or a subject id is missing or empty, there are more or fewer of them than images, they are
        texts and numbers, a label is no text that can be written, all are the same, or there are several
        labels an image, or a kind of labels that the head does not take.
    ValueError, TypeError
        As scikit-learn raises them for input of other shapes and types.
    """
    if isinstance(X, EmbeddingDataset):
        raise StudySettingsError(
            "X is an EmbeddingDataset: give it to study_dataset(dataset), or its arrays, as in "
            "cross_validate_study(dataset.embeddings, dataset.syndromes, groups=dataset.subjects).",
            code="dataset_for_arrays",
            parameter="X",
        )
    array = check_array(X, ensure_all_finite=False, input_name="X")
    if y is None:
        raise StudySettingsError(
            f"y is missing: give one label for each of {len(array)} images.", code="missing", parameter="y"
        )
    task = _task(y, head, several_labels=several_labels)
    single = for_testing and task.name != "multilabel"
    labels = check_entries(y, "y", len(array)) if single else task.encode(y, len(array)).labels
    return StudyData(
        X if hasattr(X, "columns") else array, array, labels, _check_subjects(groups, len(array)), task
    )


def with_covariates(
    data: StudyData, covariates: CovariatesLike, leave_out: str | Sequence[str] = ()
) -> StudyData:
    """Return the data with what else is known of each image.

    Parameters
    ----------
    data : StudyData
    covariates : mapping of str to array-like, or sequence of Covariate, or None
    leave_out : str or sequence of str
        Covariates whose levels are held out in turn.

    Raises
    ------
    StudySettingsError
        `leave_out` names what is no covariate, or one that has a single level.
    ParameterError
        As `as_covariates`.
    """
    known = as_covariates(covariates, len(data.labels))
    asked = (leave_out,) if isinstance(leave_out, str) else tuple(dict.fromkeys(leave_out))
    by_name = {covariate.name: covariate for covariate in known}
    for name in asked:
        if name not in by_name:
            raise StudySettingsError(
                "{left_out} names no covariate: {hint}.",
                code="unknown_covariate",
                parameter="leave_out",
                left_out=Argument("leave_out", name),
                hint=f"there are only {', '.join(map(quote, by_name))}" if by_name else "there are none",
            )
        if len({*by_name[name].levels[by_name[name].known].tolist()}) < 2:  # noqa: PLR2004
            raise StudySettingsError(
                "{left_out} has one level, and of two or more each can be left out in turn.",
                code="single_level",
                parameter="leave_out",
                left_out=Argument("leave_out", name),
            )
    return replace(data, covariates=known, left_out=asked)


def with_levels(
    data: StudyData,
    levels: LevelsLike,
    level_head: str | Head | None = None,
    hold_out: str | Sequence[str] = (),
) -> StudyData:
    """Return the data with the levels that its labels are the finest of.

    Parameters
    ----------
    data : StudyData
    levels, level_head, hold_out
        As in `skknn_syndrome.cross_validate_study`.

    Raises
    ------
    StudySettingsError
        There are no levels to hold out of or to fit a head to, `hold_out` names none that has another one
        above, or the head has no probabilities.
    ParameterError
        As `as_levels`.
    """
    found = as_levels(levels, data.labels)
    asked = (hold_out,) if isinstance(hold_out, str) else tuple(hold_out)
    head = None if level_head is None else _head_of_levels(level_head)
    if found is None:
        for name, given in (("hold_out", hold_out), ("level_head", level_head)):
            if given:
                raise StudySettingsError(
                    "{given} takes levels, and there are none: give {levels}.",
                    code="no_levels",
                    parameter=name,
                    given=Argument(name),
                    levels=Argument("levels"),
                )
        return data
    for name in asked:
        if name not in found.names[:-1]:
            raise StudySettingsError(
                "{held_out} names no level below another one: {meant}.",
                code="no_level_to_hold_out",
                parameter="hold_out",
                held_out=Argument("hold_out", name),
                meant=meant(name, found.names[:-1]),
            )
    held_out = tuple(name for name in found.names if name in asked)
    return replace(data, taxonomy=LevelSettings(found, head, held_out))


def _head_of_levels(given: str | Head) -> Head:
    if isinstance(given, str) and given not in names():
        raise StudySettingsError(
            "{head} is unknown: {meant}.",
            code="unknown_head",
            parameter="level_head",
            head=Argument("level_head", given),
            meant=meant(given, names()),
        )
    head = choose(given, None).for_task("multiclass")
    if "probabilities" not in head.gives:
        raise StudySettingsError(
            "{head} gives no probabilities, and a prediction that stops at a level takes them.",
            code="head_without_probabilities",
            parameter="level_head",
            head=Argument("level_head", head.name),
        )
    return head


def _task(y: VectorLike, head: Head, *, several_labels: bool) -> Task:
    """Return what kind of labels these are, if the head takes it, and a study."""
    task = task_of(y)
    head.for_task(task.name)  # refuses what it does not take
    if task.name == "multilabel" and not several_labels:
        raise StudySettingsError(
            "y has several labels an image, and this takes one: give them to "
            "skknn_syndrome.study.study_multilabel(X, y, groups=groups), or to `compare_models`.",
            code="labels_of_another_kind",
            parameter="y",
        )
    return task


def refuse_gaps(array: LabelArray) -> None:
    """Refuse embeddings that are not all finite, as the classifier would, but with their place.

    Raises
    ------
    StudySettingsError
    """
    faults = np.argwhere(~np.isfinite(array))
    if len(faults):
        row, column = (int(place) for place in faults[0])
        rows = len(np.unique(faults[:, 0]))
        raise StudySettingsError(
            f"X has no finite number in {rows} of {len(array)} rows, first in row {row}, column {column} "
            f"(counted from 0), which is {array[row, column]}: leave these rows out, or take a Pipeline that "
            "fills them in before the SyndromeKNNClassifier.",
            code="not_finite",
            parameter="X",
        )


def refuse_extremes(array: LabelArray) -> None:
    """Refuse numbers so large or small that their squares leave the range of float64.

    Neighbours are found among such numbers; principal components or covariances are not.

    Raises
    ------
    StudySettingsError
    """
    finite = array[np.isfinite(array)] if np.issubdtype(array.dtype, np.floating) else array
    largest = float(np.max(np.abs(finite), initial=0))
    low, high = SCALES
    if largest and not low <= largest <= high:
        raise StudySettingsError(
            f"The largest number of X is {largest:.1e} (without sign), and squares of such numbers leave the "
            f"range of float64: scale X, so that it lies between {low:g} and {high:g}.",
            code="out_of_range",
            parameter="X",
        )


def _as_texts(groups: VectorLike) -> VectorLike:
    """Return subject ids that are tuples, such as (hospital, number), as texts; others as they are."""
    given: list[Any] = list(groups) if isinstance(groups, list | tuple) or np.ndim(groups) == 1 else []
    if not any(isinstance(entry, tuple) for entry in given):
        return groups
    texts = np.empty(len(given), dtype=object)
    known: dict[object, str] = {}
    texts[:] = [_as_text(entry, known) if isinstance(entry, tuple) else entry for entry in given]
    return texts


def _as_text(entry: tuple[object, ...], known: dict[object, str]) -> str | None:
    """Return the same text for equal tuples, (1,) and (1.0,) too; a tuple with a gap in it names nobody."""
    plain = _plain(entry)
    if _has_gap(plain):
        return None
    try:
        return known.setdefault(plain, str(plain))
    except TypeError as error:
        raise StudySettingsError(
            f"groups holds {quote(entry)}, which can't be compared: give ids as text or numbers, or "
            "as tuples of these.",
            code="not_comparable",
            parameter="groups",
        ) from error


def _plain(part: Any) -> Any:  # noqa: ANN401  parts may be anything
    """Return a part of an id with Python's own numbers, and with tuples for lists and arrays."""
    if isinstance(part, np.generic | np.ndarray):
        part = part.tolist()
    return tuple(map(_plain, part)) if isinstance(part, list | tuple) else part


def _has_gap(part: Any) -> bool:  # noqa: ANN401
    if isinstance(part, tuple):
        return not part or any(map(_has_gap, part))
    return (isinstance(part, str) and not part.strip()) or pd.isna(part) is True


def _check_subjects(groups: VectorLike | None, n_images: int) -> LabelArray | None:
    if groups is None:
        return None
    texts = _as_texts(groups)
    return check_entries(texts, "groups", n_images)
