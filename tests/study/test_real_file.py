"""The public embeddings: published figures, and scikit-learn's own on the same folds."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score, top_k_accuracy_score
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome.data import EmbeddingDataset, load_embeddings
from skknn_syndrome.results import StudyResult
from skknn_syndrome.study import cross_validate_study, find_near_duplicates

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
    return cross_validate_study(
        dataset.embeddings.astype(np.float64), dataset.syndromes, n_neighbors=[1, 5, 15]
    )


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
def test_every_fold_is_scikit_learns_own_to_nine_digits(
    study: StudyResult, dataset: EmbeddingDataset, metric: str
) -> None:
    samples, labels = dataset.embeddings.astype(np.float64), dataset.syndromes
    scores = study.best[metric].scores
    for split, (train, test) in enumerate(
        StratifiedKFold(10, shuffle=True, random_state=42).split(samples, labels)
    ):
        model = KNeighborsClassifier(15, metric=metric, weights="distance", algorithm="brute")
        proba = model.fit(samples[train], labels[train]).predict_proba(samples[test])
        predicted = model.classes_[proba.argmax(axis=1)]
        expected = {
            "roc_auc_ovr": roc_auc_score(labels[test], proba, multi_class="ovr"),
            "f1_macro": f1_score(labels[test], predicted, average="macro"),
            "top_1_accuracy": top_k_accuracy_score(labels[test], proba, k=1),
            "top_5_accuracy": top_k_accuracy_score(labels[test], proba, k=5),
        }
        assert {name: scores[name].values[split] for name in expected} == pytest.approx(expected, abs=1e-9)


def test_four_pairs_of_subjects_may_be_one_person(dataset: EmbeddingDataset) -> None:
    found = find_near_duplicates(dataset)
    assert found is not None
    assert len(found.pairs) == 4
    assert set(found.pairs[0].subjects) == {"739510", "739908"}
    assert found.pairs[0].cosine == pytest.approx(0.974, abs=5e-4)
