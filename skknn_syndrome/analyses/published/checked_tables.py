"""Figures of published tables by data set, and the class that a check of them derives from."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, TypeAlias

from skknn_syndrome.analyses.published.result import TableFinding
from skknn_syndrome.data.public_datasets import PublicDataset
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.verdicts import ROUNDING
from skknn_syndrome.wording import score_title

BENCHMARK: Final = "benchmark"
"""What tables call the result that theirs are held against."""

SAME: Final = {"roc_auc_ovr": "roc_auc"}
"""Names of one score."""

TITLES: Final = {"roc_auc": "AUC"}
"""Of scores that the registry has no name for."""


@dataclass(frozen=True)
class DatasetFigures:
    """A source's figures of one data set."""

    dataset: str
    figures: tuple[PublishedScore, ...]
    known: PublicDataset | None = None
    """Its classes, where the package knows them."""

    @property
    def rows(self) -> Mapping[str, Mapping[str, PublishedScore]]:
        """By classifier, then by score; of a score that stands in several tables the first."""
        rows: dict[str, dict[str, PublishedScore]] = {}
        for figure in self.figures:
            rows.setdefault(figure.classifier, {}).setdefault(score_of(figure), figure)
        return rows

    def having(self, *scores: str) -> Iterator[tuple[PublishedScore, ...]]:
        """Yield the figures of some scores, of each classifier that has all of them but the benchmark."""
        for classifier, row in self.rows.items():
            if classifier != BENCHMARK and all(score in row for score in scores):
                yield tuple(row[score] for score in scores)


def score_of(figure: PublishedScore) -> str:
    """Return the score's name, of several names of one score the same."""
    return SAME.get(figure.score, figure.score)


def quantity(figure: PublishedScore) -> tuple[str, str]:
    """Return what it is a figure of."""
    return figure.classifier, score_of(figure)


def named(figure: PublishedScore) -> str:
    """Return a figure with its classifier and score, as the table calls them."""
    return f"{figure.classifier}: {TITLES.get(score_of(figure), score_title(figure.score))} {figure.value:g}"


def half_unit(value: float) -> float:
    """Return how far a printed figure may lie from what was computed: half a unit of its last decimal.

    Examples
    --------
    >>> round(half_unit(0.42), 6), round(half_unit(1.0), 6)
    (0.005, 0.05)
    """
    return 0.5 * 10.0 ** -len(repr(float(value)).partition(".")[2]) + ROUNDING


Said: TypeAlias = tuple[str, Iterable[PublishedScore]]
"""What is wrong, as a part of a sentence, and the figures that carry it."""


class TableCheck(ABC):
    """A check of published figures; a class that derives from it takes part in every review.

    Its docstring says what it looks for and why.
    """

    registered: ClassVar[list[type["TableCheck"]]] = []
    """In the order in which they were defined."""

    name: ClassVar[str]
    title: ClassVar[str]
    needs: ClassVar[str]
    """What is missing where it can't be told: the end of a sentence."""
    meaning: ClassVar[str]
    """What follows from what it finds, in a sentence."""

    def __init_subclass__(cls) -> None:
        """Register the class."""
        super().__init_subclass__()
        TableCheck.registered.append(cls)

    def check(self, of: DatasetFigures) -> TableFinding:
        """Look at the figures of a data set."""
        looked_at = list(self.look(of))
        found = [said for said in looked_at if said is not None]
        if found:
            clauses = "; ".join(clause for clause, _ in found)
            message = f"{clauses}. {self.explain(of)}"
        else:
            message = "Nothing found." if looked_at else f"Not known: there is {self.needs}."
        return TableFinding(
            check=self.name,
            title=self.title,
            dataset=of.dataset,
            outcome="found" if found else "passed" if looked_at else "unknown",
            message=message,
            figures=tuple(dict.fromkeys(figure for _, figures in found for figure in figures)),
        )

    @abstractmethod
    def look(self, of: DatasetFigures) -> Iterator[Said | None]:
        """Yield, of each thing that can be looked at, what is wrong with it, or None."""

    def explain(self, of: DatasetFigures) -> str:  # noqa: ARG002  it may hang on the data set
        """Return what follows from what was found."""
        return self.meaning
