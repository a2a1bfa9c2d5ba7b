"""Further splits of variants that are cheap to repeat, and what these tell."""

from typing import Literal

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.preprocessing import Normalizer, RobustScaler, StandardScaler

from skknn_syndrome import AblationResult, SyndromeKNNClassifier, compare_preprocessing
from skknn_syndrome._typing import Float64Array, StringArray
from skknn_syndrome.results import Gain
from skknn_syndrome.study.ablating.variants import make_variants
from tests.study.conftest import Problem

SCALERS = ["none", "l2", "zscore"]


def compare(
    problem: Problem,
    *,
    samples: Float64Array | None = None,
    labels: StringArray | None = None,
    scalers: list[str] = SCALERS,
    resamplers: tuple[str, ...] = ("none",),
    random_states: tuple[int, ...] = (0,),
    n_repeats: int = 10,
    compare_at: int | None = 3,
    estimator: SyndromeKNNClassifier | None = None,
) -> AblationResult:
    return compare_preprocessing(
        problem.samples if samples is None else samples,
        problem.labels if labels is None else labels,
        groups=problem.subjects,
        scalers=scalers,
        resamplers=resamplers,
        n_neighbors=[3, 7],
        cv=3,
        random_states=random_states,
        n_repeats=n_repeats,
        compare_at=compare_at,
        estimator=estimator,
    )


def figures(gains: tuple[Gain, ...]) -> Float64Array:
    rows = [(gain.mean_difference, gain.low, gain.high, gain.p_value, gain.p_holm) for gain in gains]
    return np.array(rows, dtype=np.float64)


@pytest.mark.parametrize("class_weight", [None, "balanced"])
def test_repeats_are_what_every_fold_fitted_by_itself_gives(
    problem: Problem, class_weight: Literal["balanced"] | None
) -> None:
    estimator = SyndromeKNNClassifier(class_weight=class_weight)
    quick = compare(problem, random_states=(4,), n_repeats=4, estimator=estimator)
    slow = compare(problem, random_states=(4, 5, 6, 7), n_repeats=1, estimator=estimator)
    np.testing.assert_allclose(figures(quick.gains), figures(slow.gains), rtol=1e-7, atol=1e-9)
    assert {(gain.n_folds, gain.n_splits) for gain in quick.gains} == {(12, 4)}
    assert (quick.repeat_seeds, slow.repeat_seeds) == ((4, 5, 6, 7), ())


def test_all_but_gains_is_of_the_splits_asked_for(problem: Problem) -> None:
    once, repeated = (compare(problem, n_repeats=number, compare_at=None) for number in (1, 3))
    assert (once.variants, once.seeds, once.class_counts) == (
        repeated.variants,
        repeated.seeds,
        repeated.class_counts,
    )
    assert {gain.n_splits for gain in once.gains} == {1}


def test_resampled_variants_stay_on_the_splits_asked_for(problem: Problem) -> None:
    repeated = compare(problem, scalers=["none", "l2"], resamplers=("none", "noise"), n_repeats=3)
    once = compare(problem, scalers=["none", "l2"], resamplers=("none", "noise"), n_repeats=1)
    splits = {(gain.scaler, gain.resampler): (gain.n_folds, gain.n_splits) for gain in repeated.gains}
    assert splits == {("l2", "none"): (9, 3), ("none", "noise"): (3, 1), ("l2", "noise"): (3, 1)}
    pairs = zip(once.gains, repeated.gains, strict=True)
    assert all(
        (before.low, before.p_value) == (after.low, after.p_value)
        for before, after in pairs
        if before.resampler == "noise"
    )


@pytest.mark.parametrize(
    "random_states, n_repeats, seeds",
    [
        ((0,), 3, (0, 1, 2)),
        ((5, 6), 4, (5, 6, 7, 8)),
        ((5, 0), 3, (5, 0, 6)),
        ((2**32 - 1,), 2, (2**32 - 1, 0)),
        ((0, 1), 2, ()),
        ((0,), 1, ()),
    ],
)
def test_seeds_follow_the_first(
    problem: Problem, random_states: tuple[int, ...], n_repeats: int, seeds: tuple[int, ...]
) -> None:
    found = compare(problem, scalers=["none", "l2"], random_states=random_states, n_repeats=n_repeats)
    assert found.repeat_seeds == seeds


@pytest.mark.parametrize(
    "scalers, resamplers", [(["none"], ("none", "noise")), (["l2", "zscore"], ("none",))]
)
def test_without_two_cheap_variants_nothing_is_repeated(
    problem: Problem, scalers: list[str], resamplers: tuple[str, ...]
) -> None:
    assert compare(problem, scalers=scalers, resamplers=resamplers).repeat_seeds == ()


def test_what_is_cheap_is_known_by_its_steps() -> None:
    scalers = {
        "none": "passthrough",
        "max": Normalizer("max"),
        "own": StandardScaler(with_std=False),
        "robust": RobustScaler(),
        "pca": PCA(2),
    }
    variants = make_variants(scalers, ["none", "mixup"])
    assert variants.repeatable
    assert [entry.scaler for entry in variants.all if entry.is_cheap] == ["none", "max", "own"]
    assert [entry.scaler for entry in variants.all if entry.row_wise] == ["none", "max"]


def test_of_cosine_lengths_change_nothing_on_any_split(problem: Problem) -> None:
    result = compare(problem, scalers=["none", "l2"])
    assert not any(gain.differs for gain in result.gains if gain.metric == "cosine")
    assert [judged.metric for judged in result.verdicts] == ["euclidean"]


def directions() -> Problem:
    """Return eight classes, each in a direction of its own."""
    random = np.random.default_rng(1)
    labels = np.repeat(list("abcdefgh"), 24)
    samples = 3 * np.repeat(np.eye(8), 24, axis=0) + random.normal(size=(192, 8))
    return Problem(samples, labels, np.repeat([f"s{number}" for number in range(96)], 2))


def test_lengths_that_vary_wildly_make_unit_length_help_the_euclidean_distance() -> None:
    clean = directions()
    lengths = np.exp(np.random.default_rng(2).normal(scale=2, size=(192, 1)))
    result = compare(clean, samples=clean.samples * lengths, scalers=["none", "l2"])
    judged = result.verdict("euclidean")
    assert judged.verdict == "helps"
    assert [entry.name for entry in judged.helping] == [("l2", "none")]
    assert result.orders_as_cosine("l2", "none", "euclidean")


def test_a_rescaling_that_tells_classes_apart_helps() -> None:
    clean = directions()
    noise = np.random.default_rng(3).normal(scale=100, size=(192, 1))
    result = compare(clean, samples=np.hstack([clean.samples, noise]), scalers=["none", "zscore"])
    judged = result.verdict("euclidean")
    assert judged.verdict == "helps"
    assert [entry.name for entry in judged.helping] == [("zscore", "none")]
    assert not result.orders_as_cosine("zscore", "none", "euclidean")


def test_of_shuffled_labels_the_comparison_is_inconclusive(problem: Problem) -> None:
    # Whole subjects are shuffled: their images keep one label.
    order = np.random.default_rng(3).permutation(45)
    labels = np.repeat(problem.labels[::2][order], 2)
    result = compare(problem, labels=labels, resamplers=("none", "noise"))
    assert {judged.verdict for judged in result.verdicts} == {"inconclusive"}
    assert all(judged.widest is not None for judged in result.verdicts)
