"""Out-of-fold probabilities, held against what was so, and temperatures chosen inside the folds."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import ttest_1samp
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome import NeighborGraph
from skknn_syndrome.analyses.calibration.compute import measure_calibration
from skknn_syndrome.analyses.calibration.result import Calibration
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.graph_probabilities import out_of_fold_probabilities
from skknn_syndrome.crossval.out_of_fold import OutOfFold
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.metrics.calibration import expected_calibration_error
from skknn_syndrome.results.candidate import KNN, CandidateKey, knn_params
from tests.analyses.calibration.fitted import fitted_one_by_one
from tests.problems import Problem

CANDIDATE: dict[str, Any] = {"metric": "cosine", "n_neighbors": 5}
KEY = CandidateKey(head=KNN, params=knn_params("cosine", "distance", 5))


@pytest.mark.parametrize(
    "options",
    [
        {"weights": "distance"},
        {"weights": "uniform", "class_weight": "balanced"},
        {"weights": "softmax", "temperature": 0.2},
        {"weights": "distance", "class_weight": {"a": 0.5}},
    ],
)
def test_probabilities_are_those_of_classifiers_fitted_one_by_one(
    problem: Problem, graph: NeighborGraph, splits: list[IndexSplit], options: dict[str, Any]
) -> None:
    found = out_of_fold_probabilities(graph, problem.labels, splits, **CANDIDATE, **options)
    np.testing.assert_array_equal(
        found.probabilities, fitted_one_by_one(problem, splits, **CANDIDATE, **options)
    )
    assert found.rows.tolist() == np.concatenate([test for _, test in splits]).tolist()
    assert np.bincount(found.folds).tolist() == [len(test) for _, test in splits]


def test_a_class_that_a_training_part_lacks_has_probability_0(problem: Problem, graph: NeighborGraph) -> None:
    train = np.flatnonzero(problem.labels != "c")[::2]
    found = out_of_fold_probabilities(
        graph, problem.labels, [(train, np.array([80]))], class_weight="balanced", **CANDIDATE
    )
    assert found.probabilities[0, 2] == 0
    assert found.probabilities.sum() == pytest.approx(1)
    calibration = measure(problem, found)
    assert calibration.zero_share == 1
    assert calibration.log_loss_of_possible is None


def test_a_training_part_below_k_votes_as_a_whole(problem: Problem, graph: NeighborGraph) -> None:
    found = out_of_fold_probabilities(
        graph, problem.labels, [(np.array([0, 1, 40]), np.array([80]))], weights="uniform", **CANDIDATE
    )
    assert found.probabilities.tolist() == [[2 / 3, 1 / 3, 0]]


def measure(problem: Problem, found: OutOfFold, **options: Any) -> Calibration:
    return measure_calibration(
        problem.labels[found.rows],
        found.probabilities,
        labels=np.unique(problem.labels),
        candidate=KEY,
        **options,
    )


def test_figures_are_scikit_learns_own(
    problem: Problem, graph: NeighborGraph, splits: list[IndexSplit]
) -> None:
    found = out_of_fold_probabilities(graph, problem.labels, splits, **CANDIDATE)
    truth, probabilities = problem.labels[found.rows], found.probabilities
    calibration = measure(problem, found, n_bins=8)
    assert calibration.n_predictions == 90
    assert calibration.mean_confidence == pytest.approx(probabilities.max(axis=1).mean())
    taken = np.array(["a", "b", "c"])[probabilities.argmax(axis=1)]
    assert calibration.accuracy == pytest.approx(accuracy_score(truth, taken))
    assert calibration.overconfidence == calibration.mean_confidence - calibration.accuracy
    assert calibration.brier == pytest.approx(brier_score_loss(truth, probabilities))
    assert calibration.log_loss == pytest.approx(log_loss(truth, probabilities))
    true_class = probabilities[np.arange(90), np.searchsorted(["a", "b", "c"], truth)]
    assert calibration.zero_share == (true_class == 0).mean()
    assert 0 < calibration.zero_share < 1
    possible = true_class > 0
    expected = log_loss(truth[possible], probabilities[possible], labels=["a", "b", "c"])
    assert calibration.log_loss_of_possible == pytest.approx(expected)


def test_the_gap_has_its_interval_over_subjects(
    problem: Problem, graph: NeighborGraph, splits: list[IndexSplit]
) -> None:
    found = out_of_fold_probabilities(graph, problem.labels, splits, **CANDIDATE)
    subjects = problem.subjects[found.rows]
    calibration = measure(problem, found, subjects=subjects)
    assert calibration.gap is not None
    assert calibration.gap.estimate == pytest.approx(calibration.overconfidence)
    assert (calibration.gap.unit, calibration.gap.n_units) == ("subjects", 45)
    gaps = found.probabilities.max(axis=1) - (
        np.array(["a", "b", "c"])[found.probabilities.argmax(axis=1)] == problem.labels[found.rows]
    )
    # Each subject has two images: the mean of both is one value of an ordinary t interval.
    means = [gaps[subjects == name].mean() for name in np.unique(subjects)]
    interval = ttest_1samp(means, 0).confidence_interval(0.95)
    assert (calibration.gap.low, calibration.gap.high) == pytest.approx((interval.low, interval.high))
    alone = measure(problem, found)
    assert alone.gap is not None
    assert (alone.gap.unit, alone.gap.n_units) == ("images", 90)


@pytest.mark.parametrize(
    "accuracy, verdict", [(0.4, "overconfident"), (0.98, "underconfident"), (0.79, "inconclusive")]
)
def test_the_verdict_follows_the_interval_and_not_a_fixed_gap(accuracy: float, verdict: str) -> None:
    truth = (np.arange(200) >= 200 * accuracy).astype(int)
    found = measure_calibration(truth, np.tile([0.75, 0.25], (200, 1)), candidate=KEY)
    assert found.accuracy == pytest.approx(accuracy)
    assert found.verdict == verdict


def test_calibrated_probabilities_get_no_verdict_in_nearly_all_cases() -> None:
    random = np.random.default_rng(0)
    verdicts = []
    for _ in range(100):
        confidence = random.uniform(0.5, 1, 120)
        truth = (random.random(120) > confidence).astype(int)
        probabilities = np.column_stack([confidence, 1 - confidence])
        verdicts.append(measure_calibration(truth, probabilities, labels=[0, 1], candidate=KEY).verdict)
    assert verdicts.count("inconclusive") >= 90


def test_both_binnings_hold_all_images(
    problem: Problem, graph: NeighborGraph, splits: list[IndexSplit]
) -> None:
    found = out_of_fold_probabilities(graph, problem.labels, splits, **CANDIDATE)
    calibration = measure(problem, found, n_bins=8)
    truth = problem.labels[found.rows]
    for reliability, binning in (
        (calibration.equal_width, "equal_width"),
        (calibration.equal_mass, "equal_mass"),
    ):
        options: Any = {"n_bins": 8, "binning": binning}
        assert reliability.n_bins == 8
        assert sum(part.n_images for part in reliability.bins) == 90
        expected = expected_calibration_error(truth, found.probabilities, **options)
        assert reliability.expected_error == pytest.approx(expected)
        gaps = [abs(part.accuracy - part.confidence) for part in reliability.bins]
        assert reliability.maximum_error == pytest.approx(max(gaps))


def test_a_calibration_goes_to_json_and_back(
    problem: Problem, graph: NeighborGraph, splits: list[IndexSplit]
) -> None:
    found = out_of_fold_probabilities(graph, problem.labels, splits, **CANDIDATE)
    calibration = measure(problem, found, temperatures=[0.1])
    assert Calibration.model_validate_json(calibration.model_dump_json()) == calibration


def test_on_the_public_file_distance_weights_say_less_than_they_know(real_file: Path) -> None:
    data = load_embeddings(real_file)
    splits = make_splits(data.syndromes, data.subjects, cv=10, random_state=42).as_cv()
    graph = NeighborGraph.from_embeddings(data.embeddings, metrics=["cosine"])
    options: dict[str, Any] = {"metric": "cosine", "n_neighbors": 15}
    found = out_of_fold_probabilities(graph, data.syndromes, splits, **options)
    truth = data.syndromes[found.rows]
    calibration = measure_calibration(
        truth,
        found.probabilities,
        candidate=CandidateKey(head=KNN, params=knn_params("cosine", "distance", 15)),
    )
    assert calibration.verdict == "underconfident"
    assert calibration.log_loss_of_possible == pytest.approx(
        (calibration.log_loss - calibration.zero_share * 52 * np.log(2)) / (1 - calibration.zero_share)
    )
    assert calibration.mean_confidence == pytest.approx(0.62, abs=5e-3)
    assert calibration.accuracy == pytest.approx(0.79, abs=5e-3)
    assert calibration.equal_mass.expected_error == pytest.approx(-calibration.overconfidence, abs=5e-3)
    samples = data.embeddings.astype(np.float64)
    model = KNeighborsClassifier(15, metric="cosine", weights="distance", algorithm="brute")
    parts = [
        model.fit(samples[train], data.syndromes[train]).predict_proba(samples[test])
        for train, test in splits
    ]
    assert calibration.brier == pytest.approx(brier_score_loss(truth, np.concatenate(parts)), abs=1e-9)
    assert calibration.log_loss == pytest.approx(log_loss(truth, np.concatenate(parts)), abs=1e-9)
