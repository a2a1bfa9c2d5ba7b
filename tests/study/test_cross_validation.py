"""The study as a whole: scikit-learn's search in, a typed result out."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.metrics import f1_score, roc_auc_score, top_k_accuracy_score
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome.analyses.inflation.result import InflationAnalysis
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import cross_validate_study
from tests.builders import analysis_of
from tests.problems import Problem

SMALL: dict[str, Any] = {"n_neighbors": [3, 5, 7], "cv": 3, "analyses": ()}


def test_every_candidate_has_every_score_of_every_fold(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, **SMALL)
    frame = study.to_frame()
    assert len(frame) == 2 * 3 * 3 * len(SCORE_NAMES)
    assert set(frame["metric"]) == {"euclidean", "cosine"}
    assert set(frame["score"]) == set(SCORE_NAMES)
    assert set(frame["protocol"]) == {"image"}
    assert study.provenance.random_state == 42


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_scores_are_scikit_learns_own_on_the_same_folds(problem: Problem, metric: str) -> None:
    study = cross_validate_study(problem.samples, problem.labels, groups=problem.subjects, **SMALL)
    folds = StratifiedGroupKFold(3, shuffle=True, random_state=42)
    best = study.best[metric]
    for split, (train, test) in enumerate(folds.split(problem.samples, problem.labels, problem.subjects)):
        model = KNeighborsClassifier(best.n_neighbors, metric=metric, weights="distance", algorithm="brute")
        model.fit(problem.samples[train], problem.labels[train])
        proba, truth = model.predict_proba(problem.samples[test]), problem.labels[test]
        for name, value in {
            "roc_auc_ovr": roc_auc_score(truth, proba, multi_class="ovr"),
            "f1_macro": f1_score(truth, model.predict(problem.samples[test]), average="macro"),
            "top_1_accuracy": top_k_accuracy_score(truth, proba, k=1),
        }.items():
            assert best.scores[name].values[split] == pytest.approx(value, abs=1e-9), name


def test_the_search_is_a_fitted_grid_search_that_agrees_with_the_result(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, refit="f1_macro", **SMALL)
    assert isinstance(study.search, GridSearchCV)
    assert study.search.best_params_["n_neighbors"] == study.primary.winner.n_neighbors
    assert study.search.best_score_ == pytest.approx(study.primary.winner.scores["f1_macro"].mean)
    assert study.best_estimator.predict(problem.samples[:4]).shape == (4,)


def test_json_brings_back_the_same_study_without_the_fitted_search(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, **SMALL)
    loaded = StudyResult.model_validate_json(study.model_dump_json())
    assert loaded == study
    assert loaded.search is None


def test_groups_make_the_subject_protocol(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, groups=problem.subjects, **SMALL)
    assert [run.protocol for run in study.protocols] == ["subject"]
    assert study.dataset.n_subjects == 45
    assert study.checks["no_subjects"].outcome == "passed"


def test_without_groups_the_result_says_that_people_may_be_on_both_sides(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, **SMALL)
    assert study.checks["no_subjects"].outcome == "issue"
    assert study.notices[0].code == "no_subjects"


def test_both_protocols_show_what_alike_images_of_a_subject_are_worth(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, groups=problem.subjects, protocols=("subject", "image"), **SMALL
    )
    assert [run.protocol for run in study.protocols] == ["subject", "image"]
    inflation = {
        (entry.metric, entry.score): entry.inflation
        for entry in analysis_of(study, InflationAnalysis).differences
    }
    # Each image has a near twin of its own class: with the twin in the training part, it is found.
    assert inflation["euclidean", "accuracy"] is not None
    assert inflation["euclidean", "accuracy"] > 0.1


def test_a_pipeline_is_fitted_inside_the_folds(problem: Problem) -> None:
    pipeline = make_pipeline(StandardScaler(), SyndromeKNNClassifier())
    study = cross_validate_study(
        problem.samples, problem.labels, estimator=pipeline, metrics=["euclidean"], **SMALL
    )
    train, test = next(
        StratifiedKFold(3, shuffle=True, random_state=42).split(problem.samples, problem.labels)
    )
    reference = make_pipeline(
        StandardScaler(), KNeighborsClassifier(3, weights="distance", algorithm="brute")
    )
    reference.fit(problem.samples[train], problem.labels[train])
    expected = reference.score(problem.samples[test], problem.labels[test])
    assert study.primary.candidates[0].scores["accuracy"].values[0] == pytest.approx(expected)


def test_a_data_frame_keeps_its_column_names(problem: Problem) -> None:
    frame = pd.DataFrame(problem.samples, columns=[f"e{number}" for number in range(6)])
    study = cross_validate_study(
        frame, pd.Series(problem.labels), groups=pd.Series(problem.subjects), **SMALL
    )
    assert study.best_estimator.feature_names_in_.tolist() == list(frame)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("routing", [False, True])
@pytest.mark.parametrize("piped", [False, True])
def test_metadata_routing_changes_nothing(problem: Problem, *, routing: bool, piped: bool) -> None:
    estimator = make_pipeline(StandardScaler(), SyndromeKNNClassifier()) if piped else None
    arguments = {"estimator": estimator, "groups": problem.subjects, **SMALL}
    expected = cross_validate_study(problem.samples, problem.labels, **arguments)
    with sklearn.config_context(enable_metadata_routing=routing):
        study = cross_validate_study(problem.samples, problem.labels, **arguments)
    assert study.protocols == expected.protocols


def test_processes_change_nothing(problem: Problem) -> None:
    alone = cross_validate_study(problem.samples, problem.labels, **SMALL)
    together = cross_validate_study(problem.samples, problem.labels, n_jobs=2, **SMALL)
    assert together.protocols == alone.protocols


def test_a_fold_without_a_class_is_scored_and_says_so(problem: Problem) -> None:
    rare = np.where(np.arange(90) == 60, "d", problem.labels)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        study = cross_validate_study(problem.samples, rare, **SMALL)
    assert {"too_few_members", "class_missing_from_test", "class_missing_from_train"} <= {
        check.name for check in study.checks.issues
    }
    assert study.best["cosine"].scores["roc_auc_ovr"].n_defined == 3


def test_a_fold_of_one_class_has_no_auc_and_says_why(problem: Problem) -> None:
    rows = np.arange(90)
    one_class = (rows[10:], rows[:10])
    mixed = (rows[rows % 3 > 0], rows[rows % 3 == 0])
    study = cross_validate_study(problem.samples, problem.labels, n_neighbors=[3], cv=[one_class, mixed])
    auc = study.best["cosine"].scores["roc_auc_ovr"]
    assert auc.values[0] is None
    assert auc.mean == auc.values[1]
    assert "images of others in the test part" in auc.undefined[0].reason
    assert study.checks["undefined_scores"].outcome == "issue"
    assert study.checks["undefined_scores"].figures["image.roc_auc_ovr.n_undefined"] == 1


def test_a_callable_weight_is_named_after_its_function(problem: Problem) -> None:
    def inverse_square(distances: np.ndarray) -> np.ndarray:
        return 1 / (distances**2 + 1e-9)

    study = cross_validate_study(
        problem.samples, problem.labels, weights=["uniform", inverse_square], **SMALL
    )
    assert {candidate.weights for candidate in study.primary.candidates} == {"uniform", "inverse_square"}


def test_labels_may_be_integers(problem: Problem) -> None:
    numbers = np.unique(problem.labels, return_inverse=True)[1]
    study = cross_validate_study(problem.samples, numbers, **SMALL)
    assert [entry.syndrome for entry in study.dataset.syndromes] == ["0", "1", "2"]
    assert set(study.best_estimator.classes_) == {0, 1, 2}


def test_callbacks_reach_the_search(problem: Problem) -> None:
    class Counter:
        """Counts the fits of a search."""

        n_fits = 0

        def setup(self, estimator: object, context: object) -> None: ...

        def teardown(self, estimator: object, context: object) -> None: ...

        def on_fit_task_begin(self, estimator: object, context: object) -> None: ...

        def on_fit_task_end(self, estimator: object, context: object) -> None:  # noqa: ARG002
            Counter.n_fits += 1

    cross_validate_study(problem.samples, problem.labels, callbacks=[Counter()], **SMALL)
    assert Counter.n_fits >= 2 * 3 * 3


@pytest.mark.parametrize(
    "settings, sentence",
    [
        ({"refit": "beauty"}, "refit='beauty' is no score of this study"),
        ({"refit": "f1_marco"}, "did you mean f1_macro"),
        ({"refit_rule": "one_standard_eror"}, "did you mean one_standard_error"),
        ({"protocols": ["subject"]}, "The subject protocol needs groups"),
        ({"protocols": ["image", "image"]}, "must name 'subject', 'image' or both, each once"),
        ({"protocols": []}, "must name 'subject', 'image' or both"),
        ({"estimator": KNeighborsClassifier()}, "a study takes a SyndromeKNNClassifier"),
    ],
)
def test_a_setting_that_does_not_fit_is_said_in_a_sentence(
    problem: Problem, settings: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(StudySettingsError, match=sentence):
        cross_validate_study(problem.samples, problem.labels, **{**SMALL, **settings})


def test_two_protocols_need_folds_of_their_own(problem: Problem) -> None:
    with pytest.raises(StudySettingsError, match="give cv as a number"):
        cross_validate_study(
            problem.samples,
            problem.labels,
            groups=problem.subjects,
            protocols=["subject", "image"],
            cv=StratifiedKFold(3),
        )


def test_one_class_is_no_problem_to_study(problem: Problem) -> None:
    with pytest.raises(StudySettingsError, match="at least two classes"):
        cross_validate_study(problem.samples, ["a"] * 90)


def test_precomputed_distances_are_cut_by_rows_and_columns(problem: Problem) -> None:
    distances = np.linalg.norm(problem.samples[:, None] - problem.samples, axis=2)
    study = cross_validate_study(distances, problem.labels, metrics="precomputed", **SMALL)
    direct = cross_validate_study(problem.samples, problem.labels, metrics="euclidean", **SMALL)
    assert study.best["precomputed"].scores["f1_macro"] == direct.best["euclidean"].scores["f1_macro"]
    assert (
        analysis_of(study, PerClassAnalysis).evaluations[0].confusion
        == analysis_of(direct, PerClassAnalysis).evaluations[0].confusion
    )


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_more_neighbours_than_images_are_a_tip_and_no_storm_of_warnings(problem: Problem) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        study = cross_validate_study(problem.samples, problem.labels, n_neighbors=[5, 100], cv=3)
    assert study.checks["more_neighbors_than_images"].outcome == "tip"


def test_lengths_have_to_agree(problem: Problem) -> None:
    with pytest.raises(ValueError, match="y has 89 entries for 90 images"):
        cross_validate_study(problem.samples, problem.labels[:-1])
