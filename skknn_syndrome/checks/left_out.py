"""Checks of completeness: analyses that were left out, or step back on large data."""

import re
from collections.abc import Mapping, Sequence

from skknn_syndrome.checks.base import LEFT_OUT, CheckContext, Finding, StudyCheck, judge, not_applicable

PREPROCESSING = "preprocessing"
"""Its place among what was left out; it has a check of its own."""
MAP = "map"


class AnalysisLeftOut(StudyCheck):
    """An analysis that was asked for and could not be done."""

    code, name, title = "SK015", "analysis_left_out", "Analyses left out"
    severity = "tip"
    remedy = (
        "Change the setting that the message names or take a head that gives what is missing; or do without."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read why analyses were left out."""
        reasons = {name: reason for name, reason in context.left_out.items() if name != PREPROCESSING}
        if not (reasons or context.asked):
            return not_applicable("No analysis was asked for.")
        return judge(
            _sentences(reasons),
            reasons or {"n_asked_for": len(context.asked)},
            otherwise="Every analysis that the estimator and the folds allow was made.",
        )


class SteppedBack(StudyCheck):
    """An analysis of a part of the images, or left out, since all of them would take too long."""

    code, name, title = "SK018", "stepped_back", "Analyses that step back on large data"
    severity = "tip"
    remedy = (
        "Read figures of a sample as those of a smaller data set; the scores and their intervals are of all "
        "images."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read samples off the analyses, and names off what was left out."""
        samples = {entry.question: entry.sample for entry in context.analyses if entry.sample is not None}
        withheld = sorted(context.withheld)
        return judge(
            [
                *(f"The analysis {name!r} was {sample.sentence()}." for name, sample in samples.items()),
                *(f"The analysis {name!r} was left out for its cost." for name in withheld),
            ],
            {
                "n_images": context.dataset.n_images,
                **{f"{name}.n_used": sample.n_used for name, sample in samples.items()},
                **{f"{name}{LEFT_OUT}": "for its cost" for name in withheld},
            },
            otherwise="Every analysis was computed on all images.",
        )


def _sentences(reasons: Mapping[str, str]) -> list[str]:
    """Say each reason once."""
    named: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        if name != MAP:
            named.setdefault(reason, []).append(repr(name))
    said = [_sentence(names, reason) for reason, names in named.items()]
    return [*said, f"The map of the embeddings was left out: {reasons[MAP]}"] if MAP in reasons else said


def _sentence(names: Sequence[str], reason: str) -> str:
    *others, last = names
    if not others:
        return f"The analysis {last} was left out: {reason}"
    # One analysis needs something, several need it.
    return (
        f"The analyses {', '.join(others)} and {last} were left out: "
        f"{re.sub('^it needs ', 'they need ', reason)}"
    )
