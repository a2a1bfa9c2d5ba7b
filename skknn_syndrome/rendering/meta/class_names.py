"""Classes as readers know them: display names and short names in place of labels, in an order of choice."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from skknn_syndrome.analyses.embedding_map.result import EmbeddingMap
from skknn_syndrome.analyses.per_class.result import Evaluation
from skknn_syndrome.errors import RenderingError, quote
from skknn_syndrome.rendering.meta.model import ReportMeta
from skknn_syndrome.results.analysis import at_places
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.texts import LABELS, SENTENCES, with_texts

Kind = TypeVar("Kind", bound=Result)


def display_names(meta: ReportMeta, labels: Iterable[str]) -> dict[str, str]:
    """Return what each class is called in tables and text.

    Raises
    ------
    RenderingError
        Two would be called the same.
    """
    return _distinct({label: _names(meta, label)[0] for label in labels})


def short_names(meta: ReportMeta, labels: Iterable[str]) -> dict[str, str]:
    """Return what each class is called in figures.

    Raises
    ------
    RenderingError
        Two would be called the same.
    """
    return _distinct({label: _names(meta, label)[1] for label in labels})


def _names(meta: ReportMeta, label: str) -> tuple[str, str]:
    named = meta.classes.get(label)
    name = label if named is None or named.name is None else named.name
    return name, name if named is None or named.short is None else named.short


def _distinct(names: dict[str, str]) -> dict[str, str]:
    """Refuse names that two classes have: they would be one in every table."""
    before: dict[str, str] = {}
    for label, name in names.items():
        if name in before:
            raise RenderingError(
                f"report.yaml: classes: {quote(before[name])} and {quote(label)} are both called "
                f"{quote(name)}; give them different names.",
                code="class_names_alike",
                parameter="meta",
            )
        before[name] = label
    return names


def colours_of(meta: ReportMeta, names: Mapping[str, str]) -> dict[str, str]:
    """Return the colours that are given, by what classes are called."""
    return {names[label]: named.colour for label, named in meta.classes.items() if named.colour is not None}


def ids_of(meta: ReportMeta, names: Mapping[str, str]) -> dict[str, str]:
    """Return the ids that are given, by what classes are called."""
    return {names[label]: named.id for label, named in meta.classes.items() if named.id is not None}


def renamed(found: Kind, names: Mapping[str, str]) -> Kind:
    """Return a result with its classes called otherwise wherever it names them.

    Parameters
    ----------
    found : Result
        A study, a comparison or an alignment.
    names : mapping of str to str
        New names by label, all different.

    Returns
    -------
    Result
        Validated anew. Sentences, such as those of checks, quote the new names.
    """
    changed = {label: name for label, name in names.items() if label != name}
    quoted = {quote(label): quote(name) for label, name in changed.items()}

    def change(field: str, text: str) -> str:
        if field in LABELS:
            return changed.get(text, text)
        return replace_all(text, quoted) if field in SENTENCES else text

    return with_texts(found, change) if changed else found


def replace_all(text: str, others: Mapping[str, str]) -> str:
    """Return a text with parts of it replaced at once, so that no new part is replaced again.

    Examples
    --------
    >>> replace_all("'a' and 'b'", {"'a'": "'b'", "'b'": "'a'"})
    "'b' and 'a'"
    """
    for place, part in enumerate(others):
        text = text.replace(part, f"\0{place}\0")
    for place, other in enumerate(others.values()):
        text = text.replace(f"\0{place}\0", other)
    return text


def in_order(found: Kind, order: Collection[str]) -> Kind:
    """Return a result whose classes stand in another order wherever all of them are listed.

    Parameters
    ----------
    found : Result
    order : collection of str
        All classes, the first ones first.

    Returns
    -------
    Result
        What is listed by size or by similarity keeps its order.
    """
    places = {name: place for place, name in enumerate(order)}
    return _ordered(found, places)


def _ordered(found: Kind, places: Mapping[str, int]) -> Kind:
    changed: dict[str, object] = {}
    for name in type(found).model_fields:
        held = getattr(found, name)
        made = _ordered_value(held, places)
        if made is not held:
            changed[name] = made
    if isinstance(found, Evaluation | EmbeddingMap) and {*found.syndromes} == {*places}:
        changed |= _permuted(found, places)
    return found.revised(**changed) if changed else found


def _ordered_value(value: object, places: Mapping[str, int]) -> object:
    if isinstance(value, Result):
        return _ordered(value, places)
    if not isinstance(value, tuple) or not value or not isinstance(value[0], Result):
        return value
    entries = [_ordered(entry, places) for entry in value]
    named = [getattr(entry, "syndrome", None) for entry in entries]
    if len(named) == len(places) and {*named} == {*places}:
        entries.sort(key=lambda entry: places[entry.syndrome])
    same = all(made is entry for made, entry in zip(entries, value, strict=True))
    return value if same else type(value)(entries)


def _permuted(found: Evaluation | EmbeddingMap, places: Mapping[str, int]) -> dict[str, object]:
    """Return the fields whose entries go by the places of the classes."""
    taken = sorted(range(len(found.syndromes)), key=lambda place: places[found.syndromes[place]])
    names = at_places(found.syndromes, taken)
    if isinstance(found, Evaluation):
        rows = at_places(found.confusion, taken)
        return {"syndromes": names, "confusion": tuple(at_places(row, taken) for row in rows)}
    new = {old: place for place, old in enumerate(taken)}
    return {"syndromes": names, "labels": tuple(new[label] for label in found.labels)}
