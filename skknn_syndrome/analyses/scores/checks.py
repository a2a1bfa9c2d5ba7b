"""Checks of folds, grid and scores: small classes, undefined scores, edges of the grid, trivial top-k."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Literal

from skknn_syndrome.checks.base import (
    CheckContext,
    Finding,
    OnFolds,
    StudyCheck,
    figures_of_runs,
    judge,
    not_applicable,
    sentences_on_folds,
)
from skknn_syndrome.errors import quote
from skknn_syndrome.results.check import Figure
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.protocol import Fold, ProtocolResult
from skknn_syndrome.wording import counted, metric_title, score_title, sentence_list

MOST_LISTED = 10
"""Small syndromes that a sentence names."""

MOST_MISSING = 3
"""Missing syndromes that a sentence names."""

Absent = Callable[[Fold], tuple[str, ...]]


class TooFewMembers(StudyCheck):
    """Syndromes with fewer subjects, or images, than there are folds: some test parts lack them."""

    code, name, title = "SK004", "too_few_members", "Syndromes smaller than the number of folds"
    severity = "issue"
    remedy = (
        "Take no more folds than the smallest syndrome has members, collect more of these "
        "syndromes, or leave them out and say so."
    )

    def look(self, context: CheckContext) -> Finding:
        """Compare the members of each syndrome with the number of folds."""
        return judge(
            sentences_on_folds(context.protocols, partial(_small_syndromes, context.dataset)),
            figures_of_runs(context.protocols, partial(_class_sizes, context.dataset)),
            otherwise="Every syndrome has at least as many members as there are folds.",
        )


def _members(dataset: DatasetSummary, run: ProtocolResult) -> list[tuple[int, str]]:
    """Return how many members each syndrome has, as the folds count them."""
    by_subject = run.protocol == "subject"
    return [
        ((entry.n_subjects or 0) if by_subject else entry.n_images, entry.syndrome)
        for entry in dataset.syndromes
    ]


def _n_folds(run: ProtocolResult) -> int:
    return 1 + max(fold.split for fold in run.folds)


def _class_sizes(dataset: DatasetSummary, run: ProtocolResult) -> Mapping[str, Figure]:
    numbers = [number for number, _ in _members(dataset, run)]
    n_folds = _n_folds(run)
    n_small = sum(number < n_folds for number in numbers)
    return {"n_folds": n_folds, "n_small_syndromes": n_small, "smallest": min(numbers)}


def _small_syndromes(dataset: DatasetSummary, run: ProtocolResult) -> Iterator[OnFolds]:
    n_folds, kind = _n_folds(run), f"{run.protocol}s"
    small = sorted(entry for entry in _members(dataset, run) if entry[0] < n_folds)
    if small:
        named = ", ".join(f"{quote(label)} ({number})" for number, label in small[:MOST_LISTED])
        more = f" and {len(small) - MOST_LISTED} more" if len(small) > MOST_LISTED else ""
        have = "1 syndrome has" if len(small) == 1 else f"{len(small)} syndromes have"
        yield OnFolds(
            f"{have} fewer {kind} than there are folds ({n_folds} ",
            f"): {named}{more}. Not every test part can hold {'it' if len(small) == 1 else 'them'}.",
        )


class ClassMissingFromTest(StudyCheck):
    """Test parts without an image of some syndrome: it has no AUC there."""

    code, name, title = "SK005", "class_missing_from_test", "Syndromes missing from test parts"
    severity = "issue"
    remedy = (
        "Take fewer folds, or read the scores of the pooled out-of-fold predictions, in which "
        "every syndrome is present."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read what each fold lacks."""
        consequence = "its AUC is not defined there, and roc_auc_ovr is the mean over the other syndromes"
        return _missing(context, "test", lambda fold: fold.absent_from_test, consequence)


