"""Nested fits of a model: parameters chosen in inner folds, out-of-fold predictions of each outer one."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import ParameterGrid
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.utils import _safe_indexing

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.crossval.folds import Split
from skknn_syndrome.crossval.refit_rules import best_row
from skknn_syndrome.crossval.repeats import deciding_tables
from skknn_syndrome.crossval.tasks import Answer, Target, Task
from skknn_syndrome.errors import FewerNeighborsWarning, StudySettingsError
from skknn_syndrome.heads.base import GridScores, Head, IndexSplit, group_parameters, last_step, prefix_of
from skknn_syndrome.heads.calibrated import CalibratedClassifier
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.metrics.registry import find_score
from skknn_syndrome.metrics.thresholds import youden_threshold

WITHIN_LABELS = frozenset({"roc_auc_ovr", "average_precision_macro"})
"""Scores of several labels an image that compare the images of one label alone."""


@dataclass(frozen=True, eq=False)
class Images:
    """Vectors of one encoder, with the labels and subjects of their images."""

    samples: MatrixLike
    target: Target
    groups: LabelArray | None
    task: Task

    def part(self, rows: IndexArray) -> "Images":
        """Return some of the images."""
        return replace(
            self,
            samples=_safe_indexing(self.samples, rows),
            target=replace(self.target, labels=self.target.labels[rows]),
            groups=None if self.groups is None else self.groups[rows],
        )


@dataclass(frozen=True, eq=False)
class Contender:
    """A head as it enters a comparison."""

    head: Head
    estimator: Estimator
    """Unfitted; a pipeline where steps precede the head."""
    grid: Mapping[str, Sequence[Any]]
    """By the estimator's parameters."""

    @property
    def candidates(self) -> list[dict[str, Any]]:
        """What inner folds choose from, in the order of `ParameterGrid`."""
        return list(ParameterGrid({name: list(values) for name, values in self.grid.items()}))


class SharedScores(NamedTuple):
    """What scores a grid on any inner folds, such as one graph of all images."""

    source: GridScores
    seconds: float
    """A fold's part of the time that it took."""


class _Choice(NamedTuple):
    """The candidate that inner folds choose."""

    place: int | None
    """Its number; None where no inner fold could tell."""
    out_of_fold: tuple[Float64Array, IndexArray] | None = None
    """Of a calibrated head: what it said of the inner test parts before calibration, and their classes."""


@dataclass(frozen=True, eq=False)
class FoldFit:
    """What a model says of one test part, and how it came to be."""

    answer: Answer
    params: Mapping[str, Any]
    chosen: bool
    """Whether inner folds chose; False where they could not, and the first candidate was taken."""
    seconds: tuple[float, float, float]
    """To choose, to fit, and to predict the test part."""
    threshold: float | None = None
    """Of two classes: the score of the positive one from which on inner folds call it; None without them."""


def inner_splits(images: Images, train: IndexArray, *, cv: int, random_state: int | None) -> list[IndexSplit]:
    """Divide a training part into folds, subjects kept together, as row numbers of the whole.

    Returns
    -------
    list of (train, test)
        Empty where it can't be divided, not even in two.
    """
    part = images.part(train)
    for n_folds in dict.fromkeys((cv, 2)):
        try:
            splits = images.task.folds(part.target, part.groups, cv=n_folds, random_state=random_state)
        except StudySettingsError:
            continue
        # From one class alone there is nothing to learn.
        kept = [part for part in splits.parts if has_classes(images.target.labels[train[part.train]])]
        return [(train[each.train], train[each.test]) for each in kept]
    return []


def has_classes(labels: LabelArray) -> bool:
    """Return whether there is something to be told apart; of several labels an image heads see themselves."""
    return labels.ndim > 1 or len(np.unique(labels)) > 1


def shared_source(
    contender: Contender, images: Images, splits: Sequence[IndexSplit], *, n_jobs: int | None
) -> GridScores | None:
    """Return what scores a whole grid at once on any of some splits, such as one graph of all images.

    None where a head has nothing of that kind, or only what is made for each split.
    """
    if isinstance(contender.estimator, Pipeline):
        return None
    found = _source(contender, images, splits, n_jobs)
    return found if isinstance(found, GraphSource) else None


def _source(
    contender: Contender, images: Images, splits: Sequence[IndexSplit], n_jobs: int | None
) -> GridScores | None:
    answers = contender.head.answers
    if answers is None or not splits:
        return None
    return answers(
        contender.estimator, contender.grid, images.samples, images.target.labels, splits, n_jobs=n_jobs
    )


