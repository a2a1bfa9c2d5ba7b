"""Checks of subject leakage."""

from collections.abc import Iterable

from skknn_syndrome.analyses.leakage.result import Leak, LeakageAnalysis, LeakInflation
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.errors import quote
from skknn_syndrome.results.check import Figure
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.verdicts import PRINTED_AS_ZERO, SMALL_INFLATION
from skknn_syndrome.wording import score_title

EFFECT = "f1_macro"
"""The score in which the effect of a leak is told."""

MOST_NAMED = 3
"""Pairs of subjects that a sentence names."""


class SubjectLeakage(StudyCheck):
    """Subjects that may be one person, or have several syndromes: folds by subject part such images."""

    code, name, title = "SK003", "leak", "Effect of subject leakage on scores"
    severity = "issue"
    remedy = (
        "Compare the images by eye, and give images of one person one subject id, or run the "
        "study with --group-near-duplicates; ids with several syndromes need their labels "
        "checked."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read the leaks that were found."""
        reason = context.why_not("leakage")
        if reason is not None:
            return skipped(reason)
        if context.dataset.n_subjects is None:
            return not_applicable("There are no subject ids to be compared.")
        analysis = context.analyses.find(LeakageAnalysis)
        if analysis is None:
            return skipped(
                "It takes the cosine distance among the metrics, a classifier without a pipeline, and a "
                "number of folds."
            )
        run = context.primary
        figures: dict[str, Figure] = {}
        for leak in analysis.leaks:
            figures |= {f"{leak.kind}.{name}": figure for name, figure in _figures(leak, run)}
        return judge(
            [_sentence(leak, run) for leak in analysis.leaks],
            figures,
            otherwise="No two subjects have images so alike that they may be one person, and none has "
            "several syndromes.",
            severity="tip" if _has_small_effect(analysis.leaks, run) else None,
        )


def _worth(leak: Leak, run: ProtocolResult) -> float | None:
    """Return how much higher the winner's score is with the images concerned in the training parts."""
    return next((entry.inflation for entry in leak.inflations if _is_of_winner(entry, run)), None)


def _has_small_effect(leaks: Iterable[Leak], run: ProtocolResult) -> bool:
    """Tell whether leaks were measured, and change no score of the winner by more than is called small.

    Labels that contradict each other are an issue whatever they change.
    """
    return all(leak.kind != "two_syndromes" and _is_small(leak, run) for leak in leaks)


def _is_small(leak: Leak, run: ProtocolResult) -> bool:
    changes = [entry.inflation for entry in leak.inflations if entry.variant == run.winner.variant]
    measured = [abs(change) for change in changes if change is not None]
    return bool(measured) and max(measured) <= SMALL_INFLATION


def _is_of_winner(entry: LeakInflation, run: ProtocolResult) -> bool:
    return (entry.variant, entry.score) == (run.winner.variant, EFFECT)


def _figures(leak: Leak, run: ProtocolResult) -> Iterable[tuple[str, Figure]]:
    worth = _worth(leak, run)
    found = {
        "n_subjects": leak.n_subjects,
        "n_images": leak.n_images,
        "n_pairs": leak.n_pairs,
        "cosine_above": leak.cosine_above,
        f"{EFFECT}_change": worth,
    }
    return ((name, figure) for name, figure in found.items() if figure is not None)


def _sentence(leak: Leak, run: ProtocolResult) -> str:
    named = "; ".join(" and ".join(quote(name) for name in ids) for ids in leak.subjects[:MOST_NAMED])
    more = f" and {len(leak.subjects) - MOST_NAMED} more" if len(leak.subjects) > MOST_NAMED else ""
    what = {
        "exact_copies": f"{leak.n_subjects} subjects share equal images and may be fewer people",
        "near_copies": f"{leak.n_subjects} subjects have images so alike that they may be fewer people",
        "two_syndromes": f"{leak.n_subjects} subjects have images under several syndromes",
    }[leak.kind]
    # Subjects are kept together by folds of subjects: folds of images show what they would be worth.
    worth = _worth(leak, run)
    effect = "" if worth is None else f"; {_change(worth)} in {leak.protocol}-level folds"
    if leak.unmeasured is not None:
        effect = f"; what that does to scores can't be measured: {leak.unmeasured}"
    return f"{what} ({named}{more}){effect}."


def _change(worth: float) -> str:
    """Say what was measured: the effect of the images that were found, which need not be all there are."""
    title = score_title(EFFECT)
    if abs(worth) < PRINTED_AS_ZERO:
        return f"with these images in the training parts, {title} changes by less than 0.001"
    word = "higher" if worth > 0 else "lower"
    return f"with these images in the training parts, {title} is {abs(worth):.3f} {word}"
