"""Out-of-fold predictions of a candidate, and their scores."""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray, ProtocolName
from skknn_syndrome.crossval.tasks import ScoreKind
from skknn_syndrome.heads.base import TaskName
from skknn_syndrome.metrics.counting import TrueClassRanks
from skknn_syndrome.metrics.predictions import pair_predictions
from skknn_syndrome.metrics.registry import definitions, entries_of, task_of_classes, why_undefined
from skknn_syndrome.metrics.score_table import evaluate
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.score import Score


class FoldPrediction(NamedTuple):
    """What was said of one test part, as `score_probabilities` takes it."""

    truth: LabelArray
    """Shape (n_test,): true labels."""
    scores: Float64Array
    """Shape (n_test, n_trained): probabilities, or other scores that rise with likeliness."""
    classes: LabelArray
    """Shape (n_trained,): the classes of the training part."""


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """What was said of each image when it was not trained on, fold after fold."""

    rows: IndexArray
    """Shape (n_predictions,): the images; in repeats each comes several times."""
    folds: IndexArray
    """Shape (n_predictions,): in which fold, counted from 0."""
    probabilities: Float64Array
    """Shape (n_predictions, n_classes), columns in sorted order of the labels; 0 for a class that the
    training part lacks. Of decision values, their places among all of the fold, as shares from 0 to 1."""
    said: IndexArray | None = field(default=None, kw_only=True)
    """Shape (n_predictions,): the column of the predicted class, where it is not the most probable one."""


@dataclass(frozen=True, eq=False)
class OutOfFoldRecord(OutOfFold):
    """The out-of-fold predictions of one candidate, with all that they were made of."""

    protocol: ProtocolName
    n_folds: int
    """Folds in one shuffle of the data."""
    candidate: CandidateKey
    labels: LabelArray
    """Shape (n_images,): the class of each image of the data set."""
    subjects: LabelArray | None
    """Shape (n_images,): the subject of each image, None where the data has no subjects."""
    trained: BoolArray
    """Shape (number of folds, n_classes): which classes the training part of each fold has."""
    neighbors: Neighbors | None
    """Shapes (n_predictions, n_neighbors): the images that voted, as rows of the data set, nearest first, and
    their distances. Where a training part has fewer, -1 and NaN fill the row. None where they are unknown."""
    neighbors_unknown: str = ""
    """Why `neighbors` is None."""
    kind: ScoreKind = "probabilities"
    """What `probabilities` were made of."""

    @property
    def metric(self) -> str | None:
        """The candidate's distance; None where its head has none."""
        metric: str | None = self.candidate.metric
        return metric

    @property
    def weights(self) -> str | None:
        """How neighbours vote, likewise."""
        weights: str | None = self.candidate.weights
        return weights

    @property
    def n_neighbors(self) -> int | None:
        """The number of neighbours, likewise."""
        n_neighbors: int | None = self.candidate.n_neighbors
        return n_neighbors

    @cached_property
    def classes(self) -> LabelArray:
        """Shape (n_classes,): the class of each column."""
        classes: LabelArray = np.unique(self.labels)
        return classes

    @property
    def task(self) -> TaskName:
        """The task of the data set's labels."""
        return task_of_classes(len(self.classes))

    @cached_property
    def truth(self) -> IndexArray:
        """Shape (n_predictions,): the column of the true class."""
        return np.searchsorted(self.classes, self.labels[self.rows])

    @cached_property
    def predicted(self) -> IndexArray:
        """Shape (n_predictions,): the column of the predicted class: of the most probable ones the first."""
        if self.said is not None:
            return self.said
        # A class that the training part lacks has probability 0 and is never taken: another one is above 0.
        columns: IndexArray = self.probabilities.argmax(axis=1)
        return columns

    @cached_property
    def ranks(self) -> TrueClassRanks:
        """Shapes (n_predictions,): ranks of the true class among the classes of the training part.

        Where the training part lacks the true class, the rank is beyond every column.
        """
        parts = [pair_predictions(*part).ranks for part in self.by_fold()]
        return TrueClassRanks(*(np.concatenate(ranks) for ranks in zip(*parts, strict=True)))

    def by_fold(self) -> list[FoldPrediction]:
        """Return each fold's predictions."""
        return predictions_by_fold(self, self.truth, self.classes, self.trained)


def predictions_by_fold(
    said: OutOfFold, truth: IndexArray, classes: LabelArray, trained: BoolArray
) -> list[FoldPrediction]:
    """Part predictions by fold.

    Parameters
    ----------
    said : OutOfFold
        Fold after fold.
    truth : array of shape (n_predictions,)
        The column of the true class.
    classes : array of shape (n_classes,)
        The class of each column.
    trained : array of shape (number of folds, n_classes)
        Which classes each training part has.

    Returns
    -------
    list of FoldPrediction
        With the columns of the classes that the training part has.
    """
    members = (np.flatnonzero(said.folds == fold) for fold in range(len(trained)))
    return [
        FoldPrediction(classes[truth[part]], said.probabilities[part][:, known], classes[known])
        for part, known in zip(members, trained, strict=True)
    ]


def score_folds(parts: Iterable[FoldPrediction], task: TaskName = "multiclass") -> tuple[Score, ...]:
    """Score each fold in every way that a study scores its candidates.

    Parameters
    ----------
    parts : iterable of FoldPrediction
    task : {"binary", "multiclass"}
        That of the study; a training part may have fewer classes.

    Returns
    -------
    tuple of Score
        One for each score of the task, as
        `skknn_syndrome.metrics.score_table.score_probabilities` defines them.

    Examples
    --------
    >>> fold = FoldPrediction(np.array(["a", "b"]), np.array([[0.9, 0.1], [0.6, 0.4]]), np.array(["a", "b"]))
    >>> {score.name: score.mean for score in score_folds([fold])}["accuracy"]
    0.5
    """
    scores = definitions(task)
    entries = entries_of(scores)
    with warnings.catch_warnings():
        # A score that is not defined in a fold is None, with its reason, in the result.
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        found = [
            {name: evaluate(entry, paired) for name, entry in entries.items()}
            for paired in (pair_predictions(*part) for part in parts)
        ]
    return tuple(_typed(score.name, found) for score in scores)


def _typed(name: str, found: Sequence[dict[str, float]]) -> Score:
    has_bounds = f"{name}_lower" in found[0]
    return Score.from_values(
        name,
        [scores[name] for scores in found],
        lower=[scores[f"{name}_lower"] for scores in found] if has_bounds else None,
        upper=[scores[f"{name}_upper"] for scores in found] if has_bounds else None,
        reason=why_undefined(name),
    )
