"""Checks of prediction sets: sets that cover too little, and classes of too few subjects for sets."""

from skknn_syndrome.analyses.prediction_sets.result import PredictionSets, PredictionSetsAnalysis
from skknn_syndrome.analyses.prediction_sets.tables import share
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
    """Prediction sets that have the true class significantly less often than is nominal."""

    code, name, title = "SK047", "sets_below_promise", "Prediction sets below their nominal coverage"
    severity = "issue"
    remedy = "Do not rely on the sets, and look for what makes images of one fold unlike those of the others."

    def look(self, context: CheckContext) -> Finding:
        """Hold the interval of what is covered against each nominal coverage."""
        found = _found(context)
        if isinstance(found, Finding):
            return found
        entries = found.class_conditional
        return judge(
            [
                f"Of the sets of a nominal coverage of {share(entry.coverage)}, "
                f"{share(entry.covered.estimate)} have the true syndrome, significantly fewer."
                for entry in entries
                if entry.verdict == "below"
            ],
            {f"covered_at_{100 * entry.coverage:.0f}": entry.covered.estimate for entry in entries},
            otherwise="Sets cover as much as is nominal, or not significantly less.",
        )


class TooFewForPromise(StudyCheck):
    """Classes that no set can leave out, for too few subjects have them."""

    code, name, title = "SK048", "too_few_for_promise", "Syndromes of too few subjects for prediction sets"
    severity = "tip"
    remedy = "Collect more subjects of these syndromes, or ask for less coverage."

    def look(self, context: CheckContext) -> Finding:
        """Name the classes of which some training part has too few subjects for the highest coverage."""
        found = _found(context)
        if isinstance(found, Finding):
            return found
        highest, few = found.class_conditional[-1], found.too_few
        names = sentence_list([quote(name) for name in few[:3]])
        more = f" ({names}{' and others' if len(few) > 3 else ''})"  # noqa: PLR2004  as many are named
        said = (
            f"Sets of a nominal coverage of {share(highest.coverage)} have "
            f"{counted(len(few), 'syndrome')}{more} throughout, of "
            "which training parts have too few subjects."
        )
        return judge(
            [said] * bool(few),
            {"n_too_few": len(few), "promised": highest.coverage},
            otherwise="Each syndrome has subjects enough for every coverage.",
        )
