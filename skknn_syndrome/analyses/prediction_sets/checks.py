"""Checks of prediction sets: promises that are not kept, and classes of too few subjects for one."""

from skknn_syndrome.analyses.prediction_sets.result import PredictionSets, PredictionSetsAnalysis
from skknn_syndrome.analyses.prediction_sets.tables import promise
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, not_applicable, skipped
from skknn_syndrome.errors import quote
from skknn_syndrome.wording import counted, sentence_list


def _found(context: CheckContext) -> PredictionSets | Finding:
    reason = context.why_not("prediction_sets")
    if reason is not None:
        return skipped(reason)
    found = context.analyses.find(PredictionSetsAnalysis)
    return not_applicable("No prediction sets were made.") if found is None else found.prediction_sets


class SetsBelowPromise(StudyCheck):
    """Prediction sets that have the true class significantly less often than they promise."""

    code, name, title = "SK047", "sets_below_promise", "Prediction sets that cover less than promised"
    severity = "issue"
    remedy = "Do not rely on the sets, and look for what makes images of one fold unlike those of the others."

    def look(self, context: CheckContext) -> Finding:
        """Hold the interval of what is covered against each promise."""
        found = _found(context)
        if isinstance(found, Finding):
            return found
        entries = found.class_conditional
        return judge(
            [
                f"Of the sets that promise {promise(entry.coverage)}, {promise(entry.covered.estimate)} have "
                "the true syndrome, significantly fewer."
                for entry in entries
                if entry.verdict == "below"
            ],
            {f"covered_at_{100 * entry.coverage:.0f}": entry.covered.estimate for entry in entries},
            otherwise="Sets have the true syndrome as often as promised, or not significantly less often.",
        )


class TooFewForPromise(StudyCheck):
    """Classes that no set can leave out, for too few subjects have them."""

    code, name, title = "SK048", "too_few_for_promise", "Syndromes of too few subjects for a promise"
    severity = "tip"
    remedy = "Collect more subjects of these syndromes, or promise less."

    def look(self, context: CheckContext) -> Finding:
        """Name the classes of which some training part has too few subjects for the highest promise."""
        found = _found(context)
        if isinstance(found, Finding):
            return found
        highest, few = found.class_conditional[-1], found.too_few
        names = sentence_list([quote(name) for name in few[:3]])
        more = f" ({names}{' and others' if len(few) > 3 else ''})"  # noqa: PLR2004  as many are named
        said = (
            f"Sets that promise {promise(highest.coverage)} have {counted(len(few), 'syndrome')}{more} "
            "throughout, of which training parts have too few subjects."
        )
        return judge(
            [said] * bool(few),
            {"n_too_few": len(few), "promised": highest.coverage},
            otherwise="Each syndrome has subjects enough for every promise.",
        )
