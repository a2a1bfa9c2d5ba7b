"""Checks of open-set recognition: absent classes that go unnoticed."""

from skknn_syndrome.analyses.open_set.result import OpenSetAnalysis
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.display.prose import percent


class UnnoticedSyndromes(StudyCheck):
    """Images of syndromes absent from training of which most are not flagged as none of the known ones."""

    code, name, title = "SK049", "unnoticed_syndromes", "Unknown syndromes that mostly go unnoticed"
    severity = "tip"
    remedy = "Have each case reviewed by somebody who can answer 'none of these'."

    def look(self, context: CheckContext) -> Finding:
        """Read the share of the images that are flagged while their syndrome is absent."""
        reason = context.why_not("open_set")
        if reason is not None:
            return skipped(reason)
        analysis = context.analyses.find(OpenSetAnalysis)
        found = None if analysis is None else analysis.class_means
        if found is None or found.detected is None or found.verdict is None:
            return not_applicable(
                "The share of flagged images of absent syndromes has no confidence interval."
            )
        share = found.detected
        said = (
            f"Of the images of a syndrome absent from training, {percent(share.estimate)} are flagged on "
            f"average over {share.n_units:,} syndromes, significantly fewer than half."
        )
        return judge(
            [said] * (found.verdict == "mostly unnoticed"),
            {
                "detected": share.estimate,
                "detected_low": share.low or 0.0,
                "detected_high": share.high or 0.0,
                "allowed_false_rejections": found.allowed_false_rejections,
            },
            otherwise="The share of flagged images of absent syndromes is not significantly below half.",
        )