class ClassMissingFromTrain(StudyCheck):
    """Training parts without an image of some syndrome: its test images can't be classified rightly."""

    code, name, title = "SK006", "class_missing_from_train", "Syndromes missing from training parts"
    severity = "issue"
    remedy = (
        "Take more folds or collect more subjects of these syndromes: a syndrome without "
        "training images can't be predicted."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read what each fold lacks."""
        consequence = "none of its images can be classified correctly there, and each counts as an error"
        return _missing(context, "training", lambda fold: fold.absent_from_train, consequence)


def _missing(
    context: CheckContext, part: Literal["test", "training"], absent: Absent, consequence: str
) -> Finding:
    def drafts(run: ProtocolResult) -> Iterator[OnFolds]:
        lacking, labels = _lacking(run, absent)
        if lacking:
            named = ", ".join(quote(label) for label in labels[:MOST_MISSING])
            others = f" and {len(labels) - MOST_MISSING} more" if len(labels) > MOST_MISSING else ""
            yield OnFolds(
                f"In {lacking} of {len(run.folds)} ",
                f" a syndrome is missing from the {part} part ({named}{others}): {consequence}.",
            )

    def figures(run: ProtocolResult) -> Mapping[str, Figure]:
        lacking, labels = _lacking(run, absent)
        return {"n_folds": len(run.folds), "n_folds_lacking": lacking, "n_syndromes_missing": len(labels)}

    return judge(
        sentences_on_folds(context.protocols, drafts),
        figures_of_runs(context.protocols, figures),
        otherwise=f"No syndrome is missing from a {part} part.",
    )


def _lacking(run: ProtocolResult, absent: Absent) -> tuple[int, list[str]]:
    """Return how many folds lack a syndrome, and which are lacking."""
    found = [labels for labels in map(absent, run.folds) if labels]
    return len(found), sorted({label for labels in found for label in labels})


class UndefinedScores(StudyCheck):
    """Scores without a value in some folds: their means are over the others."""

    code, name, title = "SK010", "undefined_scores", "Undefined scores"
    severity = "issue"
    remedy = (
        "Read scores of the pooled out-of-fold predictions instead, or take fewer folds, so "
        "that every test part has every syndrome."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read the reasons of scores without a value."""
        return judge(
            sentences_on_folds(context.protocols, _undefined),
            figures_of_runs(context.protocols, _numbers_undefined),
            otherwise="Every score has a value in every fold.",
        )


def _numbers_undefined(run: ProtocolResult) -> Mapping[str, Figure]:
    scores = run.candidates[0].all_scores
    undefined = {f"{score.name}.n_undefined": len(score.undefined) for score in scores if score.undefined}
    return {"n_folds": len(run.folds), **undefined}


def _undefined(run: ProtocolResult) -> Iterator[OnFolds]:
    # Whether a score is defined depends on the folds alone, so one candidate speaks for all.
    alike: dict[tuple[int, int, str], list[str]] = {}
    for score in run.candidates[0].all_scores:
        if score.undefined:
            key = len(score.undefined), len(score.values), score.undefined[0].reason
            alike.setdefault(key, []).append(score.name)
    for (n_undefined, n_folds, reason), names in alike.items():
        is_not, mean = ("is", "its mean is") if len(names) == 1 else ("are", "their means are")
        yield OnFolds(
            f"{', '.join(names)} {is_not} not defined in {n_undefined} of {n_folds} ",
            f" ({reason}): {mean} over the others.",
        )


NO_K = "The configurations have no number of neighbours."


class EdgeOfGrid(StudyCheck):
    """A best k on the edge of the grid: the best k of all may lie outside."""

    code, name, title = "SK007", "edge_of_grid", "Best k at the edge of the grid"
    severity = "tip"
    remedy = (
        "Look at the scores beyond the grid where they were computed, or extend the grid "
        "(--n-neighbors) in this direction; look at F1 as well as at AUC, since they need not "
        "agree."
    )

    def look(self, context: CheckContext) -> Finding:
        """Compare the best k of each distance with the edges."""
        runs = _with_grid(context)
        if all(len(_grid(run)) == 1 for run in runs):
            return not_applicable("The grid has a single k." if runs else NO_K)
        return judge(
            sentences_on_folds(runs, _edges),
            figures_of_runs(runs, _best_of_grid),
            otherwise="Every best k lies inside the grid, or there is nothing to try beyond its edge.",
        )


class MoreNeighborsThanImages(StudyCheck):
    """A k above the number of training images: from there on all images vote, and candidates are alike."""

    code, name, title = "SK009", "more_neighbors_than_images", "More neighbours than training images"
    severity = "tip"
    remedy = "Take a smaller largest k (--n-neighbors) or more folds, whose training parts are larger."

    def look(self, context: CheckContext) -> Finding:
        """Compare the largest k with the smallest training part."""
        runs = _with_grid(context)
        if not runs:
            return not_applicable(NO_K)
        return judge(
            sentences_on_folds(runs, _too_many_neighbors),
            figures_of_runs(runs, _grid_sizes),
            otherwise="No k of the grid exceeds the smallest training part.",
        )


def _grid(run: ProtocolResult) -> list[int]:
    """Return the numbers of neighbours that were tried, rising; none of heads without neighbours."""
    return sorted({entry.n_neighbors for entry in run.candidates if entry.n_neighbors is not None})


def _with_grid(context: CheckContext) -> list[ProtocolResult]:
    return [run for run in context.protocols if _grid(run)]


def _smallest_training_part(run: ProtocolResult) -> int:
    return min(fold.n_train for fold in run.folds)


def _best_of_grid(run: ProtocolResult) -> Mapping[str, Figure]:
    grid = _grid(run)
    best = {f"{variant}.best_k": best.n_neighbors for variant, best in run.best.items()}
    found = {name: k for name, k in best.items() if k is not None}
    return {"smallest_k": grid[0], "largest_k": grid[-1], **found}


def _edges(run: ProtocolResult) -> Iterator[OnFolds]:
    grid = _grid(run)
    if len(grid) == 1:
        return
    # Nothing is left to try below 1, nor above the training parts' size, from which on all images vote.
    upper = [("upper", grid[-1])] if grid[-1] < _smallest_training_part(run) else []
    edges = [*upper, *([("lower", grid[0])] if grid[0] > 1 else [])]
    for side, edge in edges:
        metrics = [metric for metric, best in run.best.items() if best.n_neighbors == edge]
        if metrics:
            titles = " and ".join(map(metric_title, metrics))
            best = f"The best k for {titles} by {score_title(run.refit)} on "
            chosen = f"The k for {titles} chosen by {run.refit_rule} on "
            yield OnFolds(
                best if run.refit_rule == "best" else chosen,
                f" is {edge}, the {side} edge of the grid from {grid[0]} to {grid[-1]}: the best k of all "
                "may lie outside.",
            )


def _grid_sizes(run: ProtocolResult) -> Mapping[str, Figure]:
    return {"largest_k": _grid(run)[-1], "smallest_training_part": _smallest_training_part(run)}


def _too_many_neighbors(run: ProtocolResult) -> Iterator[OnFolds]:
    smallest, largest = _smallest_training_part(run), _grid(run)[-1]
    if largest > smallest:
        yield OnFolds(
            f"The grid goes up to k = {largest}, but the smallest training part of ",
            f" has {counted(smallest, 'image')}: beyond it all images vote, and none differ.",
        )


_TOP_K = re.compile(r"top_(\d+)_accuracy")


class TrivialTopK(StudyCheck):
    """A top-k accuracy whose k is not below the number of syndromes: every image counts as correct."""

    code, name, title = "SK011", "trivial_top_k", "Trivial top-k accuracy"
    # The scores hold top-5 accuracy unless told otherwise: nobody with five syndromes did anything wrong.
    severity = "tip"
    remedy = "Read top-k accuracy of fewer than all syndromes, or accuracy and macro F1 instead."

    def look(self, context: CheckContext) -> Finding:
        """Compare k with the number of syndromes."""
        n_classes = len(context.dataset.syndromes)
        names = (_TOP_K.fullmatch(score.name) for score in context.primary.candidates[0].all_scores)
        ranks = [int(name[1]) for name in names if name is not None]
        trivial = [f"top-{k}" for k in ranks if k >= n_classes]
        said = (
            f"With {n_classes} syndromes, {sentence_list(trivial)} accuracy {'are' if trivial[1:] else 'is'} "
            "trivial: every image counts as correct unless its syndrome has no training image."
        )
        return judge(
            [said] if trivial else [],
            {"n_syndromes": n_classes, "trivial": ", ".join(trivial)}
            if trivial
            else {"n_syndromes": n_classes},
            otherwise="The k of every top-k accuracy is below the number of syndromes.",
        )
