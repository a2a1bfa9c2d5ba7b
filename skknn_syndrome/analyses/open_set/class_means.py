"""Open-set recognition by class means: each class left out, with a threshold fitted inside each fold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.open_set.result import AbsentSyndrome, ClassMeanNovelty
from skknn_syndrome.crossval.class_similarity import similarities
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.repeats import inner_folds
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.metrics import roc_auc_score
from skknn_syndrome.results.intervals import MeanInterval, Unit
from skknn_syndrome.statistics.clustered import clustered_share, independent_units, mean_of_shares
from skknn_syndrome.statistics.conformal import subject_weights
from skknn_syndrome.statistics.novelty import NearestClasses, threshold

NOBODY = -1
"""Number of no class: nothing is left out."""
NOT_TESTED = "none of its images is in a test part whose training part has another syndrome"
NOTHING_KNOWN = "no image of another syndrome is in a test part whose training part has that syndrome"


class _Part(NamedTuple):
    """Images, and the classes of a gallery without them that they are most similar to."""

    rows: IndexArray
    classes: NearestClasses

    def novelty(self, left_out: int | None) -> Float64Array:
        """Return 1 - the largest similarity to another class than the one left out."""
        return self.classes.novelty(left_out)


class _Fold(NamedTuple):
    """A training part, each image by the gallery of the other inner folds, and its test part."""

    known: _Part
    test: _Part
    trained: BoolArray
    """Shape (n_classes,): which classes the training part has."""


@dataclass(frozen=True, eq=False)
class _Turn:
    """What came of one class left out, or none; each array has the shape (n_asked,)."""

    rows: IndexArray
    unknown: BoolArray
    novelty: Float64Array
    flagged: BoolArray


def leave_out_by_means(
    run: ProtocolRun, *, allowed_false_rejections: float = 0.05
) -> ClassMeanNovelty | None:
    """Leave each class out once, and tell its test images from the others by their distance to class means.

    The threshold of each fold is that of `skknn_syndrome.statistics.novelty.threshold`, from the training
    part without the class that is left out: each of its images by the class means of the other inner folds.

    Parameters
    ----------
    run : ProtocolRun
    allowed_false_rejections : float in [0, 1), default=0.05
        Share of the known subjects that a threshold may reject.

    Returns
    -------
    ClassMeanNovelty or None
        None where there are no embeddings, no inner folds can be made, or no test image is of a class that
        its training part has.
    """
    try:
        inner = inner_folds(run)
    except StudySettingsError:
        return None
    folds = _lay_out(run, inner)
    if folds is None:
        return None
    classes, truth = np.unique(run.data.labels, return_inverse=True)
    asked = _Question(folds, truth, run.data.groups, allowed_false_rejections)
    known = asked.leave_out(NOBODY)
    if not len(known.rows):
        return None
    syndromes = tuple(
        asked.judge(str(name), asked.leave_out(number)).revised(rejected=asked.rejected(known, number))
        for number, name in enumerate(classes)
    )
    return ClassMeanNovelty(
        allowed_false_rejections=allowed_false_rejections,
        n_inner_folds=len(inner[0]),
        syndromes=syndromes,
        roc_auc=_mean_of([entry.roc_auc for entry in syndromes]),
        detected=_mean_of([entry.detected_share for entry in syndromes]),
        false_rejection_rate=asked.share(known, known.flagged),
        threshold=_finite(asked.threshold(known.rows, known.novelty)),
    )


def _lay_out(run: ProtocolRun, inner: Sequence[Sequence[IndexSplit]]) -> list[_Fold] | None:
    outer = run.splits.as_cv()
    whole, within = similarities(run, outer), similarities(run, [split for part in inner for split in part])
    if whole is None or within is None:
        return None
    classes, truth = np.unique(run.data.labels, return_inverse=True)
    ends = pairwise([0, *accumulate(map(len, inner))])
    return [
        _Fold(
            _Part(
                np.concatenate([rows for _, rows in part]),
                NearestClasses.of(np.concatenate(within[first:last])),
            ),
            _Part(test, NearestClasses.of(similarity)),
            np.bincount(truth[train], minlength=len(classes)) > 0,
        )
        for (train, test), similarity, part, (first, last) in zip(outer, whole, inner, ends, strict=True)
    ]


@dataclass(frozen=True, eq=False)
class _Question:
    """Folds, and who is in their images."""

    folds: Sequence[_Fold]
    truth: IndexArray
    """Shape (n_images,): the number of each image's class."""
    subjects: LabelArray | None
    allowed: float

    def leave_out(self, left_out: int) -> _Turn:
        """Ask for all test images of classes that the training part has, or that are left out."""
        parts = list(self._parts(left_out))
        return _Turn(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _parts(self, left_out: int) -> Iterator[tuple[IndexArray, BoolArray, Float64Array, BoolArray]]:
        for known, test, trained in self.folds:
            others = trained & (np.arange(len(trained)) != left_out)
            rest = self.truth[known.rows] != left_out
            limit = self.threshold(known.rows[rest], known.novelty(left_out)[rest])
            true = self.truth[test.rows]
            asked = others[true] | ((true == left_out) & others.any())
            novelty = test.novelty(left_out)[asked]
            yield test.rows[asked], true[asked] == left_out, novelty, novelty > limit

    def threshold(self, rows: IndexArray, novelty: Float64Array) -> float:
        """Return the threshold that known images give, each subject counted once."""
        people = len(rows) if self.subjects is None else self.subjects[rows]
        return threshold(novelty, subject_weights(people), self.allowed)

    def share(self, turn: _Turn, hits: BoolArray, among: BoolArray | None = None) -> MeanInterval:
        """Return a share of some of a turn's images, each subject counted once, with its interval."""
        units: LabelArray
        unit: Unit
        units, unit = independent_units(turn.rows, self.subjects)
        chosen = np.ones(len(hits), dtype=np.bool_) if among is None else among
        return clustered_share(hits[chosen], units[chosen], unit, weights=subject_weights(units[chosen]))

    def rejected(self, known: _Turn, number: int) -> MeanInterval | None:
        """Return the share of a class's images that are flagged while it is known."""
        own = self.truth[known.rows] == number
        return self.share(known, known.flagged, own) if own.any() else None

    def judge(self, syndrome: str, turn: _Turn) -> AbsentSyndrome:
        """Tell the images of the class that was left out from the others."""
        n_unknown, n_known = int(turn.unknown.sum()), int((~turn.unknown).sum())
        if not n_unknown or not n_known:
            return AbsentSyndrome(
                syndrome=syndrome,
                n_unknown=n_unknown,
                n_known=n_known,
                roc_auc=None,
                false_rejection_rate=None,
                detected=None,
                reason=NOTHING_KNOWN if n_unknown else NOT_TESTED,
            )
        return AbsentSyndrome(
            syndrome=syndrome,
            n_unknown=n_unknown,
            n_known=n_known,
            roc_auc=float(roc_auc_score(turn.unknown, turn.novelty)),
            false_rejection_rate=self.share(turn, turn.flagged, ~turn.unknown).estimate,
            detected=self.share(turn, turn.flagged, turn.unknown),
        )


def _mean_of(values: Sequence[float | None]) -> MeanInterval | None:
    """Return the mean over the syndromes that have a figure."""
    known = [value for value in values if value is not None]
    return mean_of_shares(known, "syndromes") if known else None


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
