"""Checks of larger k: one beyond the grid that is better than its best candidate."""

from skknn_syndrome.analyses.larger_k.result import LargerK
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.checks.better import figures_of_better, sentences_on_better, significantly_better
from skknn_syndrome.wording import score_title


class BetterLargerK(StudyCheck):
    """A k beyond the grid that is significantly better by the score that decides."""

    code, name, title = "SK008", "beyond_grid", "Better k beyond the grid"
    severity = "tip"
    remedy = (
        "Extend the grid (--n-neighbors) to this k, and choose it inside the folds (nested "
        "cross-validation), not by this curve."
    )

    def look(self, context: CheckContext) -> Finding:
        """Read the comparisons of larger k with the best candidate."""
        reason = context.why_not("larger_k")
        if reason is not None:
            return skipped(reason)
        run = context.primary
        found = context.analyses.find(LargerK)
        compared = () if found is None else found.alternatives
        if not compared:
            return not_applicable(
                "No score is best at the largest k of the grid, or no larger k could be scored."
            )
        better = significantly_better(compared, [run.refit])
        return judge(
            sentences_on_better(run, better),
            {"n_compared": len(compared), **figures_of_better(better)},
            otherwise=f"No larger k is significantly better in {score_title(run.refit)}.",
        )
