"""Checks of subgroups: gaps between them, those too small to tell, and levels that do worse when held out."""

from skknn_syndrome.analyses.subgroups.result import GAP_SCORE, SubgroupAnalysis, TooSmall
from skknn_syndrome.checks.base import CheckContext, Finding, StudyCheck, judge, skipped
from skknn_syndrome.errors import quote
from skknn_syndrome.results.check import Figure
from skknn_syndrome.results.verdicts import FEWEST_IN_SUBGROUP, WIDEST_INTERVAL
from skknn_syndrome.wording import sentence_list

_NOTHING = "There are no scores of subgroups."


class _OfSubgroups:
    """What concerns studies with covariates alone."""

    def concerns(self, context: CheckContext) -> bool:
        """Return whether subgroups were looked at, or could not be."""
        return "subgroups" in context.asked or context.analyses.find(SubgroupAnalysis) is not None


class SubgroupGap(_OfSubgroups, StudyCheck):
    """A significant gap in accuracy between levels of a covariate: one score for all hides it."""

    code, name, title = "SK040", "subgroup_gap", "Gap between subgroups"
    severity = "issue"
    remedy = "Report scores by subgroup, and find out what the gap comes from before the classifier is used."

    def look(self, context: CheckContext) -> Finding:
        """Read the gaps that were found."""
        found = context.analyses.find(SubgroupAnalysis)
        if found is None:
            return skipped(_NOTHING)
        figures: dict[str, Figure] = {}
        said = []
        for place, entry in enumerate(found.subgroups):
            gap = entry.gap
            if gap is None:
                continue
            figures |= {f"{place}.difference": gap.difference, f"{place}.p_holm": gap.p_holm}
            if gap.verdict == "gap":
                said.append(
                    f"By {quote(entry.covariate)}, accuracy is {100 * gap.difference:.1f} percentage points "
                    f"higher for {quote(gap.higher)} than for {quote(gap.lower)} within the same "
                    "syndromes."
                )
        if not figures:
            return skipped("No two subgroups could be compared: too few subjects of the same syndromes.")
        return judge(said, figures, otherwise="No significant gap in accuracy was found between subgroups.")


class SmallSubgroups(_OfSubgroups, StudyCheck):
    """Subgroups of so few subjects, or so wide an interval, that nothing can be said of their scores."""

    code, name, title = "SK041", "small_subgroups", "Subgroups too small to tell"
    severity = "tip"
    remedy = "Collect more subjects of these subgroups, or say that the classifier was not tested on them."

    def look(self, context: CheckContext) -> Finding:
        """Name levels of few subjects or wide intervals."""
        found = context.analyses.find(SubgroupAnalysis)
        if found is None:
            return skipped(_NOTHING)
        reasons: dict[TooSmall, str] = {
            "few_units": f"fewer than {FEWEST_IN_SUBGROUP} {found.unit}",
            "wide_interval": f"{FEWEST_IN_SUBGROUP} {found.unit} or more, but a 95 % confidence interval of "
            f"accuracy wider than {100 * WIDEST_INTERVAL:.0f} percentage points",
        }
        named = {
            reason: [
                quote(f"{entry.covariate} {level.level}")
                for entry in found.subgroups
                for level in entry.small(reason)
            ]
            for reason in reasons
        }
        return judge(
            [f"{sentence_list(names)}: {reasons[reason]}." for reason, names in named.items() if names],
            {"n_too_small": sum(map(len, named.values()))},
            otherwise="All subgroups are large enough to tell how accurate the classifier is in them.",
        )


class HeldOutLevels(_OfSubgroups, StudyCheck):
    """A level on which accuracy is lower where nothing of it was trained on, as on images of a new site."""

    code, name, title = "SK042", "held_out_level", "Lower accuracy on held-out levels"
    severity = "issue"
    remedy = "Expect such scores on images of a new level, and train on images of each level that matters."

    def look(self, context: CheckContext) -> Finding:
        """Read the differences from cross-validation."""
        found = context.analyses.find(SubgroupAnalysis)
        if found is None or not found.left_out:
            return skipped("No covariate's levels were held out.")
        figures: dict[str, Figure] = {}
        said = []
        for place, (covariate, level) in enumerate(
            (entry.covariate, level) for entry in found.left_out for level in entry.levels
        ):
            change = level.differences.get(GAP_SCORE)
            if change is None or change.estimate is None:
                continue
            figures[f"{place}.{GAP_SCORE}_difference"] = change.estimate
            if level.verdict == "lower":
                said.append(
                    f"Where {quote(f'{covariate} {level.level}')} is held out, accuracy on it is "
                    f"{-100 * change.estimate:.1f} percentage points lower than in cross-validation, "
                    f"trained on {level.n_train:,} images."
                )
        if not figures:
            return skipped("Nothing could be trained for any level that was held out.")
        return judge(
            said, figures, otherwise="On no level that was held out is accuracy significantly lower."
        )
