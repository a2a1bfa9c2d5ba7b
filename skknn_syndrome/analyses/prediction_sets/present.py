"""Prediction sets: what the report says of their coverage and size."""

from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.figure import Figure

from skknn_syndrome.analyses.prediction_sets import figures, tables
from skknn_syndrome.analyses.prediction_sets.result import (
    PredictionSets,
    PredictionSetsAnalysis,
    SetCoverage,
)
from skknn_syndrome.questions import Advice, FigureMaker, Presentation, of_analysis
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import SUMMARY_COVERAGE


@dataclass(frozen=True)
class SetFindings:
    """Sets of the best configuration."""

    sets: PredictionSets

    @property
    def own(self) -> SetCoverage:
        """Those of the coverage that prose speaks of, or of the least one where it was not measured."""
        return _of_summary(self.sets.class_conditional)

    @property
    def marginal(self) -> SetCoverage | None:
        """Those that are calibrated on all classes together, likewise; None where they were not measured."""
        return _of_summary(self.sets.marginal) if self.sets.marginal else None

    @property
    def highest(self) -> SetCoverage:
        """Those of the highest coverage."""
        return self.sets.class_conditional[-1]

    @property
    def beyond(self) -> SetCoverage | None:
        """The same, where it is another one than that which prose speaks of."""
        return None if self.highest is self.own else self.highest

    @property
    def below(self) -> list[SetCoverage]:
        """Sets that cover too little: the interval of what is covered lies below the nominal coverage."""
        return [entry for entry in self.sets.class_conditional if entry.verdict == "below"]


def _of_summary(entries: tuple[SetCoverage, ...]) -> SetCoverage:
    return next((entry for entry in entries if entry.coverage == SUMMARY_COVERAGE), entries[0])


def find_sets(study: StudyResult) -> SetFindings | None:
    """Return what the report says of prediction sets; None where none were made."""
    found = study.find(PredictionSetsAnalysis)
    return None if found is None else SetFindings(found.prediction_sets)


def _drawn(study: StudyResult) -> Figure | None:
    found = find_sets(study)
    return None if found is None else figures.draw_sets(found.own, found.marginal)


def _described(study: StudyResult) -> str:
    found = find_sets(study)
    return "" if found is None else figures.describe_sets(found.own)


def _said(study: StudyResult) -> str | None:
    found = find_sets(study)
    return None if found is None else figures.say_sets(found.own)


def advise(study: StudyResult) -> Iterator[Advice]:
    """Yield what to do where sets cover too little."""
    found = find_sets(study)
    if found is not None and found.below:
        entry = found.below[0]
        yield Advice(
            rank=43,
            sentence="Do not rely on the sets: of those of a nominal coverage of "
            f"{tables.share(entry.coverage)}, {tables.share(entry.covered.estimate)} "
            "have the true syndrome, significantly fewer.",
        )


PRESENTATION = Presentation(
    question="prediction_sets",
    tables={
        "prediction_sets": of_analysis(
            PredictionSetsAnalysis, lambda found: tables.prediction_sets(found.prediction_sets)
        ),
        "prediction_set_classes": of_analysis(
            PredictionSetsAnalysis, lambda found: tables.prediction_set_classes(found.prediction_sets)
        ),
    },
    figures=(FigureMaker(name="prediction-sets", draw=_drawn, describe=_described, message=_said),),
    findings=find_sets,
    advice=advise,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)