def fit_fold(
    contender: Contender,
    images: Images,
    split: Split,
    inner: Sequence[IndexSplit],
    refit: str,
    shared: SharedScores | None = None,
) -> FoldFit:
    """Choose parameters in a training part, fit them to it, and predict the test part.

    Parameters
    ----------
    contender : Contender
    images : Images
        All of them; rows outside of the training part are not looked at until all is chosen and fitted.
    split : Split
    inner : sequence of (train, test)
        Inside the training part. Without any, the first candidate is taken.
    refit : str
        The score whose mean over the inner folds decides; of equals the first candidate.
    shared : SharedScores, optional
        Scores the candidates in the inner folds, of which alone it is asked.

    Returns
    -------
    FoldFit
    """
    fitted = fit_model(contender, images, split.train, inner, refit, shared)
    asked = perf_counter()
    answer = images.task.ask(fitted.model, _safe_indexing(images.samples, split.test), images.target)
    return FoldFit(
        answer,
        fitted.params,
        chosen=fitted.chosen,
        seconds=(*fitted.seconds, perf_counter() - asked),
        threshold=fitted.threshold,
    )


@dataclass(frozen=True, eq=False)
class FittedModel:
    """A model whose parameters inner folds have chosen, fitted to a training part."""

    model: Estimator
    params: Mapping[str, Any]
    chosen: bool
    """As in `FoldFit`, as are the next two."""
    seconds: tuple[float, float]
    threshold: float | None


def fit_model(
    contender: Contender,
    images: Images,
    train: IndexArray,
    inner: Sequence[IndexSplit],
    refit: str,
    shared: SharedScores | None = None,
) -> FittedModel:
    """Choose parameters in a training part, and fit them to it.

    Parameters
    ----------
    contender, images, inner, refit, shared
        As in `fit_fold`.
    train : ndarray of shape (n_train,)
        Rows of the training part.

    Returns
    -------
    FittedModel
    """
    candidates = contender.candidates
    started = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FewerNeighborsWarning)  # the result tells of the folds' sizes
        choice = _Choice(None)
        if len(candidates) > 1 and inner:
            choice = _choose(contender, images, inner, refit, shared)
        params = candidates[choice.place or 0]
        threshold = _choose_threshold(contender, images, params, inner)
        chose = perf_counter()
        model = _fit_chosen(contender, images.part(train), params, choice.out_of_fold)
    return FittedModel(
        model,
        params,
        chosen=choice.place is not None or len(candidates) == 1,
        seconds=(chose - started + (shared.seconds if shared else 0.0), perf_counter() - chose),
        threshold=threshold,
    )


def _fit_chosen(
    contender: Contender,
    part: Images,
    params: Mapping[str, Any],
    out_of_fold: tuple[Float64Array, IndexArray] | None,
) -> Estimator:
    """Fit a candidate to a training part; what inner folds have said of it already calibrates it.

    Then the head has no folds of its own, and takes the rows in their order.
    """
    model = clone(contender.estimator).set_params(**clone_values(params))
    head, n_classes = last_step(model), len(np.unique(part.target.labels))
    if out_of_fold is None or head.inner_cv is None or out_of_fold[0].shape[1] < n_classes:
        return _fit(model, part)
    _fit(model.set_params(**{f"{prefix_of(model)}inner_cv": None}), part)
    head.fit_calibration(*out_of_fold)
    return model


def positive_scores(answer: Answer) -> Float64Array:
    """Return the scores of the later of two classes."""
    return answer.scores[:, 1]


def _choose_threshold(
    contender: Contender, images: Images, params: Mapping[str, Any], inner: Sequence[IndexSplit]
) -> float | None:
    """Choose by inner folds from which score on the positive class is called."""
    if images.task.name != "binary" or not inner:
        return None
    scores, positive = [], []
    for train, test in inner:
        model = _fit(clone(contender.estimator).set_params(**clone_values(params)), images.part(train))
        answer = images.task.ask(model, _safe_indexing(images.samples, test), images.target)
        scores.append(positive_scores(answer))
        positive.append(images.target.labels[test] == images.target.classes[-1])
    truth = np.concatenate(positive)
    return youden_threshold(truth, np.concatenate(scores)) if has_classes(truth) else None


def _choose(
    contender: Contender,
    images: Images,
    inner: Sequence[IndexSplit],
    refit: str,
    shared: SharedScores | None,
) -> _Choice:
    source = shared.source if shared else _source(contender, images, inner, None)
    if source is not None:
        return _Choice(best_row(deciding_tables(source, contender.grid, inner, "best", refit)[refit]))
    asked = [_asked(contender, images, train, test, refit) for train, test in inner]
    answers = [list(each) for each in zip(*asked, strict=True)]
    truths = [images.target.labels[test] for _, test in inner]
    place = best_row(_inner_scores(contender, images, answers, truths, refit))
    return _Choice(place, None if place is None else _out_of_fold(contender, answers[place], truths))


