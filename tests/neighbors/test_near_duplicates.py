"""Near-duplicates of different subjects, and subjects that are merged for them."""

import numpy as np
import pytest

from skknn_syndrome import NeighborGraph, make_syndrome_embeddings
from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.neighbors import near_duplicates
from skknn_syndrome.neighbors.near_duplicates import (
    AlikePairs,
    find_alike_pairs,
    measure_sensitivity,
    merge_subjects,
    name_pairs,
)
from skknn_syndrome.study import find_near_duplicates

# Unit vectors at 0, 10, 12 and 90 degrees: cosines 0.985 (0-10), 0.978 (0-12), 0.999 (10-12).
ANGLES = np.deg2rad([0.0, 10.0, 12.0, 90.0])
VECTORS = np.column_stack([np.cos(ANGLES), np.sin(ANGLES)])
N = 240
LABELS = np.repeat(["a", "b", "c"], N // 3)
SUBJECTS = np.arange(N) // 2


def dataset(subjects: list[str] | None) -> EmbeddingDataset:
    return EmbeddingDataset.from_arrays(VECTORS, ["a", "a", "b", "b"], subjects, ["i", "j", "k", "l"])


def clean(n_features: int = 40) -> Float64Array:
    return np.random.default_rng(0).normal(size=(N, n_features))


def pairs(rows: Float64Array, labels: LabelArray = LABELS) -> list[tuple[int, int]]:
    found = find_alike_pairs(rows, labels, SUBJECTS)
    return list(zip(found.first.tolist(), found.second.tolist(), strict=True))


def test_the_most_alike_pair_comes_first_and_each_pair_once() -> None:
    found = find_near_duplicates(dataset(["s", "t", "u", "v"]))
    assert found is not None
    assert [pair.images for pair in found.pairs] == [("j", "k"), ("i", "j"), ("i", "k")]
    assert found.pairs[0].cosine == pytest.approx(np.cos(np.deg2rad(2)))
    assert found.pairs[0].syndromes == ("a", "b")


def test_images_of_one_subject_are_no_finding() -> None:
    found = find_near_duplicates(dataset(["s", "s", "s", "v"]))
    assert found is not None
    assert found.pairs == ()
    alone = find_near_duplicates(dataset(["s"] * 4))
    assert alone is not None
    assert alone.pairs == ()


def test_a_pair_has_to_exceed_the_threshold() -> None:
    found = find_near_duplicates(dataset(["s", "t", "u", "v"]), threshold=0.98)
    assert found is not None
    assert len(found.pairs) == 2


def test_without_subjects_nobody_can_tell() -> None:
    assert find_near_duplicates(dataset(None)) is None


def test_each_image_may_stand_for_a_subject_of_its_own() -> None:
    found = find_alike_pairs(VECTORS, np.array(["a", "a", "b", "b"]), None)
    assert len(found.first) == 3


@pytest.mark.parametrize("n_features", [2, 4, 8, 320])
def test_a_clean_set_raises_nothing_however_few_its_dimensions(n_features: int) -> None:
    data = make_syndrome_embeddings(n_features=n_features, n_repeated_subjects=0)
    found = find_near_duplicates(data)
    assert found is not None
    assert found.pairs == ()
    assert (found.n_ordinary > 1000) == (n_features <= 4)


def test_the_people_whom_a_simulation_hides_behind_two_ids_are_found() -> None:
    found = find_near_duplicates(make_syndrome_embeddings())
    assert found is not None
    assert len(found.pairs) == 4


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03])
@pytest.mark.parametrize("n_copies", [1, 100])
def test_copies_under_new_ids_are_found_whether_few_or_most(noise: float, n_copies: int) -> None:
    rows = clean()
    originals, copies = np.arange(n_copies), N - n_copies + np.arange(n_copies)
    rows[copies] = rows[originals] + noise * np.random.default_rng(1).normal(size=(n_copies, 40))
    found = find_alike_pairs(rows, LABELS, SUBJECTS)
    assert {*zip(originals.tolist(), copies.tolist(), strict=True)} == {
        *zip(found.first.tolist(), found.second.tolist(), strict=True)
    }
    assert found.exact.all() == (noise == 0)
    assert found.exact.any() == (noise == 0)


def test_equal_rows_are_found_in_any_dimension_and_multiples_are_not_equal() -> None:
    rows = clean(2)
    rows[200] = rows[7]
    assert pairs(rows) == [(7, 200)]
    doubled = clean()
    doubled[200] = 2 * doubled[7]
    found = find_alike_pairs(doubled, LABELS, SUBJECTS)
    assert (found.first.tolist(), found.cosine.round(12).tolist(), found.exact.tolist()) == (
        [7],
        [1.0],
        [False],
    )


