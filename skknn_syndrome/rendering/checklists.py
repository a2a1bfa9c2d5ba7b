"""Reporting checklists, held against what a study has."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator

from skknn_syndrome.analyses import QUESTIONS
from skknn_syndrome.display.table import Table
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.tables import CheckedItem, Verdict, checklist
from skknn_syndrome.rendering.templates import assets_folder
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.candidate import KNN
from skknn_syndrome.results.study import StudyResult

CHECKLISTS = "checklists.toml"
"""In the folder of the report's template."""

HEAD = "<head>"
"""In a detail, what the head is called."""

PARTS: Mapping[str, Callable[[StudyResult], bool]] = MappingProxyType(
    {
        "audit": lambda study: study.audit is not None,
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


class Item(Answer):
    """An item of a checklist, with its answer and what that depends on."""

    number: str
    asks: str
    needs: tuple[Annotated[str, AfterValidator(_known)], ...] = ()
    """Questions that have to be answered, or of `PARTS`."""
    otherwise: Answer | None = None

    def check(self, study: StudyResult) -> CheckedItem:
        """Return the item with the answer that holds for a study."""
        answer: Answer = self
        if self.otherwise is not None and not all(_has(study, need) for need in self.needs):
            answer = self.otherwise
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

    def check(self, study: StudyResult) -> "CheckedList":
        """Return the checklist with the answers that hold for a study."""
        return CheckedList(self, tuple(item.check(study) for item in self.items))


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
