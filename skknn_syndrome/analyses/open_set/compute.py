"""Open-set recognition: each syndrome left out of training once, and told from the others by its distance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from sklearn.utils import check_scalar

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.open_set.class_means import (
    NOBODY,
    NOT_TESTED,
    NOTHING_KNOWN,
    leave_out_by_means,
)
from skknn_syndrome.analyses.open_set.rejection import rejection_curve
from skknn_syndrome.analyses.open_set.result import (
    OpenSet,
    OpenSetAnalysis,
    RejectionCurve,
    SyndromeNovelty,
)
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.metrics import roc_auc_score
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.voting import class_votes
from skknn_syndrome.neighbors.weighting import Weights, neighbor_weights, weights_name
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.statistics.clustered import independent_units

Novelty: TypeAlias = Literal["nearest", "mean"]


@dataclass(frozen=True, eq=False)
class _Folds:
    """All test parts, one after another."""

    truth: IndexArray
    """Shape (n_images,): the class number of each image."""
    n_classes: int
    queries: IndexArray
    """Shape (n_queries,): the test images."""
    parts: IndexArray
    """Shape (n_queries,): their folds."""
    allowed: BoolArray
    """Shape (n_folds, n_images): the training images."""


class _Said(NamedTuple):
    """What a gallery says of images; each array has the shape (n_queries,)."""

    nearest: Float64Array
    """Distance to the nearest training image."""
    mean: Float64Array
    """Mean distance to the neighbours that vote."""
    wrong: BoolArray
    """Whether the syndrome predicted is not the true one; so for all that are unknown."""


@dataclass(frozen=True, eq=False)
class _Turn:
    """What came of one gallery; each array has the shape (n_asked,)."""

    rows: IndexArray
    """The images."""
    unknown: BoolArray
    """Of the syndrome that was left out."""
    nearest: Float64Array
    mean: Float64Array
    wrong: BoolArray
    """As in `_Said`."""


def leave_syndromes_out(
    graph: NeighborGraph,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    *,
    metric: str,
    n_neighbors: int = 15,
    weights: Weights = "distance",
    temperature: float = 0.07,
    novelty: Novelty = "mean",
    allowed_false_rejections: float = 0.05,
    subjects: LabelArray | None = None,
) -> OpenSet:
    """Leave each syndrome out of all training parts once, and tell its test images from the others.

    The novelty of a test image is its distance to the gallery: by default the mean distance to the
    `n_neighbors` training images that vote on it, so that there is nothing to choose beside the classifier;
    or the distance to the nearest of them [1]_. Folds are pooled: their galleries are of about one size.

    Test images of a syndrome that the training part lacks anyhow are neither known nor left out, and are not
    asked for.

    Parameters
    ----------
    graph : NeighborGraph
        Of all images.
    labels : array of shape (n_images,)
        The class of each image.
    splits : sequence of (train, test)
        Row numbers; of folds that keep subjects together, if there are subjects.
    metric : str
        One of the graph's distances.
    n_neighbors : int, default=15
        Neighbours that vote; as many as the smallest gallery holds, if that is fewer.
    weights, temperature
        As in `SyndromeKNNClassifier`.
    novelty : {"nearest", "mean"}, default="mean"
        What thresholds and curves are made of.
    allowed_false_rejections : float in [0, 1), default=0.05
        Share of the known images that a threshold may reject.
    subjects : array of shape (n_images,), optional
        The subject of each image, for intervals; without them images are taken as independent.

    Returns
    -------
    OpenSet

    Raises
    ------
    StudySettingsError
        No test image is of a syndrome that its training part has.

    Notes
    -----
    Rejection curves are risk-coverage curves [2]_ turned round.

    References
    ----------
    .. [1] Y. Sun, Y. Ming, X. Zhu and Y. Li, "Out-of-Distribution Detection with Deep Nearest Neighbors",
       ICML 2022. arXiv:2204.06507
    .. [2] R. El-Yaniv and Y. Wiener, "On the Foundations of Noise-free Selective Classification", JMLR
       11:1605-1641, 2010. https://jmlr.org/papers/v11/el-yaniv10a.html
    """
    check_scalar(
        allowed_false_rejections,
        "allowed_false_rejections",
        Real,
        min_val=0,
        max_val=1,
        include_boundaries="left",
    )
    classes, folds = _lay_out(labels, splits)
    galleries = _Galleries(graph, folds, metric, n_neighbors, weights, temperature)
    units = None if subjects is None else np.unique(subjects, return_inverse=True)[1]

    def score(turn: _Turn) -> Float64Array:
        return turn.nearest if novelty == "nearest" else turn.mean

    def curve(turns: Sequence[_Turn]) -> RejectionCurve:
        return rejection_curve(
            np.concatenate([score(turn) for turn in turns]),
            np.concatenate([turn.wrong for turn in turns]),
            *independent_units(np.concatenate([turn.rows for turn in turns]), units),
        )

    known = galleries.take_turn(NOBODY)
    if not len(known.wrong):
        raise StudySettingsError(
            "No test image is of a syndrome that its training part has: give other folds.",
            code="nothing_to_recognise",
            parameter="cv",
        )
    turns = [galleries.take_turn(left_out) for left_out in range(len(classes))]
    syndromes = tuple(
        _judge(str(name), turn, score(turn), allowed_false_rejections)
        for name, turn in zip(classes, turns, strict=True)
    )
    counted = [turn for turn, syndrome in zip(turns, syndromes, strict=True) if syndrome.reason is None]
    threshold = _threshold(score(known), allowed_false_rejections)
    return OpenSet(
        head=KNN,
        params=knn_params(metric, weights_name(weights), int(n_neighbors)),
        novelty=novelty,
        allowed_false_rejections=float(allowed_false_rejections),
        syndromes=syndromes,
        macro_roc_auc_nearest=_mean_of_known([syndrome.roc_auc_nearest for syndrome in syndromes]),
        macro_roc_auc_mean=_mean_of_known([syndrome.roc_auc_mean for syndrome in syndromes]),
        macro_caught=_mean_of_known([syndrome.caught for syndrome in syndromes]),
        threshold=threshold,
        false_rejection_rate=float((score(known) > threshold).mean()),
        known_curve=curve([known]),
        open_curve=curve(counted) if counted else None,
    )


def _lay_out(labels: LabelArray, splits: Sequence[IndexSplit]) -> tuple[LabelArray, _Folds]:
    classes, truth = np.unique(labels, return_inverse=True)
    allowed = np.zeros((len(splits), len(truth)), dtype=np.bool_)
    for fold, (train, _) in enumerate(splits):
        allowed[fold, train] = True
    tests = [test for _, test in splits]
    return classes, _Folds(
        truth=truth,
        n_classes=len(classes),
        queries=np.concatenate(tests),
        parts=np.repeat(np.arange(len(tests)), [len(test) for test in tests]),
        allowed=allowed,
    )


class _Galleries:
    """Galleries that lack one class each, asked for every test image.

    Most images have none of that class among their neighbours: what the whole gallery said of them stands.
    """

    def __init__(
        self,
        graph: NeighborGraph,
        folds: _Folds,
        metric: str,
        n_neighbors: int,
        weights: Weights,
        temperature: float,
    ) -> None:
        self._graph, self._folds, self._metric = graph, folds, metric
        self._n_neighbors, self._weights, self._temperature = n_neighbors, weights, temperature
        self._true = folds.truth[folds.queries]
        self._sizes = np.stack(
            [np.bincount(folds.truth[part], minlength=folds.n_classes) for part in folds.allowed]
        )
        self._asked, self._reach = self._choose(NOBODY)
        n_queries = len(self._asked)
        self._near = np.full((n_queries, self._reach), NOBODY)
        self._said = _Said(np.zeros(n_queries), np.zeros(n_queries), np.ones(n_queries, dtype=np.bool_))
        self._near[self._asked] = self._ask(NOBODY, self._asked, self._reach, self._said)

    def take_turn(self, left_out: int) -> _Turn:
        """Leave out one class, or none."""
        asked, reach = self._choose(left_out)
        said = _Said(self._said.nearest.copy(), self._said.mean.copy(), self._said.wrong.copy())
        fresh = asked & ((self._near == left_out).any(axis=1) | ~self._asked)
        if reach != self._reach or callable(self._weights):  # a function may look at all distances at once
            fresh = asked
        self._ask(left_out, fresh, reach, said)
        return _Turn(
            rows=self._folds.queries[asked],
            unknown=self._true[asked] == left_out,
            nearest=said.nearest[asked],
            mean=said.mean[asked],
            wrong=said.wrong[asked],
        )

    def _choose(self, left_out: int) -> tuple[BoolArray, int]:
        """Return which images are asked for, and how many neighbours they all have."""
        sizes = self._sizes * (np.arange(self._folds.n_classes) != left_out)
        parts, totals = self._folds.parts, sizes.sum(axis=1)
        asked = np.where(self._true == left_out, totals[parts], sizes[parts, self._true]) > 0
        return asked, min([self._n_neighbors, *totals[np.unique(parts[asked])].tolist()])

    def _ask(self, left_out: int, chosen: BoolArray, reach: int, said: _Said) -> IndexArray:
        """Write what a gallery says of some images to their places, and return their neighbours' classes."""
        if not chosen.any():
            return np.empty((0, reach), dtype=np.intp)
        found = self._graph.nearest_among(
            self._metric,
            self._folds.queries[chosen],
            self._folds.allowed & (self._folds.truth != left_out),
            reach,
            parts=self._folds.parts[chosen],
        )
        near: IndexArray = self._folds.truth[found.indices]
        weights = neighbor_weights(found.distances, self._weights, self._temperature)
        said.nearest[chosen] = found.distances[:, 0]
        said.mean[chosen] = found.distances.mean(axis=1)
        said.wrong[chosen] = (
            class_votes(near, weights, self._folds.n_classes).argmax(axis=1) != self._true[chosen]
        )
        return near


