"""Gaps between subgroups: found where one was planted, and not claimed where levels say nothing."""

from typing import Any

import numpy as np
import pytest

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.analyses.subgroups.gaps import (
    Images,
    _half_width,
    _pair,
    adjusted_for_each_other,
    find_gap,
    images_of,
    permutation_test,
)
from skknn_syndrome.analyses.subgroups.result import Gap

N_SUBJECTS = 80


def make_images(levels: LabelArray, *, planted: float = 0.0, seed: int = 0) -> Images:
    """Return two images a subject in two classes, of which level "b" is classified worse by `planted`."""
    rng = np.random.default_rng(seed)
    subjects = np.repeat(np.arange(N_SUBJECTS), 2)
    classes = np.where(subjects % 2, "easy", "hard")
    # Images of one subject are alike: what is right of one is mostly right of the other.
    chance = np.where(classes == "easy", 0.85, 0.65) - planted * (levels == "b")
    right = (0.7 * np.repeat(rng.random(N_SUBJECTS), 2) + 0.3 * rng.random(2 * N_SUBJECTS)) < chance
    return images_of(right.astype(float), classes, levels, subjects)[0]


def gap_of(images: Images, names: list[str], *, seed: int | None) -> Gap:
    gap = find_gap(images, names, seed=seed)
    assert gap is not None
    return gap


