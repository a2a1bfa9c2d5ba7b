"""Scores of a test set beside those of cross-validation: intervals over its subjects, and the drop."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.test_sets.result import Partition, ScoreDrop, SetKind, TestedModel, TestSet
from skknn_syndrome.crossval.bootstrap import certain_scores, pooled_intervals, quantile_levels
from skknn_syndrome.crossval.label_set_resamples import resample_label_sets
from skknn_syndrome.crossval.model_records import ModelRun
from skknn_syndrome.crossval.nested_models import Images
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.provenance import count_classes
from skknn_syndrome.crossval.resamples import Resampled, Resamples
from skknn_syndrome.results.verdicts import ROUNDING

SEED = 1
"""Of the resamples of a test set: those of the development images are drawn independently, from seed 0."""


@dataclass(frozen=True, eq=False)
class Tested:
    """What a model, fitted to the development images, says of a test set."""

    __test__ = False  # no test of pytest's

    run: ModelRun
    """Of a single fold, whose test part is the test set."""
    internal: ModelRun
    """Of cross-validation on the development images."""


@dataclass(frozen=True)
class Matched:
    """How the classes and subjects of a test file go with those of the development images."""

    only_development: tuple[str, ...] = ()
    only_test: tuple[str, ...] = ()
    n_left_out: int = 0
    n_shared_subjects: int = 0
    columns: tuple[int, ...] | None = None
    """Of several labels an image: places of those that both have; None for all."""


ALL_MATCHED = Matched()


def judge_test_set(
    tested: Sequence[Tested],
    *,
    kind: SetKind,
    name: str,
    matched: Matched,
) -> TestSet:
    """Score models on a test set.

    Parameters
    ----------
    tested : sequence of Tested
    kind : {"holdout", "external"}
    name : str
        Of the file.
    matched : Matched

    Returns
    -------
    TestSet
    """
    images, part = tested[0].run.images, tested[0].run.splits[0].parts[0]
    return TestSet(
        kind=kind,
        name=name,
        unit="images" if images.groups is None else "subjects",
        n_units=_n_units(images, part.test),
        development=_partition("development", images, part.train),
        test=_partition(kind, images, part.test),
        only_development=matched.only_development,
        only_test=matched.only_test,
        n_left_out=matched.n_left_out,
        n_shared_subjects=matched.n_shared_subjects,
        models=tuple(_tested(each, matched.columns) for each in tested),
    )


def _n_units(images: Images, rows: IndexArray) -> int:
    return len(rows) if images.groups is None else len(np.unique(images.groups[rows]))


def _partition(
    name: Literal["development", "holdout", "external"], images: Images, rows: IndexArray
) -> Partition:
    part = images.part(rows)
    return Partition(
        name=name,
        n_images=len(rows),
        n_subjects=None if part.groups is None else len(np.unique(part.groups)),
        syndromes=count_classes(part.target.labels, part.groups, part.target.classes),
    )


def _tested(each: Tested, columns: Sequence[int] | None) -> TestedModel:
    run = each.run
    tested = _resampled(run, SEED, columns=columns)
    labels = run.images.target.labels
    shared = np.unique(labels[run.splits[0].parts[0].test]) if labels.ndim == 1 else None
    internal = _resampled(each.internal, 0, shared, columns)
    certain = certain_scores(len(run.images.target.classes))
    intervals = pooled_intervals(tested, certain).all_scores
    return TestedModel(
        name=run.name,
        title=run.contender.head.title,
        choice=run.choices[0][0],
        all_scores=tuple(entry for entry in intervals if entry.score not in certain),
        drops=_drops(internal, tested),
    )


def _resampled(
    run: ModelRun, seed: int, classes: LabelArray | None = None, columns: Sequence[int] | None = None
) -> Resampled:
    """Score all predictions, or those of images of some classes or of some labels, in resamples."""
    images = run.images
    if images.target.labels.ndim > 1:
        rows, truth, answer = run.predictions()
        if columns is not None:
            truth, answer = truth[:, columns], answer.of_labels(columns)
        return resample_label_sets(images.task, truth, answer, rows, images.groups, random_state=seed)
    record = run.record
    return Resamples(random_state=seed).of_record(record if classes is None else _within(record, classes))


def _within(record: OutOfFoldRecord, classes: LabelArray) -> OutOfFoldRecord:
    """Return the predictions of images of some classes, which the test set has."""
    shared: BoolArray = np.isin(record.labels[record.rows], classes)
    return replace(
        record,
        rows=record.rows[shared],
        folds=record.folds[shared],
        probabilities=record.probabilities[shared],
        said=None if record.said is None else record.said[shared],
    )


def _drops(internal: Resampled, test: Resampled) -> tuple[ScoreDrop, ...]:
    n_resamples = min(internal.resampled.shape[1], test.resampled.shape[1])  # none of very large data
    figures = zip(
        internal.names,
        internal.estimates.tolist(),
        test.estimates.tolist(),
        test.resampled[:, :n_resamples] - internal.resampled[:, :n_resamples],
        # The smaller part, nearly always the test set, says by how much quantiles are too narrow.
        np.maximum(quantile_levels(test), quantile_levels(internal)).tolist(),
        strict=True,
    )
    return tuple(_drop(*each) for each in figures)


def _drop(score: str, internal: float, test: float, differences: Float64Array, level: float) -> ScoreDrop:
    defined = np.isfinite([internal, test])
    tail = (1 - level) / 2
    varies = bool(len(differences) and np.isfinite(differences).all() and np.ptp(differences) > ROUNDING)
    low, high = (None, None)
    if varies and defined.all():
        low, high = np.quantile(differences, [tail, 1 - tail]).tolist()
    return ScoreDrop(
        score=score,
        internal=internal if defined[0] else None,
        test=test if defined[1] else None,
        difference=test - internal if defined.all() else None,
        low=low,
        high=high,
    )
