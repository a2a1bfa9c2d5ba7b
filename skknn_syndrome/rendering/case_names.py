"""Case sheets in the readers' words: names of classes in place of labels, and nouns of the data."""

from collections.abc import Mapping
from typing import TypeVar

from skknn_syndrome.rendering.meta.class_names import renamed
from skknn_syndrome.results.base import Result
from skknn_syndrome.results.explanation import Explanation
from skknn_syndrome.results.model_card import ModelCard
from skknn_syndrome.results.texts import with_texts
from skknn_syndrome.vocabulary import DEFAULT, Vocabulary

Kind = TypeVar("Kind", bound=Result)

_NAMES = frozenset({"name", "first", "second", "prediction_set", "classes"})
"""Fields of an answer that hold labels of classes."""


def told_by_name(found: Explanation) -> Explanation:
    """Return an explanation that calls classes by the names that its model has for them.

    Parameters
    ----------
    found : Explanation
    """
    names = {each.label: each.name for each in found.card.class_names}
    without = found.without_nearest
    return found.revised(
        prediction=_named(found.prediction, names),
        neighbors=tuple(_named(each, names) for each in found.neighbors),
        distances=tuple(_named(each, names) for each in found.distances),
        without_nearest=None if without is None else _named(without, names),
        odds=_named(found.odds, names),
        card=_card(found.card, names),
    )


def _card(card: ModelCard, names: Mapping[str, str]) -> ModelCard:
    return card.revised(
        dataset=renamed(card.dataset, names),
        classes=tuple(names.get(label, label) for label in card.classes),
        promises=tuple(_named(each, names) for each in card.promises),
        novelty=_named(card.novelty, names),
    )


def _named(part: Kind, names: Mapping[str, str]) -> Kind:
    return with_texts(part, lambda field, text: names.get(text, text) if field in _NAMES else text)


def spoken_of_case(found: Explanation) -> Vocabulary:
    """Return the nouns of a gallery's data; names of its classes and the ids that are shown stay as they are.

    Parameters
    ----------
    found : Explanation
        As it is shown.
    """
    nouns = found.card.dataset.nouns
    near = (name for each in found.neighbors for name in (each.subject, each.image) if name is not None)
    return (DEFAULT if nouns is None else nouns.vocabulary).keeping([*found.card.classes, *near])
