"""Rules without parameters, held against scikit-learn's."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.dummy import DummyClassifier
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import cross_validate
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._typing import Estimator
from skknn_syndrome.analyses.baselines import compute as baselines
from skknn_syndrome.analyses.baselines.compute import measure_baselines, rank_all_rows
from skknn_syndrome.analyses.baselines.result import Baseline
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.data import load_embeddings
from tests.problems import Problem

SCORES = ["accuracy", "f1_macro", "balanced_accuracy"]


def measure(problem: Problem, metric: str, estimator: Estimator | None = None) -> dict[str, Baseline]:
    found = measure_baselines(
        SyndromeKNNClassifier() if estimator is None else estimator,
        problem.samples,
        problem.labels,
        make_splits(problem.labels, problem.subjects, cv=3, random_state=0),
        [metric],
    )
    return {entry.name: entry for entry in found}


def agree(baseline: Baseline, model: Estimator, problem: Problem, scores: list[str] = SCORES) -> None:
    splits = make_splits(problem.labels, problem.subjects, cv=3, random_state=0)
    expected = cross_validate(model, problem.samples, problem.labels, cv=splits.as_cv(), scoring=scores)
    for name in scores:
        assert baseline.scores[name].values == pytest.approx(expected[f"test_{name}"].tolist()), name


@pytest.mark.parametrize("name, strategy", [("majority", "most_frequent"), ("prior", "prior")])
def test_frequencies_are_scikit_learns_dummies(problem: Problem, name: str, strategy: str) -> None:
    uneven = problem._replace(labels=np.where(np.arange(90) < 40, "a", problem.labels))
    baseline = measure(uneven, "cosine")[name]
    agree(baseline, DummyClassifier(strategy=strategy), uneven, [*SCORES, "roc_auc_ovr"])
    assert baseline.scores["roc_auc_ovr"].mean == 0.5
    assert (baseline.metric, baseline.ranking) == (None, "probability")


@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_centroids_are_scikit_learns(problem: Problem, metric: str) -> None:
    baseline = measure(problem, metric)["nearest_centroid"]
    agree(baseline, NearestCentroid(metric=metric), problem)
    assert baseline.ranking == "negative_distance"


def test_a_centroid_by_angle_is_the_direction_of_the_mean_of_unit_rows(problem: Problem) -> None:
    baseline = measure(problem, "cosine")["nearest_centroid"]
    assert baseline.scores["accuracy"].mean == pytest.approx(by_angle(problem), abs=1e-12)


def by_angle(problem: Problem) -> float:
    """Return the accuracy of the largest cosine between a test row and the mean of a class's unit rows."""
    unit = problem.samples / np.linalg.norm(problem.samples, axis=1, keepdims=True)
    hits = []
    for part in make_splits(problem.labels, problem.subjects, cv=3, random_state=0).parts:
        known = problem.labels[part.train]
        means = np.array([unit[part.train][known == name].mean(axis=0) for name in "abc"])
        cosines = unit[part.test] @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T
        hits.append((np.array(list("abc"))[cosines.argmax(axis=1)] == problem.labels[part.test]).mean())
    return float(np.mean(hits))


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
def test_the_nearest_image_is_one_neighbour(problem: Problem, metric: str) -> None:
    baseline = measure(problem, metric)["nearest_image"]
    agree(baseline, KNeighborsClassifier(1, metric=metric, algorithm="brute"), problem)


def test_syndromes_are_ranked_by_their_nearest_images(problem: Problem) -> None:
    baseline = measure(problem, "euclidean")["nearest_image"]
    pairs = np.linalg.norm(problem.samples[:, None] - problem.samples, axis=2)
    areas = []
    for part in make_splits(problem.labels, problem.subjects, cv=3, random_state=0).parts:
        nearest = pairs[np.ix_(part.test, part.train)]
        scores = -np.column_stack(
            [nearest[:, problem.labels[part.train] == name].min(axis=1) for name in "abc"]
        )
        truth = problem.labels[part.test]
        areas.append(np.mean([roc_auc_score(truth == name, scores[:, i]) for i, name in enumerate("abc")]))
    assert baseline.scores["roc_auc_ovr"].values == pytest.approx(areas)


@pytest.mark.parametrize(
    "name, model", [("nearest_centroid", NearestCentroid()), ("nearest_image", KNeighborsClassifier(1))]
)
def test_behind_a_pipeline_its_steps_are_fitted_inside_the_folds(
    problem: Problem, name: str, model: Estimator
) -> None:
    baseline = measure(problem, "euclidean", make_pipeline(StandardScaler(), SyndromeKNNClassifier()))[name]
    agree(baseline, make_pipeline(StandardScaler(), model), problem)


