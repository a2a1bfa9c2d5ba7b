"""Alignment of visual with reference distances, as a report tells it."""

from collections.abc import Iterator
from dataclasses import dataclass

from skknn_syndrome.analyses.alignment.figures import (
    describe_heatmaps,
    describe_pairs,
    describe_power,
    describe_trees,
    draw_heatmaps,
    draw_pairs,
    draw_power,
    draw_trees,
    say_pairs,
    say_power,
    say_trees,
)
from skknn_syndrome.analyses.alignment.result import (
    AlignmentAnalysis,
    ClassContribution,
    PairCorrelation,
    PowerPoint,
)
from skknn_syndrome.analyses.alignment.tables import (
    contributions,
    contributions_for_report,
    correlations,
    correlations_for_report,
    pairs,
    power,
)
from skknn_syndrome.display.table import Table
from skknn_syndrome.questions import Presentation, Reported, figure_of, of_analysis
from skknn_syndrome.results.significance import is_significant
from skknn_syndrome.results.verdicts import ENOUGH_POWER, MODEST_CORRELATION

_DISTANCES = {
    "cosine": "cosine distance",
    "euclidean": "Euclidean distance",
    "mean_pairwise": "mean Euclidean distance between the subjects of two classes",
    "energy": "energy distance between the subjects of two classes",
    "given": "as given",
}
_PROTOTYPES = {
    "mean": "means over subjects",
    "medoid": "medoids of the subjects",
    "attention": "attention-weighted means over subjects",
}


@dataclass(frozen=True)
class AlignmentFindings:
    """What prose says of an alignment."""

    found: AlignmentAnalysis

    @property
    def pearson(self) -> PairCorrelation:
        """The coefficient that the verdict hangs on."""
        return self.found.correlations["pearson"]

    @property
    def reference(self) -> str:
        """What visual distances are compared with: what was in memory has no name."""
        return f"those of {self.found.reference}" if self.found.reference else "the reference distances"

    @property
    def constant(self) -> str:
        """Which distances are all the same, where there is no correlation."""
        return "visual distances" if len(set(self.found.visual)) == 1 else "reference distances"

    @property
    def n_pairs(self) -> int:
        """Pairs of classes."""
        return len(self.found.given)

    @property
    def distance(self) -> str:
        """How visual distance was measured."""
        prototype = _PROTOTYPES.get(self.found.prototype or "")
        phrase = _DISTANCES[self.found.distance]
        return phrase if prototype is None else f"{phrase} between {prototype} of each class"

    @property
    def is_tested(self) -> bool:
        """Whether both distances vary, so that there is a correlation to test."""
        return self.pearson.p_value is not None

    @property
    def is_opposite(self) -> bool:
        """Whether a two-sided test finds that classes near by the reference look less alike."""
        estimate = self.pearson.estimate
        return is_significant(self.pearson.p_value) and estimate is not None and estimate < 0

    @property
    def vanishing(self) -> list[str]:
        """What accounts for the correlation: given it, no association is left that is significant."""
        if not self.found.is_shown:
            return []
        known = (entry for entry in self.found.partial if entry.p_value is not None)
        return [entry.nuisance for entry in known if not is_significant(entry.p_value)]

    @property
    def holds_among_relatives(self) -> bool:
        """Whether the test that exchanges close relatives finds the association too."""
        test = self.found.phylogenetic
        return test is not None and is_significant(test.p_value)

    @property
    def modest(self) -> PowerPoint:
        """Power at a modest correlation, or the nearest to it that was simulated."""
        return min(self.found.power, key=lambda point: abs(point.correlation - MODEST_CORRELATION))

    @property
    def enough(self) -> int:
        """Power that is called enough, in percent."""
        return round(100 * ENOUGH_POWER)

    @property
    def without(self) -> tuple[ClassContribution, ClassContribution] | None:
        """The classes without which the correlation is least and largest."""
        known = [entry for entry in self.found.contributions if entry.without is not None]
        if not known:
            return None
        ordered = sorted(known, key=lambda entry: entry.without or 0.0)
        return ordered[0], ordered[-1]


def find_alignment(result: Reported) -> AlignmentFindings | None:
    """Return what there is to be said of an alignment; None without a reference."""
    found = result.analyses.find(AlignmentAnalysis)
    return None if found is None else AlignmentFindings(found)


_for_report = of_analysis(AlignmentAnalysis, correlations_for_report)


def _gist(result: Reported) -> Iterator[Table]:
    table = _for_report(result)
    if table is not None:
        yield table


PRESENTATION = Presentation(
    question="alignment",
    tables={
        "alignment_correlations": of_analysis(AlignmentAnalysis, correlations),
        "alignment_power": of_analysis(AlignmentAnalysis, power),
        "alignment_classes": of_analysis(AlignmentAnalysis, contributions),
        "class_distances": of_analysis(AlignmentAnalysis, pairs),
    },
    report_tables={
        "alignment_correlations": _for_report,
        "alignment_classes": of_analysis(AlignmentAnalysis, contributions_for_report),
    },
    figures=(
        figure_of(
            "alignment-pairs",
            of_analysis(AlignmentAnalysis, draw_pairs),
            of_analysis(AlignmentAnalysis, describe_pairs),
            of_analysis(AlignmentAnalysis, say_pairs),
        ),
        figure_of(
            "alignment-heatmaps",
            of_analysis(AlignmentAnalysis, draw_heatmaps),
            of_analysis(AlignmentAnalysis, describe_heatmaps),
        ),
        figure_of(
            "alignment-trees",
            of_analysis(AlignmentAnalysis, draw_trees),
            of_analysis(AlignmentAnalysis, describe_trees),
            of_analysis(AlignmentAnalysis, say_trees),
        ),
        figure_of(
            "alignment-power",
            of_analysis(AlignmentAnalysis, draw_power),
            of_analysis(AlignmentAnalysis, describe_power),
            of_analysis(AlignmentAnalysis, say_power),
        ),
    ),
    findings=find_alignment,
    gist=_gist,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    reports=frozenset({"study", "alignment"}),
)
