"""Each class left out once, and told from the others by class means, with thresholds of inner folds."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import normalize

from skknn_syndrome import load_embeddings
from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.analyses.open_set.class_means import NOT_TESTED, NOTHING_KNOWN, leave_out_by_means
from skknn_syndrome.analyses.open_set.compute import leave_classes_out
from skknn_syndrome.analyses.open_set.result import ClassMeanNovelty, OpenSetAnalysis
from skknn_syndrome.crossval.repeats import inner_folds
from tests.problems import Problem
from tests.promise_builders import directions, searched


def found_in(*data: Any, **options: Any) -> ClassMeanNovelty:
    found = leave_out_by_means(searched(*data, **options))
    assert found is not None
    return found


def novelty(problem: Problem, train: IndexArray, rows: IndexArray, left_out: str) -> Float64Array:
    """Return 1 - the largest cosine to a mean of the other classes, one class after another."""
    near = []
    for name in sorted({*problem.labels[train]} - {left_out}):
        own = train[problem.labels[train] == name]
        weights = [1 / np.sum(problem.subjects[own] == problem.subjects[row]) for row in own]
        mean = np.average(normalize(problem.samples[own]), axis=0, weights=weights)
        near.append(cosine_similarity(problem.samples[rows], mean[None])[:, 0])
    return np.asarray(1 - np.max(near, axis=0))


def of_subjects(flagged: list[bool], who: list[str], among: BoolArray) -> float:
    """Return the mean over subjects of the share of their images that is flagged."""
    hits, people = np.array(flagged)[among], np.array(who)[among]
    return float(np.mean([hits[people == name].mean() for name in np.unique(people)]))


def test_each_class_by_loops_over_folds_and_classes(problem: Problem) -> None:
    run = searched(problem.samples, problem.labels, problem.subjects)
    found = leave_out_by_means(run, allowed_false_rejections=0.2)
    assert found is not None
    for entry in found.syndromes:
        scores, flagged, unknown, who = [], [], [], []
        for (train, test), within in zip(run.splits.as_cv(), inner_folds(run), strict=True):
            known = [
                (value, problem.subjects[row])
                for inside, left_out in within
                for value, row in zip(
                    novelty(problem, inside, left_out, entry.syndrome), left_out, strict=True
                )
                if problem.labels[row] != entry.syndrome
            ]
            weights = [1 / sum(who == other for _, other in known) for _, who in known]
            people = sum(weights)
            limit = min(
                value
                for value, _ in known
                if 1 + sum(weight for weight, (other, _) in zip(weights, known, strict=True) if other > value)
                <= 0.2 * (1 + people) + 1e-9
            )
            new = novelty(problem, train, test, entry.syndrome)
            scores += new.tolist()
            flagged += (new > limit).tolist()
            unknown += (problem.labels[test] == entry.syndrome).tolist()
            who += problem.subjects[test].tolist()
        absent = np.array(unknown)
        assert entry.roc_auc == pytest.approx(roc_auc_score(absent, scores))
        assert entry.detected_share == pytest.approx(of_subjects(flagged, who, absent))
        assert entry.false_rejection_rate == pytest.approx(of_subjects(flagged, who, ~absent))
    assert found.detected is not None
    assert found.detected.unit == "syndromes"
    shares = [entry.detected_share or 0 for entry in found.syndromes]
    assert found.detected.estimate == pytest.approx(np.mean(shares))


def test_a_class_of_its_own_direction_is_always_detected() -> None:
    found = found_in(*directions(150, 4, noise=0.1))
    assert found.verdict is None  # for nothing varies
    assert [entry.roc_auc for entry in found.syndromes] == [1] * 4
    assert found.detected is not None
    assert found.detected.estimate == 1
    assert found.false_rejection_rate.estimate < 0.1


def test_of_shuffled_labels_nobody_is_unknown_and_no_more_are_flagged_than_allowed() -> None:
    samples, _, subjects = directions(600, 5, noise=0.6)
    labels = np.random.default_rng(1).permutation(np.arange(600) % 5)[subjects].astype(str)
    found = found_in(samples, labels, subjects)
    assert found.roc_auc is not None
    assert found.roc_auc.estimate == pytest.approx(0.5, abs=0.05)
    assert found.detected is not None
    assert found.detected.estimate == pytest.approx(0.05, abs=0.04)
    assert found.verdict == "mostly unnoticed"


def test_the_allowed_share_is_one_of_all_classes_and_a_scattered_one_is_flagged_more() -> None:
    samples, labels, subjects = directions(300, 3, noise=0.15)
    scattered = labels == "c0"
    samples[scattered] += 0.5 * np.random.default_rng(1).normal(size=(scattered.sum(), samples.shape[1]))
    found = found_in(samples, labels, subjects)
    shares = [entry.rejected.estimate for entry in found.syndromes if entry.rejected is not None]
    assert np.mean(shares) == pytest.approx(found.false_rejection_rate.estimate)
    assert found.false_rejection_rate.estimate < 0.07
    assert shares[0] > 0.1 > max(shares[1:]) + 0.08


def test_too_few_people_for_a_threshold_reject_nobody() -> None:
    found = found_in(*directions(16, 2, noise=0.1), cv=2)
    assert found.threshold is None
    assert found.false_rejection_rate.estimate == 0
    assert [entry.detected_share for entry in found.syndromes] == [0, 0]


def test_without_subjects_each_image_counts() -> None:
    samples, labels, _ = directions(60, 3, noise=0.3)
    assert found_in(samples, labels).false_rejection_rate.unit == "images"


def test_a_class_that_is_not_tested_or_alone_can_not_be_left_out() -> None:
    samples, labels, subjects = directions(60, 3, noise=0.1)
    tested = np.flatnonzero((subjects % 4 == 0) & (labels != "c2"))
    folds = [(np.flatnonzero(subjects % 4 > 0), tested)]
    found = found_in(samples, labels, subjects, cv=folds)
    assert [entry.reason for entry in found.syndromes] == [None, None, NOT_TESTED]
    assert {entry.syndrome for entry in found.judged} == {"c0", "c1"}
    one = np.flatnonzero((subjects % 4 == 0) & (labels == "c0"))
    alone = found_in(samples, labels, subjects, cv=[(folds[0][0], one)])
    assert [entry.reason for entry in alone.syndromes] == [NOTHING_KNOWN, NOT_TESTED, NOT_TESTED]
    assert (alone.roc_auc, alone.detected, alone.verdict) == (None, None, None)


def test_without_inner_folds_embeddings_or_known_images_it_is_left_out(problem: Problem) -> None:
    samples, labels = np.arange(6.0)[:, None] + 1, np.array(["a", "b"] * 3)
    small = searched(samples, labels, cv=2, n_neighbors=[1])
    assert leave_out_by_means(small) is None
    by_neighbors = leave_classes_out(small)
    assert by_neighbors is not None
    assert (len(by_neighbors.open_sets), by_neighbors.class_means) == (1, None)
    apart = np.linalg.norm(problem.samples[:, None] - problem.samples[None], axis=2)
    assert leave_classes_out(searched(apart, problem.labels, metrics=["precomputed"])) is None
    a, b = np.flatnonzero(problem.labels == "a"), np.flatnonzero(problem.labels == "b")
    folds = [(a, b), (b, a)]
    assert leave_out_by_means(searched(problem.samples, problem.labels, cv=folds)) is None


def test_other_classes_can_be_shown_alone_and_it_goes_to_json_and_back(problem: Problem) -> None:
    found = leave_classes_out(searched(problem.samples, problem.labels, problem.subjects))
    assert found is not None
    assert OpenSetAnalysis.model_validate_json(found.model_dump_json()) == found
    narrowed = found.of_classes({"b"}).class_means
    assert narrowed is not None
    assert [entry.syndrome for entry in narrowed.syndromes] == ["b"]


def test_on_the_public_file_most_unknown_syndromes_go_unnoticed(real_file: Path) -> None:
    data = load_embeddings(real_file)
    found = found_in(data.embeddings, data.syndromes, data.subjects, n_neighbors=[15], cv=10, random_state=0)
    assert found.roc_auc is not None
    assert found.detected is not None
    assert found.roc_auc.estimate == pytest.approx(0.837, abs=1e-3)
    assert min(entry.roc_auc or 0 for entry in found.judged) == pytest.approx(0.787, abs=1e-3)
    assert found.detected.estimate == pytest.approx(0.297, abs=5e-3)
    assert found.judged[0].detected_share == pytest.approx(0.217, abs=5e-3)
    assert found.false_rejection_rate.estimate == pytest.approx(0.047, abs=3e-3)
    assert found.verdict == "mostly unnoticed"
