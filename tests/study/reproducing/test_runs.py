"""How often a recipe is run."""

import numpy as np
import pytest

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.study.reproducing.protocols import PROTOCOLS, Recipe
from skknn_syndrome.study.reproducing.runs import NumberOfDraws, run_recipe
from skknn_syndrome.study.reproducing.scoring import FoldMeans, score_runs
from tests.study.reproducing.conftest import FEW


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
    with pytest.raises(StudySettingsError, match=r"[01] draws show no spread: take at least 2"):
        NumberOfDraws(**draws)
