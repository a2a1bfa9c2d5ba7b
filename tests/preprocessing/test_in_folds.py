"""Preprocessing within folds: samplers, scalers and their names."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np
import pytest
from imblearn import FunctionSampler
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from imblearn.utils.estimator_checks import check_param_validation, estimator_checks_generator
from scipy.sparse import csc_array, csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin, clone

from skknn_syndrome import SyndromeKNNClassifier, cross_validate_study
from skknn_syndrome._typing import Estimator, Float64Array, StringArray
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import (
    CentroidBalancer,
    GaussianNoiseOverSampler,
    MixupOverSampler,
    make_resampler,
    make_scaler,
)
from tests.preprocessing.conftest import Problem
from tests.refusing import refused


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


VARIANTS = [
    CentroidBalancer(),
    CentroidBalancer(sampling_strategy="auto", outlier_quantile=0.8, keep_quantile=0.5, max_factor=1),
    GaussianNoiseOverSampler(random_state=0),
    GaussianNoiseOverSampler(random_state=0, sigma=0),
    MixupOverSampler(random_state=0),
    MixupOverSampler(random_state=0, alpha=0.2),
]


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("sampler", VARIANTS)
def test_imbalanced_learn_contract(sampler: Estimator) -> None:
    for estimator, check in estimator_checks_generator(sampler):
        check(estimator)


@pytest.mark.parametrize("sampler", VARIANTS)
def test_parameters_are_checked_as_imbalanced_learn_checks_its_own(sampler: Estimator) -> None:
    check_param_validation(type(sampler).__name__, sampler)


@pytest.mark.parametrize("sampler", VARIANTS)
def test_a_seed_gives_the_same_rows_again(sampler: Estimator, problem: Problem) -> None:
    first, second = (clone(sampler).fit_resample(*problem)[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("sampler", VARIANTS)
@pytest.mark.parametrize("kind", [csc_array, csr_matrix])
def test_sparse_rows_come_back_in_their_own_format(
    sampler: Estimator, kind: Callable[[Any], Any], problem: Problem
) -> None:
    dense, _ = clone(sampler).fit_resample(*problem)
    sparse, _ = clone(sampler).fit_resample(kind(problem.samples), problem.labels)
    assert type(sparse) is kind
    np.testing.assert_array_equal(sparse.toarray(), dense)


@pytest.mark.parametrize("sampler", VARIANTS)
def test_nothing_that_was_given_is_changed(sampler: Estimator, problem: Problem) -> None:
    samples, labels = problem.samples.copy(), problem.labels.copy()
    samples.flags.writeable = labels.flags.writeable = False
    clone(sampler).fit_resample(samples, labels)
    np.testing.assert_array_equal(samples, problem.samples)


ROWS = [[3.0, 4.0], [0.0, 2.0]]


def test_l2_divides_each_row_by_its_length() -> None:
    np.testing.assert_allclose(make_scaler("l2").fit_transform(ROWS), [[0.6, 0.8], [0.0, 1.0]])


def test_zscore_learns_mean_and_spread_of_the_rows_it_is_fitted_on() -> None:
    # Means 1.5 and 3, population standard deviations 1.5 and 1.
    scaler = make_scaler("zscore").fit(ROWS)
    np.testing.assert_allclose(scaler.transform([[3.0, 3.0]]), [[1, 0]])


def test_a_scaler_named_none_is_a_step_that_does_nothing() -> None:
    assert make_scaler("none") == "passthrough"


def test_an_unknown_scaler_is_refused() -> None:
    with refused("unknown_scaler", "name", error=StudySettingsError):
        make_scaler("l1")


@pytest.mark.parametrize(
    "name, kind",
    [
        ("balanced", CentroidBalancer),
        ("smote", SMOTE),
        ("noise", GaussianNoiseOverSampler),
        ("mixup", MixupOverSampler),
    ],
)
def test_a_name_stands_for_a_sampler(name: str, kind: type) -> None:
    assert type(make_resampler(name)) is kind


@pytest.mark.parametrize("name", ["smote", "noise", "mixup"])
def test_those_that_draw_take_the_seed(name: str) -> None:
    assert make_resampler(name, random_state=7).random_state == 7


def test_a_sampler_named_none_is_a_step_that_does_nothing() -> None:
    assert make_resampler("none") == "passthrough"


def test_an_unknown_sampler_is_refused() -> None:
    with pytest.raises(
        StudySettingsError, match="There is no resampler 'rose': take none, balanced, smote"
    ) as caught:
        make_resampler("rose")
    assert (caught.value.code, caught.value.parameter) == ("unknown_resampler", "name")
