"""Batch scores of many candidates on all folds."""

import tracemalloc

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from numpy.typing import ArrayLike

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.batch import BATCH_NAMES, batch_scores, blocks
from skknn_syndrome.metrics.score_table import score_probabilities
from tests.metrics.builders import Case, cases, neighbour_votes, one_by_one
from tests.refusing import refused

ALL_TIED = {"roc_auc_ovr": 0.5, "accuracy": 0.5, "balanced_accuracy": 0.5, "recall_macro": 0.5}


def on_one_segment(probabilities: ArrayLike, truth: list[int], known: list[bool]) -> dict[str, float]:
    scores = batch_scores(
        np.asarray(probabilities)[None], np.array(truth), np.array([0]), np.array([known], dtype=np.bool_)
    )
    return {name: value.item() for name, value in scores.items()}


def assert_same(scores: dict[str, Float64Array], expected: dict[str, Float64Array]) -> None:
    assert list(scores) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(scores[name], values, rtol=0, atol=1e-12, err_msg=name)


def test_names_and_their_order_are_those_of_the_scores_of_one_part() -> None:
    single = score_probabilities(["a", "b"], [[1, 0], [0, 1]], ["a", "b"])
    assert list(on_one_segment(np.eye(2), [0, 1], [True, True])) == list(single)


def test_perfect_probabilities_score_one() -> None:
    assert set(on_one_segment(np.eye(4), [0, 1, 2, 3], [True] * 4).values()) == {1.0}


def test_every_candidate_has_its_own_scores_on_every_segment() -> None:
    right, wrong = np.eye(2), 1 - np.eye(2)
    probabilities = np.array(
        [np.vstack([right, wrong]), np.vstack([wrong, wrong]), np.vstack([right, right])]
    )
    scores = batch_scores(
        probabilities, np.array([0, 1, 0, 1]), np.array([0, 2]), np.ones((2, 2), dtype=np.bool_)
    )
    assert scores["accuracy"].tolist() == [[1, 0], [0, 0], [1, 1]]
    assert scores["roc_auc_ovr"].tolist() == [[1, 0], [0, 0], [1, 1]]


@pytest.mark.parametrize("names", [(name,) for name in BATCH_NAMES] + [("f1_macro", "roc_auc_ovr")])
def test_some_scores_alone_are_the_same(names: tuple[str, ...]) -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(3), (4, 30))
    truth, starts = rng.integers(0, 3, 30), np.array([0, 11])
    known = np.ones((2, 3), dtype=np.bool_)
    everything = batch_scores(probabilities, truth, starts, known)
    some = batch_scores(probabilities, truth, starts, known, names=names)
    assert set(some) == set(names)
    for name, values in some.items():
        assert values.tolist() == everything[name].tolist()


def assert_nothing_to_tell_apart(scores: dict[str, float]) -> None:
    assert np.isnan([scores.pop(name) for name in ("roc_auc_ovr", "cohen_kappa")]).all()
    assert scores.pop("matthews_corrcoef") == 0
    assert set(scores.values()) == {1.0}


def test_of_one_row_the_area_is_not_defined() -> None:
    scores = on_one_segment([[0.4, 0.6]], [1], [True, True])
    assert_nothing_to_tell_apart(scores)


def test_of_one_class_the_area_is_not_defined() -> None:
    scores = on_one_segment([[1.0], [1.0]], [0, 0], [True])
    assert_nothing_to_tell_apart(scores)


@pytest.mark.parametrize("value", [0.0, 0.5])
def test_where_all_tie_the_first_class_is_predicted_and_the_last_is_top(value: float) -> None:
    scores = on_one_segment(np.full((2, 2), value), [0, 1], [True, True])
    assert {name: scores[name] for name in ALL_TIED} == ALL_TIED
    # precision 1/2 and 0, F1 2/3 and 0
    assert scores["precision_macro"] == 0.25
    assert scores["f1_macro"] == pytest.approx(1 / 3)
    assert [scores[f"top_1_accuracy{bound}"] for bound in ("_lower", "", "_upper")] == [0, 0.5, 1]
    assert scores["top_3_accuracy_lower"] == 1


def test_scores_by_hand() -> None:
    probabilities = [[0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7]]
    scores = on_one_segment(probabilities, [0, 1, 2, 2], [True] * 3)
    # predicted: 0, 1, 1, 2. precision 1, 1/2, 1; recall 1, 1, 1/2; F1 1, 2/3, 2/3
    assert scores["accuracy"] == 0.75
    assert scores["precision_macro"] == pytest.approx(2.5 / 3)
    assert scores["recall_macro"] == scores["balanced_accuracy"] == pytest.approx(2.5 / 3)
    assert scores["f1_macro"] == pytest.approx((1 + 4 / 3) / 3)
    # 0 above all; 1 above 0.1 and 0.2, below 0.5; 2: 0.7 above both, 0.3 above 0.1 and equal to 0.3
    assert scores["roc_auc_ovr"] == pytest.approx((1 + 2 / 3 + 3.5 / 4) / 3)
    assert scores["top_1_accuracy"] == 0.75
    assert scores["top_3_accuracy"] == scores["top_5_accuracy_lower"] == 1


