"""Checks of the scores: trivial top-k accuracy, better baselines, miscalibrated probabilities."""

import re

from skknn_syndrome.checks.base import Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.checks.better import figures_of_better, sentences_on_better, significantly_better
from skknn_syndrome.checks.context import CheckContext
from skknn_syndrome.results.comparison import judging_scores
from skknn_syndrome.wording import score_title

_TOP_K = re.compile(r"top_(\d+)_accuracy")


class TrivialTopK(StudyCheck):
    """A top-k accuracy of no fewer places than there are syndromes: every image counts as right."""

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
            f"There are {n_classes} syndromes, so {' and '.join(trivial)} accuracy says nothing: an "
            "image always counts as right, unless its syndrome has no image to train on."
        )
        return judge(
            [said] if trivial else [],
            {"n_syndromes": n_classes, "trivial": ", ".join(trivial)}
            if trivial
            else {"n_syndromes": n_classes},
            otherwise="There are more syndromes than places in every top-k accuracy.",
        )


class BetterBaseline(StudyCheck):
    """A baseline that is significantly better: the best candidate is then not worth its parameters."""

    code, name, title = "SK012", "simpler_rule_better", "Baseline better than the best candidate"
    severity = "issue"
    remedy = "Prefer the baseline where this score is what matters."

    def look(self, context: CheckContext) -> Finding:
        """Read the comparisons of baselines with the best candidate."""
        reason = context.why_not("baselines")
        if reason is not None:
            return skipped(reason)
        run = context.primary
        compared = [entry for entry in run.alternatives if entry.kind == "baseline"]
        scores = judging_scores(run.refit)
        if not compared:
            return not_applicable("No baseline could be compared with the best candidate.")
        better = significantly_better(compared, scores)
        return judge(
            sentences_on_better(run, better),
            {"n_compared": len(compared), **figures_of_better(better)},
            otherwise="No baseline is significantly better than the best candidate in "
            f"{' or '.join(map(score_title, scores))}.",
        )


class MisleadingProbabilities(StudyCheck):
    """A mean confidence that differs significantly from the accuracy."""

    code, name, title = "SK013", "misleading_probabilities", "Miscalibrated probabilities"
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
        entry = next((entry for entry in run.calibrations if (entry.variant, entry.weights) == own), None)
        gap = None if entry is None else entry.gap
        if entry is None or gap is None or gap.low is None or gap.high is None:
            return not_applicable("The gap of confidence and accuracy has no confidence interval.")
        said = (
            f"The best candidate's probabilities are {entry.verdict}: its mean confidence is "
            f"{entry.mean_confidence:.3f}, its accuracy {entry.accuracy:.3f} (95 % confidence "
            f"interval of the difference {gap.low:.3f} to {gap.high:.3f})."
        )
        return judge(
            [said] * gap.excludes_zero,
            {
                "mean_confidence": entry.mean_confidence,
                "accuracy": entry.accuracy,
                "gap_low": gap.low,
                "gap_high": gap.high,
            },
            otherwise="The best candidate's mean confidence does not differ significantly from its accuracy.",
        )
