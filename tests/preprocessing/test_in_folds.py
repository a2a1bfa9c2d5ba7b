"""In a pipeline a sampler sees training rows, and nothing else."""

from typing import Any, ClassVar, Self

import pytest
from imblearn import FunctionSampler
from imblearn.pipeline import Pipeline
from sklearn.base import BaseEstimator, TransformerMixin

from skknn_syndrome import SyndromeKNNClassifier, cross_validate_study
from skknn_syndrome._typing import Float64Array, StringArray
from skknn_syndrome.preprocessing import make_resampler, make_scaler
from tests.preprocessing.conftest import Problem


class Witness(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Stands behind a sampler that passes on what it saw; notes how much of what follows was among it."""

    shares_seen: ClassVar[list[float]] = []

    def fit(self, rows: Float64Array, labels: StringArray) -> Self:  # noqa: ARG002
        self.seen_ = {row.tobytes() for row in rows}
        return self

    def fit_transform(self, rows: Float64Array, labels: StringArray) -> Float64Array:
        self.fit(rows, labels)
        return rows

    def transform(self, rows: Float64Array) -> Float64Array:
        self.shares_seen.append(sum(row.tobytes() in self.seen_ for row in rows) / len(rows))
        return rows


def test_a_sampler_never_sees_a_row_that_is_scored(problem: Problem) -> None:
    sampled: list[set[bytes]] = []

    def record(rows: Float64Array, labels: StringArray) -> tuple[Float64Array, StringArray]:
        sampled.append({row.tobytes() for row in rows})
        return rows, labels

    steps = [
        ("sample", FunctionSampler(func=record)),
        ("witness", Witness()),
        ("knn", SyndromeKNNClassifier()),
    ]
    study = cross_validate_study(
        problem.samples, problem.labels, estimator=Pipeline(steps), n_neighbors=[1, 3], cv=4
    )
    # Of each fold's test part the sampler had seen nothing. The training part may come a second time, whole,
    # to learn which image a neighbour is.
    assert Witness.shares_seen.count(0) >= 4
    assert set(Witness.shares_seen) <= {0, 1}
    # All rows were seen once, for the candidate that is fitted in the end.
    everything = {row.tobytes() for row in problem.samples}
    assert sampled.count(everything) == 1
    assert study.best_estimator["witness"].seen_ == everything


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
    # What the analyses make of a pipeline is the same for all of them: one of the fifteen goes through all.
    options: dict[str, Any] = {} if (scaler, resampler) == ("zscore", "mixup") else {"analyses": ()}
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        estimator=pipeline,
        n_neighbors=3,
        cv=3,
        metrics=("cosine",),
        **options,
    )
    assert study.best["cosine"].scores["accuracy"].n_defined == 3
