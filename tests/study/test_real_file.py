"""The public embeddings: published figures, and scikit-learn's own on the same folds."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    cohen_kappa_score,
    f1_score,
    matthews_corrcoef,
    precision_score,
    recall_score,
    roc_auc_score,
    top_k_accuracy_score,
)
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.analyses.inflation.result import InflationAnalysis
from skknn_syndrome.data import EmbeddingDataset, load_embeddings
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import cross_validate_study, find_near_duplicates
from tests.builders import analysis_of

pytestmark = pytest.mark.no_cover  # what is covered must not depend on the file

PUBLISHED = {
    "euclidean": {
        "roc_auc_ovr": 0.9551,
        "f1_macro": 0.7370,
        "top_1_accuracy": 0.7616,
        "top_3_accuracy": 0.9166,
        "top_5_accuracy": 0.9695,
    },
    "cosine": {
        "roc_auc_ovr": 0.9657,
        "f1_macro": 0.7685,
        "top_1_accuracy": 0.7992,
        "top_3_accuracy": 0.9435,
        "top_5_accuracy": 0.9758,
    },
}


@pytest.fixture(scope="module")
def dataset(real_file: Path) -> EmbeddingDataset:
    return load_embeddings(real_file)


@pytest.fixture(scope="module")
def study(dataset: EmbeddingDataset) -> StudyResult:
    return cross_validate_study(dataset.embeddings.astype(np.float64), dataset.syndromes)


@pytest.mark.parametrize("metric", PUBLISHED)
def test_the_published_fold_means_come_out(study: StudyResult, metric: str) -> None:
    best = study.best[metric]
    assert best.n_neighbors == 15
    means = {name: best.scores[name].mean for name in PUBLISHED[metric]}
    assert means == pytest.approx(PUBLISHED[metric], abs=5.1e-5)


def test_the_published_top_5_of_cosine_lies_between_the_tie_bounds(study: StudyResult) -> None:
    top_5 = study.best["cosine"].scores["top_5_accuracy"]
    assert top_5.mean_lower is not None
    assert top_5.mean_upper is not None
    assert top_5.mean_lower < 0.9749 < top_5.mean_upper


@pytest.mark.parametrize("metric", PUBLISHED)
def test_every_score_of_every_candidate_and_fold_is_scikit_learns_own(
    study: StudyResult, dataset: EmbeddingDataset, metric: str
) -> None:
    samples, labels = dataset.embeddings.astype(np.float64), dataset.syndromes
    candidates = [entry for entry in study.primary.candidates if entry.metric == metric]
    assert len(candidates) == 15
    folds = StratifiedKFold(10, shuffle=True, random_state=42).split(samples, labels)
    for split, (train, test) in enumerate(folds):
        for candidate in candidates:
            model = KNeighborsClassifier(
                candidate.n_neighbors, metric=metric, weights="distance", algorithm="brute"
            )
            proba = model.fit(samples[train], labels[train]).predict_proba(samples[test])
            expected = scikit_learns_scores(labels[test], proba, model.classes_[proba.argmax(axis=1)])
            assert list(expected) == list(candidate.scores)
            ours = {name: score.values[split] for name, score in candidate.scores.items()}
            assert ours == pytest.approx(expected, abs=1e-9), (split, candidate.n_neighbors)


def scikit_learns_scores(truth: LabelArray, proba: Float64Array, taken: LabelArray) -> dict[str, float]:
    """Return the study's scores as scikit-learn computes them."""
    return {
        "roc_auc_ovr": roc_auc_score(truth, proba, multi_class="ovr"),
        "f1_macro": f1_score(truth, taken, average="macro"),
        "accuracy": accuracy_score(truth, taken),
        "precision_macro": precision_score(truth, taken, average="macro", zero_division=0),
        "recall_macro": recall_score(truth, taken, average="macro"),
        "balanced_accuracy": balanced_accuracy_score(truth, taken),
        **{f"top_{k}_accuracy": top_k_accuracy_score(truth, proba, k=k) for k in (1, 3, 5)},
        "matthews_corrcoef": matthews_corrcoef(truth, taken),
        "cohen_kappa": cohen_kappa_score(truth, taken),
    }


