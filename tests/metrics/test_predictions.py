"""Probabilities beside true labels."""

import numpy as np
import pandas as pd
import pytest
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from skknn_syndrome.metrics import cohen_kappa_score, matthews_corrcoef
from skknn_syndrome.metrics.batch.reweighting import Reweighting
from skknn_syndrome.metrics.predictions import pair_decisions, pair_predictions
from skknn_syndrome.metrics.score_table import score_probabilities
from skknn_syndrome.metrics.validation import of_unit_scale
from tests.refusing import refused

PROBABILITIES = [[0.2, 0.5, 0.3], [0.4, 0.4, 0.2], [0.1, 0.1, 0.8]]


def test_labels_become_columns_and_unknown_ones_come_after_them() -> None:
    predictions = pair_predictions(["c", "z", "y"], PROBABILITIES, ["a", "b", "c"])
    assert predictions.truth.tolist() == [2, 3, 4]
    assert predictions.unknown_labels == ("z", "y")


def test_the_first_of_equally_probable_classes_is_predicted() -> None:
    assert pair_predictions(["a"] * 3, PROBABILITIES, ["a", "b", "c"]).predicted.tolist() == [1, 0, 2]


def test_unknown_labels_of_another_type_are_numbered_too() -> None:
    labels = np.array([1, "one", None], dtype=object)
    assert pair_predictions(labels, PROBABILITIES, [0, 1, 2]).unknown_labels == ("one", None)


@pytest.mark.parametrize(
    "labels",
    [
        pd.Series(["b", "a", "b"]),
        pd.Series(["b", "a", "b"], dtype="category"),
        np.array(["b", "a", "b"], dtype=object),
    ],
    ids=["series", "categories", "objects"],
)
def test_labels_may_come_in_any_container(labels: ArrayLike) -> None:
    assert pair_predictions(labels, PROBABILITIES, ["a", "b", "c"]).truth.tolist() == [1, 0, 1]


def test_an_unknown_label_ranks_beyond_every_column() -> None:
    ranks = pair_predictions(["z", "a", "c"], PROBABILITIES, ["a", "b", "c"]).ranks
    assert ranks.best.tolist()[1:] == [1, 1]
    assert min(rank[0] for rank in ranks) > 10**9


def test_counts_by_class_by_hand() -> None:
    # predicted: b, a, c; true: b, b, c
    tally = pair_predictions(["b", "b", "c"], PROBABILITIES, ["a", "b", "c"]).tally
    assert [part.tolist() for part in tally] == [[0, 1, 1], [1, 1, 1], [0, 2, 1]]
    assert tally.recalls.tolist() == [0, 0.5, 1]
    assert [tally.n_true, tally.n_predicted, tally.n_present, int(tally.total)] == [2, 3, 3, 3]


def test_labels_alone_rank_nothing() -> None:
    with pytest.raises(TypeError, match="labels alone"):
        pair_decisions(["a"], ["b"]).ranking("by_rule")


@pytest.mark.parametrize(
    "arguments, code",
    [
        ((["a", "b", "c"], PROBABILITIES, ["a", "b"]), "columns_mismatch"),
        ((["a", "b", "c"], PROBABILITIES, ["a", "b", "a"]), "repeated_classes"),
    ],
)
def test_columns_that_are_of_no_or_of_one_class_are_refused(
    arguments: tuple[ArrayLike, ...], code: str
) -> None:
    with refused(code):
        pair_predictions(*arguments)


@pytest.mark.parametrize(
    "arguments, fault",
    [
        ((["a", "b"], PROBABILITIES, ["a", "b", "c"]), "inconsistent numbers of samples"),
        ((["a"], [[0.5, np.nan]], ["a", "b"]), "Input probabilities contains NaN"),
        (([np.nan], [[0.5, 0.5]], [0, 1]), "Input y_true contains NaN"),
        ((["a"], [[0.5, 0.5]], ["a", "b"], [-1]), "Negative values in data passed to `sample_weight`"),
        ((["a"], [[0.5, 0.5]], ["a", "b"], [0]), "at least one non-zero"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: tuple[ArrayLike, ...], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        pair_predictions(*arguments)


@pytest.mark.parametrize(
    "labels, answers, fault",
    [
        (["1"], [1], "Mix of label input types"),
        ([1, 2], [1, np.nan], "Input y_pred contains NaN"),
        ([np.nan, 2], [1, 2], "Input y_true contains NaN"),
        ([1, 2], [1, 0.3], "mix of binary and continuous"),
        ([0.5, 1.5], [0.5, 1.5], "continuous is not supported"),
        (["a", "b"], ["a", None], "none may be missing"),
        ([1, 2], np.array([1, None], dtype=object), "mix of binary and unknown"),
        ([], [], "minimum of 1 sample is required"),
        ([[1, 0]], [[1, 0]], "should be a 1d array"),
        ([1, 2], [1, 2, 3], "inconsistent numbers of samples"),
    ],
)
def test_labels_that_scikit_learn_would_not_compare_are_refused(
    labels: ArrayLike, answers: ArrayLike, fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        pair_decisions(labels, answers)


@pytest.mark.parametrize(
    "labels, answers",
    [
        (np.array(["a", "c"], dtype=object), np.array(["a", "bb"])),
        ([1.0, 3.0], [1, 2]),
        ([False, True], [0, 2]),
        (pd.Series(["a", "b"], dtype="category"), ["a", "z"]),
    ],
    ids=["objects", "whole floats", "truths", "categories"],
)
def test_equal_labels_have_one_number_whatever_holds_them(labels: ArrayLike, answers: ArrayLike) -> None:
    paired = pair_decisions(labels, answers)
    assert (paired.truth == paired.predicted).tolist() == [True, False]


def test_many_classes_of_one_sample_are_no_reason_for_a_warning() -> None:
    assert pair_decisions(range(30), range(30)).truth.tolist() == list(range(30))


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_no_score_depends_on_the_scale_of_weights(scale: float) -> None:
    rng = np.random.default_rng(0)
    truth, probabilities = rng.integers(0, 3, 30), rng.dirichlet(np.ones(3), 30)
    weights, predicted = rng.uniform(0.1, 5, 30), probabilities.argmax(axis=1)
    expected = score_probabilities(truth, probabilities, range(3), weights)
    found = score_probabilities(truth, probabilities, range(3), weights * scale)
    assert found == pytest.approx(expected, rel=1e-12)
    again = Reweighting(probabilities, truth)(np.stack([weights, weights * scale, 0 * weights]))
    np.testing.assert_allclose(again[:, 1], again[:, 0], rtol=1e-12)
    assert np.isnan(again[:, 2]).all()
    for score in (matthews_corrcoef, cohen_kappa_score):
        plain = score(truth, predicted, sample_weight=weights)
        assert score(truth, predicted, sample_weight=weights * scale) == pytest.approx(plain, rel=1e-12)
        theirs = getattr(sklearn.metrics, score.__name__)
        assert plain == pytest.approx(theirs(truth, predicted, sample_weight=weights))


@given(exponent=st.integers(-1000, 1000), weights=st.lists(st.floats(0.5, 8), min_size=4, max_size=4))
def test_weights_keep_their_proportions(exponent: int, weights: list[float]) -> None:
    found = of_unit_scale(np.ldexp(np.array(weights), exponent))
    assert 0.5 <= found.max() <= 1
    np.testing.assert_array_equal(found, of_unit_scale(np.array(weights)))
