"""Where there is nothing to find, nothing is found."""

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks.false_positives import SCORES, Found, shuffle_labels
from skknn_syndrome import NeighborGraph, make_syndrome_embeddings


@pytest.fixture(scope="module", name="found")
def _found() -> Found:
    data = make_syndrome_embeddings(n_features=16)
    return shuffle_labels(NeighborGraph.from_embeddings(data.embeddings), data.syndromes, None, 60)


def test_auc_of_shuffled_labels_is_a_half_within_noise(found: Found) -> None:
    assert abs(found.areas.mean() - 0.5) < 4 * found.areas.std(ddof=1) / np.sqrt(60)
    assert found.areas.std(ddof=1) < 0.03


@pytest.mark.parametrize("score", SCORES)
def test_the_corrected_test_calls_no_more_significant_than_it_says(found: Found, score: str) -> None:
    _, most = binom.interval(0.99, 60, 0.05)
    assert found.positives(score) <= most
