"""Answers about new cases: ranking, sets, novelty."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from sklearn import config_context

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, StringArray
from skknn_syndrome.crossval.class_similarity import similarity
from skknn_syndrome.model.fusing import Units, average, fuse, units_of
from skknn_syndrome.model.inputs import Cases
from skknn_syndrome.model.parts import Parts
from skknn_syndrome.results.prediction import InputFlag, Prediction, Predictions, RankedClass
from skknn_syndrome.statistics.conformal import Calibration, nonconformity, p_values, prediction_sets


@dataclass(frozen=True, eq=False)
class Said:
    """What is said of several images, or of several subjects."""

    probabilities: Float64Array
    p_values: Float64Array
    inside: BoolArray
    novelty: Float64Array
    limit: float | None
    """Of novelty: above it the case is possibly of none."""


def predict(parts: Parts, cases: Cases, *, coverage: float, top_k: int | None) -> Predictions:
    """Answer about new cases.

    Parameters
    ----------
    parts : Parts
    cases : Cases
    coverage : float
    top_k : int or None
        Length of the rankings; None for all classes.

    Returns
    -------
    Predictions
    """
    # The rows were checked: to check them again in every model takes longer than to answer.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        answers = parts.ensemble.ask(cases.rows)
    novelty = parts.means.novelty(cases.rows)
    likeness = np.stack([similarity(each, cases.rows) for each in parts.means_of_folds])
    unlike = nonconformity(answers.by_fold, likeness)
    card = parts.card
    single = said_of(parts.of_images, answers.whole, unlike, coverage, (novelty, card.novelty.threshold))
    images = tuple(
        prediction_of(
            parts,
            single,
            place,
            coverage=coverage,
            top_k=top_k,
            image=str(cases.images[place]),
            subject=None if cases.subjects is None else str(cases.subjects[place]),
            flags=cases.flags[place],
        )
        for place in range(len(cases.rows))
    )
    subjects: tuple[Prediction, ...] = ()
    if cases.subjects is not None:
        used = _fused_images(cases.subjects, cases.flags)
        units = units_of(cases.subjects[used])
        fused = said_of(
            parts.of_subjects,
            fuse(answers.whole[used], units),
            nonconformity(fuse(answers.by_fold[:, used], units), average(likeness[:, used], units)),
            coverage,
            # A mean over images varies less than one image does.
            (np.bincount(units.members, novelty[used]) / units.sizes, card.novelty.subject_threshold),
        )
        names = cases.subjects[used][units.first]
        subjects = _of_subjects(parts, cases, names, units, fused, coverage=coverage, top_k=top_k)
    return Predictions(
        images=images,
        subjects=subjects,
        head=card.head,
        data_sha256=card.dataset.data_sha256,
        novelty=card.novelty.sentence,
        scores_are_stale=card.expected_are_stale,
    )


def said_of(
    calibration: Calibration,
    whole: Float64Array,
    unlike: Float64Array,
    coverage: float,
    novelty: tuple[Float64Array, float | None],
) -> Said:
    """Return what is said by the whole model, with p-values and sets by those without each fold."""
    usual = p_values(calibration, unlike)
    return Said(whole, usual, prediction_sets(usual, coverage), *novelty)


def _fused_images(subjects: StringArray, flags: Sequence[tuple[InputFlag, ...]]) -> IndexArray:
    """Return the rows that answers about subjects rest on: zero vectors where there is nothing else."""
    usable = np.array(["zero_vector" not in each for each in flags])
    known = np.isin(subjects, subjects[usable])
    return np.flatnonzero(usable | ~known)


def _of_subjects(
    parts: Parts,
    cases: Cases,
    names: StringArray,
    units: Units,
    said: Said,
    *,
    coverage: float,
    top_k: int | None,
) -> tuple[Prediction, ...]:
    flags = [
        _together([cases.flags[row] for row in np.flatnonzero(cases.subjects == name)]) for name in names
    ]
    return tuple(
        prediction_of(
            parts,
            said,
            unit,
            coverage=coverage,
            top_k=top_k,
            image=None,
            subject=str(names[unit]),
            flags=flags[unit],
            n_images=int(units.sizes[unit]),
        )
        for unit in range(len(units.sizes))
    )


def _together(flags: Sequence[tuple[InputFlag, ...]]) -> tuple[InputFlag, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(flags)))


def prediction_of(
    parts: Parts,
    said: Said,
    place: int,
    *,
    coverage: float,
    top_k: int | None,
    image: str | None,
    subject: str | None,
    flags: tuple[InputFlag, ...],
    n_images: int = 1,
) -> Prediction:
    """Return the answer about one image or subject as it is written down."""
    card = parts.card
    order = np.argsort(-said.probabilities[place], kind="stable")
    known = {each.label: each for each in card.class_names}
    ranking = [
        RankedClass(
            name=(label := card.classes[code]),
            display_name=known[label].name if label in known else None,
            id=known[label].id if label in known else None,
            probability=min(1.0, float(said.probabilities[place, code])),
            p_value=min(1.0, float(said.p_values[place, code])),
            in_set=bool(said.inside[place, code]),
        )
        for code in order
    ]
    limit, novelty = said.limit, float(said.novelty[place])
    return Prediction(
        kind="image" if subject is None or image is not None else "subject",
        image=image,
        subject=subject,
        n_images=n_images,
        ranking=tuple(ranking[:top_k]),
        n_classes=len(ranking),
        coverage=coverage,
        prediction_set=tuple(entry.name for entry in ranking if entry.in_set),
        novelty=novelty,
        novelty_threshold=limit,
        possibly_none=limit is not None and novelty > limit,
        flags=flags,
    )