def test_a_copy_under_another_syndrome_is_found_even_where_nobody_shares_it() -> None:
    rows, labels = clean(), LABELS.astype("<U5")
    rows[200] = rows[7] + 0.01
    assert pairs(rows, labels) == [(7, 200)]
    labels[[200, 201]] = "alone"  # both images of one subject
    assert pairs(rows, labels) == [(7, 200)]


def test_a_small_class_whose_images_lie_close_together_is_no_leak() -> None:
    random = np.random.default_rng(0)
    sizes = [4] * 20 + [160]
    labels = np.repeat(np.arange(21), sizes)
    rows = random.normal(size=(21, 40))[labels] + 0.1 * random.normal(size=(N, 40))
    found = find_alike_pairs(rows, labels, np.arange(N))
    assert found.first.size == 0
    assert found.n_ordinary > 0


def test_a_graph_at_hand_is_used_and_one_without_cosine_is_not() -> None:
    rows = clean()
    rows[200] = rows[7] + 0.01
    for metric in ("cosine", "euclidean"):
        graph = NeighborGraph.from_embeddings(rows, metrics=[metric], depth=8)
        found = find_alike_pairs(rows, LABELS, SUBJECTS, graph=graph)
        assert (found.first.tolist(), found.second.tolist()) == ([7], [200])


def test_sensitivity_is_measured_on_the_pairs_of_one_id() -> None:
    rows = clean()
    rows[1] = rows[0] + 0.01  # of one subject
    rows[5] = rows[2] + 0.01  # of two
    for graph in (None, NeighborGraph.from_embeddings(rows, metrics=["cosine"])):
        found = measure_sensitivity(rows, LABELS, SUBJECTS, graph=graph)
        assert (found.n_pairs, found.n_pairs_found) == (120, 1)
        assert (found.n_subjects, found.n_subjects_found) == (120, 1)
        assert found.share == 1 / 120


def test_pairs_of_a_subject_with_many_images_are_all_counted() -> None:
    rows = clean()
    rows[:4] = rows[0]
    subjects = np.concatenate([np.zeros(4, dtype=int), np.arange(1, N - 3)])
    found = measure_sensitivity(rows, LABELS, subjects)
    assert (found.n_pairs, found.n_pairs_found, found.n_subjects, found.n_subjects_found) == (6, 6, 1, 1)


def test_without_several_images_of_a_subject_sensitivity_cannot_be_told() -> None:
    found = measure_sensitivity(clean(), LABELS, np.arange(N))
    assert (found.n_pairs, found.share) == (0, None)


@pytest.mark.parametrize("metric", ["cosine", "euclidean", None])
def test_a_data_set_s_near_duplicates_come_with_the_sensitivity(metric: str | None) -> None:
    graph = None if metric is None else NeighborGraph.from_embeddings(VECTORS, metrics=[metric])
    found = find_near_duplicates(dataset(["s", "s", "t", "u"]), graph=graph)
    assert found is not None
    assert found.sensitivity is not None
    assert (found.sensitivity.n_pairs, found.sensitivity.n_pairs_found) == (1, 1)


def test_no_more_pairs_are_named_than_a_report_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = clean()
    rows[200:210] = rows[:10]
    monkeypatch.setattr(near_duplicates, "LISTED", 3)
    named = name_pairs(find_alike_pairs(rows, LABELS, SUBJECTS), LABELS, SUBJECTS)
    assert (len(named.pairs), named.n_not_listed, named.n_pairs) == (3, 7, 10)
    assert named.pairs[0].images == ("row 0", "row 200")
    assert named.pairs[0].subjects == ("0", "100")


def linked(*pairs: tuple[int, int]) -> AlikePairs:
    first, second = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    cosine = np.full(len(first), 0.99)
    return AlikePairs(0.95, first, second, cosine, np.zeros(len(first), dtype=np.bool_), 0)


def test_subjects_linked_by_way_of_others_are_one_person() -> None:
    merged = merge_subjects(linked((0, 1), (1, 2)), np.array(["c", "b", "a", "d", "c"]))
    assert merged.tolist() == ["a", "a", "a", "d", "a"]


def test_without_links_everybody_stays() -> None:
    subjects = np.array(["b", "a"])
    assert merge_subjects(linked(), subjects).tolist() == subjects.tolist()
