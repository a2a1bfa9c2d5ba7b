"""Analyses of a study: typed results of single questions, told apart by the question."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, TypeAlias, TypeVar, overload

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.sample import Sample

if TYPE_CHECKING:
    from skknn_syndrome.results.protocol import ProtocolResult

Kind = TypeVar("Kind", bound="Analysis")

ReportKind: TypeAlias = Literal["study", "comparison", "alignment"]
"""A result that holds analyses and has a report: of a study, of models, or of distances."""

Cell = TypeVar("Cell")

_PACKAGE = "skknn_syndrome.analyses"


class Analysis(Result):
    """What a study found on one question.

    A subclass narrows `question` to a literal with itself as default, which tells it apart in JSON, and
    stands in the module ``result`` of its folder in `skknn_syndrome.analyses`, or in this package where
    several questions read it.
    """

    kinds: ClassVar[dict[str, type["Analysis"]]] = {}
    """Every kind of analysis, by its question."""

    question: str
    protocol: ProtocolName | None = None
    """The folds that it is of; None where it is of the images themselves, or of all protocols."""
    sample: Sample | None = None
    """Of what part of the images, where all of them would take too long; None where it is of all."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: object) -> None:
        """Register the kind under its question."""
        super().__pydantic_init_subclass__(**kwargs)
        Analysis.kinds[cls.model_fields["question"].default] = cls

    def check_against(self, run: "ProtocolResult") -> None:
        """Refuse what can't be of a study with these candidates, as after an edit by hand.

        Parameters
        ----------
        run : ProtocolResult
            The one that the analysis is of; the primary one where it is of all, or of the images.

        Raises
        ------
        ValueError
            They do not agree.
        """

    def of_classes(self, kept: Collection[str]) -> Self:  # noqa: ARG002  there may be nothing of classes
        """Return the same for some of the classes alone, as figures show it that have no room for all."""
        return self


def of_kept(entries: Iterable[Cell], kept: Collection[str]) -> tuple[Cell, ...]:
    """Return the entries whose `syndrome` is one of those kept."""
    return tuple(entry for entry in entries if getattr(entry, "syndrome", None) in kept)


def at_places(cells: Sequence[Cell], places: Iterable[int]) -> tuple[Cell, ...]:
    """Return the cells that stand at some places."""
    return tuple(cells[place] for place in places)


def places_of(names: Iterable[str], kept: Collection[str]) -> list[int]:
    """Return where the names that are kept stand."""
    return [place for place, name in enumerate(names) if name in kept]


def points_of(
    names: Sequence[str], labels: Sequence[int], kept: Collection[str]
) -> tuple[tuple[str, ...], tuple[int, ...], list[int]]:
    """Return names that are kept, the places of points among these, and which points of a map stay.

    Examples
    --------
    >>> points_of(["a", "b", "c"], [0, 2, 1, 2], {"b", "c"})
    (('b', 'c'), (1, 0, 1), [1, 2, 3])
    """
    places = places_of(names, kept)
    new = {place: position for position, place in enumerate(places)}
    points = [point for point, label in enumerate(labels) if label in new]
    return at_places(names, places), tuple(new[labels[point]] for point in points), points


@cache
def _reading_order() -> dict[str, int]:
    # By name, as below.
    return {question: place for place, question in enumerate(import_module(_PACKAGE).QUESTIONS)}


def place_of(question: str) -> int:
    """Return the place of a question among all, in the order of reading; the last one of what is none.

    Examples
    --------
    >>> place_of("dataset"), place_of("scores") < place_of("calibration") < place_of("weather")
    (0, True)
    """
    order = _reading_order()
    return order.get(question, len(order))


@cache
def load_kinds() -> None:
    """Import the results of all questions, so that their kinds are known."""
    # By name: results know of no analysis, and whoever adds one touches its own folder alone.
    for question in _reading_order():
        path = f"{_PACKAGE}.{question}.result"
        if find_spec(path) is not None:
            import_module(path)


class Analyses(tuple[Analysis, ...]):
    """What a study found, a question each, in the order in which a report answers them.

    In JSON it is a list of objects that ``question`` tells apart.
    """

    __slots__ = ()

    @overload
    def find(self, kind: type[Kind], protocol: ProtocolName | None = None) -> Kind | None: ...
    @overload
    def find(self, kind: str, protocol: ProtocolName | None = None) -> Any: ...  # noqa: ANN401  a kind
    def find(self, kind: type[Kind] | str, protocol: ProtocolName | None = None) -> Any:
        """Return the analysis of a kind, None where nobody made it.

        Parameters
        ----------
        kind : type or str
            Class of the analysis, or its question, such as ``"calibration"``.
        protocol : {"image", "subject"}, optional
            Whose, where several protocols have one; by default that of the primary one, which comes first.

        Raises
        ------
        KeyError
            Naming all questions, if `kind` is a text and none of them.
        """
        if isinstance(kind, str) and kind not in Analysis.kinds:
            message = f"there is no question {kind!r}, but {', '.join(map(repr, sorted(Analysis.kinds)))}"
            raise KeyError(message)
        wanted = Analysis.kinds[kind] if isinstance(kind, str) else kind
        found = (entry for entry in self if isinstance(entry, wanted) and protocol in {None, entry.protocol})
        return next(found, None)

    def __repr__(self) -> str:
        """Name the questions; each may be long."""
        return f"<Analyses: {', '.join(dict.fromkeys(entry.question for entry in self)) or 'none'}>"

    def gathered(self, field: str) -> tuple[Any, ...]:
        """Return all entries of a field that several kinds of analysis have, in the order of reading.

        Parameters
        ----------
        field : str
            Such as ``"alternatives"``, which both baselines and larger k are.
        """
        return tuple(found for entry in self for found in getattr(entry, field, ()))

    def replaced_by(self, *others: Analysis | None) -> "Analyses":
        """Return the analyses with some put in place of those of the same question and protocol, or added."""
        made = (entry for entry in (*self, *others) if entry is not None)
        return Analyses.of({(entry.question, entry.protocol): entry for entry in made}.values())

    def each(self, change: Callable[[Analysis], Analysis]) -> "Analyses":
        """Return the analyses with each one changed."""
        return Analyses(map(change, self))

    @classmethod
    def of(cls, found: Iterable[Analysis | None]) -> "Analyses":
        """Return those that were made, in the order of reading."""
        made = (entry for entry in found if entry is not None)
        return cls(sorted(made, key=lambda entry: place_of(entry.question)))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read and write a discriminated union of all kinds."""
        load_kinds()
        choices = {question: handler.generate_schema(kind) for question, kind in Analysis.kinds.items()}
        union = core_schema.tagged_union_schema(choices, discriminator="question")
        entries = core_schema.tuple_variable_schema(union)
        return core_schema.no_info_after_validator_function(cls, entries)
