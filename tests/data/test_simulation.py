"""The simulated data set: counts of a real collection, invented names, a study like one of real images."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from scipy.stats import skew
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.data import EmbeddingDataset, load_embeddings, make_syndrome_embeddings
from skknn_syndrome.errors import ParameterError
from tests.refusing import refused

SEEDS = (0, 1, 2)
Folds: TypeAlias = list[tuple[IndexArray, IndexArray]]


@cache
def simulated(seed: int) -> EmbeddingDataset:
    return make_syndrome_embeddings(random_state=seed)


@cache
def subject_folds() -> Folds:
    """Folds by subject, for every set of seed 0: they have the same people. They take seconds to be made."""
    dataset = simulated(0)
    splitter = StratifiedGroupKFold(10, shuffle=True, random_state=42)
    return [*splitter.split(dataset.embeddings, dataset.syndromes, subjects_of(dataset))]


def subjects_of(dataset: EmbeddingDataset) -> Any:
    """Subject ids, which every simulation has."""
    assert dataset.subjects is not None
    return dataset.subjects


def probabilities(
    dataset: EmbeddingDataset,
    metric: str,
    n_neighbors: int = 15,
    folds: Folds | None = None,
) -> Float64Array:
    """Out-of-fold probabilities, as scikit-learn's classifier gives them."""
    knn = KNeighborsClassifier(n_neighbors, metric=metric, weights="distance", algorithm="brute")
    found = cross_val_predict(
        knn,
        dataset.embeddings,
        dataset.syndromes,
        cv=StratifiedKFold(10, shuffle=True, random_state=42) if folds is None else folds,
        method="predict_proba",
    )
    return np.asarray(found, dtype=np.float64)


@cache
def default_study(seed: int, metric: str) -> Float64Array:
    return probabilities(simulated(seed), metric)


def area(dataset: EmbeddingDataset, votes: Float64Array) -> float:
    return float(roc_auc_score(dataset.syndromes, votes, multi_class="ovr"))


def predicted(dataset: EmbeddingDataset, votes: Float64Array) -> Any:
    return np.unique(dataset.syndromes)[votes.argmax(axis=1)]


def neighbours(dataset: EmbeddingDataset, metric: str, n_neighbors: int) -> IndexArray:
    search = NearestNeighbors(n_neighbors=n_neighbors, metric=metric, algorithm="brute")
    return np.asarray(search.fit(dataset.embeddings).kneighbors(return_distance=False))


def near_duplicates(dataset: EmbeddingDataset) -> tuple[BoolArray, BoolArray]:
    """Tell of each pair with a cosine above 0.95 whether it is of one subject, and of one syndrome."""
    first, second = np.nonzero(np.triu(cosine_similarity(dataset.embeddings), 1) > 0.95)
    subjects, syndromes = subjects_of(dataset), dataset.syndromes
    return subjects[first] == subjects[second], syndromes[first] == syndromes[second]


def composition(dataset: EmbeddingDataset) -> list[list[tuple[int, int]]]:
    """Return for each syndrome, largest first, how many subjects have how many images."""
    subjects = subjects_of(dataset)
    return [
        sorted(Counter(Counter(subjects[dataset.syndromes == syndrome].tolist()).values()).items())
        for syndrome, _ in Counter(dataset.syndromes.tolist()).most_common()
    ]


def test_counts_are_those_of_the_public_collection() -> None:
    dataset = simulated(0)
    assert dataset.embeddings.shape == (1116, 320)
    assert sorted(Counter(dataset.syndromes.tolist()).values()) == [
        64,
        65,
        67,
        74,
        89,
        98,
        115,
        136,
        198,
        210,
    ]
    images_per_subject = Counter(subjects_of(dataset).tolist())
    assert len(images_per_subject) == 941
    assert sum(number > 1 for number in images_per_subject.values()) == 91
    assert max(images_per_subject.values()) == 11


def test_images_per_subject_are_those_of_the_public_file(real_file: Path) -> None:
    assert composition(simulated(0)) == composition(load_embeddings(real_file))


def test_it_says_that_it_is_simulated() -> None:
    dataset = simulated(0)
    assert dataset.simulated
    assert dataset.name == "simulated syndromes"
    assert np.unique(dataset.syndromes).tolist() == [
        f"Simulated syndrome {letter}" for letter in "ABCDEFGHIJ"
    ]