def test_a_resampled_training_part_makes_other_centroids(problem: Problem) -> None:
    uneven = problem._replace(labels=np.where(np.arange(90) < 40, "a", problem.labels))
    sampler = RandomUnderSampler(random_state=0)
    found = measure(uneven, "euclidean", make_sampling_pipeline(sampler, SyndromeKNNClassifier()))
    agree(found["nearest_centroid"], make_sampling_pipeline(sampler, NearestCentroid()), uneven)
    assert found["prior"].scores == measure(uneven, "euclidean")["prior"].scores


def test_precomputed_distances_have_a_nearest_image_and_no_centroid(problem: Problem) -> None:
    pairs = np.linalg.norm(problem.samples[:, None] - problem.samples, axis=2)
    found = measure(
        problem._replace(samples=pairs), "precomputed", SyndromeKNNClassifier(metric="precomputed")
    )
    assert list(found) == ["majority", "prior", "nearest_image"]
    direct = measure(problem, "euclidean")["nearest_image"]
    assert found["nearest_image"].scores["roc_auc_ovr"].values == pytest.approx(
        direct.scores["roc_auc_ovr"].values
    )


def test_distances_that_overflow_are_the_largest(problem: Problem) -> None:
    huge = problem.samples.copy()
    huge[::7] *= 1e307
    found = measure(problem._replace(samples=huge), "manhattan")["nearest_image"]
    assert found.scores["accuracy"].n_defined == 3


def test_a_syndrome_that_is_not_trained_is_a_miss(problem: Problem) -> None:
    rare = problem._replace(labels=np.where(np.arange(90) >= 88, "d", problem.labels))
    found = measure(rare, "cosine")
    accuracy: list[Any] = [found[name].scores["top_5_accuracy"].mean for name in ("prior", "nearest_image")]
    assert accuracy == pytest.approx([accuracy[0]] * 2)
    assert accuracy[0] < 1


def test_on_the_public_embeddings_centroids_name_syndromes_as_well_as_neighbours(real_file: Path) -> None:
    data = load_embeddings(real_file)
    splits = make_splits(data.syndromes, data.subjects, cv=10, random_state=42)
    found = measure_baselines(SyndromeKNNClassifier(), data.embeddings, data.syndromes, splits, ["cosine"])
    means = {entry.name: (entry.scores["roc_auc_ovr"].mean, entry.scores["f1_macro"].mean) for entry in found}
    assert means["majority"] == pytest.approx((0.5, 0.032), abs=5e-4)
    assert means["nearest_centroid"] == pytest.approx((0.944, 0.772), abs=5e-4)
    assert means["nearest_image"] == pytest.approx((0.903, 0.641), abs=5e-4)
    model = KNeighborsClassifier(1, metric="cosine", algorithm="brute")
    samples = data.embeddings.astype(np.float64)
    f1_scores = [
        f1_score(
            data.syndromes[part.test],
            model.fit(samples[part.train], data.syndromes[part.train]).predict(samples[part.test]),
            average="macro",
        )
        for part in splits.parts
    ]
    assert means["nearest_image"][1] == pytest.approx(np.mean(f1_scores), abs=1e-9)


def test_nearest_images_read_off_lists_are_those_that_are_searched_for(problem: Problem) -> None:
    classifier, metrics = SyndromeKNNClassifier(), ["euclidean", "cosine", "manhattan"]
    splits = make_splits(problem.labels, problem.subjects, cv=3, random_state=0)
    lists = rank_all_rows(classifier, problem.samples, metrics)
    searched = measure_baselines(classifier, problem.samples, problem.labels, splits, metrics)
    read = measure_baselines(classifier, problem.samples, problem.labels, splits, metrics, lists=lists)
    assert set(lists) == set(metrics)
    assert read == searched


def test_a_class_that_is_not_trained_is_in_no_list(problem: Problem) -> None:
    rows = np.arange(90)
    folds = [(rows[30:60], np.r_[:5, 60:65]), (np.r_[:30, 60:90], rows[30:40])]
    splits = make_splits(problem.labels, None, cv=folds, random_state=None)
    lists = rank_all_rows(SyndromeKNNClassifier(), problem.samples, ["cosine"])
    options: Any = (SyndromeKNNClassifier(), problem.samples, problem.labels, splits, ["cosine"])
    assert measure_baselines(*options, lists=lists)[3] == measure_baselines(*options)[3]


def test_not_everything_is_ranked(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = make_pipeline(StandardScaler(), SyndromeKNNClassifier())
    assert rank_all_rows(pipeline, problem.samples, ["cosine"]) == {}
    assert rank_all_rows(SyndromeKNNClassifier(), problem.samples, ["precomputed"]) == {}
    monkeypatch.setattr(baselines, "MOST_RANKED", 89)
    assert rank_all_rows(SyndromeKNNClassifier(), problem.samples, ["cosine"]) == {}
