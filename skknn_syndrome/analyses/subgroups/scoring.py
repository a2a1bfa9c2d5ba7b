"""Pooled scores of some of the images that a candidate predicted."""

from dataclasses import replace

import numpy as np

from skknn_syndrome._typing import BoolArray
from skknn_syndrome.crossval.bootstrap import pool_scores
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.resamples import Resamples
from skknn_syndrome.results.intervals import Interval, PooledIntervals

SCORES = ("roc_auc_ovr", "accuracy", "f1_macro", "balanced_accuracy")
"""Scores of subgroups. Balanced accuracy is the mean sensitivity of the classes."""


def only(record: OutOfFoldRecord, chosen: BoolArray) -> OutOfFoldRecord | None:
    """Return the predictions of some images; None where none of them was predicted.

    Parameters
    ----------
    record : OutOfFoldRecord
    chosen : array of bool of shape (n_images,)
    """
    kept = np.flatnonzero(chosen[record.rows])
    if not kept.size:
        return None
    return replace(
        record,
        rows=record.rows[kept],
        folds=record.folds[kept],
        probabilities=record.probabilities[kept],
        said=None if record.said is None else record.said[kept],
        neighbors=None,
        neighbors_unknown="they are of other images too",
    )


def pooled(record: OutOfFoldRecord, resamples: Resamples | None = None) -> PooledIntervals:
    """Score predictions by the scores of subgroups, with intervals over subjects; absent classes left out."""
    found = pool_scores(record, resamples)
    return PooledIntervals(
        unit=found.unit,
        n_units=found.n_units,
        n_resamples=found.n_resamples,
        confidence=found.confidence,
        all_scores=of_subgroups(found.all_scores),
    )


def of_subgroups(scores: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Return those of some scores that subgroups have."""
    return tuple(entry for entry in scores if entry.score in SCORES)
