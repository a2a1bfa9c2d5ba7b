"""Images of another source matched with those of models: encoders, features, classes and subjects."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from skknn_syndrome._typing import IndexArray, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.analyses.test_sets.compute import Matched
from skknn_syndrome.crossval.nested_models import Images
from skknn_syndrome.errors import SkknnSyndromeError, StudySettingsError, quote
from skknn_syndrome.study.model_settings import ComparisonSettings, read_encoders

FEWEST_LABELS = 2
"""That scores of several labels an image are of."""


def stack_sources(
    sets: Mapping[str, Images],
    X: MatrixLike | Mapping[str, MatrixLike],
    y: VectorLike,
    groups: VectorLike | None,
    settings: ComparisonSettings,
    *,
    fuse: bool,
) -> tuple[dict[str, Images], IndexArray, Matched]:
    """Put the images of another source below those that models are developed by.

    Parameters
    ----------
    sets : mapping of str to Images
        By encoder.
    X, y, groups
        Of the other source, as in `skknn_syndrome.compare_models`; its labels may all be the same.
    settings : ComparisonSettings
    fuse : bool
        Whether one of the encoders is the others side by side.

    Returns
    -------
    dict of str to Images
        By encoder: the models' own images first, then those of classes that the models know.
    ndarray
        Rows of the latter.
    Matched

    Raises
    ------
    StudySettingsError
        The source has other encoders, other numbers of features, another kind of labels, or no class in
        common.
    """
    with _of_test_data():
        read = read_encoders(X, y, groups, settings, fuse=fuse, for_testing=True)
    given = {name: each.images for name, each in read.items()}
    first, others = next(iter(sets.values())), next(iter(given.values()))
    _refuse_other_kinds(sets, given)
    if first.target.labels.ndim > 1:
        given, rows, matched = _match_labels(first, given)
    else:
        rows, matched = match_classes(first, others)
    _refuse_same_images(sets, given)
    n_own = len(first.target.labels)
    stacked = {name: _below(sets[name], given[name].part(rows)) for name in sets}
    return stacked, n_own + np.arange(len(rows)), matched


@contextmanager
def _of_test_data() -> Iterator[None]:
    """Say of what is wrong that it is so in the test data."""
    try:
        yield
    except SkknnSyndromeError as error:
        raise StudySettingsError(
            f"The test data can't be used: {error}", code=error.code, parameter="test"
        ) from error


def _refuse_other_kinds(sets: Mapping[str, Images], given: Mapping[str, Images]) -> None:
    """Refuse other encoders, other kinds of labels, and subjects of one source alone."""
    if list(given) != list(sets):
        raise StudySettingsError(
            f"The test data has the encoders {', '.join(map(quote, given))}, and the models those of "
            f"{', '.join(map(quote, sets))}: give the same ones, in the same order.",
            code="other_encoders",
            parameter="test",
        )
    first, others = next(iter(sets.values())), next(iter(given.values()))
    if first.target.labels.ndim != others.target.labels.ndim:
        kinds = {1: "one label an image", 2: "several labels an image"}
        raise StudySettingsError(
            f"The test data has {kinds[others.target.labels.ndim]}, and the models are of "
            f"{kinds[first.target.labels.ndim]}: give labels of the same kind.",
            code="labels_of_another_kind",
            parameter="test",
        )
    if (first.groups is None) != (others.groups is None):
        raise StudySettingsError(
            "Subject ids are known of one of the two sources, the models' own and the test data: give them "
            "for both, or for neither.",
            code="subjects_of_one_source",
            parameter="test",
        )


def _refuse_same_images(sets: Mapping[str, Images], given: Mapping[str, Images]) -> None:
    """Refuse test images that models are fitted to."""
    for name in sets:
        own = {row.tobytes() for row in np.asarray(sets[name].samples, dtype=np.float64)}
        rows = np.asarray(given[name].samples, dtype=np.float64)
        n_same = sum(row.tobytes() in own for row in rows)
        if n_same:
            raise StudySettingsError(
                f"{n_same} of {len(rows)} images of the test data are, number for number, among those that "
                "models are chosen and fitted by: leave them out on one side.",
                code="test_images_known",
                parameter="test",
            )


def match_classes(own: Images, others: Images) -> tuple[IndexArray, Matched]:
    """Return which of other images are of classes that some images have, and what has no counterpart.

    Parameters
    ----------
    own, others : Images
        Of single labels; of several labels an image nothing is left out.

    Raises
    ------
    StudySettingsError
        No class is in both.
    """
    if own.target.labels.ndim > 1:
        return np.arange(len(others.target.labels)), Matched(n_shared_subjects=_shared(own, others))
    known, tested = np.unique(own.target.labels), np.unique(others.target.labels)
    if (known.dtype.kind in "biuf") != (tested.dtype.kind in "biuf"):
        raise StudySettingsError(
            f"Labels are numbers in one of the two sources and texts in the other, such as {quote(known[0])} "
            f"and {quote(tested[0])}: give both as the same type.",
            code="texts_and_numbers",
            parameter="test",
        )
    rows = np.flatnonzero(np.isin(others.target.labels, known))
    if not rows.size:
        raise StudySettingsError(
            f"The test data has none of the classes that the models know: it has "
            f"{', '.join(map(quote, tested[:3]))}, and they know {', '.join(map(quote, known[:3]))}.",
            code="no_class_in_common",
            parameter="test",
        )
    return rows, Matched(
        only_development=_texts(np.setdiff1d(known, tested)),
        only_test=_texts(np.setdiff1d(tested, known)),
        n_left_out=len(others.target.labels) - len(rows),
        n_shared_subjects=_shared(own, others.part(rows)),
    )


def _match_labels(own: Images, given: Mapping[str, Images]) -> tuple[dict[str, Images], IndexArray, Matched]:
    """Give the labels of other images the columns of the models' own, by their names."""
    others = next(iter(given.values()))
    names, theirs = list(map(str, own.target.classes)), list(map(str, others.target.classes))
    shared = [name for name in names if name in theirs]
    if len(shared) < FEWEST_LABELS:
        raise StudySettingsError(
            f"The test data has the labels {', '.join(map(quote, theirs[:3]))}, and the models know "
            f"{', '.join(map(quote, names[:3]))}: {FEWEST_LABELS} have to be the same at least.",
            code="no_class_in_common",
            parameter="test",
        )
    labels = np.zeros((len(others.target.labels), len(names)), dtype=others.target.labels.dtype)
    for name in shared:
        labels[:, names.index(name)] = others.target.labels[:, theirs.index(name)]
    target = replace(own.target, labels=labels)
    matched = Matched(
        only_development=tuple(name for name in names if name not in theirs),
        only_test=tuple(name for name in theirs if name not in names),
        n_shared_subjects=_shared(own, others),
        columns=tuple(names.index(name) for name in shared),
    )
    named = {name: replace(images, target=target) for name, images in given.items()}
    return named, np.arange(len(labels)), matched


def _shared(own: Images, others: Images) -> int:
    """Count the subject ids that both have."""
    if own.groups is None or others.groups is None:
        return 0
    return len(set(own.groups.tolist()) & set(others.groups.tolist()))


def _texts(classes: LabelArray) -> tuple[str, ...]:
    return tuple(map(str, classes))


def _below(own: Images, others: Images) -> Images:
    if np.shape(own.samples)[1] != np.shape(others.samples)[1]:
        raise StudySettingsError(
            f"The test data has {np.shape(others.samples)[1]} features, and the models know "
            f"{np.shape(own.samples)[1]}: give vectors of the same encoder.",
            code="other_features",
            parameter="test",
        )
    groups = None
    if own.groups is not None and others.groups is not None:
        # Ids of two sources may be the same and mean other people.
        groups = np.concatenate([_of_source(own.groups, 0), _of_source(others.groups, 1)])
    return replace(
        own,
        samples=np.concatenate([own.samples, others.samples]),
        target=replace(own.target, labels=np.concatenate([own.target.labels, others.target.labels])),
        groups=groups,
    )


def _of_source(groups: Any, source: int) -> Any:  # noqa: ANN401  ids of any type
    numbers = np.unique(groups, return_inverse=True)[1]
    return 2 * numbers + source
