"""Out-of-fold predictions, with the gallery images behind them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imblearn import FunctionSampler
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.decomposition import PCA
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import (
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    cross_val_predict,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier
from skknn_syndrome._typing import Estimator, LabelArray
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.out_of_fold import score_folds
from skknn_syndrome.crossval.predicting import RESAMPLED, find_neighbors, record_candidate
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.heads import NearestCentroidClassifier
from skknn_syndrome.neighbors.distances import cosine_distances
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.results.candidate import CandidateKey, knn_params
from skknn_syndrome.study import cross_validate_study
from tests.crossval.recorded import recorded, recorded_primary
from tests.problems import Problem


def known(neighbors: Neighbors | None) -> Neighbors:
    assert neighbors is not None
    return neighbors


@pytest.mark.parametrize(
    "model", [SyndromeKNNClassifier(5), make_pipeline(StandardScaler(), SyndromeKNNClassifier(5))]
)
def test_probabilities_are_those_of_a_plain_cross_validation(problem: Problem, model: Any) -> None:
    found = recorded(problem, model)
    folds = StratifiedKFold(3, shuffle=True, random_state=42)
    expected = cross_val_predict(model, problem.samples, problem.labels, cv=folds, method="predict_proba")
    np.testing.assert_array_equal(found.probabilities, expected[found.rows])
    assert sorted(found.rows) == list(range(90))
    for fold, (_, test) in enumerate(folds.split(problem.samples, problem.labels)):
        assert set(found.rows[found.folds == fold]) == set(test)


def test_the_neighbours_recorded_are_those_that_voted(problem: Problem) -> None:
    found = recorded(problem, by_subject=True)
    distances, rows = known(found.neighbors)
    for number in range(90):
        votes = dict.fromkeys("abc", 0.0)
        for row, distance in zip(rows[number], distances[number], strict=True):
            assert problem.subjects[row] != problem.subjects[found.rows[number]]
            votes[str(problem.labels[row])] += 1 / distance
        shares = np.array(list(votes.values())) / sum(votes.values())
        np.testing.assert_allclose(found.probabilities[number], shares)


def test_where_a_training_part_has_fewer_images_the_lists_are_filled_up(problem: Problem) -> None:
    rows = np.arange(90)
    small, large = (rows[:60:20], rows[60:62]), (rows[:60:10], rows[62:64])
    neighbors = known(recorded(problem, cv=[small, large]).neighbors)
    assert neighbors.indices.shape == (4, 5)
    assert (neighbors.indices[:2] >= 0).sum(axis=1).tolist() == [3, 3]
    np.testing.assert_array_equal(neighbors.indices < 0, np.isnan(neighbors.distances))
    assert set(neighbors.indices[0, :3]) == {0, 20, 40}


def test_in_repeats_each_image_comes_once_a_repeat(problem: Problem) -> None:
    found = recorded(problem, cv=RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0))
    assert np.bincount(found.rows).tolist() == [2] * 90
    assert (found.n_folds, len(found.trained), found.folds.max()) == (3, 6, 5)


def test_precomputed_distances_are_cut_by_rows_and_columns(problem: Problem) -> None:
    distances = np.linalg.norm(problem.samples[:, None] - problem.samples, axis=2)
    model = SyndromeKNNClassifier(5, metric="precomputed")
    found = recorded(problem._replace(samples=distances), model)
    direct = recorded(problem, SyndromeKNNClassifier(5, metric="euclidean"))
    np.testing.assert_array_equal(known(found.neighbors).indices, known(direct.neighbors).indices)
    np.testing.assert_allclose(found.probabilities, direct.probabilities)


def test_without_certain_neighbours_the_record_says_so(problem: Problem) -> None:
    uneven = np.where(np.arange(90) < 10, "b", problem.labels)
    model = make_sampling_pipeline(SMOTE(random_state=0), SyndromeKNNClassifier(5))
    found = recorded(problem._replace(labels=uneven), model)
    assert found.neighbors is None
    assert found.neighbors_unknown == RESAMPLED
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)


def falling(distances: Any) -> Any:
    """Weigh by a function that looks at all distances it is given."""
    return 1 + distances.max() - distances


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@given(
    seed=st.integers(0, 2**32 - 1),
    dtype=st.sampled_from(["float32", "float64"]),
    metric=st.sampled_from(["euclidean", "cosine", "manhattan"]),
    weights=st.sampled_from(["uniform", "distance", "softmax", falling]),
    temperature=st.sampled_from([0.07, 2.0]),
    class_weight=st.sampled_from([None, "balanced", {0: 3.0, 1: 0.2, 2: 1.7, 3: 0.9}]),
    n_neighbors=st.integers(1, 40),
    depth=st.integers(1, 40),
    is_tied=st.booleans(),
    by_subject=st.booleans(),
    cv=st.sampled_from([2, 5, RepeatedStratifiedKFold(n_splits=2, n_repeats=3, random_state=1), "uneven"]),
)
def test_predictions_read_off_a_graph_are_those_of_classifiers_fitted_fold_by_fold(  # noqa: PLR0913, PLR0917
    seed: int,
    dtype: Any,
    metric: Any,
    weights: Any,
    temperature: float,
    class_weight: Any,
    n_neighbors: int,
    depth: int,
    is_tied: bool,  # noqa: FBT001  drawn, as the next
    by_subject: bool,  # noqa: FBT001
    cv: Any,
) -> None:
    rng = np.random.default_rng(seed)
    labels = np.sort(rng.choice(4, size=40, p=[0.5, 0.3, 0.17, 0.03]))
    # On a small lattice are copies, rows of zeros and a great many equal distances.
    samples = (rng.integers(-1, 2, size=(40, 3)) if is_tied else rng.normal(size=(40, 3))).astype(dtype)
    subjects = np.arange(40) // 2
    if cv == "uneven":
        # One training part is smaller than many an n_neighbors, one names an image twice.
        cv = [(np.arange(0, 40, 7), np.array([1, 3])), (np.array([5, 0, 5, 39, 20]), np.arange(30, 34))]
        by_subject = False
    groups = subjects if by_subject and isinstance(cv, int) else None
    splits = make_splits(labels, groups, cv=cv, random_state=seed % 100)
    model = SyndromeKNNClassifier(
        n_neighbors, metric=metric, weights=weights, temperature=temperature, class_weight=class_weight
    )
    key = CandidateKey(head="knn", params=knn_params(metric, "w", n_neighbors))
    fitted = record_candidate(model, samples, labels, subjects, splits, key)
    graph = NeighborGraph.from_embeddings(samples, metrics=[metric], depth=depth)
    read = record_candidate(model, samples, labels, subjects, splits, key, graph=graph)
    for field in ("rows", "folds", "probabilities", "trained", "predicted"):
        np.testing.assert_array_equal(getattr(read, field), getattr(fitted, field), strict=True)
    for ours, theirs in zip(known(read.neighbors), known(fitted.neighbors), strict=True):
        np.testing.assert_array_equal(ours, theirs, strict=True)
    assert (read.kind, read.said is None) == (fitted.kind, fitted.said is None)


UNEVEN = np.r_[0:30, 30:50, 60:85]
"""Training rows with 30, 20 and 25 images of the three classes."""


def find(model: Estimator, problem: Problem, train: LabelArray = UNEVEN) -> Neighbors | str:
    training, labels = problem.samples[train], problem.labels[train]
    test = np.delete(problem.samples, UNEVEN, axis=0)
    return find_neighbors(model.fit(training, labels), training, labels, test)


def named(found: Neighbors | str) -> Neighbors:
    assert not isinstance(found, str)
    return found


def test_gallery_rows_are_training_rows_in_order(problem: Problem) -> None:
    model = SyndromeKNNClassifier(5)
    found = named(find(model, problem))
    distances, indices = model.kneighbors(np.delete(problem.samples, UNEVEN, axis=0))
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_array_equal(found.distances, distances)


def test_scaling_and_projecting_keep_the_order(problem: Problem) -> None:
    steps = StandardScaler(), PCA(3, random_state=0)
    found = named(
        find(make_pipeline(*steps, "passthrough", SyndromeKNNClassifier(5, metric="euclidean")), problem)
    )
    reference = make_pipeline(*steps, KNeighborsClassifier(5, algorithm="brute"))
    reference.fit(problem.samples[UNEVEN], problem.labels[UNEVEN])
    queries = reference[:-1].transform(np.delete(problem.samples, UNEVEN, axis=0))
    distances, indices = reference[-1].kneighbors(queries)
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_allclose(found.distances, distances)


@pytest.mark.parametrize("sampler", [RandomUnderSampler(random_state=0), RandomOverSampler(random_state=0)])
def test_rows_that_a_sampler_chose_are_traced_back(problem: Problem, sampler: Any) -> None:
    found = named(find(make_sampling_pipeline(sampler, SyndromeKNNClassifier(5)), problem))
    queries = np.delete(problem.samples, UNEVEN, axis=0)
    pairs = cosine_distances(queries, problem.samples[UNEVEN])
    np.testing.assert_array_equal(np.take_along_axis(pairs, found.indices, axis=1), found.distances)


def test_a_scaler_before_a_sampler_is_looked_through(problem: Problem) -> None:
    model = make_sampling_pipeline(
        StandardScaler(), RandomUnderSampler(random_state=0), SyndromeKNNClassifier(5, metric="euclidean")
    )
    found = named(find(model, problem))
    scaler = StandardScaler().fit(problem.samples[UNEVEN])
    queries, gallery = (
        scaler.transform(np.delete(problem.samples, UNEVEN, axis=0)),
        scaler.transform(problem.samples[UNEVEN]),
    )
    expected = np.linalg.norm(queries[:, None] - gallery[found.indices], axis=2)
    np.testing.assert_allclose(found.distances, expected)


def swap_labels(X: LabelArray, y: LabelArray) -> tuple[LabelArray, LabelArray]:
    return X, np.where(y == "a", "b", y)


@pytest.mark.parametrize("sampler", [SMOTE(random_state=0), FunctionSampler(func=swap_labels)])
def test_rows_or_labels_that_a_sampler_made_are_nobodys(problem: Problem, sampler: Any) -> None:
    assert find(make_sampling_pipeline(sampler, SyndromeKNNClassifier(5)), problem) == RESAMPLED


def test_of_two_equal_images_a_resampled_row_may_be_either(problem: Problem) -> None:
    twice = np.r_[UNEVEN, 0]
    sampler = RandomUnderSampler(random_state=0)
    assert find(make_sampling_pipeline(sampler, SyndromeKNNClassifier(5)), problem, twice) == RESAMPLED
    named(find(SyndromeKNNClassifier(5), problem, twice))


def test_a_derived_classifier_that_replaces_a_method_may_do_what_it_likes(problem: Problem) -> None:
    class Weird(SyndromeKNNClassifier):
        def predict_proba(self, X: Any) -> Any:
            return super().predict_proba(X)[:, ::-1]

    assert find(Weird(5), problem) == "Weird may let other rows vote than those that it says are near"


def test_a_derived_classifier_with_the_same_methods_names_its_neighbours(problem: Problem) -> None:
    class Plain(SyndromeKNNClassifier):
        """Votes as it always did."""

    np.testing.assert_array_equal(
        named(find(Plain(5), problem)).indices, named(find(SyndromeKNNClassifier(5), problem)).indices
    )


def test_another_classifier_has_no_neighbours_that_vote(problem: Problem) -> None:
    model = make_pipeline(StandardScaler(), NearestCentroidClassifier())
    assert find(model, problem) == "NearestCentroidClassifier does not let neighbours vote"


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_scores_by_fold_are_the_studys(problem: Problem) -> None:
    rare = np.where(np.arange(90) == 60, "d", problem.labels)
    study = cross_validate_study(problem.samples, rare, n_neighbors=5, metrics="cosine", cv=3, analyses=())
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
