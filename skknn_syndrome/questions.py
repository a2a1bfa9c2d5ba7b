"""What a question gives to a study and its report, and all questions in the order of reading."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeAlias, TypeVar, cast

from skknn_syndrome import checks
from skknn_syndrome._typing import AnalysisName
from skknn_syndrome.analyses import QUESTIONS
from skknn_syndrome.display.table import Table
from skknn_syndrome.results.analysis import Analyses, Analysis, ReportKind
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.provenance import Provenance
from skknn_syndrome.results.study import StudyResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from skknn_syndrome.crossval.costs import Cost


Run = TypeVar("Run")
Found = TypeVar("Found", bound=Analysis)
Made = TypeVar("Made")

Need: TypeAlias = Literal["probabilities", "neighbors"]
"""What a head has to give for an analysis, where its predictions alone do not do."""

Chapter: TypeAlias = Literal["data", "results", "supplement"]
"""Where sections stand: in two chapters of the main text, or with all details in the supplement."""


@dataclass(frozen=True, kw_only=True)
class Computation(Generic[Run]):
    """How an analysis is computed: the constant ``COMPUTATION`` of a folder's ``compute`` module.

    Where it can't be computed it raises `StudySettingsError`, and the study says why it was left out; where
    there is nothing to find it returns None.
    """

    question: AnalysisName
    compute: Callable[[Run], Analysis | None]
    """From a searched and scored protocol (`ProtocolRun`), the primary one, or a whole study (`StudyRun`)."""
    cost: "Cost"
    """What it takes, on how large data it works on a sample, and when it is left out."""
    needs: Need | None = None
    of_study: bool = False
    """Whether it takes the whole study."""
    of_every_protocol: bool = False
    """Whether each protocol has one, asked for or not: it is no name of an analysis that can be left out."""
    is_always_made: bool = False
    """Whether nobody has to ask for it."""
    of_covariates: bool = False
    """Whether it looks at covariates: it is made by default where the data has some."""
    of_levels: bool = False
    """Whether it looks at taxonomic levels, likewise."""


@dataclass(frozen=True, kw_only=True)
class Description(Generic[Run]):
    """How an analysis of a data set is computed: the constant ``DESCRIPTION`` of a ``compute`` module.

    `study_dataset` makes it, which knows images and files; nobody has to ask for it.
    """

    question: str
    describe: Callable[[Run], Analysis | None]
    """From a `DatasetRun`; None where there is nothing to find."""
    cost: "Cost"
    """What it takes; a sample is its own."""
    of_reference: bool = False
    """Whether it compares the data set with a reference, and is left out without one."""


@dataclass(frozen=True, kw_only=True)
class FigureMaker:
    """A figure of a report."""

    name: str
    """Of its files, and its label in the report."""
    draw: Callable[[StudyResult], "Figure | None"]
    """Draws it; None where the study has nothing to draw."""
    describe: Callable[[StudyResult], str]
    """Says in words what it shows, where it was drawn."""
    message: Callable[[StudyResult], str | None] = lambda _: None
    """The finding that it shows, with its number, as a sentence without a full stop, which stands above it;
    None where there is none."""
    by_class: bool = False
    """Whether it is drawn of the worst and the best classes alone where a study has many."""


@dataclass(frozen=True)
class Advice:
    """A thing to do next, as far as the result says so."""

    rank: int
    """Place among all advice: the least first."""
    sentence: str
    """Markdown."""
    adds: bool = False
    """Whether it adds a sentence to advice of the same rank, and says nothing where there is none."""
    holds_by_chance: bool = False
    """Whether it holds even where the search is not significantly better than chance."""


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """How an analysis is presented: the constant ``PRESENTATION`` of a folder's ``present`` module."""

    question: str
    tables: Mapping[str, Callable[[StudyResult], Table | None]] = field(default_factory=dict)
    """By name, which is that of the CSV file; None or no rows where the study has nothing for it."""
    report_tables: Mapping[str, Callable[[StudyResult], Table | None]] = field(default_factory=dict)
    """As sections show them, by the names that they call them, where these are not the whole CSV file."""
    figures: tuple[FigureMaker, ...] = ()
    findings: Callable[[StudyResult], object | None] | None = None
    """What its sections' prose speaks of; where it finds None, they are left out."""
    sections: Mapping[Chapter, str] = field(default_factory=dict)
    """Files of the folder with its parts of the report, by the chapter that they stand in: to the main text a
    paragraph, and at most one figure or short table; to the supplement everything else."""
    gist: Callable[[StudyResult], Iterable[Table]] | None = None
    """What of its tables the terminal shows after a study."""
    advice: Callable[[StudyResult], Iterable[Advice]] | None = None
    reports: frozenset[ReportKind] = frozenset({"study"})
    """Results that have it: with other than studies, its functions ask for what is `Reported` alone."""


