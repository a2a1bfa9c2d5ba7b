"""Checks of preprocessing: resamplers and whole comparisons that were left out."""

from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, skipped
from skknn_syndrome.checks.left_out import PREPROCESSING


class ResamplerLeftOut(StudyCheck):
    """A resampler that the sizes of the syndromes don't allow."""

    code, name, title = "SK016", "resampler_left_out", "Resamplers left out"
    severity = "tip"
    remedy = "Choose a resampler that the sizes of the syndromes allow, or leave it out."

    def look(self, context: CheckContext) -> Finding:
        """Read what the comparison of preprocessing left out within the folds."""
        compared = context.analyses.find(PreprocessingComparison)
        if compared is None:
            return skipped("Preprocessing was not compared.")
        reasons = {
            entry.resampler: entry.reason for entry in compared.left_out if entry.way == "within_folds"
        }
        drawn = "" if compared.sample is None else f" All of this was {compared.sample.sentence()}."
        return judge(
            [f"{reason}{drawn}" for reason in reasons.values()],
            reasons,
            otherwise=f"Every resampler that was asked for was compared.{drawn}",
        )


class PreprocessingLeftOut(StudyCheck):
    """A comparison of preprocessing that was asked for and could not be done."""

    code, name, title = "SK017", "preprocessing_left_out", "Comparison of preprocessing left out"
    severity = "tip"
    remedy = "Ask for fewer scalers and resamplers, or run the comparison on its own."

    def look(self, context: CheckContext) -> Finding:
        """Read why it was left out."""
        reason = context.left_out.get(PREPROCESSING)
        if context.analyses.find(PreprocessingComparison) is None and reason is None:
            return skipped("The comparison of preprocessing was not asked for.")
        said = [] if reason is None else [f"Preprocessing was not compared: {reason}"]
        return judge(said, {}, otherwise="Preprocessing was compared.")
