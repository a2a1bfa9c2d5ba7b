"""The public embeddings: no resampler helps cosine, and what the published way makes of that."""

from pathlib import Path

import pytest

from skknn_syndrome import PreprocessingComparison, compare_preprocessing
from skknn_syndrome.data import load_embeddings

pytestmark = pytest.mark.no_cover  # what is covered must not depend on the file

HONEST = {
    ("none", "none"): (0.957, 0.756, 0.787),
    ("none", "smote"): (0.947, 0.728, 0.746),
    ("none", "noise"): (0.951, 0.744, 0.766),
    ("none", "mixup"): (0.950, 0.749, 0.769),
    ("none", "balanced"): (0.959, 0.754, 0.776),
    ("l2", "balanced"): (0.959, 0.748, 0.771),
    ("l2", "balanced+mixup"): (0.946, 0.747, 0.762),
}
"""AUC, F1 and top-1: cosine, k = 15, mean of two splits by subject."""
DRAWS = {"smote", "noise", "mixup", "balanced+mixup"}
SD = (0.002, 0.006, 0.006)
"""Largest standard deviations over eight seeds of the samplers; the table above is one more draw."""


@pytest.fixture(scope="module")
def result(real_file: Path) -> PreprocessingComparison:
    dataset = load_embeddings(real_file)
    return compare_preprocessing(
        dataset.embeddings,
        dataset.syndromes,
        groups=dataset.subjects,
        scalers=["none", "l2"],
        metrics="cosine",
        n_neighbors=[15],
        random_states=(42, 0),
        ways=("within_folds", "before_splitting"),
    )


@pytest.mark.parametrize("name", HONEST)
def test_the_table_within_folds(result: PreprocessingComparison, name: tuple[str, str]) -> None:
    scaler, resampler = name
    for score, expected, deviation in zip(
        ("roc_auc_ovr", "f1_macro", "top_1_accuracy"), HONEST[name], SD, strict=True
    ):
        found = result.mean(score, scaler=scaler, resampler=resampler, metric="cosine", n_neighbors=15)
        # Both are draws, so their difference may well be three standard deviations of one of them.
        assert found == pytest.approx(expected, abs=3 * deviation if resampler in DRAWS else 6e-4)


@pytest.mark.parametrize(
    "scaler, resampler, expected",
    [("none", "smote", 0.168), ("none", "mixup", 0.175), ("l2", "balanced+mixup", 0.224)],
)
def test_the_published_way_inflates_top_1(
    result: PreprocessingComparison, scaler: str, resampler: str, expected: float
) -> None:
    (found,) = (
        entry
        for entry in result.inflations
        if (entry.scaler, entry.resampler, entry.score) == (scaler, resampler, "top_1_accuracy")
    )
    assert found.difference == pytest.approx(expected, abs=0.015)
    assert found.low > 0.1


def test_no_resampler_helps_cosine(result: PreprocessingComparison) -> None:
    resampled = [gain for gain in result.gains if gain.resampler != "none"]
    assert not [gain for gain in resampled if gain.mean_difference > 0 and gain.significant]
    assert all(gain.mean_difference < 0 for gain in resampled if gain.score == "top_1_accuracy")


def test_lengths_change_nothing_in_cosine(result: PreprocessingComparison) -> None:
    (gain,) = (
        gain
        for gain in result.gains
        if (gain.scaler, gain.resampler, gain.score) == ("l2", "none", "f1_macro")
    )
    assert gain.mean_difference == pytest.approx(0, abs=1e-3)


def test_over_ten_splits_unit_length_brings_the_euclidean_distance_to_the_cosine_one(real_file: Path) -> None:
    dataset = load_embeddings(real_file)
    found = compare_preprocessing(
        dataset.embeddings,
        dataset.syndromes,
        groups=dataset.subjects,
        scalers=["none", "l2"],
        resamplers=["none"],
    )
    gains = {gain.score: gain for gain in found.gains if gain.metric == "euclidean"}
    assert {(gain.n_neighbors, gain.baseline_n_neighbors, gain.n_folds) for gain in gains.values()} == {
        (14, 14, 100)
    }
    # Computed by scikit-learn alone, fold by fold.
    for score, difference, low, high, p_value in (
        ("roc_auc_ovr", 0.0146, 0.0060, 0.0232, 0.0011),
        ("f1_macro", 0.0412, 0.006, 0.077, 0.023),
    ):
        gain = gains[score]
        assert (gain.mean_difference, gain.low, gain.high) == pytest.approx((difference, low, high), abs=5e-4)
        assert gain.p_value == pytest.approx(p_value, abs=5e-4)
    assert gains["accuracy"].mean_difference == pytest.approx(0.0440, abs=1e-4)
    assert found.verdict("euclidean").verdict == "helps"
    assert found.orders_as_cosine("l2", "none", "euclidean")
    assert not found.verdict("cosine").variants