def clone_values(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters with estimators among them cloned, as `GridSearchCV` sets them."""
    return {name: clone(value, safe=False) for name, value in params.items()}


def _fit(model: Estimator, part: Images) -> Estimator:
    return model.fit(part.samples, part.target.labels, **group_parameters(model, part.groups))


def _inner_scores(
    contender: Contender,
    images: Images,
    answers: Sequence[Sequence[Answer]],
    truths: Sequence[LabelArray],
    refit: str,
) -> Float64Array:
    """Return the deciding score of each candidate in each inner fold, shape (n_candidates, n_folds)."""
    score = [find_score(refit).score]
    return np.array(
        [
            [
                images.task.judge(truth, answer, score)[refit]
                for truth, answer in zip(truths, _calibrated(contender, each, truths), strict=True)
            ]
            for each in answers
        ]
    )


def _asked(
    contender: Contender, images: Images, train: IndexArray, test: IndexArray, refit: str
) -> list[Answer]:
    """Return what each candidate, fitted to some rows, says of others; steps before it are fitted once."""
    part, queries = images.part(train), _safe_indexing(images.samples, test)
    estimator, prefix = contender.estimator, prefix_of(contender.estimator)
    shared = all(name.startswith(prefix) for name in contender.grid) and not _resamples(estimator)
    if prefix and shared:
        steps = clone(estimator[:-1]).fit(part.samples, part.target.labels)
        part = replace(part, samples=steps.transform(part.samples))
        queries, estimator = steps.transform(queries), last_step(estimator)
    else:
        prefix = ""
    candidates = [
        {name.removeprefix(prefix): value for name, value in clone_values(params).items()}
        for params in contender.candidates
    ]
    if isinstance(estimator, CalibratedClassifier):
        labels = part.target.labels
        scores = estimator.scores_of_grid(candidates, part.samples, labels, part.groups, queries)
        return [Answer(each, np.unique(labels), "decision") for each in scores]
    models = (_without_temperature(clone(estimator).set_params(**own), refit) for own in candidates)
    return [images.task.ask(_fit(model, part), queries, images.target) for model in models]


def _resamples(estimator: Estimator) -> bool:
    return isinstance(estimator, Pipeline) and any(
        hasattr(step, "fit_resample") for _, step in estimator.steps
    )


def _without_temperature(model: Estimator, refit: str) -> Estimator:
    """Leave out the folds inside of these: one temperature for all inner folds is fitted instead.

    Of several labels an image each has one of its own, which no score within labels depends on.
    """
    last, prefix = last_step(model), prefix_of(model)
    if isinstance(last, OneVsRestClassifier) and refit in WITHIN_LABELS:
        last, prefix = last.estimator, f"{prefix}estimator__"
    if isinstance(last, CalibratedClassifier):
        model.set_params(**{f"{prefix}inner_cv": None})
    return model


def _calibrated(
    contender: Contender, answers: Sequence[Answer], truths: Sequence[LabelArray]
) -> list[Answer]:
    """Give the scores of a calibrated head the calibration that suits all inner folds best."""
    out_of_fold = _out_of_fold(contender, answers, truths)
    if out_of_fold is None:
        return list(answers)
    model = clone(last_step(contender.estimator))
    model.fit_calibration(*out_of_fold)
    return [
        replace(answer, scores=model.calibrated(answer.scores), kind="probabilities") for answer in answers
    ]


def _out_of_fold(
    contender: Contender, answers: Sequence[Answer], truths: Sequence[LabelArray]
) -> tuple[Float64Array, IndexArray] | None:
    """Return a calibrated head's scores of all inner test parts, a column a class, and the rows' classes."""
    head = last_step(contender.estimator)
    if not isinstance(head, CalibratedClassifier) or answers[0].kind != "decision":
        return None
    known = np.unique(np.concatenate([answer.classes for answer in answers]))
    scores = np.full((sum(map(len, truths)), len(known), *answers[0].scores.shape[2:]), -np.inf)
    rows = np.split(np.arange(len(scores)), np.cumsum([len(truth) for truth in truths])[:-1])
    for answer, own in zip(answers, rows, strict=True):
        scores[np.ix_(own, np.searchsorted(known, answer.classes))] = answer.scores
    truth = np.concatenate(truths)
    among = np.isin(truth, known)
    return scores[among], np.searchsorted(known, truth[among])
