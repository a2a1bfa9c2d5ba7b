"""Out-of-fold predictions of fitted estimators, with the gallery images behind them."""

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline
from sklearn.utils import check_array
from sklearn.utils.metaestimators import _safe_split

from skknn_syndrome._typing import BoolArray, Estimator, Float64Array, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.crossval.folds import Split, Splits
from skknn_syndrome.crossval.graph_probabilities import ask_graph
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.tasks import ScoreKind, ask
from skknn_syndrome.errors import FewerNeighborsWarning
from skknn_syndrome.heads.base import group_parameters
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.distances import prepare_rows
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.protocol import ProtocolResult

Unknown: TypeAlias = str
"""Why neighbours can't be named, in half a sentence."""

RESAMPLED: Unknown = (
    "a step of the pipeline resamples the training part, and not every row that it made is one image of it"
)


def find_neighbors(
    model: Estimator, training: MatrixLike, labels: LabelArray, test: MatrixLike
) -> Neighbors | Unknown:
    """Return the voting neighbours of test rows as row numbers of the training part.

    Without resampling, gallery row i is training row i. With it, gallery rows are traced back by their
    values: each has to be, bit for bit, what the fitted steps make of exactly one training row of its class.

    Parameters
    ----------
    model : classifier or Pipeline
        Fitted on `training`. A pipeline may come from imbalanced-learn.
    training : array or data frame of shape (n_train, n_features)
    labels : array of shape (n_train,)
        The class of each training row.
    test : array or data frame of shape (n_test, n_features)

    Returns
    -------
    Neighbors, or text
        The text says why neighbours can't be named with certainty.

    Examples
    --------
    >>> training, labels = np.array([[0.0], [3.0], [4.0]]), np.array(["a", "a", "b"])
    >>> model = SyndromeKNNClassifier(2, metric="euclidean").fit(training, labels)
    >>> find_neighbors(model, training, labels, np.array([[5.0]])).indices
    array([[2, 1]])
    """
    steps = [step for _, step in model.steps] if isinstance(model, Pipeline) else [model]
    classifier = steps.pop()
    if not KNN.owns(classifier):
        return f"{type(classifier).__name__} does not let neighbours vote"
    if not KNN.fits(classifier):
        return f"{type(classifier).__name__} may let other rows vote than those that it says are near"
    distances, indices = classifier.kneighbors(_transformed(steps, test))
    if not any(hasattr(step, "fit_resample") for step in steps):
        return Neighbors(distances, indices)
    origin = _trace_back(classifier, _transformed(steps, training), labels)
    return RESAMPLED if origin is None else Neighbors(distances, origin[indices])


def _transformed(steps: list[Estimator], rows: MatrixLike) -> MatrixLike:
    for step in steps:
        if hasattr(step, "transform"):  # neither a sampler nor "passthrough"
            rows = step.transform(rows)
    return rows


def _trace_back(
    classifier: SyndromeKNNClassifier, training: MatrixLike, labels: LabelArray
) -> IndexArray | None:
    """Return for each gallery row the training row that it is, None where one of them is none or several."""
    samples: Float64Array = check_array(training, dtype=np.float64, order="C")
    prepared = prepare_rows(samples, classifier.effective_metric_)
    rows = {row.tobytes(): number for number, row in enumerate(prepared)}
    found = [rows.get(row.tobytes(), -1) for row in classifier._gallery]  # noqa: SLF001
    origin = np.array(found, dtype=np.intp)
    if len(rows) < len(prepared) or (origin < 0).any():
        return None
    voted = classifier.classes_[classifier._labels]  # noqa: SLF001
    return origin if np.array_equal(voted, labels[origin]) else None


def record_best(
    estimator: Estimator,
    samples: MatrixLike,
    labels: LabelArray,
    subjects: LabelArray | None,
    splits: Splits,
    run: ProtocolResult,
    grid: Sequence[dict[str, Any]],
    *,
    graph: NeighborGraph | None = None,
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
    graph : NeighborGraph, optional
        As in `record_candidate`.

    Returns
    -------
    tuple of OutOfFoldRecord
        One a distance, in the order of `run.best`.
    """
    positions = {id(candidate): position for position, candidate in enumerate(run.candidates)}
    return tuple(
        record_candidate(
            clone(estimator).set_params(**grid[positions[id(best)]]),
            samples,
            labels,
            subjects,
            splits,
            best,
            graph=graph,
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
    *,
    graph: NeighborGraph | None = None,
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
    graph : NeighborGraph, optional
        Of all images, where the model is a `SyndromeKNNClassifier` by one of its distances: neighbours are
        read off it, and nothing is fitted.

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
    classes, truth = np.unique(labels, return_inverse=True)
    folds = [
        _ask(model, samples, labels, subjects, classes, part)
        # A training part that names an image twice has it among the neighbours twice.
        if graph is None or len(np.unique(part.train)) < len(part.train)
        else _look_up(model, graph, truth, classes, part)
        for part in splits.parts
    ]
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
    model: Estimator,
    samples: MatrixLike,
    labels: LabelArray,
    subjects: LabelArray | None,
    classes: LabelArray,
    part: Split,
) -> _Fold:
    # Of precomputed distances, columns have to be cut as well as rows.
    training, known = _safe_split(model, samples, labels, part.train)
    test, _ = _safe_split(model, samples, labels, part.test, part.train)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewerNeighborsWarning)  # said once, as a notice of the study
        groups = None if subjects is None else subjects[part.train]
        model.fit(training, known, **group_parameters(model, groups))
    trained = np.isin(classes, model.classes_)
    probabilities = np.zeros((len(part.test), len(classes)))
    answer = ask(model, test)
    # Decision values of several folds have no common scale: their places among those of the fold have.
    scores = answer.scores if answer.kind == "probabilities" else places_of_scores(answer.scores)
    probabilities[:, trained] = scores
    columns = np.flatnonzero(trained)[answer.marks.argmax(axis=1)]
    found = find_neighbors(model, training, known, test)
    if not isinstance(found, str):
        found = Neighbors(found.distances, part.train[found.indices])
    return _Fold(probabilities, trained, found, answer.kind, columns)


def _look_up(
    model: SyndromeKNNClassifier, graph: NeighborGraph, truth: IndexArray, classes: LabelArray, part: Split
) -> _Fold:
    """Return what `_ask` does, bit for bit, from a graph of all rows."""
    neighbors, trained, shares = ask_graph(
        graph,
        truth,
        classes,
        (part.train, part.test),
        metric=model.metric,
        n_neighbors=model.n_neighbors,
        weights=model.weights,
        temperature=model.temperature,
        class_weight=model.class_weight,
    )
    probabilities = np.zeros((len(part.test), len(classes)))
    probabilities[:, trained] = shares
    predicted = np.flatnonzero(trained)[shares.argmax(axis=1)]
    return _Fold(probabilities, trained, neighbors, "probabilities", predicted)


def places_of_scores(scores: Float64Array) -> Float64Array:
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
