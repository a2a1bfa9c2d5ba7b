"""Names and catalogue ids of a model's classes."""

from collections.abc import Mapping

from skknn_syndrome.errors import ParameterError, meant, quote
from skknn_syndrome.results.model_card import ClassName, ModelCard


def with_names(card: ModelCard, names: Mapping[str, str], ids: Mapping[str, str]) -> ModelCard:
    """Return a card with names of classes, in the order of the classes.

    Parameters
    ----------
    card : ModelCard
    names, ids : mapping of str to str
        By label.

    Raises
    ------
    ParameterError
        A label is none of the model's, or two classes would be called the same.
    """
    for parameter, given in (("names", names), ("ids", ids)):
        for label in given:
            if label not in card.classes:
                raise ParameterError(
                    f"There is no class {quote(label)}: {meant(label, card.classes)}.",
                    code="unknown_class",
                    parameter=parameter,
                )
    shown = [names.get(label, label) for label in card.classes]
    for name in shown:
        if shown.count(name) > 1:
            raise ParameterError(
                f"Two classes would be called {quote(name)}: give them different names.",
                code="class_names_alike",
                parameter="names",
            )
    return card.revised(
        class_names=tuple(
            ClassName(label=label, name=name, id=ids.get(label))
            for label, name in zip(card.classes, shown, strict=True)
            if label in names or label in ids
        )
    )
