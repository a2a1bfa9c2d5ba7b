"""Each syndrome left out once, and told from the others by its distance."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome import NeighborGraph
from skknn_syndrome._typing import BoolArray, Float64Array
from skknn_syndrome.analyses.open_set.compute import leave_syndromes_out
from skknn_syndrome.analyses.open_set.rejection import rejection_curve
from skknn_syndrome.analyses.open_set.result import OpenSet, RejectionCurve, RejectionEffect, SyndromeNovelty
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import IndexSplit
from tests.problems import Problem

LINE = np.array([[0.0], [4.0], [6.0], [7.0], [30.0], [33.0]])
LABELS = np.array(["a", "a", "b", "b", "c", "c"])
EVEN, ODD = np.array([0, 2, 4]), np.array([1, 3, 5])
HALVES = [(ODD, EVEN), (EVEN, ODD)]


def on_the_line(splits: list[IndexSplit] = HALVES, labels: Any = LABELS, **options: Any) -> OpenSet:
    graph = NeighborGraph.from_embeddings(LINE, metrics=["euclidean"], depth=2)
    settled: dict[str, Any] = {"n_neighbors": 1, "allowed_false_rejections": 0.25} | options
    return leave_syndromes_out(graph, labels, splits, metric="euclidean", **settled)


def test_each_syndrome_by_hand() -> None:
    a, b, c = on_the_line().syndromes
    # Without a, 0 and 4 are 7 and 2 from the gallery; 6, 7, 30 and 33 are 1, 1, 3 and 3 from it. Of eight
    # pairs 7 is above in four and 2 in two. One known image may be above the threshold, but 3 comes twice.
    assert a == SyndromeNovelty(
        syndrome="a",
        n_unknown=2,
        n_known=4,
        roc_auc_nearest=6 / 8,
        roc_auc_mean=6 / 8,
        threshold=3,
        false_rejection_rate=0,
        caught=1 / 2,
    )
    # Without b, 6 and 7 are 2 and 7 from it; 0 and 4 are 4, 30 and 33 are 3.
    assert (b.roc_auc_nearest, b.threshold, b.false_rejection_rate, b.caught) == (4 / 8, 4, 0, 1 / 2)
    # Without c, 30 and 33 are 23 and 27; 0, 4, 6 and 7 are 4, 2, 1 and 1.
    assert (c.roc_auc_nearest, c.threshold, c.false_rejection_rate, c.caught) == (1, 2, 1 / 4, 1)


def test_macro_figures_are_means_over_the_syndromes() -> None:
    found = on_the_line()
    assert found.macro_roc_auc_nearest == pytest.approx((6 / 8 + 4 / 8 + 1) / 3)
    assert found.macro_roc_auc_mean == found.macro_roc_auc_nearest
    assert found.macro_caught == pytest.approx((1 / 2 + 1 / 2 + 1) / 3)


def test_images_are_counted_beside_the_mean_over_syndromes() -> None:
    found = on_the_line()
    assert [entry.n_caught for entry in found.syndromes] == [1, 1, 2]
    assert (found.n_caught, found.n_unknown, found.caught_share) == (4, 6, 4 / 6)
    # Six images in three turns, unseen in one of them.
    assert found.unknown_share == 1 / 3
    alone = on_the_line(labels=np.repeat("a", 6))
    assert (alone.n_caught, alone.caught_share, alone.unknown_share) == (0, None, None)


def test_effects_of_rejection_are_tested_over_subjects_and_over_images_without() -> None:
    subjects = np.array(["r", "r", "s", "s", "t", "t"])
    for groups, expected in ((None, ("images", 6)), (subjects, ("subjects", 3))):
        found = on_the_line(subjects=groups)
        for curve in (found.known_curve, found.open_curve):
            assert curve is not None
            assert curve.effect is not None
            assert (curve.effect.difference.unit, curve.effect.difference.n_units) == expected


def by_threshold(curve: RejectionCurve) -> dict[float, tuple[int, float]]:
    return {point.threshold: (point.n_accepted, point.error) for point in curve.points}


def test_the_curve_of_known_images_by_hand() -> None:
    found = on_the_line()
    # 0, 4, 6, 7, 30 and 33 are 4, 2, 1, 1, 3 and 3 from the whole gallery; 4 alone is taken for another (b).
    assert by_threshold(found.known_curve) == {4: (6, 1 / 6), 3: (5, 1 / 5), 2: (3, 1 / 3), 1: (2, 0)}
    assert found.known_curve.n_predictions == 6
    assert found.known_curve.points[0].rejected_share == 0
    # One of six may be rejected.
    assert found.threshold == 3
    assert found.false_rejection_rate == pytest.approx(1 / 6)


def test_in_the_open_curve_unseen_images_that_are_accepted_are_errors() -> None:
    curve = on_the_line().open_curve
    assert curve is not None
    # Two unseen ones in each of three turns, and 4 is taken for b where c is left out.
    assert (curve.n_predictions, curve.points[0].error) == (18, 7 / 18)
    # At 7, those at 23 and 27 are rejected.
    assert by_threshold(curve)[7] == (16, 5 / 16)


def test_novelty_may_be_the_nearest_or_the_mean_of_those_that_vote() -> None:
    nearest, mean = (on_the_line(n_neighbors=2, novelty=novelty) for novelty in ("nearest", "mean"))
    # Without c, 0 is 4 and 7 from the gallery, 6 is 2 and 1, 4 is 4 and 2, 7 is 7 and 1.
    assert nearest.syndromes[2].threshold == 2
    assert mean.syndromes[2].threshold == 4
    assert nearest.syndromes[2].roc_auc_mean == mean.syndromes[2].roc_auc_mean
    assert (nearest.novelty, mean.novelty) == ("nearest", "mean")


def test_no_more_neighbours_than_the_smallest_gallery() -> None:
    all_of_them = on_the_line(n_neighbors=50)
    # Without c two images are left: 0 has the mean distance 5.5.
    assert all_of_them.syndromes[2].threshold == on_the_line(n_neighbors=2).syndromes[2].threshold == 4


def neighbour_search(
    problem: Problem, splits: list[IndexSplit], left_out: str | None
) -> tuple[Float64Array, Float64Array, Float64Array, Any]:
    """Return nearest and mean distance, whether the prediction is wrong, and the labels, fold after fold."""
    parts = []
    for train, test in splits:
        gallery = train[problem.labels[train] != left_out]
        model = KNeighborsClassifier(5, weights="distance").fit(
            problem.samples[gallery], problem.labels[gallery]
        )
        distances, _ = model.kneighbors(problem.samples[test])
        wrong = model.predict(problem.samples[test]) != problem.labels[test]
        parts.append((distances[:, 0], distances.mean(axis=1), wrong, problem.labels[test]))
    nearest, mean, wrong, labels = (np.concatenate(column) for column in zip(*parts, strict=True))
    return nearest, mean, wrong, labels


def test_figures_are_those_of_scikit_learns_search_in_smaller_galleries(problem: Problem) -> None:
    splits = make_splits(problem.labels, problem.subjects, cv=4, random_state=0).as_cv()
    graph = NeighborGraph.from_embeddings(problem.samples, metrics=["euclidean"], depth=8)
    found = leave_syndromes_out(graph, problem.labels, splits, metric="euclidean", n_neighbors=5)
    n_errors = 0
    for syndrome in found.syndromes:
        nearest, mean, wrong, labels = neighbour_search(problem, splits, syndrome.syndrome)
        unseen = labels == syndrome.syndrome
        n_errors += wrong.sum()
        assert (syndrome.n_unknown, syndrome.n_known) == (30, 60)
        assert syndrome.roc_auc_nearest == pytest.approx(roc_auc_score(unseen, nearest))
        assert syndrome.roc_auc_mean == pytest.approx(roc_auc_score(unseen, mean))
        assert syndrome.threshold == pytest.approx(np.quantile(mean[~unseen], 0.95, method="inverted_cdf"))
        assert syndrome.caught == (mean[unseen] > syndrome.threshold).mean()
    assert found.open_curve is not None
    assert found.open_curve.points[0].error == pytest.approx(n_errors / 270)
    _, mean, wrong, _ = neighbour_search(problem, splits, None)
    for point in found.known_curve.points:
        accepted = mean <= point.threshold + 1e-12
        assert point.n_accepted == accepted.sum()
        assert point.rejected_share == pytest.approx(1 - accepted.mean())
        assert point.error == pytest.approx(wrong[accepted].mean())


def test_a_syndrome_far_from_all_others_is_always_told_apart(problem: Problem) -> None:
    samples = problem.samples + 100.0 * (problem.labels == "b")[:, None]
    splits = make_splits(problem.labels, problem.subjects, cv=4, random_state=0).as_cv()
    graph = NeighborGraph.from_embeddings(samples, metrics=["euclidean"])
    far = leave_syndromes_out(graph, problem.labels, splits, metric="euclidean").syndromes[1]
    assert (far.roc_auc_nearest, far.roc_auc_mean, far.caught) == (1, 1, 1)


def test_a_syndrome_of_no_own_place_is_not_told_apart() -> None:
    rng = np.random.default_rng(0)
    samples, labels = rng.normal(size=(600, 5)), np.repeat(["a", "b", "c"], 200)
    splits = make_splits(labels, None, cv=5, random_state=0).as_cv()
    graph = NeighborGraph.from_embeddings(samples, metrics=["euclidean"], depth=60)
    found = leave_syndromes_out(graph, labels, splits, metric="euclidean", novelty="nearest")
    assert found.macro_roc_auc_nearest == pytest.approx(0.5, abs=0.03)
    assert found.macro_caught == pytest.approx(0.05, abs=0.03)


def test_what_was_asked_for_is_written_down_and_goes_to_json_and_back() -> None:
    def flat(distances: Float64Array) -> Float64Array:
        return np.ones_like(distances)

    found = on_the_line(weights=flat)
    assert (found.metric, found.weights, found.n_neighbors) == ("euclidean", "flat", 1)
    assert found.allowed_false_rejections == 0.25
    assert on_the_line().weights == "distance"
    assert OpenSet.model_validate_json(found.model_dump_json()) == found


def test_a_syndrome_without_others_beside_it_can_not_be_left_out() -> None:
    found = on_the_line(labels=np.repeat("a", 6))
    (alone,) = found.syndromes
    assert alone.reason == "none of its images is in a test part whose training part has another syndrome"
    assert (alone.n_unknown, alone.roc_auc_nearest, alone.threshold, alone.caught) == (0, None, None, None)
    assert (found.macro_roc_auc_mean, found.macro_caught, found.open_curve) == (None, None, None)
    assert found.known_curve.points[0].error == 0


def test_a_syndrome_without_known_images_beside_it_can_not_be_told_apart() -> None:
    found = on_the_line([(np.array([0, 2, 3]), np.array([1]))])
    a, b, c = found.syndromes
    assert a.reason == "no image of another syndrome is in a test part whose training part has that syndrome"
    assert (a.n_unknown, a.n_known) == (1, 0)
    assert (b.n_unknown, c.n_unknown) == (0, 0)
    assert found.open_curve is None


def test_a_syndrome_that_a_training_part_lacks_anyhow_is_neither_known_nor_unseen() -> None:
    found = on_the_line([(np.array([0, 2]), np.array([1, 3, 4, 5]))])
    assert found.known_curve.n_predictions == 2
    assert [syndrome.n_known for syndrome in found.syndromes] == [1, 1, 2]


def test_folds_that_test_nothing_known_are_refused() -> None:
    with pytest.raises(StudySettingsError, match="No test image is of a syndrome that its training part has"):
        on_the_line([(np.array([0, 1]), np.array([2, 3]))])


@pytest.mark.parametrize("share", [-0.1, 1.0])
def test_a_share_to_be_rejected_is_below_1(share: float) -> None:
    with pytest.raises(ValueError, match="allowed_false_rejections == "):
        on_the_line(allowed_false_rejections=share)


@settings(max_examples=40, deadline=None)
@given(
    places=st.lists(st.integers(-20, 20), min_size=12, max_size=12),
    share=st.floats(0, 1, exclude_max=True),
    n_neighbors=st.integers(1, 4),
)
def test_no_threshold_rejects_more_than_is_allowed(places: list[int], share: float, n_neighbors: int) -> None:
    samples = np.array(places, dtype=np.float64)[:, None]
    labels = np.arange(12) % 3
    graph = NeighborGraph.from_embeddings(samples, metrics=["euclidean"], depth=3)
    splits = make_splits(labels, None, cv=2, random_state=0).as_cv()
    found = leave_syndromes_out(
        graph,
        labels,
        splits,
        metric="euclidean",
        n_neighbors=n_neighbors,
        allowed_false_rejections=share,
    )
    assert found.false_rejection_rate <= share
    for syndrome in found.syndromes:
        assert syndrome.false_rejection_rate is not None
        assert syndrome.false_rejection_rate <= share
    for curve in (found.known_curve, found.open_curve):
        assert curve is not None
        thresholds = [point.threshold for point in curve.points]
        assert thresholds == sorted(thresholds, reverse=True)
        assert curve.points[0].n_accepted == curve.n_predictions


def test_on_the_public_file_cosine_tells_unseen_syndromes_better_and_rejection_lowers_the_error(
    real_file: Path,
) -> None:
    data = load_embeddings(real_file)
    splits = make_splits(data.syndromes, data.subjects, cv=10, random_state=42).as_cv()
    graph = NeighborGraph.from_embeddings(data.embeddings)
    euclidean, cosine = (
        leave_syndromes_out(graph, data.syndromes, splits, metric=metric, subjects=data.subjects)
        for metric in graph.metrics
    )
    assert cosine.known_curve.effect is not None
    assert cosine.known_curve.effect.verdict == "fewer_errors"
    assert cosine.caught_share == pytest.approx(0.214, abs=5e-4)
    assert cosine.unknown_share == pytest.approx(0.1)
    assert euclidean.macro_roc_auc_mean == pytest.approx(0.603, abs=5e-4)
    assert cosine.macro_roc_auc_mean == pytest.approx(0.783, abs=5e-4)
    assert cosine.macro_roc_auc_nearest == pytest.approx(0.744, abs=5e-4)
    assert cosine.macro_caught == pytest.approx(0.22, abs=5e-3)
    errors = [point.error for point in cosine.known_curve.points]
    assert errors[0] == pytest.approx(1 - 0.790, abs=5e-4)
    assert errors[10] < 0.6 * errors[0]


def effect(curve: RejectionCurve) -> RejectionEffect:
    assert curve.effect is not None
    return curve.effect


def test_the_effect_is_that_of_the_point_next_to_a_fifth() -> None:
    random = np.random.default_rng(0)
    score = random.random(200)
    wrong = random.random(200) < score
    found = effect(rejection_curve(score, wrong))
    accepted = score <= np.sort(score)[159]
    assert found.rejected_share == pytest.approx(0.2)
    assert found.error_of_all == wrong.mean()
    assert found.error_of_accepted == pytest.approx(wrong[accepted].mean())
    assert found.difference.estimate == pytest.approx(wrong[accepted].mean() - wrong.mean())
    assert (found.difference.unit, found.difference.n_units) == ("images", 200)
    assert found.verdict == "fewer_errors"


def test_where_the_novel_images_are_the_right_ones_errors_grow() -> None:
    score = np.arange(200.0)
    assert effect(rejection_curve(score, score < 100)).verdict == "more_errors"


@pytest.mark.parametrize("wrong", [np.zeros(50, dtype=bool), np.ones(50, dtype=bool)])
def test_where_all_are_right_or_wrong_nothing_is_said(wrong: BoolArray) -> None:
    assert effect(rejection_curve(np.arange(50.0), wrong)).verdict == "inconclusive"


def test_equal_novelties_reject_none() -> None:
    found = effect(rejection_curve(np.ones(50), np.arange(50) % 2 == 0))
    assert (found.rejected_share, found.verdict) == (0, "inconclusive")


def test_novelties_that_tell_nothing_of_errors_are_inconclusive_in_nearly_all_cases() -> None:
    random = np.random.default_rng(2)
    verdicts = []
    for _ in range(100):
        subjects = np.repeat(np.arange(60), random.integers(1, 4, 60))
        score = random.random(60)[subjects] + 0.1 * random.random(len(subjects))
        wrong = random.random(60)[subjects] < 0.7
        verdicts.append(effect(rejection_curve(score, wrong, subjects, "subjects")).verdict)
    assert verdicts.count("inconclusive") >= 90
