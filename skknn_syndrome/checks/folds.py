"""Checks of the folds: small syndromes, syndromes missing from parts, undefined scores."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Literal

from skknn_syndrome.checks.base import Finding, StudyCheck, judge
from skknn_syndrome.checks.context import CheckContext, OnFolds, figures_of_runs, sentences_on_folds
from skknn_syndrome.errors import quote
from skknn_syndrome.results import DatasetSummary, Fold, ProtocolResult
from skknn_syndrome.results.check import Figure

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
            figures_of_runs(context.protocols, partial(_sizes, context.dataset)),
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


def _sizes(dataset: DatasetSummary, run: ProtocolResult) -> Mapping[str, Figure]:
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
        "training images can't be recognised."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read what each fold lacks."""
        consequence = "none of its images can be recognised there, and each counts as an error"
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
