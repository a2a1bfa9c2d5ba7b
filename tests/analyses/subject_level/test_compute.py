"""Scores of subjects: computed, stored and shown."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_rel

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.analyses.subject_level import compute as subject_level
from skknn_syndrome.analyses.subject_level.compute import measure_subject_level
from skknn_syndrome.analyses.subject_level.present import per_subject, several_images
from skknn_syndrome.analyses.subject_level.result import SeveralImages, SubjectLevel
from skknn_syndrome.crossval.fused_subjects import fuse_subjects
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.results.candidate import KNN, CandidateKey, knn_params
from skknn_syndrome.results.score import Score
from tests.analysis_builders import make_subject_level
from tests.crossval.recorded import recorded, recorded_primary
from tests.problems import Problem
from tests.refusing import refused


def make_record(
    labels: LabelArray, subjects: LabelArray, probabilities: Float64Array, folds: LabelArray | None = None
) -> OutOfFoldRecord:
    """Return a record in which every image is tested once and every class is known everywhere."""
    numbers = np.zeros(len(labels), dtype=np.intp) if folds is None else folds
    return OutOfFoldRecord(
        rows=np.arange(len(labels)),
        folds=numbers,
        probabilities=probabilities,
        protocol="subject",
        n_folds=int(numbers.max()) + 1,
        candidate=CandidateKey(head=KNN, params=knn_params("cosine", "distance", 3)),
        labels=labels,
        subjects=subjects,
        trained=np.ones((int(numbers.max()) + 1, probabilities.shape[1]), dtype=np.bool_),
        neighbors=None,
        neighbors_unknown="made by hand",
    )


def test_images_are_fused_by_the_mean_of_their_probabilities() -> None:
    # s: (0.4 + 0.9) / 2 = 0.65 for "a". One of its two images is right, the two together are.
    record = make_record(
        np.array(["a", "a", "b"]),
        np.array(["s", "s", "t"]),
        np.array([[0.4, 0.6], [0.9, 0.1], [0.2, 0.8]]),
    )
    fused = fuse_subjects(record)
    np.testing.assert_allclose(fused.probabilities, [[0.65, 0.35], [0.2, 0.8]])
    assert fused.n_images.tolist() == [2, 1]
    found = measure_subject_level(record)
    assert (found.n_images, found.n_subjects) == (3, 2)
    scores = {score.name: score.mean for score in found.subject_scores}
    assert scores["accuracy"] == 1.0
    assert {score.name: score.mean for score in found.image_scores}["accuracy"] == pytest.approx(2 / 3)
    assert found.differences["accuracy"] == pytest.approx(1 / 3)
    assert found.several is not None
    assert found.several.verdict == "inconclusive"  # one subject has no interval
    assert found.several.model_dump(exclude={"difference"}) == {
        "n_subjects": 1, "n_images": 2, "single_accuracy": 0.5, "fused_accuracy": 1.0,
    }  # fmt: skip


def test_a_subject_with_images_of_two_syndromes_counts_once_for_each() -> None:
    record = make_record(np.array(["a", "b"]), np.array(["s", "s"]), np.array([[0.9, 0.1], [0.2, 0.8]]))
    fused = fuse_subjects(record)
    assert (fused.truth.tolist(), fused.n_images.tolist()) == ([0, 1], [1, 1])


def test_in_repeats_a_subject_is_fused_within_each() -> None:
    record = make_record(
        np.array(["a", "a", "b", "b"]),
        np.array(["s", "s", "t", "t"]),
        np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]),
        folds=np.array([0, 1, 0, 1]),
    )
    assert fuse_subjects(record).folds.tolist() == [0, 0, 1, 1]
    found = measure_subject_level(record)
    assert (found.n_subjects, found.several) == (4, None)


@given(seed=st.integers(0, 2**16))
@settings(max_examples=20, deadline=None)
def test_fusing_single_images_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.array(["a", "b", "c"]), 8)
    subjects = rng.permutation(24).astype(str)
    record = make_record(labels, subjects, rng.dirichlet(np.ones(3), 24), folds=np.arange(24) % 2)
    found = measure_subject_level(record)
    for fused, single in zip(found.subject_scores, found.image_scores, strict=True):
        assert fused.values == pytest.approx(single.values, abs=1e-12)
    assert found.several is None


def test_it_is_pandas_mean_over_subjects(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject_level, "FEWEST_CHANGES", 0)
    record = recorded(problem, by_subject=True)
    fused = fuse_subjects(record)
    expected = pd.DataFrame(record.probabilities).groupby(problem.subjects[record.rows]).mean().to_numpy()
    order = np.argsort(problem.subjects[fused.rows])
    np.testing.assert_allclose(fused.probabilities[order], expected, rtol=1e-12)
    right = expected.argmax(axis=1) == fused.truth[order]
    found = measure_subject_level(record)
    assert found.several is not None
    assert found.several.fused_accuracy == pytest.approx(right.mean())
    single = pd.Series(record.predicted == record.truth).groupby(problem.subjects[record.rows]).mean()
    paired = ttest_rel(right, single.to_numpy()).confidence_interval(0.95)
    assert found.several.difference is not None
    assert (found.several.difference.low, found.several.difference.high) == pytest.approx(
        (paired.low, paired.high)
    )
    image = (record.predicted == record.truth).mean()
    assert found.several.single_accuracy == pytest.approx(image)  # all subjects have two images


def voted(n_right: int, *, fused: bool) -> OutOfFoldRecord:
    """Return twenty subjects of two images, of which one is right, and together both are or are not."""
    labels = np.repeat(["a", "b"], 20)
    confidence = np.full((20, 2), [0.9, 0.45] if fused else [0.55, 0.1])
    confidence[n_right:] = [0.6, 0.55]
    of_truth = confidence.ravel()
    columns = np.repeat([0, 1], 20)
    probabilities = np.zeros((40, 2))
    probabilities[np.arange(40), columns], probabilities[np.arange(40), 1 - columns] = of_truth, 1 - of_truth
    return make_record(labels, np.arange(40) // 2, probabilities)


@pytest.mark.parametrize("fused, n_right, verdict", [(True, 18, "helps"), (False, 18, "hurts")])
def test_the_verdict_on_fusing_has_the_direction_of_its_interval(
    *, fused: bool, n_right: int, verdict: str
) -> None:
    found = measure_subject_level(voted(n_right, fused=fused)).several
    assert found is not None
    assert found.verdict == verdict


@pytest.mark.parametrize("seed", range(12))
def test_of_shuffled_labels_fusing_is_inconclusive(problem: Problem, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(45)
    shuffled = problem._replace(labels=problem.labels.reshape(45, 2)[order].ravel())
    found = measure_subject_level(recorded(shuffled, by_subject=True)).several
    assert found is not None
    assert found.verdict == "inconclusive"


@pytest.mark.parametrize("with_subjects", [True, False])
def test_folds_by_image_have_no_subjects_to_fuse(problem: Problem, *, with_subjects: bool) -> None:
    record = recorded(problem, with_subjects=with_subjects)
    with refused("folds_part_subjects"):
        measure_subject_level(record)


def test_on_the_public_embeddings_fusing_helps_subjects_with_several_images(real_file: Path) -> None:
    data = load_embeddings(real_file)
    found = measure_subject_level(recorded_primary(data))
    assert (found.n_images, found.n_subjects) == (1116, 941)
    assert found.several is not None
    assert (found.several.n_subjects, found.several.n_images) == (91, 266)
    assert found.several.single_accuracy == pytest.approx(0.764, abs=5e-4)
    assert found.several.fused_accuracy == pytest.approx(0.835, abs=5e-4)
    assert found.several.difference is not None
    assert (found.several.difference.low, found.several.difference.high) == pytest.approx(
        (0.022, 0.121), abs=5e-4
    )
    assert found.several.verdict == "helps"
    scores = {score.name: score.mean for score in found.subject_scores}
    assert scores["accuracy"] == pytest.approx(0.797, abs=5e-4)


def test_a_handful_of_subjects_that_fusing_changes_is_no_evidence(problem: Problem) -> None:
    found = measure_subject_level(recorded(problem, by_subject=True)).several
    assert found is not None
    assert found.difference is not None
    assert (found.difference.low, found.verdict) == (None, "inconclusive")


LEVEL = SubjectLevel(
    head=KNN,
    params=knn_params("cosine", "distance", 3),
    n_images=9,
    n_subjects=6,
    image_scores=(Score.from_values("accuracy", [0.5]), Score.from_values("roc_auc_ovr", [0.5])),
    subject_scores=(Score.from_values("accuracy", [0.75]), Score.from_values("roc_auc_ovr", [float("nan")])),
    several=SeveralImages(n_subjects=2, n_images=5, single_accuracy=0.4, fused_accuracy=0.5),
)


def test_both_means_and_their_difference_stand_in_a_row() -> None:
    table = per_subject([LEVEL, LEVEL.model_copy(update={"params": knn_params("euclidean", "distance", 3)})])
    assert table.rows == (
        ("cosine", "distance", 3, "accuracy", 0.5, 0.75, 0.25),
        ("cosine", "distance", 3, "roc_auc_ovr", 0.5, None, None),
        ("euclidean", "distance", 3, "accuracy", 0.5, 0.75, 0.25),
        ("euclidean", "distance", 3, "roc_auc_ovr", 0.5, None, None),
    )


def test_subjects_with_several_images_have_a_table_of_their_own() -> None:
    table = several_images([LEVEL, LEVEL.model_copy(update={"several": None})])
    (row,) = table.rows
    assert row[:-3] == ("cosine", "distance", 3, 2, 5, 0.4, 0.5)
    assert row[7] == pytest.approx(0.1)
    assert row[8:] == (None, None)


def test_the_difference_has_its_interval() -> None:
    (row,) = several_images([make_subject_level(0.5, 0.75, half_width=0.125)]).rows
    assert row[-3:] == (0.25, 0.125, 0.375)


def test_a_difference_is_subject_minus_image_and_none_where_one_is_missing() -> None:
    nan = float("nan")
    level = SubjectLevel(
        head=KNN,
        params=knn_params("cosine", "distance", 3),
        n_images=3,
        n_subjects=2,
        image_scores=tuple(Score.from_values(*pair) for pair in (("a", [0.5]), ("b", [nan]), ("c", [0.5]))),
        subject_scores=tuple(
            Score.from_values(*pair) for pair in (("a", [0.75]), ("b", [0.5]), ("c", [nan]))
        ),
        several=None,
    )
    assert dict(level.differences) == {"a": pytest.approx(0.25), "b": None, "c": None}
    assert SubjectLevel.model_validate_json(level.model_dump_json()) == level
