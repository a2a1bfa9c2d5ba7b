"""What the study says of itself before anybody has to ask."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.errors import quote
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.results import Fold, Notice, ProtocolResult
from skknn_syndrome.results.notice import NoticeCode
from skknn_syndrome.wording import metric_title, score_title

NO_SUBJECTS = Notice(
    code="no_subjects",
    message=(
        "Without subject ids, images of one person may lie in training and test part alike, "
        "and every score may be too high for people not seen before."
    ),
)


TOP_K = tuple(int(name.split("_")[1]) for name in SCORE_NAMES if name.startswith("top_"))
"""The k of the top-k accuracies, rising."""

MOST_LISTED = 10
"""Syndromes that one notice names."""


class _Draft(NamedTuple):
    """A notice whose folds are still to be named: runs that say the same share one sentence."""

    code: NoticeCode
    before: str
    after: str

    def of(self, protocols: Sequence[str]) -> Notice:
        """Return the notice on the folds of some protocols."""
        *others, last = protocols
        levels = "".join(f"{protocol}- and " for protocol in others) + f"{last}-level"
        return Notice(code=self.code, message=f"{self.before}{levels} folds{self.after}")


def notices_on_labels(labels: LabelArray) -> tuple[Notice, ...]:
    """Return which scores the number of classes makes trivial.

    Examples
    --------
    >>> [notice.code for notice in notices_on_labels(np.array(["a", "b", "c", "d"]))]
    ['trivial_top_k']
    """
    n_classes = len(np.unique(labels))
    trivial = [f"top-{k}" for k in TOP_K if k >= n_classes]
    if not trivial:
        return ()
    return (
        Notice(
            code="trivial_top_k",
            message=(
                f"There are {n_classes} syndromes, so {' and '.join(trivial)} accuracy says nothing: an "
                "image always counts as right, unless its syndrome has no image to train on."
            ),
        ),
    )


def notices_on_runs(
    runs: Sequence[tuple[ProtocolResult, LabelArray | None]], labels: LabelArray
) -> tuple[Notice, ...]:
    """Return what a reader has to know of all protocols' results, in as few sentences as it takes.

    Parameters
    ----------
    runs : sequence of (ProtocolResult, array or None)
        The scores, and the subject of each image where the protocol keeps subjects together.
    labels : array of shape (n_images,)
        The class of each image.

    Returns
    -------
    tuple of Notice
        In the order: edge of the grid, more neighbours than images, small classes, classes missing from
        folds, undefined scores; first those of the first protocol. What is so under several protocols comes
        once, with the names of all.
    """
    drafts: dict[_Draft, list[str]] = {}
    for run, groups in runs:
        for draft in _drafts(run, labels, groups):
            drafts.setdefault(draft, []).append(run.protocol)
    return tuple(draft.of(protocols) for draft, protocols in drafts.items())


def _drafts(run: ProtocolResult, labels: LabelArray, groups: LabelArray | None) -> Iterator[_Draft]:
    yield from _edge_of_grid(run)
    yield from _more_neighbors_than_images(run)
    yield from _too_few_members(run, labels, groups)
    yield from _missing_classes(run)
    yield from _undefined_scores(run)


def _edge_of_grid(run: ProtocolResult) -> Iterator[_Draft]:
    grid = sorted({candidate.n_neighbors for candidate in run.candidates if candidate.n_neighbors})
    if len(grid) <= 1:
        return
    # Nothing is left to try below 1, nor above the training parts' size, from which on all images vote.
    upper = [("upper", grid[-1])] if grid[-1] < _smallest_training_part(run) else []
    edges = [*upper, *([("lower", grid[0])] if grid[0] > 1 else [])]
    for side, edge in edges:
        metrics = [metric for metric, best in run.best.items() if best.n_neighbors == edge]
        if metrics:
            yield _Draft(
                "edge_of_grid",
                f"The best k for {' and '.join(map(metric_title, metrics))} by {score_title(run.refit)} on ",
                f" is {edge}, the {side} edge of the grid from {grid[0]} to {grid[-1]}: the best k of all "
                "may lie outside.",
            )


def _smallest_training_part(run: ProtocolResult) -> int:
    return min(fold.n_train for fold in run.folds)


def _more_neighbors_than_images(run: ProtocolResult) -> Iterator[_Draft]:
    smallest = _smallest_training_part(run)
    largest = max(candidate.n_neighbors or 0 for candidate in run.candidates)
    if largest > smallest:
        yield _Draft(
            "more_neighbors_than_images",
            f"The grid goes up to k = {largest}, but the smallest training part of ",
            f" has {smallest} images: from there on all images vote, and candidates do not differ.",
        )


def _too_few_members(run: ProtocolResult, labels: LabelArray, groups: LabelArray | None) -> Iterator[_Draft]:
    n_folds = 1 + max(fold.split for fold in run.folds)
    kind = "images" if groups is None else "subjects"
    chosen = ((str(label), labels == label) for label in np.unique(labels))
    members = [
        (int(rows.sum()) if groups is None else len(np.unique(groups[rows])), label) for label, rows in chosen
    ]
    small = sorted(entry for entry in members if entry[0] < n_folds)
    if small:
        named = ", ".join(f"{quote(label)} ({number})" for number, label in small[:MOST_LISTED])
        more = f" and {len(small) - MOST_LISTED} more" if len(small) > MOST_LISTED else ""
        have = "1 syndrome has" if len(small) == 1 else f"{len(small)} syndromes have"
        yield _Draft(
            "too_few_members",
            f"{have} fewer {kind} than there are folds ({n_folds} ",
            f"): {named}{more}. Not every test part can hold {'it' if len(small) == 1 else 'them'}.",
        )


def _missing_classes(run: ProtocolResult) -> Iterator[_Draft]:
    from_test = [fold for fold in run.folds if fold.absent_from_test]
    if from_test:
        consequence = "its AUC is not defined there, and roc_auc_ovr is the mean over the other syndromes"
        yield _missing(run, from_test, "class_missing_from_test", "test", consequence)
    from_train = [fold for fold in run.folds if fold.absent_from_train]
    if from_train:
        consequence = "none of its images can be recognised there, and each counts as an error"
        yield _missing(run, from_train, "class_missing_from_train", "training", consequence)


def _missing(run: ProtocolResult, folds: list[Fold], code: NoticeCode, part: str, consequence: str) -> _Draft:
    absent = (fold.absent_from_test if part == "test" else fold.absent_from_train for fold in folds)
    labels = sorted({label for labels in absent for label in labels})
    others = f" and {len(labels) - 3} more" if len(labels) > 3 else ""  # noqa: PLR2004  a sentence names three
    return _Draft(
        code,
        f"In {len(folds)} of {len(run.folds)} ",
        f" a syndrome is missing from the {part} part ({', '.join(quote(label) for label in labels[:3])}"
        f"{others}): {consequence}.",
    )


def _undefined_scores(run: ProtocolResult) -> Iterator[_Draft]:
    # Whether a score is defined depends on the folds alone, so one candidate speaks for all.
    alike: dict[tuple[int, int, str], list[str]] = {}
    for score in run.candidates[0].all_scores:
        if score.undefined:
            key = len(score.undefined), len(score.values), score.undefined[0].reason
            alike.setdefault(key, []).append(score.name)
    for (n_undefined, n_folds, reason), names in alike.items():
        is_not, mean = ("is", "its mean is") if len(names) == 1 else ("are", "their means are")
        yield _Draft(
            "undefined_scores",
            f"{', '.join(names)} {is_not} not defined in {n_undefined} of {n_folds} ",
            f" ({reason}): {mean} over the others.",
        )
