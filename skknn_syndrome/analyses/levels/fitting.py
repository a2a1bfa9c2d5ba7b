"""Classifiers of every level in one fold: upsampling, calibration in inner folds, and their predictions."""

import warnings
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray, VectorLike
from skknn_syndrome.analyses.levels.stopping import choose_thresholds, stop
from skknn_syndrome.crossval.folds import Split
from skknn_syndrome.crossval.nested_models import Images, inner_splits
from skknn_syndrome.crossval.study_data import LevelSettings, StudyData
from skknn_syndrome.crossval.tasks import MULTICLASS, Target
from skknn_syndrome.errors import FewerNeighborsWarning
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.heads.calibrated import CalibratedClassifier
from skknn_syndrome.heads.random_forest import RANDOM_FOREST, CalibratedRandomForest
from skknn_syndrome.heads.temperature import fit_temperature, log_probabilities
from skknn_syndrome.preprocessing.over_sampling import GaussianNoiseOverSampler
from skknn_syndrome.results.verdicts import ROUNDING

MOST_GROWTH = 2.0
"""How many times as many rows upsampling makes at most: with hundreds of species, bringing each to the size
of the largest would make a fit take ten times as long."""

ENOUGH = 400
"""Inner predictions that calibrate: one temperature and one threshold need no more."""

INNER_FOLDS = 5

LEAST_SHARE = 1e-3
"""What a smaller probability is taken for, where its logarithm is needed: with 1e-6, the few neighbours that
have no vote for the true species decide the temperature, and all others look unsure."""

LEAST_SHARES = 0.1
"""What these come to at most in all: of thousands of species they would outweigh the votes."""

N_DRAWS = 10
"""Of the random baseline, for each image."""


@dataclass(frozen=True)
class RaiseMinorities:
    """A `sampling_strategy` that raises smaller classes to one size, within a number of rows in all.

    Parameters
    ----------
    growth : float
        How many times as many rows there are at most. The size is the largest at which this holds, and at
        most that of the largest class. Classes of one row, which have no spread, stay as they are.

    Examples
    --------
    >>> RaiseMinorities(2.0)(["a"] * 6 + ["b"] * 2 + ["c"])
    {'b': 6}
    >>> RaiseMinorities(1.2)(["a"] * 6 + ["b"] * 2 + ["d"] * 2)
    {'b': 3, 'd': 3}
    """

    growth: float

    def __call__(self, labels: VectorLike) -> dict[object, int]:
        """Return how many rows each class shall have."""
        counts = Counter(np.asarray(labels).tolist())
        sizes = np.array([count for count in counts.values() if count > 1])
        room = self.growth * sum(counts.values()) - (len(counts) - len(sizes))
        fitting = range(max(counts.values()) + 1)
        size = bisect_right(fitting, room, key=lambda size: np.maximum(sizes, size).sum()) - 1
        return {label: size for label, count in sorted(counts.items()) if 1 < count < size}


@dataclass(frozen=True, eq=False)
class LevelCodes:
    """Labels of all images at every level, as places among the groups that occur."""

    names: tuple[str, ...]
    """Of the levels, the finest first."""
    groups: tuple[LabelArray, ...]
    """Of each level, sorted."""
    codes: tuple[IndexArray, ...]
    """Of each level, shape (n_images,)."""

    @classmethod
    def of(cls, data: StudyData, settings: LevelSettings) -> "LevelCodes":
        """Return those of a study's data."""
        found = [np.unique(labels, return_inverse=True) for labels in settings.levels.of(data.labels)]
        return cls(settings.levels.names, tuple(each[0] for each in found), tuple(each[1] for each in found))

    @cached_property
    def parents(self) -> tuple[IndexArray, ...]:
        """Of each level but the last, the place at the next level of each group."""
        found = []
        for lower, upper in zip(self.codes[:-1], self.codes[1:], strict=True):
            above = np.zeros(lower.max() + 1, dtype=np.intp)
            above[lower] = upper
            found.append(above)
        return tuple(found)


