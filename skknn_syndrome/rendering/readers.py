"""A result as the readers of its report see it: nouns, names of classes, and placeholders for ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from skknn_syndrome.display.lettering import as_lettered
from skknn_syndrome.errors import RenderingError
from skknn_syndrome.questions import Reported
from skknn_syndrome.rendering.identities import without_ids
from skknn_syndrome.rendering.meta.class_names import (
    colours_of,
    display_names,
    ids_of,
    in_order,
    renamed,
    short_names,
)
from skknn_syndrome.rendering.meta.model import ReportMeta
from skknn_syndrome.rendering.meta.reading import check_classes
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.dataset import DatasetSummary
from skknn_syndrome.results.nouns import vocabulary_of
from skknn_syndrome.vocabulary import DEFAULT, Vocabulary, speaking

Kind = TypeVar("Kind", bound=Result)


@dataclass(frozen=True)
class AsRead(Generic[Kind]):
    """A result in the words of its readers."""

    told: Kind
    """With display names of classes, for text and tables."""
    drawn: Kind
    """With short names, for figures."""
    vocabulary: Vocabulary
    """What both are to be presented in, with `speaking`."""
    class_ids: Mapping[str, str]
    """Ids of classes by display name."""


def as_read(result: Kind, meta: ReportMeta | None = None, *, show_ids: bool = False) -> AsRead[Kind]:
    """Return a result as its readers see it.

    Parameters
    ----------
    result : StudyResult, ModelComparison or DistanceAlignment
    meta : ReportMeta, optional
        What the authors supply.
    show_ids : bool, default=False
        Whether ids of subjects and images are shown.

    Returns
    -------
    AsRead

    Raises
    ------
    RenderingError
        `meta` names a class that the result has not, calls two classes the same, or has the noun of another
        role of the data.
    """
    own = ReportMeta() if meta is None else meta
    labels = _classes(result)
    check_classes(own, labels)
    full, short = display_names(own, labels), short_names(own, labels)
    vocabulary = _vocabulary(result, own, [*full.values(), *short.values()], with_ids=show_ids)
    with speaking(vocabulary):
        shown = result if show_ids else without_ids(result, labels)
        if own.class_order:
            shown = in_order(shown, [*dict.fromkeys([*own.class_order, *labels])])
        told = renamed(shown, full)
        drawn = told if short == full else renamed(shown, short)
    colours = colours_of(own, full) | colours_of(own, short)
    return AsRead(told, drawn, replace(vocabulary, colours=colours), ids_of(own, full))


def spoken_of(result: Reported) -> Vocabulary:
    """Return the nouns of a result's data, for what shows it beside a report: with the ids that it holds."""
    return as_lettered(vocabulary_of(getattr(result, "dataset", None), result))


def _classes(result: Result) -> tuple[str, ...]:
    reported: Reported = result  # type: ignore[assignment]  # each of the three results is
    return reported.class_names


def _vocabulary(result: Result, meta: ReportMeta, names: Iterable[str], *, with_ids: bool) -> Vocabulary:
    """Return the nouns of the authors, else those of the data, and what is quoted."""
    dataset: DatasetSummary | None = getattr(result, "dataset", None)
    data = DEFAULT if dataset is None or dataset.nouns is None else dataset.nouns.vocabulary
    try:
        nouns = meta.nouns.over(data)
    except ValueError as error:
        raise RenderingError(
            f"report.yaml: nouns: {error} of this data.", code="nouns_alike", parameter="meta"
        ) from error
    spoken = vocabulary_of(dataset, result, nouns=nouns, with_ids=with_ids)
    return as_lettered(spoken.keeping([*names, *meta.paragraphs]))
