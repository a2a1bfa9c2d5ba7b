"""What the study says of itself before anybody has to ask."""

from collections.abc import Iterator

import numpy as np

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.errors import quote
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


def notices_on(run: ProtocolResult, labels: LabelArray, groups: LabelArray | None) -> tuple[Notice, ...]:
    """Return what a reader has to know of one protocol's result.

    Parameters
    ----------
    run : ProtocolResult
        The scores.
    labels : array of shape (n_images,)
        The class of each image.
    groups : array of shape (n_images,) or None
        The subject of each image, where the protocol keeps subjects together.

    Returns
    -------
    tuple of Notice
        In the order: edge of the grid, more neighbours than images, small classes, classes missing from
        folds, undefined scores.
    """
    return (
        *_edge_of_grid(run),
        *_more_neighbors_than_images(run),
        *_too_few_members(run, labels, groups),
        *_missing_classes(run),
        *_undefined_scores(run),
    )


def _edge_of_grid(run: ProtocolResult) -> Iterator[Notice]:
    grid = sorted({candidate.n_neighbors for candidate in run.candidates})
    if len(grid) == 1:
        return
    # Below 1 there is nothing to try.
    edges = [("upper", "larger", grid[-1]), *([("lower", "smaller", grid[0])] if grid[0] > 1 else [])]
    for side, where, edge in edges:
        metrics = [metric for metric, best in run.best.items() if best.n_neighbors == edge]
        if metrics:
            yield Notice(
                code="edge_of_grid",
                message=(
                    f"The best k for {' and '.join(map(metric_title, metrics))} by {score_title(run.refit)} "
                    f"({run.protocol}-level folds) is {edge}, the {side} edge of the grid from {grid[0]} to "
                    f"{grid[-1]}: a {where} one may score higher."
                ),
            )


def _more_neighbors_than_images(run: ProtocolResult) -> Iterator[Notice]:
    smallest = min(fold.n_train for fold in run.folds)
    largest = max(candidate.n_neighbors for candidate in run.candidates)
    if largest > smallest:
        yield Notice(
            code="more_neighbors_than_images",
            message=(
                f"The grid goes up to k = {largest}, but the smallest training part has {smallest} "
                "images: from there on all images vote, and candidates do not differ."
            ),
        )


def _too_few_members(run: ProtocolResult, labels: LabelArray, groups: LabelArray | None) -> Iterator[Notice]:
    n_folds = 1 + max(fold.split for fold in run.folds)
    kind = "images" if groups is None else "subjects"
    for label in np.unique(labels):
        chosen = labels == label
        members = int(chosen.sum()) if groups is None else len(np.unique(groups[chosen]))
        if members < n_folds:
            yield Notice(
                code="too_few_members",
                message=(
                    f"Syndrome {quote(label)} has {members} {kind}, fewer than the {n_folds} folds: "
                    "it can't be in every test part."
                ),
            )


def _missing_classes(run: ProtocolResult) -> Iterator[Notice]:
    from_test = [fold for fold in run.folds if fold.absent_from_test]
    if from_test:
        consequence = "its AUC is not defined there, and roc_auc_ovr is the mean over the other syndromes"
        yield _missing(run, from_test, "class_missing_from_test", "test", consequence)
    from_train = [fold for fold in run.folds if fold.absent_from_train]
    if from_train:
        consequence = "none of its images can be recognised there, and each counts as an error"
        yield _missing(run, from_train, "class_missing_from_train", "training", consequence)


def _missing(run: ProtocolResult, folds: list[Fold], code: NoticeCode, part: str, consequence: str) -> Notice:
    absent = (fold.absent_from_test if part == "test" else fold.absent_from_train for fold in folds)
    labels = sorted({label for labels in absent for label in labels})
    others = f" and {len(labels) - 3} more" if len(labels) > 3 else ""  # noqa: PLR2004  a sentence names three
    return Notice(
        code=code,
        message=(
            f"In {len(folds)} of {len(run.folds)} {run.protocol}-level folds a syndrome is missing from the "
            f"{part} part ({', '.join(quote(label) for label in labels[:3])}{others}): {consequence}."
        ),
    )


def _undefined_scores(run: ProtocolResult) -> Iterator[Notice]:
    # Whether a score is defined depends on the folds alone, so one candidate speaks for all.
    for score in run.candidates[0].all_scores:
        if score.undefined:
            yield Notice(
                code="undefined_scores",
                message=(
                    f"{score.name} is not defined in {len(score.undefined)} of {len(score.values)} "
                    f"{run.protocol}-level folds ({score.undefined[0].reason}): its mean is over the others."
                ),
            )
