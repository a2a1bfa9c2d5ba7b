"""In a pipeline a sampler sees training rows, and nothing else."""

import numpy as np
import pytest
from imblearn import FunctionSampler
from imblearn.pipeline import Pipeline

from skknn_syndrome import SyndromeKNNClassifier, cross_validate_study
from skknn_syndrome._typing import Float64Array, StringArray
from skknn_syndrome.preprocessing import make_resampler, make_scaler
from tests.preprocessing.resampling.conftest import Problem


def test_a_sampler_never_sees_a_test_row(problem: Problem) -> None:
    seen: list[Float64Array] = []

    def record(rows: Float64Array, labels: StringArray) -> tuple[Float64Array, StringArray]:
        seen.append(rows)
        return rows, labels

    pipeline = Pipeline([("record", FunctionSampler(func=record)), ("knn", SyndromeKNNClassifier())])
    rows = np.arange(77)
    folds = [(np.setdiff1d(rows, test), test) for test in np.array_split(rows, 4)]
    cross_validate_study(problem.samples, problem.labels, estimator=pipeline, n_neighbors=[1, 3], cv=folds)
    trained_on = {problem.samples[train].tobytes() for train, _ in folds}
    everything = problem.samples.tobytes()
    assert {part.tobytes() for part in seen} == trained_on | {everything}
    # On all rows the best candidate is fitted in the end, once, and nothing is scored by it.
    assert [part.tobytes() for part in seen].count(everything) == 1


@pytest.mark.parametrize("scaler", ["none", "l2", "zscore"])
@pytest.mark.parametrize("resampler", ["none", "balanced", "smote", "noise", "mixup"])
def test_every_scaler_and_resampler_goes_through_a_study(
    scaler: str, resampler: str, problem: Problem
) -> None:
    pipeline = Pipeline(
        [
            ("scale", make_scaler(scaler)),
            ("resample", make_resampler(resampler, random_state=0)),
            ("knn", SyndromeKNNClassifier()),
        ]
    )
    study = cross_validate_study(
        problem.samples, problem.labels, estimator=pipeline, n_neighbors=3, cv=3, metrics=("cosine",)
    )
    assert study.best["cosine"].scores["accuracy"].n_defined == 3