def test_four_pairs_of_subjects_may_be_one_person(dataset: EmbeddingDataset) -> None:
    found = find_near_duplicates(dataset)
    assert found is not None
    assert len(found.pairs) == 4
    assert set(found.pairs[0].subjects) == {"739510", "739908"}
    assert found.pairs[0].cosine == pytest.approx(0.974, abs=5e-4)


def test_leak_detection_finds_four_of_427_pairs_of_one_id(dataset: EmbeddingDataset) -> None:
    found = find_near_duplicates(dataset)
    assert found is not None
    assert found.sensitivity is not None
    assert (found.sensitivity.n_pairs_found, found.sensitivity.n_pairs) == (4, 427)
    assert (found.sensitivity.n_subjects_found, found.sensitivity.n_subjects) == (4, 91)


def test_subject_folds_score_lower_and_do_not_settle_the_distances(dataset: EmbeddingDataset) -> None:
    grouped = cross_validate_study(
        dataset.embeddings, dataset.syndromes, groups=dataset.subjects, n_neighbors=15
    )
    scores = grouped.best["cosine"].scores
    assert scores["roc_auc_ovr"].mean == pytest.approx(0.956, abs=5e-4)
    assert scores["f1_macro"].mean == pytest.approx(0.759, abs=5e-4)
    (f1,) = [entry for entry in grouped.primary.comparisons if entry.score == "f1_macro"]
    assert f1.first == "cosine"
    assert f1.mean_difference == pytest.approx(0.058, abs=5e-4)
    assert f1.t_statistic == pytest.approx(1.78, abs=5e-3)
    assert f1.p_value == pytest.approx(0.11, abs=5e-3)


@pytest.fixture(scope="module")
def repeated(dataset: EmbeddingDataset) -> StudyResult:
    return cross_validate_study(
        dataset.embeddings,
        dataset.syndromes,
        groups=dataset.subjects,
        protocols=("subject", "image"),
        analyses=["repeats", "larger_k", "baselines"],
    )


@pytest.mark.parametrize(
    "name, metric, n_neighbors, score, difference, p_value",
    [
        ("nearest_centroid", "cosine", None, "f1_macro", 0.0294, 0.035),
        ("knn", "cosine", 60, "roc_auc_ovr", 0.0094, 0.0025),
        ("knn", "euclidean", 85, "roc_auc_ovr", 0.0032, 0.32),
    ],
)
def test_alternatives_over_ten_splits(
    repeated: StudyResult,
    name: str,
    metric: str,
    n_neighbors: int | None,
    score: str,
    difference: float,
    p_value: float,
) -> None:
    (entry,) = (
        entry
        for entry in repeated.analyses.gathered("alternatives")
        if (entry.head, entry.metric, entry.n_neighbors) == (name, metric, n_neighbors)
    )
    found = entry.difference(score)
    assert found is not None
    assert found.mean_difference == pytest.approx(difference, abs=2e-4)
    assert found.p_value == pytest.approx(p_value, rel=0.05)


def test_a_linear_discriminant_is_significantly_better_than_the_best_of_the_grid(
    repeated: StudyResult,
) -> None:
    (lda,) = (entry for entry in repeated.analyses.gathered("alternatives") if entry.head == "lda")
    verdicts = {entry.score: entry.verdict for entry in lda.differences}
    assert (verdicts["roc_auc_ovr"], verdicts["f1_macro"]) == ("better", "better")


@pytest.mark.parametrize(
    "score, inflation", [("roc_auc_ovr", 0.0063), ("f1_macro", 0.0196), ("accuracy", 0.0176)]
)
def test_image_level_folds_inflate_the_scores(repeated: StudyResult, score: str, inflation: float) -> None:
    (found,) = (
        entry
        for entry in analysis_of(repeated, InflationAnalysis).protocol_inflations
        if (entry.metric, entry.score) == ("cosine", score)
    )
    assert found.difference == pytest.approx(inflation, abs=1e-4)
    assert found.excludes_zero


@pytest.mark.parametrize(
    "score, p_holm", [("roc_auc_ovr", 0.0101), ("f1_macro", 0.0467), ("recall_macro", 0.0388)]
)
def test_equal_scores_count_once_in_holms_correction(
    repeated: StudyResult, score: str, p_holm: float
) -> None:
    assert repeated.repeats is not None
    (found,) = (entry for entry in repeated.repeats.comparisons if entry.score == score)
    assert found.p_holm == pytest.approx(p_holm, abs=1e-4)
    assert found.significant
