"""Reporting checklists, held against what a study has."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator

from skknn_syndrome.analyses import QUESTIONS
from skknn_syndrome.analyses.per_class.present import find_per_class
from skknn_syndrome.display.table import Table
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.meta.model import DECLARATIONS, ReportMeta
from skknn_syndrome.rendering.tables import CheckedItem, Verdict, checklist
from skknn_syndrome.rendering.templates import assets_folder
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import KNN
from skknn_syndrome.results.study import StudyResult

CHECKLISTS = "checklists.toml"
"""In the folder of the report's template."""

DECLARED = "Declarations"
"""The section that says what the authors supply."""

HEAD = "<head>"
"""In a detail, what the head is called."""


def _has_class_intervals(study: StudyResult) -> bool:
    found = find_per_class(study)
    return found is not None and any(row.sensitivity is not None for row in found.evaluation.per_syndrome)


PARTS: Mapping[str, Callable[[StudyResult], bool]] = MappingProxyType(
    {
        "audit": lambda study: study.audit is not None,
        "class intervals": _has_class_intervals,
        "command": lambda study: study.provenance.command is not None,
        "nearest neighbours": lambda study: study.primary.winner.head == KNN,
        "subject folds": lambda study: study.primary.protocol == "subject",
        "subjects": lambda study: study.dataset.n_subjects is not None,
    }
)
"""What an item may need of a study beside answers to questions."""


def _known(need: str) -> str:
    if need not in {*PARTS, *QUESTIONS}:
        message = f"there is no part {need!r} of a study, only {', '.join([*PARTS, *QUESTIONS])}"
        raise ValueError(message)
    return need


def _declared(name: str) -> str:
    if name not in DECLARATIONS:
        message = f"there is no declaration {name!r}, only {', '.join(DECLARATIONS)}"
        raise ValueError(message)
    return name


def _has(study: StudyResult, need: str) -> bool:
    """Return whether a study has a part, or an answer to a question."""
    if need in PARTS:
        return PARTS[need](study)
    return any(entry.question == need for entry in study.analyses)


class Answer(Result):
    """What a report has to say of an item."""

    verdict: Verdict
    section: str = ""
    """The heading that meets the item."""
    detail: str = ""
    needs: tuple[Annotated[str, AfterValidator(_known)], ...] = ()
    """Questions that have to be answered, or of `PARTS`, for it to hold."""
    otherwise: "Answer | None" = None
    """What holds without one of these."""

    def holds(self, study: StudyResult) -> bool:
        """Return whether a study has all that the answer needs."""
        return all(_has(study, need) for need in self.needs)

    def for_study(self, study: StudyResult) -> "Answer":
        """Return the first answer, of this and those otherwise, that holds for a study."""
        if self.otherwise is None or self.holds(study):
            return self
        return self.otherwise.for_study(study)


class Item(Answer):
    """An item of a checklist, with its answers."""

    number: str
    asks: str
    supplied_by: tuple[Annotated[str, AfterValidator(_declared)], ...] = ()
    """Declarations of the authors that meet it, where all of them are there, and what it needs is too."""

    def check(self, study: StudyResult, meta: ReportMeta | None = None) -> CheckedItem:
        """Return the item with the answer that holds for a study, and for what its authors supply."""
        answer = self.for_study(study)
        if self.supplied_by and meta is not None and meta.supplied.issuperset(self.supplied_by):
            declared = f"{DECLARED}: {', '.join(DECLARATIONS[name] for name in self.supplied_by)}"
            if answer is self:
                return CheckedItem(self.number, self.asks, "met", declared)
            return CheckedItem(self.number, self.asks, "in part", f"{declared}; {answer.detail}")
        return CheckedItem(
            number=self.number,
            asks=self.asks,
            verdict=answer.verdict,
            detail=": ".join(text for text in (answer.section, answer.detail) if text).replace(
                HEAD, Facts(study).head_title
            ),
        )


class Checklist(Result):
    """One checklist."""

    name: str
    title: str
    citation: str
    """Its key in the bibliography."""
    items: tuple[Item, ...]

    def check(self, study: StudyResult, meta: ReportMeta | None = None) -> "CheckedList":
        """Return the checklist with the answers that hold for a study, and for what its authors supply."""
        return CheckedList(self, tuple(item.check(study, meta) for item in self.items))


@dataclass(frozen=True)
class CheckedList:
    """A checklist, held against one study."""

    source: Checklist
    items: tuple[CheckedItem, ...]

    @property
    def table(self) -> Table:
        """All items with their verdicts."""
        return checklist(self.source.name, f"{self.source.title}, item by item", self.items)

    def count(self, verdict: Verdict) -> int:
        """Return how many items have a verdict."""
        return sum(item.verdict == verdict for item in self.items)


@cache
def read_checklists() -> tuple[Checklist, ...]:
    """Return the checklists that come with the report's template.

    Examples
    --------
    >>> [(checklist.title, len(checklist.items)) for checklist in read_checklists()]
    [('TRIPOD+AI', 52), ('CLAIM 2024', 44)]
    """
    entries = tomllib.loads((assets_folder() / CHECKLISTS).read_text("utf-8"))["checklist"]
    # TOML has lists where a frozen result has tuples.
    return tuple(Checklist.model_validate(entry, strict=False) for entry in entries)