@dataclass(frozen=True, eq=False)
class FoldPredictions:
    """What the classifiers of all levels say of one test part; rows are levels, the finest first."""

    test: IndexArray
    predicted: IndexArray
    """Shape (n_levels, n_test)."""
    confidence: Float64Array
    """Likewise: the calibrated probability of what is predicted."""
    top_down: IndexArray
    """Shape (n_levels - 1, n_test): the class of each level within the group predicted above."""
    bottom_up: IndexArray
    """Likewise: the group of each next level whose voted classes have the largest probability together."""
    stopped: IndexArray
    """Shape (n_test,): the level at which the prediction stops; the number of levels where it is at none."""
    majority: IndexArray
    """Shape (n_levels,): the most frequent group of the training part."""
    random: IndexArray
    """Shape (n_levels, n_draws, n_test): groups drawn by their frequencies there."""
    trained: BoolArray
    """Shape (n_levels, n_test): whether the training part has images of the same group."""
    temperatures: Float64Array
    """Shape (n_levels,)."""
    thresholds: tuple[float | None, ...]
    """Of each level."""


def fit_scores(
    settings: LevelSettings,
    samples: Float64Array,
    codes: IndexArray,
    train: IndexArray,
    test: IndexArray,
    random_state: int | None,
) -> Float64Array:
    """Fit the classifier of a level, and return the logarithms of its scores of a test part.

    Parameters
    ----------
    settings : LevelSettings
    samples : ndarray of shape (n_images, n_features)
    codes : ndarray of shape (n_images,)
        The group of each image.
    train, test : ndarray
        Rows.
    random_state : int or None

    Returns
    -------
    ndarray of shape (n_test, n_groups)
        Before calibration; minus infinity for groups that the training part lacks.
    """
    scores = np.full((len(test), int(codes.max()) + 1), -np.inf)
    known = np.unique(codes[train])
    if len(known) == 1:
        scores[:, known] = 0.0
        return scores
    rows, labels = samples[train], codes[train]
    if settings.head is None:
        raised = GaussianNoiseOverSampler(
            sampling_strategy=RaiseMinorities(MOST_GROWTH), random_state=random_state
        )
        rows, labels = raised.fit_resample(rows, labels)
    model: Any = (settings.head or RANDOM_FOREST).estimator()
    # Inner folds of its own would have copies of a row on both sides.
    own = {"inner_cv": None, "random_state": random_state}
    model.set_params(**{name: value for name, value in own.items() if name in model.get_params()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewerNeighborsWarning)
        model.fit(rows, labels)
        scores[:, known] = (
            model.class_scores(samples[test])
            if isinstance(model, CalibratedClassifier)
            else np.log(np.maximum(model.predict_proba(samples[test]), _least_share(len(known))))
        )
    return scores


def least_score(settings: LevelSettings, n_groups: int) -> float:
    """Return the score in `fit_scores` of a group without a vote, of as many as are trained on.

    Parameters
    ----------
    settings : LevelSettings
    n_groups : int

    Returns
    -------
    float
        Minus infinity of heads whose scores are no votes.
    """
    model: Any = (settings.head or RANDOM_FOREST).estimator()
    if isinstance(model, CalibratedRandomForest):
        return -float(np.log(model.n_estimators + n_groups))
    return -np.inf if isinstance(model, CalibratedClassifier) else float(np.log(_least_share(n_groups)))


def _least_share(n_groups: int) -> float:
    return min(LEAST_SHARE, LEAST_SHARES / n_groups)


def predict_fold(
    data: StudyData, found: LevelCodes, part: Split, target: float, random_state: int | None
) -> FoldPredictions:
    """Fit, calibrate and ask the classifiers of all levels in one fold.

    The temperature of each level and the confidence at which predictions stop are chosen on inner folds of
    the training part, as many of five as 400 predictions take, which keep a subject's images together.

    Parameters
    ----------
    data : StudyData
        With a taxonomy.
    found : LevelCodes
    part : Split
    target : float
        As in `choose_thresholds`.
    random_state : int or None
    """
    inner = enough_folds(data, found, part.train, random_state)
    fits = [_fit_level(data, codes, part, inner, random_state) for codes in found.codes]
    thresholds = choose_thresholds(
        np.array([fit.inner_confidence for fit in fits]), np.array([fit.inner_right for fit in fits]), target
    )
    probabilities = [fit.probabilities for fit in fits]
    confidence = np.array([each.max(axis=1) for each in probabilities])
    predicted = np.array([each.argmax(axis=1) for each in probabilities])
    random = np.random.default_rng(random_state)
    drawn = random.integers(0, len(part.train), (N_DRAWS, len(part.test)))
    return FoldPredictions(
        test=part.test,
        predicted=predicted,
        confidence=confidence,
        top_down=np.array([*map(_top_down, probabilities[:-1], predicted[1:], found.parents)]),
        bottom_up=np.array([*map(_bottom_up, [fit.voted for fit in fits[:-1]], found.parents)]),
        stopped=stop(confidence, thresholds),
        majority=np.array([np.bincount(codes[part.train]).argmax() for codes in found.codes]),
        random=np.array([codes[part.train][drawn] for codes in found.codes]),
        trained=np.array([np.isin(codes[part.test], codes[part.train]) for codes in found.codes]),
        temperatures=np.array([fit.temperature for fit in fits]),
        thresholds=thresholds,
    )


class _LevelFit(NamedTuple):
    """A calibrated classifier's probabilities of a test part, and what inner folds say of it."""

    probabilities: Float64Array
    voted: Float64Array
    """The same, and 0 of groups without a vote: of hundreds of species theirs add up in large genera."""
    temperature: float
    inner_confidence: Float64Array
    inner_right: BoolArray


def _fit_level(
    data: StudyData,
    codes: IndexArray,
    part: Split,
    inner: Sequence[IndexSplit],
    random_state: int | None,
) -> _LevelFit:
    settings, samples = data.taxonomy, np.asarray(data.array, dtype=np.float64)
    assert settings is not None  # noqa: S101  who calls has looked
    seen = [fit_scores(settings, samples, codes, train, test, random_state) for train, test in inner]
    nothing = np.zeros((0, int(codes.max()) + 1))
    scores = np.concatenate([nothing, *seen])
    truth = np.concatenate([part.train[:0], *(codes[test] for _, test in inner)])
    temperature = fit_temperature(scores, truth)
    inner_said = np.exp(log_probabilities(scores, temperature))
    own = fit_scores(settings, samples, codes, part.train, part.test, random_state)
    probabilities = np.exp(log_probabilities(own, temperature))
    least = least_score(settings, len(np.unique(codes[part.train])))
    return _LevelFit(
        probabilities,
        np.where(own > least + ROUNDING, probabilities, 0.0),
        temperature,
        inner_said.max(axis=1),
        inner_said.argmax(axis=1) == truth,
    )


def enough_folds(
    data: StudyData, found: LevelCodes, train: IndexArray, random_state: int | None
) -> Sequence[IndexSplit]:
    """Return as many inner folds as have enough images to calibrate on."""
    images = Images(
        data.array, Target(found.codes[0], np.arange(len(found.groups[0]))), data.groups, MULTICLASS
    )
    folds = inner_splits(images, train, cv=INNER_FOLDS, random_state=random_state)
    sizes = np.cumsum([0, *(len(test) for _, test in folds)])
    return [fold for fold, before in zip(folds, sizes[:-1], strict=True) if before < ENOUGH]


def _top_down(probabilities: Float64Array, above: IndexArray, parents: IndexArray) -> IndexArray:
    within = np.where(parents == above[:, None], probabilities, -1.0)
    best: IndexArray = within.argmax(axis=1)
    return best


def _bottom_up(probabilities: Float64Array, parents: IndexArray) -> IndexArray:
    places = np.arange(len(parents))
    adding = csr_array((np.ones(len(parents)), (places, parents)))
    best: IndexArray = np.asarray(probabilities @ adding).argmax(axis=1)
    return best