def test_it_is_sound() -> None:
    dataset = simulated(0)
    assert dataset.embeddings.dtype == np.float32
    assert dataset.audit.warnings == ()
    assert len({*zip(dataset.syndromes.tolist(), subjects_of(dataset).tolist(), strict=True)}) == 941


def test_the_same_seed_gives_the_same_bytes() -> None:
    again = make_syndrome_embeddings(random_state=0)
    assert again.embeddings.tobytes() == simulated(0).embeddings.tobytes()
    assert again.subjects is not None
    assert again.subjects.tolist() == subjects_of(simulated(0)).tolist()
    assert again.embeddings.tobytes() != simulated(1).embeddings.tobytes()


def test_the_default_seed_is_0() -> None:
    assert make_syndrome_embeddings().embeddings.tobytes() == simulated(0).embeddings.tobytes()


def test_a_random_state_is_used_up_and_none_is_fresh_each_time() -> None:
    random = np.random.RandomState(0)
    first, second = (make_syndrome_embeddings(n_features=8, random_state=random) for _ in range(2))
    seeded = make_syndrome_embeddings(n_features=8, random_state=0)
    third, fourth = (make_syndrome_embeddings(n_features=8, random_state=None) for _ in range(2))
    assert first.embeddings.tobytes() == seeded.embeddings.tobytes() != second.embeddings.tobytes()
    assert third.embeddings.tobytes() != fourth.embeddings.tobytes()


@pytest.mark.parametrize("n_features", [2, 3, 17])
def test_any_length_of_vector_has_the_same_people(n_features: int) -> None:
    dataset = make_syndrome_embeddings(n_features=n_features)
    assert dataset.embeddings.shape == (1116, n_features)
    assert subjects_of(dataset).tolist() == subjects_of(simulated(0)).tolist()


def test_short_vectors_can_be_told_apart_too() -> None:
    dataset = make_syndrome_embeddings(n_features=16)
    assert area(dataset, probabilities(dataset, "cosine")) > 0.75


