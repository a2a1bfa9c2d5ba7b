"""Out-of-fold predictions: what a candidate says of images that it was not trained on, and their scores."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome.crossval.out_of_fold import score_folds
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.study import cross_validate_study
from tests.crossval.recorded import recorded, recorded_primary
from tests.problems import Problem


def test_scores_by_fold_are_the_studys(problem: Problem) -> None:
    rare = np.where(np.arange(90) == 60, "d", problem.labels)
    study = cross_validate_study(problem.samples, rare, n_neighbors=5, metrics="cosine", cv=3)
    scores = score_folds(recorded(problem._replace(labels=rare)).by_fold())
    for ours, theirs in zip(scores, study.best["cosine"].all_scores, strict=True):
        assert ours.name == theirs.name
        assert ours.values == pytest.approx(theirs.values, abs=1e-12)
        assert (ours.lower is None) == (theirs.lower is None)


def test_a_fold_of_one_class_has_no_auc_and_says_why(problem: Problem) -> None:
    rows = np.arange(90)
    found = recorded(problem, cv=[(rows[10:], rows[:10]), (rows[rows % 3 > 0], rows[rows % 3 == 0])])
    auc = score_folds(found.by_fold())[0]
    assert auc.values[0] is None
    assert "images of others in the test part" in auc.undefined[0].reason


def test_a_syndrome_that_was_not_trained_has_no_share_and_a_rank_beyond_all(problem: Problem) -> None:
    rare = np.where(np.arange(90) == 60, "d", problem.labels)
    found = recorded(problem._replace(labels=rare))
    alone = found.rows == 60
    assert found.trained[found.folds[alone][0]].tolist() == [True, True, True, False]
    assert found.probabilities[alone, 3] == 0
    assert found.truth[alone] == 3
    assert found.predicted[alone] != 3
    assert found.ranks.best[alone] > 4
    assert found.ranks.worst[~alone].max() <= 4


def test_the_scores_of_the_public_embeddings_are_scikit_learns_own(real_file: Path) -> None:
    data = load_embeddings(real_file)
    samples = data.embeddings.astype(np.float64)
    assert data.subjects is not None
    found = recorded_primary(data)
    scores = {score.name: score.mean for score in score_folds(found.by_fold())}
    assert scores["roc_auc_ovr"] == pytest.approx(0.956, abs=5e-4)
    assert scores["f1_macro"] == pytest.approx(0.759, abs=5e-4)

    model = KNeighborsClassifier(15, metric="cosine", weights="distance", algorithm="brute")
    folds = StratifiedGroupKFold(10, shuffle=True, random_state=42)
    areas, f1_scores = [], []
    for train, test in folds.split(samples, data.syndromes, data.subjects):
        proba = model.fit(samples[train], data.syndromes[train]).predict_proba(samples[test])
        taken = model.classes_[proba.argmax(axis=1)]
        areas.append(roc_auc_score(data.syndromes[test], proba, multi_class="ovr"))
        f1_scores.append(f1_score(data.syndromes[test], taken, average="macro"))
    assert scores["roc_auc_ovr"] == pytest.approx(np.mean(areas), abs=1e-9)
    assert scores["f1_macro"] == pytest.approx(np.mean(f1_scores), abs=1e-9)
