"""Checks of baselines: one that is better than the best candidate."""

from skknn_syndrome.analyses.baselines.result import BaselineComparison
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.checks.better import figures_of_better, sentences_on_better, significantly_better
from skknn_syndrome.results.comparison import judging_scores
from skknn_syndrome.wording import score_title


class BetterBaseline(StudyCheck):
    """A baseline that is significantly better: the best candidate is then not worth its parameters."""

    code, name, title = "SK012", "better_baseline", "Baseline better than the best configuration"
    severity = "issue"
    remedy = "Prefer the baseline where this score is what matters."

    def look(self, context: CheckContext) -> Finding:
        """Read the comparisons of baselines with the best candidate."""
        reason = context.why_not("baselines")
        if reason is not None:
            return skipped(reason)
        run = context.primary
        found = context.analyses.find(BaselineComparison)
        compared = () if found is None else found.alternatives
        scores = judging_scores(run.refit)
        if not compared:
            return not_applicable("No baseline could be compared with the best configuration.")
        better = significantly_better(compared, scores)
        return judge(
            sentences_on_better(run, better),
            {"n_compared": len(compared), **figures_of_better(better)},
            otherwise="No baseline is significantly better than the best configuration in "
            f"{' or '.join(map(score_title, scores))}.",
        )
