"""Asking candidates for every image when it was not trained on."""

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.utils.metaestimators import _safe_split

from skknn_syndrome._typing import BoolArray, Estimator, Float64Array, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.crossval.answers import ScoreKind, ask
from skknn_syndrome.crossval.folds import Split, Splits
from skknn_syndrome.errors import FewerNeighborsWarning
from skknn_syndrome.neighbors.neighbors import Neighbors
from skknn_syndrome.results import CandidateKey, ProtocolResult
from skknn_syndrome.study.gallery_rows import find_neighbors
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord


def record_best(
    estimator: Estimator,
    samples: MatrixLike,
    labels: LabelArray,
    subjects: LabelArray | None,
    splits: Splits,
    run: ProtocolResult,
    grid: Sequence[dict[str, Any]],
) -> tuple[OutOfFoldRecord, ...]:
    """Ask the best candidate of each variant, such as each distance, for every image not trained on.

    Parameters
    ----------
    estimator : classifier or Pipeline
        Before the grid set its parameters.
    samples : array or data frame of shape (n_images, n_features)
        Embeddings.
    labels : array of shape (n_images,)
        The class of each image.
    subjects : array of shape (n_images,) or None
        The subject of each image, whatever the folds keep together.
    splits : Splits
        The folds of `run`.
    run : ProtocolResult
        Scored candidates.
    grid : sequence of dict
        The parameters of each candidate, in the same order.

    Returns
    -------
    tuple of OutOfFoldRecord
        One a distance, in the order of `run.best`.
    """
    positions = {id(candidate): position for position, candidate in enumerate(run.candidates)}
    return tuple(
        record_candidate(
            clone(estimator).set_params(**grid[positions[id(best)]]), samples, labels, subjects, splits, best
        )
        for best in run.best.values()
    )


def record_candidate(
    model: Estimator,
    samples: MatrixLike,
    labels: LabelArray,
    subjects: LabelArray | None,
    splits: Splits,
    candidate: CandidateKey,
) -> OutOfFoldRecord:
    """Ask one candidate for every image when it was not trained on.

    Parameters
    ----------
    model : classifier or Pipeline
        With the candidate's parameters; it is fitted anew on each training part.
    samples, labels, subjects, splits
        As in `record_best`.
    candidate : CandidateKey
        What the record is called after.

    Returns
    -------
    OutOfFoldRecord

    Examples
    --------
    >>> from skknn_syndrome.neighbors import SyndromeKNNClassifier
    >>> from skknn_syndrome.results.candidate import CandidateKey, knn_params
    >>> from skknn_syndrome.crossval.folds import make_splits
    >>> samples, labels = np.array([[0.0], [1.0], [8.0], [9.0]]), np.array(["a", "a", "b", "b"])
    >>> record = record_candidate(
    ...     SyndromeKNNClassifier(1, metric="euclidean"),
    ...     samples,
    ...     labels,
    ...     None,
    ...     make_splits(labels, None, cv=[(np.array([0, 3]), np.array([1, 2]))], random_state=None),
    ...     CandidateKey(head="knn", params=knn_params("euclidean", "distance", 1)),
    ... )
    >>> record.rows, record.classes[record.predicted], record.neighbors.indices[:, 0]
    (array([1, 2]), array(['a', 'b'], dtype='<U1'), array([0, 3]))
    """
    classes = np.unique(labels)
    folds = [_ask(model, samples, labels, classes, part) for part in splits.parts]
    tests = [part.test for part in splits.parts]
    unknown = [fold.neighbors for fold in folds if isinstance(fold.neighbors, str)]
    return OutOfFoldRecord(
        rows=np.concatenate(tests),
        folds=np.repeat(np.arange(len(tests)), [len(test) for test in tests]),
        probabilities=np.concatenate([fold.probabilities for fold in folds]),
        kind=folds[0].kind,
        said=_predicted(folds),
        protocol=splits.protocol,
        n_folds=splits.n_folds,
        candidate=candidate,
        labels=labels,
        subjects=subjects,
        trained=np.array([fold.trained for fold in folds]),
        neighbors=None
        if unknown
        else _stacked([fold.neighbors for fold in folds if not isinstance(fold.neighbors, str)]),
        neighbors_unknown=unknown[0] if unknown else "",
    )


class _Fold(NamedTuple):
    """What a model, fitted on one training part, says of the test part."""

    probabilities: Float64Array
    trained: BoolArray
    neighbors: Neighbors | str
    kind: ScoreKind
    predicted: IndexArray


def _ask(
    model: Estimator, samples: MatrixLike, labels: LabelArray, classes: LabelArray, part: Split
) -> _Fold:
    # Of precomputed distances, columns have to be cut as well as rows.
    training, known = _safe_split(model, samples, labels, part.train)
    test, _ = _safe_split(model, samples, labels, part.test, part.train)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewerNeighborsWarning)  # said once, as a notice of the study
        model.fit(training, known)
    trained = np.isin(classes, model.classes_)
    probabilities = np.zeros((len(part.test), len(classes)))
    answer = ask(model, test)
    # Decision values of several folds have no common scale: their places among those of the fold have.
    scores = answer.scores if answer.kind == "probabilities" else _places(answer.scores)
    probabilities[:, trained] = scores
    columns = np.flatnonzero(trained)[answer.marks.argmax(axis=1)]
    found = find_neighbors(model, training, known, test)
    if not isinstance(found, str):
        found = Neighbors(found.distances, part.train[found.indices])
    return _Fold(probabilities, trained, found, answer.kind, columns)


def _places(scores: Float64Array) -> Float64Array:
    """Return the place of each number among all different ones, from above 0 to 1; order and ties stay."""
    different, places = np.unique(scores, return_inverse=True)
    return (places.reshape(scores.shape) + 1.0) / len(different)


def _predicted(folds: Sequence[_Fold]) -> IndexArray | None:
    """Return the columns that were predicted, None where they are those of the highest score."""
    predicted = np.concatenate([fold.predicted for fold in folds])
    highest = np.concatenate([fold.probabilities.argmax(axis=1) for fold in folds])
    return None if np.array_equal(predicted, highest) else predicted


def _stacked(parts: Sequence[Neighbors]) -> Neighbors:
    """Put the folds' neighbours one under another, filled up where a training part has fewer."""
    shape = sum(len(part.indices) for part in parts), max(part.indices.shape[1] for part in parts)
    stacked = Neighbors(np.full(shape, np.nan), np.full(shape, -1))
    start = 0
    for part in parts:
        place = slice(start, start + len(part.indices)), slice(part.indices.shape[1])
        stacked.distances[place], stacked.indices[place] = part
        start = place[0].stop
    return stacked
