"""The class that a check derives from, the registry that finds it, and what it looks at."""

import re
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import ClassVar, Literal, NamedTuple, Self, TypeAlias, get_args

from pydantic import ValidationError

from skknn_syndrome._typing import AnalysisName
from skknn_syndrome.errors import FailedCheckWarning
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.check import Check, Figure, docs_of
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.vocabulary import in_words


@dataclass(frozen=True, kw_only=True, eq=False)
class CheckContext:
    """The results of a study, what was asked for, and what could not be done."""

    dataset: DatasetSummary
    protocols: tuple[ProtocolResult, ...]
    """The primary one first, with what its analyses found."""
    analyses: Analyses = field(default_factory=Analyses)
    """What was found on each question."""
    asked: Collection[AnalysisName] = field(default_factory=frozenset)
    """Analyses that were asked for."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Why an analysis, "map" or "preprocessing" could not be done, by its name: a sentence each."""
    withheld: Collection[str] = ()
    """What was left out since so much data would take too long, by name."""
    origin_known: bool = True
    """False of bare arrays: whether a program made them is not known."""

    @classmethod
    def of(cls, study: StudyResult, left_out: Mapping[str, str] | None = None) -> Self:
        """Return what is known of a study that is put together."""
        return cls(
            dataset=study.dataset,
            protocols=study.protocols,
            analyses=study.analyses,
            left_out=left_out or {},
            withheld=[
                figure.removesuffix(LEFT_OUT)
                for check in study.checks
                if check.name == "stepped_back"
                for figure in check.figures
                if figure.endswith(LEFT_OUT)
            ],
        )

    @property
    def primary(self) -> ProtocolResult:
        """The protocol whose scores are the study's."""
        return self.protocols[0]

    def why_not(self, analysis: AnalysisName) -> str | None:
        """Return why an analysis was not made; None where it was."""
        if analysis not in self.asked:
            return f"The analysis {analysis!r} was not asked for."
        reason = self.left_out.get(analysis)
        return None if reason is None else f"The analysis {analysis!r} was left out: {reason}"


LEFT_OUT = ".left_out"
"""Ends names of figures that say what was left out for its cost."""


class OnFolds(NamedTuple):
    """A sentence on the folds of a protocol, which are named between its halves."""

    before: str
    after: str


Drafts = Callable[[ProtocolResult], Iterator[OnFolds]]


def sentences_on_folds(runs: Sequence[ProtocolResult], drafts: Drafts) -> list[str]:
    """Return what is so under each protocol; what is so under several is said once.

    Parameters
    ----------
    runs : sequence of ProtocolResult
    drafts : callable
        From a protocol's result to sentences.

    Returns
    -------
    list of str
        First those of the first protocol.
    """
    protocols: dict[OnFolds, list[str]] = {}
    for run in runs:
        for draft in drafts(run):
            protocols.setdefault(draft, []).append(run.protocol)
    return [f"{draft.before}{_levels(names)} folds{draft.after}" for draft, names in protocols.items()]


def _levels(protocols: Sequence[str]) -> str:
    *others, last = protocols
    return "".join(f"{protocol}- and " for protocol in others) + f"{last}-level"


def figures_of_runs(
    runs: Sequence[ProtocolResult], figures: Callable[[ProtocolResult], Mapping[str, Figure]]
) -> dict[str, Figure]:
    """Return the figures of each protocol under its name: ``subject.n_folds``."""
    return {f"{run.protocol}.{name}": figure for run in runs for name, figure in figures(run).items()}


FindingOutcome: TypeAlias = Literal["open", "passed", "not_applicable", "skipped"]
"""Open: an issue or a tip, as the check has it."""

Severity: TypeAlias = Literal["issue", "tip"]

_CODE = re.compile(r"[A-Z]{2,8}\d{3}")
_REGISTERED: dict[str, type["StudyCheck"]] = {}


class Finding(NamedTuple):
    """What a check says of a study."""

    outcome: FindingOutcome
    message: str
    figures: Mapping[str, Figure]
    severity: Severity | None = None
    """Of an open one; by default the check's."""


def judge(
    sentences: Sequence[str],
    figures: Mapping[str, Figure],
    *,
    otherwise: str,
    severity: Severity | None = None,
) -> Finding:
    """Return an open finding of some sentences, and without any a passed one that says `otherwise`."""
    if not sentences:
        return Finding("passed", otherwise, figures)
    return Finding("open", " ".join(sentences), figures, severity)


def not_applicable(reason: str) -> Finding:
    """Return that a check has nothing to look at in such a study."""
    return Finding("not_applicable", reason, {})


def skipped(reason: str) -> Finding:
    """Return that a check was not made."""
    return Finding("skipped", reason, {})


