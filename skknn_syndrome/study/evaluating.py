"""Out-of-fold predictions of the best candidates, syndrome by syndrome."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils.metaestimators import _safe_split

from skknn_syndrome._typing import BoolArray, Estimator, Float64Array, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.errors import FewerNeighborsWarning
from skknn_syndrome.metrics import (
    confusion_matrix,
    mean_roc_curve,
    micro_average_roc_curve,
    precision_recall_fscore_support,
    roc_curve,
)
from skknn_syndrome.metrics.micro_average import MeanRocCurve
from skknn_syndrome.results import (
    Candidate,
    Evaluation,
    ProtocolResult,
    RocCurve,
    SyndromeRoc,
    SyndromeScores,
)
from skknn_syndrome.study.splitting import Splits

GRID_POINTS = 101
"""False positive rates at which curves are averaged."""


@dataclass(frozen=True)
class _Truth:
    """What is so, whatever a classifier says."""

    labels: LabelArray
    groups: LabelArray | None
    classes: LabelArray


@dataclass(frozen=True)
class _FoldPrediction:
    """What was said of one test part."""

    test: IndexArray
    probabilities: Float64Array
    """Shape (n_test, n_classes), a column for every class; 0 where the training part lacks it."""
    trained: BoolArray
    """Shape (n_classes,): which classes the training part has."""


def evaluate_best(
    estimator: Estimator,
    samples: MatrixLike,
    labels: LabelArray,
    groups: LabelArray | None,
    splits: Splits,
    run: ProtocolResult,
    grid: Sequence[dict[str, Any]],
) -> tuple[Evaluation, ...]:
    """Ask the best candidate of each distance for every image when it was not trained on.

    Parameters
    ----------
    estimator : classifier or Pipeline
        Before the grid set its parameters.
    samples : array or data frame of shape (n_images, n_features)
        Embeddings.
    labels : array of shape (n_images,)
        The class of each image.
    groups : array of shape (n_images,) or None
        The subject of each image, to count subjects by.
    splits : Splits
        The folds of `run`.
    run : ProtocolResult
        Scored candidates.
    grid : sequence of dict
        The parameters of each candidate, in the same order.

    Returns
    -------
    tuple of Evaluation
        One a distance, in the order of `run.best`.
    """
    positions = {id(candidate): position for position, candidate in enumerate(run.candidates)}
    data = _Truth(labels, groups, np.unique(labels))
    return tuple(
        _evaluate(
            best,
            list(_predict(clone(estimator).set_params(**grid[positions[id(best)]]), samples, data, splits)),
            data,
        )
        for best in run.best.values()
    )


def _predict(
    model: Estimator,
    samples: MatrixLike,
    data: _Truth,
    splits: Splits,
) -> Iterator[_FoldPrediction]:
    for part in splits.parts:
        # Of precomputed distances, columns have to be cut as well as rows.
        rows, labels = _safe_split(model, samples, data.labels, part.train)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FewerNeighborsWarning)  # said once, as a notice of the study
            model.fit(rows, labels)
        trained = np.isin(data.classes, model.classes_)
        probabilities = np.zeros((len(part.test), len(data.classes)))
        probabilities[:, trained] = model.predict_proba(
            _safe_split(model, samples, data.labels, part.test, part.train)[0]
        )
        yield _FoldPrediction(part.test, probabilities, trained)


def _evaluate(candidate: Candidate, folds: Sequence[_FoldPrediction], data: _Truth) -> Evaluation:
    truth = np.concatenate([data.labels[fold.test] for fold in folds])
    # A class that the training part lacks has probability 0 and is never taken: another one is above 0.
    taken = data.classes[np.concatenate([fold.probabilities.argmax(axis=1) for fold in folds])]
    rocs = tuple(_class_roc(folds, data, column) for column in range(len(data.classes)))
    return Evaluation(
        metric=candidate.metric,
        weights=candidate.weights,
        n_neighbors=candidate.n_neighbors,
        syndromes=tuple(roc.syndrome for roc in rocs),
        confusion=tuple(
            tuple(int(count) for count in row) for row in confusion_matrix(truth, taken, labels=data.classes)
        ),
        per_syndrome=_per_syndrome(truth, taken, data, rocs),
        micro_roc=_micro_curve(folds, data),
        syndrome_rocs=rocs,
    )


def _per_syndrome(
    truth: LabelArray, taken: LabelArray, data: _Truth, rocs: Sequence[SyndromeRoc]
) -> tuple[SyndromeScores, ...]:
    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, taken, labels=data.classes, zero_division=0
    )
    groups = data.groups
    return tuple(
        SyndromeScores(
            syndrome=roc.syndrome,
            n_images=int((data.labels == label).sum()),
            n_subjects=None if groups is None else len(np.unique(groups[data.labels == label])),
            precision=float(precision[column]) if (taken == label).any() else None,
            recall=float(recall[column]),
            f1=float(f1[column]),
            roc_auc=None if roc.curve is None else roc.curve.mean_auc,
        )
        for column, (label, roc) in enumerate(zip(data.classes, rocs, strict=True))
    )


def _class_roc(folds: Sequence[_FoldPrediction], data: _Truth, column: int) -> SyndromeRoc:
    """Return one class against the rest, over the folds that have both and can name the class."""
    curves = []
    for fold in folds:
        positive = data.labels[fold.test] == data.classes[column]
        if fold.trained[column] and positive.any() and not positive.all():
            curves.append(roc_curve(positive, fold.probabilities[:, column]))
    mean = _typed(mean_roc_curve(curves, n_points=GRID_POINTS)) if curves else None
    return SyndromeRoc(syndrome=str(data.classes[column]), curve=mean)


def _micro_curve(folds: Sequence[_FoldPrediction], data: _Truth) -> RocCurve:
    curves = [
        micro_average_roc_curve(data.labels[fold.test], fold.probabilities, labels=data.classes)
        for fold in folds
    ]
    return _typed(mean_roc_curve(curves, n_points=GRID_POINTS))


def _typed(curve: MeanRocCurve) -> RocCurve:
    # Four decimals are a hundredth of what a plot can show, and keep the file small.
    def rounded(rates: Float64Array) -> tuple[float, ...]:
        return tuple(round(float(rate), 4) for rate in rates)

    return RocCurve(
        false_positive_rate=rounded(curve.fpr),
        true_positive_rate=rounded(curve.tpr),
        true_positive_rate_std=rounded(curve.tpr_std),
        mean_auc=curve.auc,
        std_auc=curve.auc_std,
        n_folds=curve.n_curves,
    )