@pytest.mark.parametrize("seed", SEEDS)
def test_norms_spread_as_real_ones(seed: int) -> None:
    norms = np.linalg.norm(simulated(seed).embeddings, axis=1)
    assert np.median(norms) == pytest.approx(22, abs=0.01)
    assert norms.min() == pytest.approx(22 - 1.364 * np.log(2231), rel=1e-5)  # quantile 1/2232
    assert norms.max() == pytest.approx(22 + 1.364 * np.log(2231), rel=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_spectrum_falls_slowly(seed: int) -> None:
    variances = np.linalg.eigvalsh(np.cov(simulated(seed).embeddings, rowvar=False))[::-1]
    shares = variances / variances.sum()
    assert shares[:10].sum() == pytest.approx(0.34, abs=0.04)
    assert shares[:50].sum() == pytest.approx(0.83, abs=0.04)
    assert 1 / (shares**2).sum() == pytest.approx(50, abs=5)


@pytest.mark.parametrize("seed", SEEDS)
def test_dimensions_are_spread_over_all_features(seed: int) -> None:
    spreads = simulated(seed).embeddings.std(axis=0)
    assert spreads.std() < 0.15 * spreads.mean()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_study_scores_as_on_real_embeddings(seed: int) -> None:
    dataset = simulated(seed)
    euclidean, cosine = default_study(seed, "euclidean"), default_study(seed, "cosine")
    scores = {
        name: f1_score(dataset.syndromes, predicted(dataset, votes), average="macro")
        for name, votes in (("euclidean", euclidean), ("cosine", cosine))
    }
    assert area(dataset, euclidean) == pytest.approx(0.95, abs=0.015)
    assert area(dataset, cosine) == pytest.approx(0.965, abs=0.015)
    assert scores["euclidean"] == pytest.approx(0.72, abs=0.05)
    assert scores["cosine"] == pytest.approx(0.77, abs=0.04)
    assert scores["cosine"] > scores["euclidean"]


@pytest.mark.parametrize("seed", SEEDS)
def test_votes_are_less_sure_than_right(seed: int) -> None:
    dataset, votes = simulated(seed), default_study(seed, "cosine")
    right = (predicted(dataset, votes) == dataset.syndromes).mean()
    assert right == pytest.approx(0.8, abs=0.03)
    assert votes.max(axis=1).mean() == pytest.approx(0.65, abs=0.04)


@pytest.mark.parametrize("seed", SEEDS)
def test_some_syndromes_are_harder_than_others(seed: int) -> None:
    dataset, votes = simulated(seed), default_study(seed, "cosine")
    scores = f1_score(dataset.syndromes, predicted(dataset, votes), average=None)
    assert 0.4 < scores.min() < 0.72
    assert 0.8 < scores.max() < 0.95


def test_subject_folds_score_lower_and_more_neighbours_rank_better() -> None:
    dataset = simulated(0)
    by_subject = {k: area(dataset, probabilities(dataset, "cosine", k, subject_folds())) for k in (5, 15, 60)}
    assert by_subject[5] < by_subject[15] < by_subject[60]
    assert 0.945 < by_subject[15] < area(dataset, default_study(0, "cosine"))


@pytest.mark.parametrize("seed", SEEDS)
def test_images_of_a_subject_are_alike(seed: int) -> None:
    subjects = subjects_of(simulated(seed))
    names, counts = np.unique(subjects, return_counts=True)
    several = np.isin(subjects, names[counts > 1])
    nearest = neighbours(simulated(seed), "cosine", 1)[:, 0]
    assert (subjects[nearest] == subjects)[several].mean() == pytest.approx(0.59, abs=0.12)


@pytest.mark.parametrize("seed", SEEDS)
def test_short_vectors_are_hubs_under_euclidean_distance_alone(seed: int) -> None:
    lists = {
        metric: np.bincount(neighbours(simulated(seed), metric, 10).ravel(), minlength=1116)
        for metric in ("euclidean", "cosine")
    }
    assert 5 < skew(lists["euclidean"]) < 15
    assert 1 < skew(lists["cosine"]) < 2.5
    norms = np.linalg.norm(simulated(seed).embeddings, axis=1)
    assert norms[lists["euclidean"].argmax()] == norms.min()


@pytest.mark.parametrize("seed", SEEDS)
def test_eight_pairs_of_images_are_nearly_the_same(seed: int) -> None:
    same_subject, same_syndrome = near_duplicates(simulated(seed))
    assert same_subject.size == 8
    assert same_subject.sum() == 4
    assert same_syndrome.all()


@pytest.mark.parametrize("n_repeated_subjects", [0, 10])
def test_people_behind_two_ids_are_as_many_as_asked_for(n_repeated_subjects: int) -> None:
    dataset = make_syndrome_embeddings(n_repeated_subjects=n_repeated_subjects)
    same_subject, _ = near_duplicates(dataset)
    assert (~same_subject).sum() == n_repeated_subjects
    changed = (dataset.embeddings != simulated(0).embeddings).any(axis=1)
    assert changed.sum() == abs(n_repeated_subjects - 4)


def test_without_separation_the_labels_tell_nothing() -> None:
    dataset = make_syndrome_embeddings(separation=0, n_repeated_subjects=0)
    votes = probabilities(dataset, "cosine", 60, subject_folds())
    assert area(dataset, votes) == pytest.approx(0.5, abs=0.05)


def test_more_separation_scores_higher() -> None:
    dataset = make_syndrome_embeddings(separation=2)
    assert area(dataset, probabilities(dataset, "cosine")) > 0.99


@pytest.mark.parametrize(
    "name,value,error,message",
    [
        ("n_features", 1, ValueError, "n_features == 1, must be >= 2"),
        ("n_features", 2.5, TypeError, "n_features must be an instance of int"),
        ("n_repeated_subjects", -1, ValueError, "n_repeated_subjects == -1, must be >= 0"),
        ("n_repeated_subjects", 11, ValueError, "n_repeated_subjects == 11, must be <= 10"),
        ("separation", -0.5, ValueError, "separation == -0.5, must be >= 0"),
        ("separation", "1", TypeError, "separation must be an instance of float"),
        ("random_state", "seed", ValueError, "cannot be used to seed"),
    ],
)
def test_what_is_out_of_range_is_refused(
    name: str, value: object, error: type[Exception], message: str
) -> None:
    arguments: dict[str, Any] = {name: value}
    with pytest.raises(error, match=message):
        make_syndrome_embeddings(**arguments)


def test_separation_is_finite() -> None:
    with refused("not_finite", "separation", error=ParameterError):
        make_syndrome_embeddings(separation=float("nan"))