def test_a_class_that_the_segment_does_not_know_is_no_column() -> None:
    # All zero: the first of the known classes is predicted, and the true class ties with one other.
    scores = on_one_segment(np.zeros((1, 4)), [3], [False, True, False, True])
    assert scores["accuracy"] == 0
    assert scores["top_1_accuracy"] == 1
    assert scores["top_1_accuracy_lower"] == 0
    assert scores["top_3_accuracy_lower"] == 1
    assert scores["f1_macro"] == 0


def test_an_unknown_label_is_a_miss_and_a_negative_and_a_class_of_recall_0() -> None:
    probabilities = [[0.8, 0.0, 0.2], [0.3, 0.0, 0.7], [0.9, 0.0, 0.1]]
    scores = on_one_segment(probabilities, [0, 2, 1], [True, False, True])
    # predicted: 0, 2, 0. precision 1/2, 0, 1; recall 1, 0, 1
    assert (
        scores["accuracy"]
        == scores["top_1_accuracy_upper"]
        == scores["top_5_accuracy"]
        == pytest.approx(2 / 3)
    )
    assert scores["precision_macro"] == pytest.approx(1.5 / 3)
    assert scores["recall_macro"] == scores["balanced_accuracy"] == pytest.approx(2 / 3)
    # class 0: 0.8 above 0.3, below the unknown label's 0.9; class 2: 0.7 above both
    assert scores["roc_auc_ovr"] == pytest.approx((1 / 2 + 1) / 2)


@settings(max_examples=25)
@given(case=cases())
def test_scores_are_those_of_each_part_by_itself_whatever_the_blocks(case: Case) -> None:
    expected = one_by_one(*case)
    for max_cells in (1, 20, blocks.MAX_CELLS):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(blocks, "MAX_CELLS", max_cells)
            assert_same(batch_scores(*case), expected)


@pytest.mark.parametrize("n_classes, n_neighbors", [(4, 15), (40, 5), (300, 7)])
def test_scores_of_neighbour_votes_are_those_of_each_part_by_itself(n_classes: int, n_neighbors: int) -> None:
    case = neighbour_votes(3, 150, n_classes, n_neighbors)
    assert_same(batch_scores(*case), one_by_one(*case))


@pytest.mark.parametrize("wrong", [-0.5, np.nan])
def test_a_probability_that_has_no_place_in_the_order_is_refused(wrong: float) -> None:
    with refused("not_probabilities", "probabilities"):
        on_one_segment([[1.0, wrong]], [0], [True, True])


def test_scores_agree_with_scikit_learn() -> None:
    probabilities, truth, starts, known = neighbour_votes(2, 300, 6, 15)
    scores = batch_scores(probabilities, truth, starts, known)
    edges = [*starts, 300]
    for candidate, segment in np.ndindex(2, 3):
        rows = slice(edges[segment], edges[segment + 1])
        expected = _by_scikit_learn(truth[rows], probabilities[candidate, rows])
        assert {name: scores[name][candidate, segment] for name in expected} == pytest.approx(
            expected, abs=1e-12
        )


def _by_scikit_learn(truth: IndexArray, probabilities: Float64Array) -> dict[str, float]:
    predicted = probabilities.argmax(axis=1)
    areas = [
        sklearn.metrics.roc_auc_score(truth == column, probabilities[:, column])
        for column in range(probabilities.shape[1])
    ]
    macro = {"average": "macro", "zero_division": 0}
    return {
        "roc_auc_ovr": float(np.mean(areas)),
        "f1_macro": sklearn.metrics.f1_score(truth, predicted, **macro),
        "accuracy": sklearn.metrics.accuracy_score(truth, predicted),
        "precision_macro": sklearn.metrics.precision_score(truth, predicted, **macro),
        "recall_macro": sklearn.metrics.recall_score(truth, predicted, **macro),
        "balanced_accuracy": sklearn.metrics.balanced_accuracy_score(truth, predicted),
        **{
            f"top_{k}_accuracy": sklearn.metrics.top_k_accuracy_score(truth, probabilities, k=k)
            for k in (1, 3, 5)
        },
    }


@pytest.mark.parametrize("shape", [(40, 2_000, 20), (1, 30_000, 50), (1, 250_000, 2)])
@pytest.mark.parametrize("n_segments", [1, 7])
def test_memory_does_not_grow_with_the_input(shape: tuple[int, int, int], n_segments: int) -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.random(shape)
    truth, starts = rng.integers(shape[2], size=shape[1]), np.arange(n_segments) * 99
    known = np.ones((n_segments, shape[2]), dtype=np.bool_)
    tracemalloc.start()
    batch_scores(probabilities, truth, starts, known)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16e6
