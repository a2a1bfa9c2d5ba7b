"""What all heads with calibrated probabilities share: scaling, inner folds, one temperature."""

import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import config_context
from sklearn.base import clone
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, ParameterGrid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from skknn_syndrome import cross_validate_study, heads
from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.crossval.search import FittedScores
from skknn_syndrome.heads.calibrated import CalibratedClassifier
from skknn_syndrome.heads.temperature import (
    fit_temperature,
    inner_folds,
    log_probabilities,
    out_of_fold_scores,
)
from tests.problems import Problem
from tests.refusing import refused

CHEAP: dict[str, dict[str, Any]] = {
    "centroid": {},
    "softmax_knn": {"T": 1.0},
    "logistic_regression": {},
    "linear_svc": {},
    "svc": {},
    "random_forest": {"n_estimators": 3},
    "lda": {},
    "nca_knn": {"n_components": 2, "max_iter": 2},
    "plda_knn": {},
    "calibrated_knn": {"n_neighbors": 5},
    "pool": {"estimators": [("lda", heads.CalibratedLDA()), ("centroid", heads.NearestCentroidClassifier())]},
}
NAMES = list(CHEAP)


def cheap(name: str, **params: Any) -> Any:
    return heads.get(name).estimator().set_params(**CHEAP[name], **params)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("name", NAMES)
def test_scikit_learn_contract(name: str) -> None:
    inner_cv = 2 if name in {"centroid", "softmax_knn", "lda"} else None
    check_estimator(cheap(name, inner_cv=inner_cv), on_skip=None)


