"""The summary of a study as people read it, and the figures in it."""

import re

from skknn_syndrome.rendering.document import contents_of
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.parts import STEMS
from skknn_syndrome.rendering.summary import SummaryFindings
from skknn_syndrome.rendering.templates import assets_folder, fill
from skknn_syndrome.results.nouns import vocabulary_of
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import in_words, speaking

NUMBER = re.compile(r"(?<![\w.])[+-]?\d+(?:\.\d+)?")


def page(study: StudyResult) -> str:
    """Return the summary's text in the nouns of its data, on one line."""
    with speaking(vocabulary_of(study.dataset, study)):
        text = in_words(fill(contents_of(study, ()), assets_folder(), f"{STEMS['summary']}.qmd"))
    said = text.partition("## Summary")[2].replace("\\", "").replace("\N{MINUS SIGN}", "-")
    return " ".join(said.split())


def line(text: str, head: str) -> str:
    """Return the paragraph that begins with a head in bold letters, "" where there is none."""
    found = re.search(rf"\*\*{head}(.*?)(?= \*\*[A-Z]| :::|$)", text)
    return "" if found is None else found[0]


def numbers(text: str) -> list[float]:
    """Return the numbers in a text, but the 1 of F1."""
    return [float(found) for found in NUMBER.findall(text)]


def findings_of(study: StudyResult) -> SummaryFindings:
    """Return what the summary is filled from."""
    return SummaryFindings(Facts(study))


def with_subjects(study: StudyResult, protocol: str = "subject") -> StudyResult:
    """Return the study with subjects, and folds by them."""
    run = study.primary.model_copy(update={"protocol": protocol})
    return study.model_copy(update={"protocols": (run,)})
