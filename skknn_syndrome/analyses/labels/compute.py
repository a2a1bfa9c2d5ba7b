"""Scores, curves and decisions of each label, from out-of-fold predictions of models."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from skknn_syndrome._typing import BoolArray, Float64Array, LabelArray
from skknn_syndrome.analyses.labels.result import (
    LabelCurves,
    LabelsAnalysis,
    LabelScores,
    OperatingPoint,
)
from skknn_syndrome.crossval.model_records import ModelRun
from skknn_syndrome.crossval.nested_models import positive_scores
from skknn_syndrome.crossval.tasks import Answer, Target
from skknn_syndrome.metrics.label_sets import scores_by_label
from skknn_syndrome.metrics.roc import SAME_RATE, threshold_sweep
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.statistics.clustered import clustered_mean, independent_units

STEPS = 100
"""Of the grids of curves."""


def describe_labels(runs: Sequence[ModelRun]) -> LabelsAnalysis | None:
    """Score each label as each model tells it from the rest.

    Parameters
    ----------
    runs : sequence of ModelRun
        On the same folds.

    Returns
    -------
    LabelsAnalysis or None
        None of three classes or more, of which each image has one.
    """
    task = runs[0].images.task.name
    if task == "multiclass":
        return None
    return LabelsAnalysis(
        protocol=runs[0].splits[0].protocol,
        task=task,
        labels=tuple(entry for run in runs for entry in _labels(run)),
        **_largest_set(runs[0].images.target),
    )


def _largest_set(target: Target) -> dict[str, Any]:
    """Return the labels that most images have together, with the share of these images."""
    if target.labels.ndim == 1:
        return {}
    sets, counts = np.unique(target.labels > 0, axis=0, return_counts=True)
    place = counts.argmax()
    return {
        "largest_set": tuple(str(label) for label in target.classes[sets[place]]),
        "largest_set_share": float(counts[place] / len(target.labels)),
    }


def _labels(run: ModelRun) -> Iterator[LabelScores]:
    answers = [_by_label(run, truth, answer) for truth, answer in run.answers()]
    names = run.images.target.classes if run.images.target.labels.ndim > 1 else run.images.target.classes[-1:]
    frames = [scores_by_label(*parts, [str(name) for name in names]) for parts in answers]
    table = (
        pd.concat([frame.drop(columns="undefined") for frame in frames]).groupby("label", sort=False).mean()
    )
    reasons = dict(zip(frames[0]["label"], frames[0]["undefined"], strict=True))
    binary = run.images.task.name == "binary"
    for label, row in table.iterrows():
        found = {name: None if np.isnan(value) else float(value) for name, value in row.items()}
        yield LabelScores(
            model=run.name,
            label=str(label),
            n_positive=int(row["n_positive"]),
            prevalence=float(row["prevalence"]),
            **{
                name: found[name]
                for name in ("roc_auc", "average_precision", "f1", "sensitivity", "specificity")
            },
            undefined=reason if isinstance(reason := reasons[label], str) else None,  # pandas has NaN
            operating_point=_operating_point(run) if binary else None,
            curves=_curves(answers[0][0][:, 0], answers[0][2][:, 0]) if binary else None,
        )


def _by_label(run: ModelRun, truth: LabelArray, answer: Answer) -> tuple[BoolArray, BoolArray, Float64Array]:
    """Return what is true and what is said of each label: of two classes, of the positive one."""
    marks = answer.marks > 0
    if truth.ndim > 1:
        return truth > 0, marks, answer.scores
    positive = truth == run.images.target.classes[-1]
    return positive[:, None], marks[:, -1:], answer.scores[:, -1:]


def _operating_point(run: ModelRun) -> OperatingPoint | None:
    thresholds = [fit.threshold for fit in run.fits if fit.threshold is not None]
    if len(thresholds) < len(run.fits):
        return None
    tests = [part.test for splits in run.splits for part in splits.parts]
    rows = np.concatenate(tests)
    said = np.concatenate(
        [positive_scores(fit.answer) >= at for fit, at in zip(run.fits, thresholds, strict=True)]
    )
    truth: BoolArray = run.images.target.labels[rows] == run.images.target.classes[-1]
    units, unit = independent_units(rows, run.images.groups)

    def share(hits: BoolArray, among: BoolArray) -> MeanInterval | None:
        if not among.any():
            return None
        return within_share(clustered_mean(hits[among], units[among], unit))

    return OperatingPoint(
        thresholds=tuple(thresholds),
        sensitivity=share(said, truth),
        specificity=share(~said, ~truth),
        positive_predictive_value=share(truth, said),
        negative_predictive_value=share(~truth, ~said),
    )


def within_share(found: MeanInterval) -> MeanInterval:
    """Keep the interval of a share between 0 and 1; that of none or of all its units is exact.

    Where units do not vary there is no normal interval; of n units Clopper and Pearson's has its far end at
    ((1 - confidence) / 2) ** (1 / n) from the other side.

    Examples
    --------
    >>> every = MeanInterval(estimate=1.0, low=None, high=None, unit="subjects", n_units=30)
    >>> round(within_share(every).low, 3), within_share(every).high
    (0.884, 1.0)
    """
    if found.low is None or found.high is None:
        if found.estimate not in {0.0, 1.0}:
            return found
        far = ((1 - found.confidence) / 2) ** (1 / found.n_units)
        return found.revised(low=far, high=1.0) if found.estimate else found.revised(low=0.0, high=1 - far)
    # A normal interval may reach beyond.
    return found.revised(low=max(found.low, 0.0), high=min(found.high, 1.0))


def _curves(positive: BoolArray, scores: Float64Array) -> LabelCurves | None:
    """Return both curves; None where one of the classes is missing."""
    false, true, _ = threshold_sweep(positive, scores)
    if not 0 < true[-1] < len(positive):
        return None
    grid = np.linspace(0, 1, STEPS + 1)
    # Of several points at one rate the last is the highest.
    rates = np.append(0.0, false / false[-1])
    heights = np.append(0.0, true / true[-1])
    last = np.append(np.diff(rates) > 0, True)
    at = np.searchsorted(rates[last], grid + SAME_RATE, side="right") - 1
    recall, precision = true / true[-1], true / (true + false)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    there = np.searchsorted(recall, grid - SAME_RATE)
    return LabelCurves(
        false_positive_rate=_rounded(grid),
        true_positive_rate=_rounded(heights[last][at]),
        recall=_rounded(grid),
        precision=_rounded(best[there]),
    )


def _rounded(values: Float64Array) -> tuple[float, ...]:
    # Four decimals are a hundredth of what a plot can show, and keep the file small.
    return tuple(round(float(value), 4) for value in values)