def _judge(syndrome: str, turn: _Turn, score: Float64Array, allowed: float) -> SyndromeNovelty:
    """Tell the images of the class that was left out from the others."""
    n_unknown, n_known = int(turn.unknown.sum()), int((~turn.unknown).sum())
    reason = NOT_TESTED if not n_unknown else NOTHING_KNOWN if not n_known else None
    if reason is not None:
        return SyndromeNovelty(
            syndrome=syndrome,
            n_unknown=n_unknown,
            n_known=n_known,
            roc_auc_nearest=None,
            roc_auc_mean=None,
            threshold=None,
            false_rejection_rate=None,
            caught=None,
            reason=reason,
        )
    threshold = _threshold(score[~turn.unknown], allowed)
    return SyndromeNovelty(
        syndrome=syndrome,
        n_unknown=n_unknown,
        n_known=n_known,
        roc_auc_nearest=float(roc_auc_score(turn.unknown, turn.nearest)),
        roc_auc_mean=float(roc_auc_score(turn.unknown, turn.mean)),
        threshold=threshold,
        false_rejection_rate=float((score[~turn.unknown] > threshold).mean()),
        caught=float((score[turn.unknown] > threshold).mean()),
    )


def _threshold(known: Float64Array, allowed: float) -> float:
    """Return the least of the scores that no more than the allowed share exceeds."""
    return float(np.sort(known)[len(known) - 1 - int(allowed * len(known))])