def by_subject(seed: int) -> LabelArray:
    return np.repeat(np.random.default_rng(seed).permutation(["a", "b"] * (N_SUBJECTS // 2)), 2)


def by_image(seed: int) -> LabelArray:
    """Return levels of which half of the subjects have both."""
    return np.random.default_rng(seed).permutation(["a", "b"] * N_SUBJECTS)


@pytest.mark.parametrize("draw", [by_subject, by_image], ids=["by subject", "by image"])
class TestBothDesigns:
    def test_shuffled_levels_are_significant_as_rarely_as_they_should(self, draw: Any) -> None:
        p_values = [
            permutation_test(make_images(draw(seed), seed=seed), seed=seed, n_permutations=99)[0]
            for seed in range(60)
        ]
        # Of 60 p-values 3 are expected at 0.05; more than 8 come once in a hundred times.
        assert sum(p_value <= 0.05 for p_value in p_values) <= 8
        assert 0.3 < np.mean(p_values) < 0.7

    def test_a_planted_gap_is_found(self, draw: Any) -> None:
        images = make_images(draw(1), planted=0.4, seed=1)
        gap = gap_of(images, ["a", "b"], seed=0)
        assert (gap.higher, gap.lower, gap.verdict) == ("a", "b", "gap")
        assert gap.low is not None
        assert 0 < gap.low < 0.4 < (gap.high or 0)
        assert gap.exchange == ("units" if draw is by_subject else "images_and_units")
        assert adjusted_for_each_other([None, gap, gap])[2] == gap.revised(p_holm=2 * gap.p_value)


def test_permuting_keeps_how_often_each_class_has_each_level() -> None:
    images = make_images(by_image(3))
    _, found = permutation_test(images, seed=0, n_permutations=60)
    assert len(set(found.tolist())) > 5
    # Where each subject of a class is right as often as the others, no arrangement differs.
    same = Images(np.where(images.classes, 1.0, 0.0), images.classes, images.levels, images.units, "subjects")
    assert permutation_test(same, seed=0, n_permutations=20)[0] == 1.0


def test_another_mix_of_classes_is_no_gap() -> None:
    rng = np.random.default_rng(0)
    classes = np.repeat(["easy", "hard"], 200)
    levels = np.where(rng.random(400) < np.where(classes == "easy", 0.8, 0.2), "a", "b")
    right = (rng.random(400) < np.where(classes == "easy", 0.95, 0.5)).astype(float)
    images, names = images_of(right, classes, levels, None)
    gap = gap_of(images, names, seed=0)
    assert right[levels == "a"].mean() - right[levels == "b"].mean() > 0.2
    assert gap.difference < 0.05
    assert (gap.verdict, gap.unit, gap.n_units) == ("no_gap", "images", 400)


def make_confounded(planted: float, seed: int, n_images: int = 400) -> tuple[Images, list[str]]:
    """Return two classes of which one is nearly all "f" and easy, the other nearly all "m" and hard."""
    rng = np.random.default_rng(seed)
    classes = np.repeat(["easy", "hard"], n_images // 2)
    levels = np.where(rng.random(n_images) < np.where(classes == "easy", 0.95, 0.05), "f", "m")
    levels[[0, -1]] = ["m", "f"]
    chance = np.where(classes == "easy", 0.9, 0.6) - planted * (levels == "m")
    right = (rng.random(n_images) < chance).astype(float)
    return images_of(right, classes, levels, None)


def test_a_gap_is_found_whole_where_class_and_level_go_together() -> None:
    classes = np.repeat(["x", "y"], 2000)
    levels = np.tile(np.repeat(["f", "m"], [1900, 100]), 2)
    levels[2000:] = np.where(levels[2000:] == "f", "m", "f")
    # In each class 80 % of f are right and 40 % of m.
    right = np.concatenate(
        [np.arange(size) < share * size for size, share in [(1900, 0.8), (100, 0.4), (1900, 0.4), (100, 0.8)]]
    ).astype(float)
    gap = gap_of(*images_of(right, classes, levels, None), seed=0)
    assert (gap.higher, gap.lower, gap.verdict) == ("f", "m", "gap")
    assert gap.difference == pytest.approx(0.4)
    # Each class adds a quarter of its variance of a difference of two shares.
    error = np.sqrt((0.8 * 0.2 / 1900 + 0.4 * 0.6 / 100 + 0.4 * 0.6 / 1900 + 0.8 * 0.2 / 100) / 4)
    assert (gap.low, gap.high) == pytest.approx((0.4 - 1.961 * error, 0.4 + 1.961 * error), abs=1e-3)


def test_intervals_hold_the_planted_gap_as_often_as_they_should() -> None:
    ends = [_ends(*make_confounded(0.3, seed)) for seed in range(200)]
    # Of 200 intervals 190 are expected to hold it; fewer than 181 come once in five hundred times.
    assert sum(low < 0.3 < high for low, high in ends) >= 181
    assert np.mean([(low + high) / 2 for low, high in ends]) == pytest.approx(0.3, abs=0.03)


def test_of_one_image_a_level_and_class_the_interval_is_that_of_pairs() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.random(60) < 0.9, rng.random(60) < 0.5
    right = np.column_stack([first, second]).ravel().astype(float)
    low, high = _ends(*images_of(right, np.repeat(np.arange(60), 2), np.tile(["a", "b"], 60), None))
    differences = first.astype(float) - second
    assert (low + high) / 2 == pytest.approx(differences.mean())
    assert high - low == pytest.approx(2 * 1.98 * differences.std() / np.sqrt(60), rel=0.02)


def _ends(images: Images, names: list[str]) -> tuple[float, float]:
    """Return the ends for the first of two levels minus the second, without the permutation test."""
    pair = _pair(images, 0, 1)
    difference, half = float(images.differences(images.levels)[0]), _half_width(pair, len(images.pairs))
    assert half is not None
    assert len(names) == 2
    return difference - half, difference + half


def test_levels_without_gap_have_none_where_class_and_level_go_together() -> None:
    images, names = make_confounded(0.0, 5)
    gap = gap_of(images, names, seed=0)
    assert np.ptp([images.right[images.levels == level].mean() for level in (0, 1)]) > 0.2
    assert gap.p_value > 0.05
    assert gap.verdict != "gap"


def test_classes_that_only_one_level_has_say_nothing() -> None:
    images, names = make_confounded(0.3, 0)
    with_more = images_of(
        np.append(images.right, np.zeros(50)),
        np.append(images.classes, np.full(50, 2)),
        np.append(np.array(names)[images.levels], np.full(50, "f")),
        None,
    )
    gap, before = gap_of(*with_more, seed=0), gap_of(images, names, seed=0)
    assert (gap.difference, gap.low) == pytest.approx((before.difference, before.low))
    assert (gap.n_images_alone, gap.n_units) == (50, 400)


def test_levels_with_too_little_in_common_are_not_compared() -> None:
    levels = np.repeat(["a", "b", "a"], [30, 30, 9])
    right = (np.arange(69) % 2).astype(float)
    assert find_gap(*images_of(right, np.where(levels == "a", "x", "y"), levels, None), seed=0) is None
    nine = np.repeat(["x", "y"], [30, 39])
    assert find_gap(*images_of(right, nine, levels, None), seed=0) is None


def test_of_one_class_the_interval_is_that_of_two_shares() -> None:
    levels = np.repeat(["a", "b"], [300, 100])
    right = np.concatenate([np.arange(300) < 240, np.arange(100) < 60]).astype(float)
    images, names = images_of(right, np.repeat("c", 400), levels, None)
    gap = gap_of(images, names, seed=0)
    half = 1.966 * np.sqrt(0.8 * 0.2 / 300 + 0.6 * 0.4 / 100)
    assert gap.difference == pytest.approx(0.2)
    assert (gap.low, gap.high) == pytest.approx((0.2 - half, 0.2 + half), abs=2e-3)


def test_of_several_levels_the_interval_is_wider_and_small_ones_are_left_out() -> None:
    rng = np.random.default_rng(0)
    levels = np.repeat(["a", "b", "c", "few"], [60, 60, 60, 9])
    right = (rng.random(189) < 0.7).astype(float)
    images, names = images_of(right, np.repeat("x", 189), levels, None)
    assert names == ["a", "b", "c"]
    gap = gap_of(images, names, seed=0)
    two = np.isin(levels, [gap.higher, gap.lower])
    pair = gap_of(*images_of(right[two], np.repeat("x", two.sum()), levels[two], None), seed=0)
    assert width(gap) > 1.1 * width(pair)
    assert gap.verdict == "inconclusive"  # a gap of 0.2 is not ruled out


def width(gap: Gap) -> float:
    assert gap.low is not None
    assert gap.high is not None
    return gap.high - gap.low


def test_where_levels_are_equal_they_are_still_two_and_neither_is_higher() -> None:
    images, names = images_of(np.ones(60), np.repeat("x", 60), np.repeat(["f", "m", "u"], 20), None)
    gap = gap_of(images, names, seed=0)
    assert gap.equal
    assert gap.higher != gap.lower


def test_where_nothing_varies_there_is_no_interval_and_no_verdict() -> None:
    images, names = images_of(np.ones(40), np.repeat("x", 40), np.repeat(["a", "b"], 20), None)
    gap = gap_of(images, names, seed=0)
    assert (gap.low, gap.high, gap.verdict, gap.p_value) == (None, None, "inconclusive", 1.0)
