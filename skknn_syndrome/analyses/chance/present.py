"""The whole search against chance."""

from skknn_syndrome.analyses.chance.result import ChanceAnalysis, ChanceTest
from skknn_syndrome.questions import Presentation
from skknn_syndrome.results.study import StudyResult


def find_chance(study: StudyResult) -> ChanceTest | None:
    """Return the test of the search; None where it was not made."""
    found = study.find(ChanceAnalysis)
    return None if found is None else found.chance


PRESENTATION = Presentation(question="chance", findings=find_chance, sections={"results": "section.qmd"})
