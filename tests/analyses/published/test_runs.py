"""Runs of a published protocol, and their scores."""

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score, roc_auc_score, top_k_accuracy_score
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome._typing import IndexArray
from skknn_syndrome.analyses.published.compute import reproduce
from skknn_syndrome.analyses.published.protocols import PROTOCOLS, Recipe
from skknn_syndrome.analyses.published.result import Reproduction
from skknn_syndrome.analyses.published.runs import (
    DISTANCES,
    N_NEIGHBORS,
    FoldMeans,
    NumberOfDraws,
    run_recipe,
    score_runs,
)
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.metrics.top_k import top_k_accuracy_bounds
from tests.analyses.published.conftest import FEW
from tests.refusing import refused


def run(small: EmbeddingDataset, recipe: Recipe) -> FoldMeans:
    samples = small.embeddings.astype(np.float64)
    return run_recipe(samples, small.syndromes, PROTOCOLS["apollo"], recipe, FEW)


def test_untouched_rows_are_run_once_in_file_order(small: EmbeddingDataset) -> None:
    expected = score_runs(
        small.embeddings.astype(np.float64), small.syndromes, [np.arange(small.n_images)], random_state=0
    )
    for name, values in run(small, Recipe()).items():
        np.testing.assert_array_equal(values, expected[name])


@pytest.mark.parametrize(
    "recipe, n_runs",
    [(Recipe(balanced=True), 3), (Recipe(n_mixed=24), 2), (Recipe("l2", balanced=True, n_mixed=24), 2)],
)
def test_what_a_source_left_open_is_drawn(small: EmbeddingDataset, recipe: Recipe, n_runs: int) -> None:
    means = run(small, recipe)
    assert {values.shape for values in means.values()} == {(n_runs, 2, 15)}
    assert len(np.unique(means["f1_macro"][:, 0, 0])) == n_runs


def test_draws_are_the_same_again(small: EmbeddingDataset) -> None:
    first, second = (run(small, Recipe(balanced=True, n_mixed=24))["f1_macro"] for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("draws", [{"orders": 1}, {"mixtures": 0}])
def test_a_single_draw_is_refused(draws: dict[str, int]) -> None:
    with refused("too_few_draws"):
        NumberOfDraws(**draws)


@pytest.fixture(scope="module")
def orders(small: EmbeddingDataset) -> list[IndexArray]:
    return [np.arange(small.n_images), np.random.default_rng(1).permutation(small.n_images)]


@pytest.fixture(scope="module")
def means(small: EmbeddingDataset, orders: list[IndexArray]) -> FoldMeans:
    samples = small.embeddings.astype(np.float64)
    return score_runs(samples, small.syndromes, orders, random_state=7)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("run", [0, 1])
@pytest.mark.parametrize("distance", DISTANCES)
@pytest.mark.parametrize("k", [1, 8, 15])
def test_fold_means_are_scikit_learns(
    small: EmbeddingDataset, orders: list[IndexArray], means: FoldMeans, run: int, distance: str, k: int
) -> None:
    samples, labels = small.embeddings[orders[run]], small.syndromes[orders[run]]
    folds = []
    for train, test in StratifiedKFold(10, shuffle=True, random_state=7).split(samples, labels):
        model = KNeighborsClassifier(k, metric=distance, weights="distance", algorithm="brute")
        proba = model.fit(samples[train], labels[train]).predict_proba(samples[test])
        truth, said = labels[test], model.classes_[proba.argmax(axis=1)]
        low, high = top_k_accuracy_bounds(truth, proba, k=9, labels=model.classes_)
        folds.append(
            {
                "roc_auc_ovr": roc_auc_score(truth, proba, multi_class="ovr"),
                "f1_macro": f1_score(truth, said, average="macro"),
                "accuracy": np.mean(truth == said),
                "precision_macro": precision_score(truth, said, average="macro", zero_division=0),
                "recall_macro": recall_score(truth, said, average="macro"),
                "top_5_accuracy": top_k_accuracy_score(truth, proba, k=5, labels=model.classes_),
                "top_9_accuracy": top_k_accuracy_score(truth, proba, k=9, labels=model.classes_),
                "top_9_accuracy_lower": low,
                "top_9_accuracy_upper": high,
            }
        )
    expected = {name: np.mean([fold[name] for fold in folds]) for name in folds[0]}
    place = run, DISTANCES.index(distance), N_NEIGHBORS.index(k)
    assert {name: means[name][place] for name in expected} == pytest.approx(expected, abs=1e-12)


def test_a_run_does_not_depend_on_the_runs_beside_it(
    small: EmbeddingDataset, orders: list[IndexArray], means: FoldMeans
) -> None:
    alone = score_runs(small.embeddings.astype(np.float64), small.syndromes, orders[1:], random_state=7)
    for name, values in alone.items():
        np.testing.assert_array_equal(values[0], means[name][1])


@pytest.fixture(scope="module")
def apollo(small: EmbeddingDataset) -> Reproduction:
    return reproduce("apollo", small, n_draws=FEW)


def test_every_published_row_gets_its_verdict(apollo: Reproduction) -> None:
    assert len(apollo.rows) == 24
    assert {len(row.scores) for row in apollo.rows} == {6}
    assert {row.n_draws for row in apollo.rows} == {1, 2, 3}


def test_other_embeddings_are_named_as_such(apollo: Reproduction) -> None:
    assert not apollo.same_data
    assert apollo.dataset.name == "arrays"
    # The simulated classes are not those of the source, and neither are their scores.
    assert {row.verdict for row in apollo.rows if row.table == "result-1"} == {"not_reproducible"}


def test_the_folds_are_the_sources(apollo: Reproduction, small: EmbeddingDataset) -> None:
    assert apollo.splitter == "StratifiedKFold(n_splits=10, random_state=0, shuffle=True)"
    assert reproduce("monteiro", small).splitter == (
        "StratifiedKFold(n_splits=10, random_state=42, shuffle=True)"
    )


def test_classes_are_counted_before_and_after_balancing(
    apollo: Reproduction, small: EmbeddingDataset
) -> None:
    assert [entry.before for entry in apollo.balanced] == list(range(12, 36, 2))
    # The smallest class has 12 rows, and loses one; no class keeps more than twice as many.
    assert apollo.balanced[0].after == 11
    assert max(entry.after for entry in apollo.balanced) <= 24
    assert reproduce("monteiro", small).balanced == ()


def test_a_reproduction_goes_to_json_and_comes_back_equal(apollo: Reproduction) -> None:
    assert Reproduction.model_validate_json(apollo.model_dump_json()) == apollo


def test_one_class_is_refused() -> None:
    dataset = EmbeddingDataset.from_arrays(np.eye(12), ["a"] * 12)
    with refused("one_class"):
        reproduce("monteiro", dataset)


def test_a_class_that_is_too_small_for_the_folds_is_refused() -> None:
    dataset = EmbeddingDataset.from_arrays(np.eye(20), ["a"] * 11 + ["b"] * 9)
    with refused("too_few_images"):
        reproduce("monteiro", dataset)
