"""Baselines and larger k, each compared with the best candidate over the repeated splits."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import ttest_1samp
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import cross_val_score

from skknn_syndrome.analyses.baselines import compute
from skknn_syndrome.analyses.baselines.result import BaselineComparison
from skknn_syndrome.analyses.larger_k.result import LargerK
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.results.comparison import Alternative
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import cross_validate_study
from tests.problems import Problem

SMALL: dict[str, Any] = {"cv": 3, "n_repeats": 3, "analyses": ["larger_k", "baselines"]}


def run(problem: Problem, **options: Any) -> StudyResult:
    return cross_validate_study(
        problem.samples, problem.labels, groups=problem.subjects, **SMALL | {"n_neighbors": [1, 2]} | options
    )


@pytest.fixture(scope="module", name="study")
def _study(problem: Problem) -> StudyResult:
    return run(problem)


def find(study: StudyResult, name: str, metric: str | None = None) -> Alternative:
    entries: tuple[Alternative, ...] = study.analyses.gathered("alternatives")
    return next(entry for entry in entries if (entry.head, entry.metric) == (name, metric))


def test_every_baseline_and_each_best_k_beyond_the_grid_is_compared(study: StudyResult) -> None:
    own, beyond = study.find(BaselineComparison), study.find(LargerK)
    assert own is not None
    assert beyond is not None
    compared = [(entry.head, entry.metric) for entry in own.alternatives]
    assert compared == [(entry.head, entry.metric) for entry in own.baselines]
    larger = {(entry.metric, entry.n_neighbors) for entry in beyond.alternatives}
    peaks = {
        (curve.metric, curve.best_n_neighbors(score))
        for curve in beyond.curves
        for score in ("roc_auc_ovr", "f1_macro")
    }
    assert larger == {(metric, k) for metric, k in peaks if k is not None and k > 2}
    assert larger
    assert {entry.n_splits for entry in study.analyses.gathered("alternatives")} == {3}


def test_the_difference_is_that_of_the_same_folds_of_all_splits(problem: Problem, study: StudyResult) -> None:
    found = find(study, "lda").difference("accuracy")
    assert found is not None
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    values, winner = [], []
    for seed in (42, 43, 44):
        splits = make_splits(problem.labels, problem.subjects, cv=3, random_state=seed)
        values += list(cross_val_score(model, problem.samples, problem.labels, cv=splits.as_cv()))
        best = study.primary.winner
        other = run(problem, random_state=seed, analyses=())
        same = next(
            entry
            for entry in other.primary.candidates
            if (entry.metric, entry.n_neighbors) == (best.metric, best.n_neighbors)
        )
        winner += list(same.scores["accuracy"].values)
    own = np.array(winner, dtype=np.float64)
    differences = np.array(values) - own
    assert found.mean == pytest.approx(np.mean(values))
    assert found.best_mean == pytest.approx(own.mean())
    assert found.mean_difference == pytest.approx(differences.mean())
    # The correction of Nadeau and Bengio multiplies the plain test's variance by 1 + n * n_test / n_train.
    plain = ttest_1samp(differences, 0.0)
    low, high = plain.confidence_interval()
    widened = np.sqrt(1 + 9 * 0.5)
    assert (found.high - found.low) == pytest.approx((high - low) * widened, rel=1e-6)


def test_a_rule_that_is_far_worse_is_called_so_and_an_equal_one_is_not(study: StudyResult) -> None:
    majority = find(study, "majority").difference("accuracy")
    assert majority is not None
    assert (majority.verdict, majority.mean_difference < 0) == ("worse", True)
    assert find(study, "majority").difference("no score") is None


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_baseline_that_is_far_better_is_called_so() -> None:
    # One noisy feature of great scale hides the classes from distances, and not from a discriminant.
    rng = np.random.default_rng(0)
    labels = np.repeat(["a", "b"], 60)
    samples = rng.normal(size=(120, 3)) + 4.0 * (labels == "a")[:, None]
    samples[:, 0] = 1000 * rng.normal(size=120)
    study = cross_validate_study(
        samples, labels, n_neighbors=[1, 3, 5], metrics="euclidean", cv=5, analyses=["baselines"]
    )
    found = find(study, "lda").difference("roc_auc_ovr")
    assert found is not None
    assert found.verdict == "better"
    assert found.low > 0


def test_shuffled_labels_make_nothing_better(problem: Problem) -> None:
    shuffled = problem._replace(
        labels=np.repeat(np.random.default_rng(3).permutation(problem.labels[::2]), 2)
    )
    study = run(shuffled, n_neighbors=[1, 5, 9])
    verdicts = {
        entry.head: difference.verdict
        for entry in study.analyses.gathered("alternatives")
        for difference in entry.differences
        if entry.head != "majority"
    }
    assert "better" not in verdicts.values()


def test_large_data_keeps_to_one_split(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "MAX_REPEATED_CELLS", 10)
    study = run(problem, analyses=["baselines"])
    assert {entry.n_splits for entry in study.analyses.gathered("alternatives")} == {1}
    found = find(study, "nearest_centroid", "cosine").difference("f1_macro")
    assert found is not None
    assert found.n_folds == 3


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_there_is_no_discriminant_without_spare_images_or_with_numbers_that_overflow(
    problem: Problem,
) -> None:
    few = np.array(["a", "b", "c", "a", "b", "c"])
    study = cross_validate_study(
        problem.samples[[0, 30, 60, 2, 32, 62]], few, n_neighbors=[1], cv=2, analyses=["baselines"]
    )
    assert "lda" not in {entry.head for entry in study.analyses.gathered("baselines")}
    huge = problem._replace(samples=problem.samples * 1e20)
    assert "lda" not in {
        entry.head for entry in run(huge, analyses=["baselines"]).analyses.gathered("baselines")
    }
