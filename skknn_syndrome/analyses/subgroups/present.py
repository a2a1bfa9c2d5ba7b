"""Participants, scores of subgroups, and levels held out in turn, as the report shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from skknn_syndrome.analyses.subgroups.figures import (
    describe_held_out,
    describe_scores,
    draw_held_out,
    draw_scores,
    say_held_out,
    say_scores,
)
from skknn_syndrome.analyses.subgroups.result import (
    CovariateSummary,
    Gap,
    SubgroupAnalysis,
    TooSmall,
)
from skknn_syndrome.analyses.subgroups.tables import (
    class_by_level,
    gaps_for_report,
    held_out_for_report,
    held_out_levels,
    participants,
    participants_by_class,
    scores_for_report,
    subgroup_gaps,
    subgroup_scores,
)
from skknn_syndrome.display.table import Table
from skknn_syndrome.questions import Advice, Presentation, figure_of, of_analysis
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import FEWEST_IN_SUBGROUP, WIDEST_INTERVAL
from skknn_syndrome.wording import sentence_list


@dataclass(frozen=True)
class SubgroupFindings:
    """What prose says of covariates."""

    analysis: SubgroupAnalysis
    fewest = FEWEST_IN_SUBGROUP
    widest = WIDEST_INTERVAL

    @property
    def with_missing(self) -> list[CovariateSummary]:
        """Covariates that are not known of all images."""
        return [entry for entry in self.analysis.covariates if entry.missing is not None]

    @property
    def varying(self) -> list[CovariateSummary]:
        """Covariates that differ between the images of some subjects."""
        return [entry for entry in self.analysis.covariates if entry.n_varying]

    @property
    def constant(self) -> list[CovariateSummary]:
        """Covariates that are the same on all images of each subject."""
        return [entry for entry in self.analysis.covariates if entry.n_varying == 0]

    @property
    def gaps(self) -> list[tuple[str, Gap]]:
        """Covariates whose levels could be compared."""
        return [(entry.covariate, entry.gap) for entry in self.analysis.subgroups if entry.gap is not None]

    @property
    def within(self) -> list[str]:
        """Covariates that are tested within subjects too."""
        return [covariate for covariate, gap in self.gaps if gap.exchange == "images_and_units"]

    @property
    def without_gap(self) -> list[str]:
        """Covariates of which fewer than two levels are large enough."""
        return self._not_compared("few_units")

    @property
    def without_common(self) -> list[str]:
        """Covariates of which no two levels have enough subjects of the same syndromes."""
        return self._not_compared("few_in_common")

    def _not_compared(self, reason: str) -> list[str]:
        return [entry.covariate for entry in self.analysis.subgroups if entry.not_compared == reason]

    @property
    def too_small(self) -> list[tuple[TooSmall, str, str]]:
        """Levels that are too small to tell, by the reason and the covariate."""
        return [
            (reason, entry.covariate, sentence_list([f"{name} ({number:,})" for name, number in levels]))
            for reason in get_args(TooSmall)
            for entry in self.analysis.subgroups
            if (levels := [(each.level, each.n_units) for each in entry.small(reason)])
        ]

    @property
    def undefined(self) -> bool:
        """Whether AUC is not defined in a level."""
        return any(level.n_classes == 1 for _, level in self.analysis.each_level())


def find_subgroups(study: StudyResult) -> SubgroupFindings | None:
    """Return what the report says of covariates; None where there are none."""
    found = study.find(SubgroupAnalysis)
    return None if found is None else SubgroupFindings(found)


def advise(study: StudyResult) -> Iterator[Advice]:
    """Yield what follows from gaps and from subgroups that are too small."""
    found = find_subgroups(study)
    if found is None:
        return
    gaps = [f"{name} ({gap.lower} below {gap.higher})" for name, gap in found.gaps if gap.verdict == "gap"]
    if gaps:
        yield Advice(
            rank=36,
            sentence=f"Report scores by {sentence_list(gaps)}: one figure for all hides a gap in accuracy.",
        )
    if found.too_small:
        names = sentence_list([f"{name} {levels}" for _, name, levels in found.too_small])
        yield Advice(
            rank=37,
            sentence=f"Collect more {found.analysis.unit} of the subgroups that are too small to tell: "
            f"{names}.",
            holds_by_chance=True,
        )


def _on_screen(study: StudyResult) -> Iterator[Table]:
    found = study.find(SubgroupAnalysis)
    if found is not None:
        yield scores_for_report(found).only("subgroup", "n_units", "accuracy", "roc_auc_ovr")
        yield gaps_for_report(found)


PRESENTATION = Presentation(
    question="subgroups",
    tables={
        "participants": of_analysis(SubgroupAnalysis, lambda found: participants(found.covariates)),
        "participants_by_class": participants_by_class,
        "subgroup_scores": of_analysis(SubgroupAnalysis, subgroup_scores),
        "subgroup_gaps": of_analysis(SubgroupAnalysis, subgroup_gaps),
        "held_out_levels": of_analysis(SubgroupAnalysis, held_out_levels),
    },
    report_tables={
        "participants_by_class": class_by_level,
        "subgroup_scores": of_analysis(SubgroupAnalysis, scores_for_report),
        "subgroup_gaps": of_analysis(SubgroupAnalysis, gaps_for_report),
        "held_out_levels": of_analysis(SubgroupAnalysis, held_out_for_report),
    },
    figures=(
        figure_of(
            "subgroup-scores",
            of_analysis(SubgroupAnalysis, draw_scores),
            of_analysis(SubgroupAnalysis, describe_scores),
            of_analysis(SubgroupAnalysis, say_scores),
        ),
        figure_of(
            "held-out-levels",
            of_analysis(SubgroupAnalysis, draw_held_out),
            of_analysis(SubgroupAnalysis, describe_held_out),
            of_analysis(SubgroupAnalysis, say_held_out),
        ),
    ),
    findings=find_subgroups,
    sections={"data": "participants.qmd", "results": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
    gist=_on_screen,
)
