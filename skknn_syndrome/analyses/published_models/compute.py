"""Published figures put beside the models of a comparison."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.analyses.published_models.result import (
    PREVENTING,
    FigureBeside,
    Note,
    PublishedModels,
    Standing,
)
from skknn_syndrome.results.intervals import Interval, PooledIntervals
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.score import Score

Design: TypeAlias = Literal["folds", "hold_out"]

DESIGNS: Final[Mapping[str, Design]] = {
    "monteiro-report": "folds",
    "apollo-report": "folds",
    "khoiwal-mcmillan-paper": "hold_out",
}
"""How sources came to their figures, as far as the package knows them; all of these by image."""

HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "lr": ("logistic_regression",),
    "svm": ("svc", "linear_svc"),
}
"""Heads by what tables call them, where that is not a head's own name."""

SCORES: Final[Mapping[str, tuple[str, ...]]] = {
    "roc_auc": ("roc_auc_ovr",),
    "accuracy": ("accuracy", "subset_accuracy"),
}
"""Scores by what tables call them, the one that a comparison has; else they have scikit-learn's name."""


class ComparedModel(Protocol):
    """What is asked of a model of a comparison."""

    @property
    def name(self) -> str:
        """Of the model."""

    @property
    def encoder(self) -> str:
        """Whose vectors it has."""

    @property
    def head(self) -> str:
        """Its head's name."""

    @property
    def scores(self) -> Mapping[str, Score]:
        """Over the folds."""

    @property
    def pooled(self) -> PooledIntervals | None:
        """Of all predictions."""


@dataclass(frozen=True)
class Setting:
    """How the models of a comparison were judged."""

    protocol: ProtocolName
    design: Design
    dataset: str | None = None
    """The published data set that the images are said to be."""


def encoder_and_head(classifier: str) -> tuple[str, str]:
    """Split a table's name of a classifier; the encoder is empty where it is not named.

    Examples
    --------
    >>> encoder_and_head("resnet50+lr"), encoder_and_head("knn")
    (('resnet50', 'lr'), ('', 'knn'))
    """
    encoder, _, head = classifier.rpartition("+")
    return encoder, head


def set_beside(
    models: Sequence[ComparedModel], published: Sequence[PublishedScore], setting: Setting
) -> PublishedModels | None:
    """Put published figures beside the models of the same head.

    Parameters
    ----------
    models : sequence of Model
        Those of a comparison.
    published : sequence of PublishedScore
        A classifier such as ``"resnet50+lr"`` is an encoder and a head. Where a model's encoder has the name
        of a published one as words of its own, of several the longest, it is held against that one alone,
        else against all with its head.
    setting : Setting
        Where it names a data set of which there are published figures, those of others are left out.

    Returns
    -------
    PublishedModels or None
        None without published figures.
    """
    of_dataset = [entry for entry in published if _is_same(entry.dataset, setting.dataset)]
    wanted = of_dataset or published
    if not wanted:
        return None
    encoders = {encoder.lower() for encoder, _ in map(_parts, wanted) if encoder}
    figures, matched = [], set()
    for entry in wanted:
        for model in models:
            named = _named_in(model.encoder, encoders)
            encoder, head = _parts(entry)
            if model.head in HEADS.get(head, (head,)) and (not named or encoder.lower() in ("", named)):
                matched.add(entry.classifier)
                figures.append(_beside(entry, model, setting, is_named=not encoder or bool(named)))
    every = dict.fromkeys(entry.classifier for entry in wanted)
    return PublishedModels(
        dataset=setting.dataset,
        figures=tuple(figures),
        without_model=tuple(name for name in every if name not in matched),
    )


def _parts(entry: PublishedScore) -> tuple[str, str]:
    return encoder_and_head(entry.classifier)


def _named_in(encoder: str, known: Iterable[str]) -> str:
    """Return which of some names, in lower case, an encoder has in its own; empty where it has none."""
    own = encoder.lower()
    found = (name for name in known if re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", own))
    return max(found, key=len, default="")


def _is_same(published: str, dataset: str | None) -> bool:
    return dataset is not None and published.casefold() == dataset.casefold()


def _beside(entry: PublishedScore, model: ComparedModel, setting: Setting, *, is_named: bool) -> FigureBeside:
    names = SCORES.get(entry.score, (entry.score,))
    score = next((name for name in names if name in model.scores), None)
    pooled = None if model.pooled is None or score is None else model.pooled.scores[score]
    low, high = (None, None) if pooled is None else (pooled.low, pooled.high)
    notes = tuple(_notes(entry, setting, score, low, is_named=is_named))
    return FigureBeside(
        published=entry,
        model=model.name,
        score=score or entry.score,
        estimate=_estimate(model, score, pooled),
        low=low,
        high=high,
        unit=None if low is None or model.pooled is None else model.pooled.unit,
        standing=_standing(entry.value, low, high, notes),
        notes=notes,
    )


def _estimate(model: ComparedModel, score: str | None, pooled: Interval | None) -> float | None:
    if score is None:
        return None
    return model.scores[score].mean if pooled is None else pooled.estimate


def _notes(
    entry: PublishedScore, setting: Setting, score: str | None, low: float | None, *, is_named: bool
) -> list[Note]:
    design = DESIGNS.get(entry.source)
    # A published k was fixed, or chosen on the folds that it is scored by; here inner folds choose.
    is_other = design not in {None, setting.design} or entry.n_neighbors is not None
    told: dict[Note, bool] = {
        "other_data": not _is_same(entry.dataset, setting.dataset),
        "unknown_design": design is None,
        "other_protocol": is_other,
        "no_such_score": score is None,
        "no_interval": score is not None and low is None,
        "other_unit": design is not None and setting.protocol == "subject",
        "encoder_not_named": not is_named,
    }
    return [note for note, holds in told.items() if holds]


def _standing(published: float, low: float | None, high: float | None, notes: Sequence[Note]) -> Standing:
    if low is None or high is None or not PREVENTING.isdisjoint(notes):
        return "not_comparable"
    if low <= published <= high:
        return "within"
    return "above" if published < low else "below"
