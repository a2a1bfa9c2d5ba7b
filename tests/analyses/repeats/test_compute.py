"""The same grid on other splits of the same images."""

from typing import Any

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.results.repeats import Repeats
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import cross_validate_study
from tests.problems import Problem

SMALL: dict[str, Any] = {"n_neighbors": [3, 5, 7], "cv": 3, "analyses": ["repeats"]}


@pytest.fixture(scope="module", name="study")
def _study(problem: Problem) -> StudyResult:
    return cross_validate_study(
        problem.samples, problem.labels, groups=problem.subjects, n_repeats=4, **SMALL
    )


@pytest.fixture(scope="module", name="repeats")
def _repeats(study: StudyResult) -> Repeats:
    assert study.repeats is not None
    return study.repeats


def test_the_first_repeat_is_the_study_itself(study: StudyResult, repeats: Repeats) -> None:
    assert repeats.seeds == (42, 43, 44, 45)
    for metric, candidate in zip(study.best, repeats.candidates, strict=True):
        for score in candidate.all_scores:
            own = study.best[metric].scores[score.name]
            assert score.values[:3] == pytest.approx(own.values, abs=1e-12)
            assert candidate.means[score.name][0] == pytest.approx(own.mean)
            assert len(score.values) == repeats.n_folds * 4


def test_every_other_repeat_is_a_study_with_that_seed(problem: Problem, repeats: Repeats) -> None:
    other = cross_validate_study(
        problem.samples, problem.labels, groups=problem.subjects, random_state=44, **SMALL | {"analyses": ()}
    )
    candidate = repeats.candidates[1]
    (same,) = (
        entry
        for entry in other.primary.candidates
        if (entry.metric, entry.n_neighbors) == (candidate.metric, candidate.n_neighbors)
    )
    assert candidate.means["f1_macro"][2] == pytest.approx(same.scores["f1_macro"].mean)


def test_selections_count_who_was_best(problem: Problem, repeats: Repeats) -> None:
    counts = dict.fromkeys(("euclidean", "cosine"), 0)
    for entry in repeats.selections:
        counts[entry.metric] += entry.n_repeats
    assert counts == {"euclidean": 4, "cosine": 4}
    most = repeats.selections[0]
    others = [
        cross_validate_study(
            problem.samples,
            problem.labels,
            groups=problem.subjects,
            random_state=seed,
            **SMALL | {"analyses": ()},
        )
        .best[most.metric]
        .n_neighbors
        for seed in repeats.seeds
    ]
    assert others.count(most.n_neighbors) == most.n_repeats


def test_the_test_of_the_distances_is_over_all_folds(repeats: Repeats) -> None:
    by_name = {entry.score: entry for entry in repeats.comparisons}
    found = by_name["f1_macro"]
    assert found.n_folds == 12
    by_metric = {
        entry.metric: {score.name: score for score in entry.all_scores} for entry in repeats.candidates
    }
    values = [np.array(by_metric[metric]["f1_macro"].values) for metric in (found.first, found.second)]
    assert found.mean_difference == pytest.approx((values[0] - values[1]).mean())
    assert found.p_holm is not None
    assert found.p_value is not None
    assert found.p_holm >= found.p_value


def test_the_frame_has_the_repeats_too(study: StudyResult) -> None:
    frame = study.to_frame()
    assert sorted(frame["repeat"].unique()) == [0, 1, 2, 3]
    best = study.best["cosine"]
    chosen = frame[
        (frame["metric"] == "cosine")
        & (frame["n_neighbors"] == best.n_neighbors)
        & (frame["score"] == "f1_macro")
    ]
    assert len(chosen) == 12
    assert chosen["split"].tolist() == [0, 1, 2] * 4


def test_one_distance_is_compared_with_none(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, metrics="cosine", n_repeats=2, **SMALL)
    assert study.repeats is not None
    assert study.repeats.comparisons == ()


def test_ten_repeats_are_cheap_on_a_graph_and_none_are_made_of_a_pipeline(problem: Problem) -> None:
    plain = cross_validate_study(problem.samples, problem.labels, **SMALL)
    assert plain.repeats is not None
    assert len(plain.repeats.seeds) == 10
    pipeline = make_pipeline(Normalizer(), SyndromeKNNClassifier())
    piped = cross_validate_study(problem.samples, problem.labels, estimator=pipeline, **SMALL)
    assert piped.repeats is None
    asked = cross_validate_study(problem.samples, problem.labels, estimator=pipeline, n_repeats=2, **SMALL)
    assert asked.repeats is not None


@pytest.mark.parametrize(
    "options", [{"cv": [(np.arange(60), np.arange(60, 90))], "refit": "accuracy"}, {"random_state": None}]
)
def test_what_has_no_seed_is_not_repeated(problem: Problem, options: dict[str, Any]) -> None:
    study = cross_validate_study(problem.samples, problem.labels, **SMALL | options)
    assert study.repeats is None
