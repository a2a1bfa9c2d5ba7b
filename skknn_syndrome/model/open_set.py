"""Novelty of cases: a threshold fitted inside the folds, and what share of unknown classes it finds."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, FloatArray, IndexArray, LabelArray
from skknn_syndrome.crossval.class_similarity import means_of_folds, similarity
from skknn_syndrome.crossval.folds import Split
from skknn_syndrome.model.fusing import units_of
from skknn_syndrome.results.model_card import Detection, NoveltyNote
from skknn_syndrome.statistics.clustered import mean_of_shares
from skknn_syndrome.statistics.conformal import subject_weights
from skknn_syndrome.statistics.novelty import NearestClasses, threshold


def nearest_out_of_fold(
    rows: FloatArray, codes: IndexArray, subjects: LabelArray | None, splits: Sequence[Split]
) -> NearestClasses:
    """Return the class means of the other folds that each image is most similar to.

    Parameters
    ----------
    rows : ndarray of shape (n_images, n_features)
    codes : ndarray of shape (n_images,)
    subjects : ndarray of shape (n_images,) or None
    splits : sequence of Split
        Each image is in one test part.

    Returns
    -------
    NearestClasses
    """
    n_classes = int(codes.max()) + 1
    found = np.empty((len(rows), n_classes))
    means = means_of_folds(rows, codes, subjects, splits, n_classes)
    for part, of_fold in zip(splits, means, strict=True):
        found[part.test] = similarity(of_fold, rows[part.test])
    return NearestClasses.of(found)


def describe_novelty(
    rows: FloatArray,
    codes: IndexArray,
    subjects: LabelArray | None,
    splits: Sequence[Split],
    names: Sequence[str],
    false_rejection: float,
) -> NoveltyNote:
    """Fit the threshold to out-of-fold novelty, and leave out each class in turn to see what it finds.

    Parameters
    ----------
    rows, codes, subjects, splits
        As in `nearest_out_of_fold`.
    names : sequence of str
        Of the classes.
    false_rejection : float
        Share of known cases that may be flagged.

    Returns
    -------
    NoveltyNote
    """
    people = np.arange(len(rows)) if subjects is None else np.asarray(subjects)

    def fitted(scores: Float64Array, among: BoolArray) -> float:
        return threshold(scores[among], subject_weights(people[among]), false_rejection)

    nearest = nearest_out_of_fold(rows, codes, subjects, splits)
    known = nearest.novelty()
    rejected = np.zeros(len(rows), dtype=bool)
    for part in splits:
        # All scores of a threshold are of subjects whom it is not asked about.
        others = np.ones(len(rows), dtype=bool)
        others[part.test] = False
        rejected[part.test] = known[part.test] > fitted(known, others)
    detected = []
    for code, name in enumerate(names):
        scores = nearest.novelty(code)
        own = codes == code
        # The threshold is that of a gallery without the class, as an unknown one would meet it.
        flagged = scores > fitted(scores, ~own)
        detected.append(
            Detection(
                name=name,
                flagged=_share(flagged[own], people[own]),
                rejected=_share(rejected[own], people[own]),
                n_images=int(own.sum()),
            )
        )
    units = units_of(people)
    fused = np.bincount(units.members, known) / units.sizes
    return NoveltyNote(
        threshold=_finite(fitted(known, np.ones(len(rows), dtype=bool))),
        subject_threshold=_finite(threshold(fused, false_rejection=false_rejection)),
        false_rejection=false_rejection,
        rejected_known=_share(rejected, people),
        detected=tuple(detected),
        mean_detected=mean_of_shares([each.flagged for each in detected], "syndromes"),
    )


def _share(hits: BoolArray, people: LabelArray) -> float:
    """Return the share of images that are hits, each subject counted once."""
    return float(np.average(hits, weights=subject_weights(people)))


def _finite(limit: float) -> float | None:
    return limit if np.isfinite(limit) else None