class StudyCheck(ABC):
    """A check of a study; a class that derives from it is registered under its code.

    The docstring of a check says what it looks for and why. Codes of this package begin with "SK".

    Examples
    --------
    >>> with scoped_registry():
    ...     class FewImages(StudyCheck):
    ...         '''So few images that scores are guesswork.'''
    ...
    ...         code, name, title = "LAB001", "few_images", "Few images"
    ...         severity = "issue"
    ...         remedy = "Collect more images."
    ...
    ...         def look(self, context):
    ...             n_images = context.dataset.n_images
    ...             said = [f"There are {n_images} images."] if n_images < 100 else []
    ...             return judge(said, {"n_images": n_images}, otherwise="There are 100 images or more.")
    ...     "LAB001" in registered_checks()
    True
    >>> "LAB001" in registered_checks()
    False
    """

    code: ClassVar[str]
    """Stable, and never given to another check: capital letters and three digits."""
    name: ClassVar[str]
    title: ClassVar[str]
    """What is looked for, in a few words."""
    severity: ClassVar[Severity]
    """What an open finding is."""
    remedy: ClassVar[str]
    """What to do about it, in one sentence."""
    docs: ClassVar[str] = ""
    """The page that explains it; checks of this package have a section of its own."""

    def __init_subclass__(cls, **options: object) -> None:
        """Register the class."""
        super().__init_subclass__(**options)
        _register(cls)

    def concerns(self, context: CheckContext) -> bool:  # noqa: ARG002  for others to say
        """Return whether such a study can have it; in the others it is not listed."""
        return True

    @abstractmethod
    def look(self, context: CheckContext) -> Finding:
        """Return what the results say."""

    def check(self, context: CheckContext) -> Check:
        """Look at a study's results.

        Warns
        -----
        FailedCheckWarning
            A check that is not this package's own fails. It counts as skipped, for a study may have taken
            hours; a check of this package raises.
        """
        if _is_ours(type(self)):
            return self._result(self.look(context))
        try:
            return self._result(self.look(context))
        except Exception as error:  # noqa: BLE001  whatever others write, the study is worth more
            message = f"The check {self.code} ({self.name}) failed: {_told(error)}"
            warnings.warn(message, FailedCheckWarning, stacklevel=2)
            return self.skip(message)

    def skip(self, reason: str) -> Check:
        """Do not look."""
        return self._result(skipped(reason))

    def _result(self, finding: object) -> Check:
        if not isinstance(finding, Finding) or finding.outcome not in get_args(FindingOutcome):
            message = (
                "look has to return judge(...), not_applicable(...) or skipped(...), and returned "
                f"{finding!r:.200}"
            )
            raise TypeError(message)
        is_open = finding.outcome == "open"
        return Check(
            code=self.code,
            name=self.name,
            title=in_words(self.title),
            outcome=(finding.severity or self.severity) if finding.outcome == "open" else finding.outcome,
            message=in_words(finding.message),
            figures=dict(finding.figures),
            remedy=in_words(self.remedy) if is_open else "",
            docs=self.docs or (docs_of(self.code) if _is_ours(type(self)) else ""),
        )


def _is_ours(kind: type[StudyCheck]) -> bool:
    return kind.__module__.partition(".")[0] == __package__.partition(".")[0]


def _told(error: Exception) -> str:
    """Return an error in one line; pydantic has several, which name fields."""
    if isinstance(error, ValidationError):
        found = [f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}" for entry in error.errors()]
        return f"{'; '.join(found)}."
    return f"{type(error).__name__}: {' '.join(str(error).split())}."


def _register(kind: type[StudyCheck]) -> None:
    code, name = getattr(kind, "code", None), getattr(kind, "name", None)
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        message = (
            f"{kind.__qualname__} needs a code of two to eight capital letters and three digits: {code!r}"
        )
        raise TypeError(message)
    for other in _REGISTERED.values():
        if code == other.code or name == other.name:
            message = f"{kind.__qualname__} has the code or the name of {other.__qualname__}: {code}, {name}"
            raise TypeError(message)
    _refuse_incomplete(kind)
    _REGISTERED[code] = kind


def _refuse_incomplete(kind: type[StudyCheck]) -> None:
    """Refuse, while the class is made, what would be found at the end of a study alone."""
    for attribute in ("name", "title", "remedy"):
        value = getattr(kind, attribute, None)
        if not isinstance(value, str) or not value.strip():
            message = f"{kind.__qualname__} needs a {attribute}, which is text: {value!r}"
            raise TypeError(message)
    severity = getattr(kind, "severity", None)
    if severity not in get_args(Severity):
        message = f'{kind.__qualname__} needs a severity, "issue" or "tip": {severity!r}'
        raise TypeError(message)
    docs: object = kind.docs
    if not isinstance(docs, str):
        message = f"{kind.__qualname__} has docs that are no text: {docs!r}"
        raise TypeError(message)
    if kind.look is StudyCheck.look:
        message = f"{kind.__qualname__} needs a method look(context)"
        raise TypeError(message)


def _load() -> None:
    """Import every check there is: one counts once its class is defined."""
    # By name: checks know of no question, and whoever adds one touches its own folder alone.
    import_module("skknn_syndrome.questions").load_checks()


def registered_checks() -> dict[str, type[StudyCheck]]:
    """Return all checks by code, in order."""
    _load()
    return dict(sorted(_REGISTERED.items()))


@contextmanager
def scoped_registry() -> Iterator[None]:
    """Forget, at the end, the checks that were registered inside."""
    _load()
    before = dict(_REGISTERED)
    try:
        yield
    finally:
        _REGISTERED.clear()
        _REGISTERED.update(before)
