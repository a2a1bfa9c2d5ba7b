"""The class that a check derives from, and the registry that finds it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar, Literal, NamedTuple

from skknn_syndrome.checks.context import CheckContext
from skknn_syndrome.results.check import Check, Figure, docs_of

_CODE = re.compile(r"[A-Z]{2,8}\d{3}")
_REGISTERED: dict[str, type["StudyCheck"]] = {}


class Finding(NamedTuple):
    """What a check says of a study."""

    outcome: Literal["open", "passed", "not_applicable", "skipped"]
    """Open: an issue or a tip, as the check has it."""
    message: str
    figures: Mapping[str, Figure]


def judge(sentences: Sequence[str], figures: Mapping[str, Figure], *, otherwise: str) -> Finding:
    """Return an open finding of some sentences, and without any a passed one that says `otherwise`."""
    if not sentences:
        return Finding("passed", otherwise, figures)
    return Finding("open", " ".join(sentences), figures)


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
    severity: ClassVar[Literal["issue", "tip"]]
    """What an open finding is."""
    remedy: ClassVar[str]
    """What to do about it, in one sentence."""
    docs: ClassVar[str] = ""
    """The page that explains it; by default a section of this package's own."""

    def __init_subclass__(cls, **options: object) -> None:
        """Register the class."""
        super().__init_subclass__(**options)
        _register(cls)

    @abstractmethod
    def look(self, context: CheckContext) -> Finding:
        """Return what the results say."""

    def check(self, context: CheckContext) -> Check:
        """Look at a study's results."""
        return self._result(self.look(context))

    def skip(self, reason: str) -> Check:
        """Do not look."""
        return self._result(skipped(reason))

    def _result(self, finding: Finding) -> Check:
        is_open = finding.outcome == "open"
        return Check(
            code=self.code,
            name=self.name,
            title=self.title,
            outcome=self.severity if finding.outcome == "open" else finding.outcome,
            message=finding.message,
            figures=dict(finding.figures),
            remedy=self.remedy if is_open else "",
            docs=self.docs or docs_of(self.code),
        )


def _register(kind: type[StudyCheck]) -> None:
    code = getattr(kind, "code", None)
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        message = (
            f"{kind.__qualname__} needs a code of two to eight capital letters and three digits: {code!r}"
        )
        raise TypeError(message)
    for other in _REGISTERED.values():
        if code == other.code or kind.name == other.name:
            message = (
                f"{kind.__qualname__} has the code or the name of {other.__qualname__}: {code}, {kind.name}"
            )
            raise TypeError(message)
    _REGISTERED[code] = kind


def registered_checks() -> dict[str, type[StudyCheck]]:
    """Return all checks by code, in order."""
    return dict(sorted(_REGISTERED.items()))


@contextmanager
def scoped_registry() -> Iterator[None]:
    """Forget, at the end, the checks that were registered inside."""
    before = dict(_REGISTERED)
    try:
        yield
    finally:
        _REGISTERED.clear()
        _REGISTERED.update(before)
