"""Checks of levels: baselines, consistency, answers that stop, and groups held out."""

from skknn_syndrome.analyses.levels.result import LevelAnalysis
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, skipped
from skknn_syndrome.display.prose import percent
from skknn_syndrome.errors import quote
from skknn_syndrome.results.check import Figure
from skknn_syndrome.results.verdicts import LEAST_CONSISTENT

_NOTHING = "There are no scores of taxonomic levels."


class _OfLevels:
    """What concerns studies with levels alone."""

    def concerns(self, context: CheckContext) -> bool:
        """Return whether levels were looked at, or could not be."""
        return "levels" in context.asked or context.analyses.find(LevelAnalysis) is not None


class LevelBelowBaseline(_OfLevels, StudyCheck):
    """A level whose classifier is not significantly better than rules that look at no image."""

    code, name, title = "SK043", "level_baseline", "Levels no better than baselines"
    severity = "issue"
    remedy = "Do not use predictions at these levels: the images do not tell their groups apart."

    def look(self, context: CheckContext) -> Finding:
        """Read the differences from both baselines."""
        found = context.analyses.find(LevelAnalysis)
        if found is None:
            return skipped(_NOTHING)
        figures: dict[str, Figure] = {
            f"{level.level}.{baseline.name}_difference": baseline.differences.accuracy.estimate
            for level in found.scores
            for baseline in level.baselines
        }
        said = [
            f"At the level {quote(level.level)}, accuracy and macro F1 are not both significantly "
            "above those of baselines that look at no image."
            for level in found.scores
            if not level.is_above_baselines
        ]
        return judge(said, figures, otherwise="At every level both baselines are beaten.")


class InconsistentLevels(_OfLevels, StudyCheck):
    """Predictions of a level that often lie outside of the group predicted above."""

    code, name, title = "SK044", "inconsistent_levels", "Levels that contradict one another"
    severity = "tip"
    remedy = "Take one prediction for both levels: from above down, from below up, or of the surer level."

    def look(self, context: CheckContext) -> Finding:
        """Read how often the predicted group contains what is predicted below."""
        found = context.analyses.find(LevelAnalysis)
        if found is None:
            return skipped(_NOTHING)
        said = [
            f"On {percent(1 - entry.agreement.estimate)} of the images, the predicted "
            f"{quote(entry.upper)} does not contain the predicted {quote(entry.lower)}."
            for entry in found.consistency
            if entry.agreement.estimate < LEAST_CONSISTENT
        ]
        return judge(
            said,
            {f"{entry.lower}.agreement": entry.agreement.estimate for entry in found.consistency},
            otherwise="Predictions of neighbouring levels agree on nearly all images.",
        )


class AnswersBelowTarget(_OfLevels, StudyCheck):
    """Predictions that stop at a level where fewer are right than thresholds were chosen for."""

    code, name, title = "SK045", "answers_below_target", "Answers less often right than asked for"
    severity = "tip"
    remedy = "Ask for more confidence at this level, or collect more images of its smaller groups."

    def look(self, context: CheckContext) -> Finding:
        """Read whether the interval of the accuracy of answers lies below the target."""
        found = context.analyses.find(LevelAnalysis)
        if found is None:
            return skipped(_NOTHING)
        answered = [(entry, entry.accuracy) for entry in found.stopping.levels if entry.accuracy is not None]
        if not answered:
            return skipped("At no level a threshold lets enough predictions pass.")
        target = found.stopping.target
        said = [
            f"Where predictions stop at the level {quote(entry.level)}, {percent(mean.estimate)} are "
            f"right, significantly fewer than the {100 * target:.0f} % that were asked for."
            for entry, mean in answered
            if mean.high is not None and mean.high < target
        ]
        return judge(
            said,
            {f"{entry.level}.accuracy": mean.estimate for entry, mean in answered},
            otherwise=f"Nowhere are significantly fewer than {100 * target:.0f} % of the answers right.",
        )


class MisplacedNewGroups(_OfLevels, StudyCheck):
    """Groups that, held out whole, are not placed in the right group above more often than by a baseline."""

    code, name, title = "SK046", "misplaced_new_groups", "New groups that are not placed"
    severity = "issue"
    remedy = "Do not place groups that the training images lack: treat such images as unknown."

    def look(self, context: CheckContext) -> Finding:
        """Read the difference from the most frequent group."""
        found = context.analyses.find(LevelAnalysis)
        if found is None:
            return skipped(_NOTHING)
        if not found.held_out:
            return skipped("No groups were held out.")
        placed = [(held.level, entry) for held in found.held_out for entry in held.placements]
        if not placed:
            levels = ", ".join(quote(held.level) for held in found.held_out)
            return skipped(f"No group of {levels} could be placed in a level above.")
        said = [
            f"Held-out groups of the level {quote(level)} are not placed in the right {quote(entry.upper)} "
            "significantly more often than by naming the most frequent one of all images."
            for level, entry in placed
            if entry.above_majority.sign < 1
        ]
        figures: dict[str, Figure] = {
            f"{level}.{entry.upper}.accuracy": entry.accuracy.estimate for level, entry in placed
        }
        return judge(said, figures, otherwise="Held-out groups are placed better than by a baseline.")
