"""Checks of calibration: probabilities that mean something else than they say."""

from skknn_syndrome.analyses.calibration.result import CalibrationAnalysis
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.display.prose import signed


class MisleadingProbabilities(StudyCheck):
    """A mean confidence that differs significantly from the accuracy."""

    code, name, title = "SK013", "miscalibrated_probabilities", "Miscalibrated probabilities"
    severity = "issue"
    remedy = (
        "Recalibrate on data of its own before probabilities are read as chances; rankings are not affected."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read the best candidate's gap between mean confidence and accuracy."""
        reason = context.why_not("calibration")
        if reason is not None:
            return skipped(reason)
        run = context.primary
        own = (run.winner.variant, run.winner.weights)
        analysis = context.analyses.find(CalibrationAnalysis)
        entries = () if analysis is None else analysis.calibrations
        entry = next((entry for entry in entries if (entry.variant, entry.weights) == own), None)
        gap = None if entry is None else entry.gap
        if entry is None or gap is None or gap.low is None or gap.high is None:
            return not_applicable("The gap of confidence and accuracy has no confidence interval.")
        said = (
            f"The best configuration's probabilities are {entry.verdict}: its mean confidence is "
            f"{entry.mean_confidence:.3f}, its accuracy {entry.accuracy:.3f} (95 % confidence "
            f"interval of the difference {signed(gap.low)} to {signed(gap.high)})."
        )
        return judge(
            [said] * gap.excludes_zero,
            {
                "mean_confidence": entry.mean_confidence,
                "accuracy": entry.accuracy,
                "gap_low": gap.low,
                "gap_high": gap.high,
            },
            otherwise="The best configuration's mean confidence does not differ significantly from its "
            "accuracy.",
        )