def test_every_head_but_the_first_is_calibrated() -> None:
    assert heads.names()[: len(NAMES) + 1] == ("knn", *NAMES)
    assert all(isinstance(heads.get(name).estimator(), CalibratedClassifier) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_probabilities_sum_to_1_and_rank_as_scores_do(problem: Problem, name: str) -> None:
    model = cheap(name, inner_cv=2).fit(*problem)
    probabilities = model.predict_proba(problem.samples)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert model.temperature_source_ == "inner folds"
    best = model.decision_function(problem.samples).argmax(axis=1)
    assert model.predict(problem.samples).tolist() == model.classes_[best].tolist()
    assert (model.predict(problem.samples) == problem.labels).mean() > 0.6


STEPS = {"logistic_regression": 0.05, "linear_svc": 0.5}
"""How far scores may lie apart that a solver stepped to from another place, or with a wider tolerance."""


@pytest.mark.parametrize("name", [*NAMES, "best_pool"])
def test_a_grid_has_the_scores_of_fits_one_by_one(problem: Problem, name: str) -> None:
    head, train = heads.get(name), np.arange(90) % 3 > 0
    samples, labels, subjects = (part[train] for part in problem)
    few = {key: value for key, value in CHEAP.get(name, {}).items() if key not in head.grid}
    candidates = [few | params for params in ParameterGrid(dict(head.grid))]
    found = head.estimator().scores_of_grid(candidates, samples, labels, subjects, problem.samples[~train])
    for params, scores in zip(candidates, found, strict=True):
        model = head.estimator().set_params(**params).set_params(inner_cv=None)
        alone = model.fit(samples, labels, subjects).uncalibrated(problem.samples[~train])
        np.testing.assert_allclose(scores, alone, rtol=0, atol=STEPS.get(name, 1e-9))


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_rows_has_no_influence(problem: Problem, name: str) -> None:
    order = np.random.default_rng(0).permutation(90)
    one = cheap(name, inner_cv=2).fit(*problem)
    other = cheap(name, inner_cv=2).fit(*(part[order] for part in problem))
    np.testing.assert_array_equal(one.predict_proba(problem.samples), other.predict_proba(problem.samples))


@pytest.mark.parametrize("name", NAMES)
def test_of_two_classes_the_decision_is_by_how_much_the_second_is_higher(problem: Problem, name: str) -> None:
    rows = problem.labels != "c"
    model = cheap(name, inner_cv=None).fit(problem.samples[rows], problem.labels[rows])
    decision = model.decision_function(problem.samples)
    assert decision.shape == (90,)
    expected = 1 / (1 + np.exp(-decision))
    np.testing.assert_allclose(model.predict_proba(problem.samples)[:, 1], expected, atol=1e-12)


@pytest.mark.parametrize("name", sorted({*NAMES} - {"centroid"}))
def test_one_class_is_refused(name: str) -> None:
    with refused("one_class", "y"):
        cheap(name).fit(np.eye(4), ["a"] * 4)


def test_it_is_searched_within_a_pipeline_and_pickled(problem: Problem) -> None:
    pipeline = make_pipeline(StandardScaler(), cheap("lda", inner_cv=2))
    search = GridSearchCV(pipeline, {"calibratedlda__shrinkage": [0.1, 0.9]}, scoring="neg_log_loss", cv=2)
    model = search.fit(problem.samples, problem.labels).best_estimator_
    again = pickle.loads(pickle.dumps(clone(model).fit(problem.samples, problem.labels)))  # noqa: S301  our own
    np.testing.assert_array_equal(model.predict_proba(problem.samples), again.predict_proba(problem.samples))


def test_rows_are_centred_and_then_of_unit_norm(problem: Problem) -> None:
    centred = problem.samples - problem.samples.mean(axis=0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    ours = cheap("logistic_regression", inner_cv=None).fit(problem.samples, problem.labels)
    given_ready = cheap("logistic_regression", inner_cv=None, scaling=None).fit(unit, problem.labels)
    np.testing.assert_allclose(
        ours.predict_proba(problem.samples), given_ready.predict_proba(unit), atol=1e-12
    )


class Recorder(CalibratedClassifier):
    """Says of each fit and question which rows it saw; their first column is their number."""

    fits: list[tuple[set[int], set[int] | None]] = []  # noqa: RUF012  shared by clones
    asked: list[set[int]] = []  # noqa: RUF012

    def __init__(self, C: float = 1.0, *, scaling: Any = None, inner_cv: int | None = 5) -> None:
        self.C = C
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = 0

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        self.n_classes = len(np.unique(codes))
        groups = None if members is None else set(rows[:, 1].astype(int).tolist())
        Recorder.fits.append((set(rows[:, 0].astype(int).tolist()), groups))

    def _score(self, rows: Float64Array) -> Float64Array:
        Recorder.asked.append(set(rows[:, 0].astype(int).tolist()))
        return rows[:, :1] * np.arange(self.n_classes) % 7


@pytest.fixture(name="recorder")
def _recorder() -> type[Recorder]:
    Recorder.fits, Recorder.asked = [], []
    return Recorder


def numbered(n_rows: int = 60) -> tuple[Float64Array, IndexArray, IndexArray]:
    """Return rows whose columns are their number and their subject's, their classes, and subjects of 2."""
    numbers = np.arange(n_rows)
    return np.column_stack([numbers, numbers // 2]).astype(float), numbers // 2 % 3, numbers // 2


def test_no_inner_fit_sees_what_it_is_asked_of(recorder: type[Recorder]) -> None:
    samples, labels, subjects = numbered()
    recorder().fit(samples, labels, subjects)
    (whole, _), *inner = recorder.fits
    assert whole == set(range(60))
    assert len(inner) == len(recorder.asked) == 5
    for (fitted, groups), asked in zip(inner, recorder.asked, strict=True):
        assert fitted | asked == whole
        assert groups is not None
        assert not groups & {number // 2 for number in asked}
    assert sorted(number for asked in recorder.asked for number in asked) == sorted(whole)


def test_a_study_hands_on_the_subjects_of_the_training_part_alone(recorder: type[Recorder]) -> None:
    samples, labels, subjects = numbered()
    head = heads.Head("recorder", "recorder", recorder, {"C": [1.0, 2.0]}, frozenset({"probabilities"}))
    study = cross_validate_study(
        samples, labels.astype(str), groups=subjects, head=head, cv=3, analyses=["nested_cv"]
    )
    for fitted, groups in recorder.fits:
        assert groups == {number // 2 for number in fitted}
    everyone = set(range(60))
    parts = [everyone - set(test.tolist()) for _, test in study.search.cv]
    # Of a fit without its inner folds there is nothing smaller: two candidates, and predictions of the best.
    seen = [fitted for fitted, _ in recorder.fits]
    assert all(seen.count(part) >= 3 for part in parts)
    assert all(fitted == everyone or any(fitted <= part for part in parts) for fitted in outer_fits(seen))


@pytest.mark.parametrize("routing", [False, True])
def test_a_search_hands_them_on_however_metadata_is_routed(recorder: type[Recorder], routing: bool) -> None:  # noqa: FBT001
    samples, labels, subjects = numbered()
    split = np.arange(40), np.arange(40, 60)
    with config_context(enable_metadata_routing=routing):
        FittedScores(recorder(), samples, labels, groups=subjects).score_grid({"C": [1.0]}, [split])
    assert recorder.fits[0] == (set(range(40)), set(range(20)))


def outer_fits(seen: list[set[int]]) -> list[set[int]]:
    """Leave out the five inner fits of each refit on all rows."""
    refits = [place for place, fitted in enumerate(seen) if len(fitted) == 60]
    inner = {place + number for place in refits for number in range(1, 6)}
    return [fitted for place, fitted in enumerate(seen) if place not in inner]


@pytest.mark.parametrize("members", [None, np.arange(60) // 2])
def test_inner_folds_are_stratified_and_keep_subjects_together(members: IndexArray | None) -> None:
    codes = np.arange(60) // 20
    folds = inner_folds(codes, members, n_folds=5, random_state=0)
    assert len(folds) == 5
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(60))
    for train, test in folds:
        assert np.bincount(codes[test]).tolist() == [4, 4, 4]
        assert not set(train) & set(test)
        assert members is None or not set(members[train]) & set(members[test])


@pytest.mark.parametrize("fewest, expected", [(7, 5), (4, 4), (2, 2), (1, 0)])
def test_there_are_fewer_inner_folds_where_a_class_has_fewer_members(fewest: int, expected: int) -> None:
    codes = np.repeat([0, 1], [20, 3 * fewest])
    members = np.r_[np.arange(20), 20 + np.arange(3 * fewest) // 3]
    assert len(inner_folds(codes, members, n_folds=5, random_state=0)) == expected
    model = cheap("lda").fit(np.random.default_rng(0).normal(size=(len(codes), 3)), codes, members)
    assert model.temperature_source_ == ("inner folds" if expected else "none")
    assert expected or model.temperature_ == 1.0


def test_a_training_part_of_one_class_or_one_row_a_class_makes_no_fold() -> None:
    codes, members = np.array([0, 1, 1, 0, 0]), np.array([0, 0, 0, 1, 2])
    assert inner_folds(np.array([0, 1, 0, 1]), None, n_folds=2, random_state=0) == []
    assert inner_folds(codes, members, n_folds=2, random_state=0) == []


def test_classes_that_a_training_part_lacks_have_no_score() -> None:
    samples, codes = np.eye(4), np.array([0, 0, 1, 2])
    scores = out_of_fold_scores(
        cheap("centroid"), samples, codes, None, [(np.array([0, 2]), np.array([1, 3]))]
    )
    assert np.isfinite(scores).tolist() == [
        [False] * 3,
        [True, True, False],
        [False] * 3,
        [True, True, False],
    ]
    assert fit_temperature(scores, codes) > 0


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 100))
def test_the_temperature_has_the_least_log_loss_whatever_the_unit(seed: int, unit: float) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, size=60)
    scores = rng.normal(size=(60, 3)) + np.eye(3)[codes]
    best = fit_temperature(scores, codes)
    assert fit_temperature(unit * scores, codes) == pytest.approx(unit * best, rel=1e-3)
    losses = [log_loss(codes, np.exp(log_probabilities(scores, factor * best))) for factor in (0.9, 1.0, 1.1)]
    assert losses[1] == min(losses)


def test_scores_that_say_nothing_have_the_temperature_1() -> None:
    assert fit_temperature(np.zeros((4, 2)), np.array([0, 1, 0, 1])) == 1.0
    assert fit_temperature(np.full((4, 2), -np.inf), np.array([0, 1, 0, 1])) == 1.0
    assert fit_temperature(np.array([[1.7e308, -1.7e308]]), np.array([0])) == 1.0


def test_groups_have_to_be_as_many_as_rows(problem: Problem) -> None:
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        cheap("lda").fit(problem.samples, problem.labels, problem.subjects[:-1])