class Reported(Protocol):
    """What a report is made of: a study, a comparison of models, or an alignment of distances."""

    report_kind: ClassVar[ReportKind]
    """Which of these it is."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """The classes, or labels, that it is of."""

    @property
    def analyses(self) -> Analyses:
        """What was found on each question."""

    @property
    def provenance(self) -> Provenance:
        """How it came to be."""


class ReportedImages(Reported, Protocol):
    """A result of images: a study, or a comparison of models."""

    @property
    def dataset(self) -> DatasetSummary:
        """The images."""


def of_analysis(kind: type[Found], make: Callable[[Found], Made]) -> Callable[[Reported], Made | None]:
    """Return what makes something of an analysis of a result, or None where the result has none."""

    def of_result(result: Reported) -> Made | None:
        found = result.analyses.find(kind)
        return None if found is None else make(found)

    return of_result


def of_labelled(
    kind: type[Found], make: Callable[[Found, Callable[[str], str]], Made]
) -> Callable[[Reported], Made | None]:
    """Return the same for what also takes how models are called for readers."""
    return lambda result: of_analysis(kind, lambda found: make(found, model_label(result)))(result)


def model_label(result: Reported) -> Callable[[str], str]:
    """Return what models of a result are called for readers."""
    models = result.analyses.find("models")
    label: Callable[[str], str] = str if models is None else models.label
    return label


def has_several_labels(result: Reported) -> bool:
    """Return whether images have several labels each, which are then no syndromes."""
    models = result.analyses.find("models")
    return models is not None and bool(models.task == "multilabel")


def figure_of(
    name: str,
    draw: "Callable[[Reported], Figure | None]",
    describe: Callable[[Reported], str | None],
    message: Callable[[Reported], str | None] = lambda _: None,
) -> FigureMaker:
    """Return how a figure is made of a result that may have nothing for it."""
    return FigureMaker(name=name, draw=draw, describe=lambda result: describe(result) or "", message=message)


def computations() -> Iterator[Computation[Any]]:
    """Yield how the analyses are computed."""
    for module in _modules("compute"):
        found = getattr(module, "COMPUTATION", None)
        if isinstance(found, Computation):
            yield found


def descriptions() -> Iterator[Description[Any]]:
    """Yield how the analyses of a data set are computed."""
    for module in _modules("compute"):
        found = getattr(module, "DESCRIPTION", None)
        if isinstance(found, Description):
            yield found


def presentations() -> Iterator[Presentation]:
    """Yield how the analyses are presented."""
    for module in _modules("present"):
        yield module.PRESENTATION


def presentations_of(result: Reported) -> Iterator[Presentation]:
    """Yield how the analyses are presented that such a result may have."""
    return (entry for entry in presentations() if result.report_kind in entry.reports)


def as_study(result: Reported) -> StudyResult:
    """Return a result as `presentations_of` it take it: those of others ask for no more than these have."""
    return cast("StudyResult", result)


def folders() -> dict[str, Path]:
    """Return where each question has its files, such as the templates of its sections."""
    modules = {question: import_module(f"skknn_syndrome.analyses.{question}") for question in QUESTIONS}
    return {question: Path(module.__path__[0]) for question, module in modules.items()}


def load_checks() -> None:
    """Import the checks of studies and of all questions: a check counts once its class is defined."""
    for module in iter_modules(checks.__path__, f"{checks.__name__}."):
        _module(module.name)
    for _ in _modules("checks"):
        pass


def _modules(name: str) -> Iterator[ModuleType]:
    for question in QUESTIONS:
        module = _module(f"skknn_syndrome.analyses.{question}.{name}")
        if module is not None:
            yield module


@cache
def _module(path: str) -> ModuleType | None:
    return None if find_spec(path) is None else import_module(path)
