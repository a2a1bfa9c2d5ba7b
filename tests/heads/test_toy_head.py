"""A head that the package does not know: registered in a test, studied like any other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from skknn_syndrome import cross_validate_study, heads
from skknn_syndrome.analyses.baselines.result import BaselineComparison
from skknn_syndrome.analyses.calibration.result import CalibrationAnalysis
from skknn_syndrome.analyses.chance.result import ChanceAnalysis
from skknn_syndrome.analyses.embedding_space.result import EmbeddingSpaceAnalysis
from skknn_syndrome.analyses.inflation.result import InflationAnalysis
from skknn_syndrome.analyses.nested_cv.result import NestedAnalysis
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.analyses.subject_level.result import SubjectLevelAnalysis
from skknn_syndrome.analyses.uncertainty.result import UncertaintyAnalysis
from skknn_syndrome.crossval.out_of_fold_file import write_records
from skknn_syndrome.crossval.settings import _choices
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads import Head
from skknn_syndrome.heads.base import Gives
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study.analysing import unserved_analyses
from tests.builders import analysis_of
from tests.problems import Problem
from tests.refusing import refused

TOY = Head(
    name="toy",
    title="Gaussian naive Bayes",
    estimator=GaussianNB,
    grid={"var_smoothing": [1e-9, np.float64(1e-2), 1]},
    gives=frozenset({"probabilities"}),
)

SMALL: dict[str, Any] = {"cv": 3, "refit": "f1_macro"}


@pytest.fixture(autouse=True)
def _toy() -> Iterator[None]:
    heads.register(TOY)
    yield
    heads.unregister("toy")


@pytest.fixture(scope="module", name="study")
def _study(problem: Problem) -> StudyResult:
    return cross_validate_study(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        head=TOY,
        n_repeats=2,
        protocols=["subject", "image"],
        **SMALL,
    )


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_candidates_are_named_by_head_and_parameters(study: StudyResult) -> None:
    assert [candidate.head for candidate in study.primary.candidates] == ["toy"] * 3
    assert [dict(candidate.params) for candidate in study.primary.candidates] == [
        {"var_smoothing": 1e-9},
        {"var_smoothing": 1e-2},
        {"var_smoothing": 1.0},
    ]
    assert list(study.best) == ["toy"]
    assert study.best["toy"].n_neighbors is None


def test_scores_are_those_of_a_plain_search(problem: Problem, study: StudyResult) -> None:
    plain = GridSearchCV(
        GaussianNB(), {"var_smoothing": [1e-9, 1e-2, 1.0]}, scoring="f1_macro", cv=study.search.cv
    ).fit(problem.samples, problem.labels)
    found = [candidate.scores["f1_macro"].mean for candidate in study.primary.candidates]
    assert found == pytest.approx(plain.cv_results_["mean_test_score"].tolist(), abs=1e-12)
    assert study.search.best_params_ == plain.best_params_
    np.testing.assert_array_equal(study.search.predict(problem.samples), plain.predict(problem.samples))


def test_predictions_are_out_of_fold(problem: Problem, study: StudyResult) -> None:
    model = GaussianNB(**study.search.best_params_)
    expected = cross_val_predict(
        model, problem.samples, problem.labels, cv=study.search.cv, method="predict_proba"
    )
    record = study.records[0]
    np.testing.assert_array_equal(record.probabilities, expected[record.rows])
    assert record.neighbors is None
    assert "GaussianNB" in record.neighbors_unknown


def test_all_analyses_that_do_without_neighbours_are_there(study: StudyResult) -> None:
    assert len(analysis_of(study, PerClassAnalysis).evaluations) == 1
    assert len(analysis_of(study, UncertaintyAnalysis).pooled) == 1
    assert len(analysis_of(study, SubjectLevelAnalysis).subject_levels) == 1
    assert len(analysis_of(study, CalibrationAnalysis).calibrations) == 1
    assert study.repeats is not None
    assert study.repeats.seeds == (42, 43)
    assert {choice.head for choice in analysis_of(study, NestedAnalysis).nested.choices} == {"toy"}
    found = study.find(BaselineComparison)
    assert found is not None
    assert {entry.head for entry in found.baselines} >= {"majority", "nearest_centroid", "lda"}
    assert len(found.alternatives) == len(found.baselines)
    assert {entry.head for entry in analysis_of(study, InflationAnalysis).differences} == {"toy"}
    assert analysis_of(study, InflationAnalysis).protocol_inflations


def test_others_are_left_out_with_the_reason(study: StudyResult) -> None:
    left_out = study.checks["analysis_left_out"].figures
    assert set(left_out) == {"leakage", "larger_k", "chance", "embedding_space"}
    assert all("needs neighbours" in str(reason) for reason in left_out.values())
    assert study.find(ChanceAnalysis) is None
    assert study.find(EmbeddingSpaceAnalysis) is None


def test_it_goes_to_json_and_back(study: StudyResult, tmp_path: Path) -> None:
    assert StudyResult.model_validate_json(study.model_dump_json()) == study
    write_records(study.records, tmp_path / "out_of_fold.parquet", data_sha256="0" * 64)
    frame = study.to_frame()
    assert set(frame["head"]) == {"toy"}
    assert set(frame["var_smoothing"]) == {1e-9, 1e-2, 1.0}


def test_without_a_number_of_repeats_each_would_be_fitted_anew(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, head="toy", analyses=["repeats", "uncertainty"], **SMALL
    )
    assert study.repeats is None
    assert analysis_of(study, UncertaintyAnalysis).pooled[0].unit == "images"
    assert "n_repeats=10" in str(study.checks["analysis_left_out"].figures["repeats"])


def test_the_estimator_says_which_head_is_meant(problem: Problem) -> None:
    pipeline = make_pipeline(StandardScaler(), GaussianNB(priors=[0.2, 0.3, 0.5]))
    single: Any = {"var_smoothing": 0.5}
    study = cross_validate_study(
        problem.samples, problem.labels, estimator=pipeline, grid=single, analyses=(), **SMALL
    )
    assert [dict(candidate.params) for candidate in study.primary.candidates] == [{"var_smoothing": 0.5}]
    assert study.search.best_params_ == {"gaussiannb__var_smoothing": 0.5}
    assert study.best_estimator[-1].priors == [0.2, 0.3, 0.5]


MARGIN = Head(
    name="margin",
    title="support vector machine",
    estimator=lambda: SVC(kernel="poly", C=0.1),
    grid={"degree": (2, 3), "shrinking": (True,), "gamma": ("scale",)},
    gives=frozenset({"decision"}),
)


def test_labels_of_a_head_without_probabilities_are_those_that_it_predicts(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        head=MARGIN,
        analyses=["uncertainty", "calibration", "subject_level"],
        **SMALL,
    )
    run, record = study.primary, study.records[0]
    best = SVC(kernel="poly", C=0.1, **study.search.best_params_)
    expected = cross_val_predict(best, problem.samples, problem.labels, cv=study.search.cv)
    predicted = record.classes[record.predicted]
    np.testing.assert_array_equal(predicted, expected[record.rows])
    folds = [
        f1_score(problem.labels[test], expected[test], average="macro", zero_division=0)
        for _, test in study.search.cv
    ]
    assert list(run.winner.scores["f1_macro"].values) == pytest.approx(folds)
    assert dict(run.winner.params)["shrinking"] is True
    # Those of a fold become places: values of several fits have no common scale.
    assert record.kind == "decision"
    assert (record.probabilities.min() > 0, record.probabilities.max()) == (True, 1)
    assert {"calibration", "subject_level"} <= set(study.checks["analysis_left_out"].figures)


def test_each_distance_of_the_centroid_head_has_a_best_candidate(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, head="centroid", analyses=["uncertainty"], **SMALL
    )
    assert (study.records[0].kind, study.records[0].said) == ("probabilities", None)
    assert list(study.best) == ["euclidean", "cosine"]
    assert {dict(best.params)["metric"] for best in study.best.values()} == {"euclidean", "cosine"}
    assert len(analysis_of(study, UncertaintyAnalysis).pooled) == 2
    assert analysis_of(study, UncertaintyAnalysis).difference is not None


def test_the_baseline_that_the_head_is_is_left_out(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        head="centroid",
        n_repeats=1,
        analyses=["baselines"],
        **SMALL,
    )
    found, note = study.find(BaselineComparison), study.provenance.head
    assert found is not None
    for entries in (found.baselines, found.alternatives):
        assert {entry.head for entry in entries} == {"majority", "prior", "nearest_image", "lda"}
    assert {entry.n_splits for entry in found.alternatives} == {1}
    assert note is not None
    assert (note.title, note.gives) == ("nearest class centroid", ("decision", "probabilities"))


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_the_centroid_head_predicts_as_the_baseline_does(problem: Problem) -> None:
    options = SMALL | {"groups": problem.subjects}
    study = cross_validate_study(problem.samples, problem.labels, head="centroid", analyses=(), **options)
    other = cross_validate_study(
        problem.samples, problem.labels, n_neighbors=3, analyses=["baselines"], **options
    )
    baselines = [entry for entry in other.analyses.gathered("baselines") if entry.head == "nearest_centroid"]
    for baseline in baselines:
        # Ranks of the baseline are by distance, those of the head by probability: labels are the same.
        for name in ("accuracy", "f1_macro", "top_1_accuracy", "balanced_accuracy"):
            score = study.best[baseline.metric].scores[name]
            assert score.values == pytest.approx(baseline.scores[name].values, abs=1e-12), name


@pytest.mark.parametrize(
    "options, code, parameter",
    [
        ({"head": "svm"}, "unknown_head", "head"),
        ({"head": "toy", "estimator": SVC()}, "head_and_estimator", "estimator"),
        ({"estimator": SVC()}, "not_knn", "estimator"),
    ],
)
def test_what_is_no_head_or_of_another_one_is_refused(
    problem: Problem, options: dict[str, Any], code: str, parameter: str
) -> None:
    with refused(code, parameter):
        cross_validate_study(problem.samples, problem.labels, **SMALL | options)


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"head": "toy", "n_neighbors": [3]}, "n_neighbors is a setting of k nearest neighbours"),
        ({"head": "toy", "grid": {"C": [1.0]}}, "names 'C', which is no parameter of GaussianNB"),
        ({"head": "toy", "grid": {"var_smoothing": []}}, "no value for var_smoothing"),
        ({"head": "toy", "refit_rule": "one_standard_error"}, "takes the largest k"),
        ({"head": "knn", "grid": {"temperature": [1.0]}}, "names 'temperature'"),
    ],
)
def test_what_does_not_fit_a_head_is_said_in_a_sentence(
    problem: Problem, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(StudySettingsError, match=sentence):
        cross_validate_study(problem.samples, problem.labels, **SMALL | options)


def test_several_labels_an_image_are_refused_by_head_and_study(problem: Problem) -> None:
    several = np.column_stack([problem.labels == label for label in "abc"])
    with pytest.raises(StudySettingsError, match="the head 'centroid' takes binary and multiclass ones"):
        cross_validate_study(problem.samples, several, head="centroid", **SMALL)
    willing = Head("any", "any", GaussianNB, {}, frozenset(), tasks=frozenset({"multilabel"}))
    with refused("labels_of_another_kind", "y"):
        cross_validate_study(problem.samples, several, head=willing, **SMALL)


def test_the_grid_of_neighbours_may_come_as_a_grid(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, grid={"metric": ["cosine"], "n_neighbors": [3, 1]}, cv=3, analyses=()
    )
    assert [candidate.n_neighbors for candidate in study.primary.candidates] == [1, 3]
    assert list(study.best) == ["cosine"]


def test_a_head_may_answer_for_the_whole_grid_at_once(problem: Problem) -> None:
    asked: list[str] = []

    class Halves:
        def score_grid(self, grid: Any, splits: Any) -> Any:
            asked.append("scores")
            return {
                name: np.full((len(grid["var_smoothing"]), len(splits)), 0.5)
                for name in study.primary.candidates[0].scores
            }

    def answer(*_: Any, **__: Any) -> Any:
        return Halves()

    def decline(*_: Any, **__: Any) -> Any:
        return None

    options = SMALL | {"analyses": ()}
    study = cross_validate_study(problem.samples, problem.labels, head="toy", **options)
    quick = Head("quick", "quick", GaussianNB, TOY.grid, TOY.gives, answers=answer)
    told = cross_validate_study(problem.samples, problem.labels, head=quick, **options)
    assert asked == ["scores"]
    assert {candidate.scores["accuracy"].mean for candidate in told.primary.candidates} == {0.5}
    slow = Head("slow", "slow", GaussianNB, TOY.grid, TOY.gives, answers=decline)
    fitted = cross_validate_study(problem.samples, problem.labels, head=slow, **options)
    assert [one.all_scores for one in fitted.primary.candidates] == [
        one.all_scores for one in study.primary.candidates
    ]


def test_values_of_a_grid_differ_by_type_and_arrays_by_themselves(problem: Problem) -> None:
    priors = [np.full(3, 1 / 3), np.array([0.8, 0.1, 0.1])]
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        head="toy",
        grid={"priors": [None, *priors, priors[0]], "var_smoothing": [1, 1.0, np.float64(1), 1]},
        analyses=(),
        **SMALL,
    )
    assert len(study.primary.candidates) == 3 * 2
    assert len({candidate.params for candidate in study.primary.candidates}) == 3 * 2


def test_tuples_of_a_grid_are_compared_part_by_part() -> None:
    assert _choices("layers", [(5,), (5,), (5.0,), (5, 2)]) == [(5,), (5.0,), (5, 2)]


def test_a_pipeline_may_be_what_a_head_makes(problem: Problem) -> None:
    scaled = Head(
        "scaled",
        "scaled",
        lambda: make_pipeline(StandardScaler(), GaussianNB()),
        {"var_smoothing": [1e-9, 1e-2]},
        frozenset({"probabilities"}),
    )
    options = SMALL | {"analyses": ()}
    alone, beside = (
        cross_validate_study(problem.samples, problem.labels, head=scaled, estimator=estimator, **options)
        for estimator in (None, scaled.estimator())
    )
    assert alone.primary.candidates == beside.primary.candidates
    assert [dict(candidate.params) for candidate in alone.primary.candidates] == [
        {"var_smoothing": 1e-9},
        {"var_smoothing": 1e-2},
    ]


def test_what_a_head_claims_and_does_not_give_is_left_out(problem: Problem) -> None:
    # What a function returns is not asked before it is called.
    gives: frozenset[Gives] = frozenset({"probabilities", "decision"})
    boaster = Head("boaster", "linear SVC", lambda: LinearSVC(dual=True), {"C": [0.1]}, gives)
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        head=boaster,
        analyses=["calibration", "subject_level"],
        **SMALL,
    )
    left_out = unserved_analyses(boaster, ["calibration", "subject_level", "nested_cv"], ["decision"])
    assert set(left_out) == {"calibration", "subject_level"}
    assert study.find(CalibrationAnalysis) is None
    assert study.find(SubjectLevelAnalysis) is None
    assert unserved_analyses(boaster, ["calibration"], ["probabilities"]) == {}