def _mean_of_known(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def leave_classes_out(run: ProtocolRun) -> OpenSetAnalysis | None:
    """Leave each syndrome out in turn, by class means and, with a graph, by each distance's best candidate.

    None where neither can be had.
    """
    graph, means = run.graph, leave_out_by_means(run)
    if graph is None and means is None:
        return None
    return OpenSetAnalysis(
        protocol=run.splits.protocol,
        open_sets=() if graph is None else tuple(_by_neighbors(run, graph)),
        class_means=means,
    )


def _by_neighbors(run: ProtocolRun, graph: NeighborGraph) -> Iterator[OpenSet]:
    for best in run.scored.best.values():
        yield leave_syndromes_out(
            graph,
            run.data.labels,
            run.splits.as_cv(),
            subjects=run.data.groups,
            metric=best.metric,
            n_neighbors=best.n_neighbors,
            weights=run.voting(best)["weights"],
            temperature=run.voting(best)["temperature"],
        )


COST = Cost(
    "each class is left out in turn, and every image classified among the others",
    (
        Term(20.0, "product", ("images", "images", "features")),
        Term(83.0, "sort", ("images", "classes", "folds", "distances")),
    ),
    sampled_above=5_000,
)

COMPUTATION = Computation(question="open_set", cost=COST, compute=leave_classes_out)
