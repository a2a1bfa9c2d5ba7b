"""Checks of completeness: analyses, resamplers and a comparison of preprocessing that were left out."""

import re
from collections.abc import Mapping, Sequence

from skknn_syndrome.checks.base import Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.checks.context import CheckContext

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
        if not (reasons or context.analyses):
            return not_applicable("No analysis was asked for.")
        return judge(
            _sentences(reasons),
            reasons or {"n_asked_for": len(context.analyses)},
            otherwise="Every analysis that the estimator and the folds allow was made.",
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


class ResamplerLeftOut(StudyCheck):
    """A resampler that the sizes of the syndromes don't allow."""

    code, name, title = "SK016", "resampler_left_out", "Resamplers left out"
    severity = "tip"
    remedy = "Choose a resampler that the sizes of the syndromes allow, or leave it out."

    def look(self, context: CheckContext) -> Finding:
        """Read what the comparison of preprocessing left out within the folds."""
        if context.ablation is None:
            return skipped("Preprocessing was not compared.")
        reasons = {
            entry.resampler: entry.reason for entry in context.ablation.left_out if entry.way == "honest"
        }
        return judge(
            list(reasons.values()),
            reasons,
            otherwise="Every resampler that was asked for was compared.",
        )


class PreprocessingLeftOut(StudyCheck):
    """A comparison of preprocessing that was asked for and could not be done."""

    code, name, title = "SK017", "preprocessing_left_out", "Comparison of preprocessing left out"
    severity = "tip"
    remedy = "Ask for fewer scalers and resamplers, or run the comparison on its own."

    def look(self, context: CheckContext) -> Finding:
        """Read why it was left out."""
        reason = context.left_out.get(PREPROCESSING)
        if context.ablation is None and reason is None:
            return skipped("The comparison of preprocessing was not asked for.")
        said = [] if reason is None else [f"Preprocessing was not compared: {reason}"]
        return judge(said, {}, otherwise="Preprocessing was compared.")
