"""Average precision and precision-recall curves."""

import warnings

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics import average_precision_score, precision_recall_curve
from skknn_syndrome.metrics.average_precision import average_precision
from tests.metrics.builders import assert_agree, weights
from tests.refusing import refused


@st.composite
def ranked(draw: st.DrawFn) -> tuple[IndexArray, Float64Array, Float64Array | None]:
    """Return an indicator matrix, scores of few values, so that many tie, and weights or None."""
    shape = draw(st.tuples(st.integers(1, 9), st.integers(2, 4)))
    truth = draw(arrays(np.intp, shape, elements=st.integers(0, 1)))
    values = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0]) | st.floats(-2, 2)
    return truth, draw(arrays(np.float64, shape, elements=values)), draw(weights(shape[0]))


def test_by_hand() -> None:
    # Thresholds 0.9, 0.6, 0.4: 1 of 1, 1 of 2 and 2 of 4 are positive; recall rises by a half twice.
    assert average_precision_score([1, 0, 1, 0], [0.9, 0.6, 0.4, 0.4]) == (1 + 1 / 2) / 2
    assert average_precision(np.array([1, 0, 1, 0]) > 0, np.array([0.9, 0.6, 0.4, 0.4])) == 0.75


def test_scores_that_say_nothing_have_the_share_of_positives() -> None:
    assert average_precision_score([1, 0, 0, 0], [0.3] * 4) == 0.25


def test_without_positives_it_is_not_defined() -> None:
    assert np.isnan(average_precision(np.zeros(2, np.bool_), np.array([0.1, 0.2])))
    with pytest.warns(UserWarning, match="No positive class found in y_true"):
        assert average_precision_score([0, 0], [0.1, 0.2]) == 0


@settings(max_examples=60)
@given(case=ranked(), average=st.sampled_from([None, "macro", "micro", "samples", "weighted"]))
def test_it_agrees_with_scikit_learn(
    case: tuple[IndexArray, Float64Array, Float64Array | None], average: str | None
) -> None:
    truth, scores, sample_weight = case
    assert_agree("average_precision_score", truth, scores, average=average, sample_weight=sample_weight)
    assert_agree(
        "precision_recall_curve", truth[:, 0], scores[:, 0], pos_label=1, sample_weight=sample_weight
    )


@settings(max_examples=40)
@given(case=ranked())
def test_the_kernel_agrees_where_there_are_positives(
    case: tuple[IndexArray, Float64Array, Float64Array | None],
) -> None:
    for truth, scores in zip(case[0].T, case[1].T, strict=True):
        if truth.any():
            expected = sklearn.metrics.average_precision_score(truth, scores)
            assert average_precision(truth > 0, scores) == pytest.approx(expected, rel=1e-12)


@settings(max_examples=40)
@given(case=ranked())
def test_dropped_thresholds_are_scikit_learns(
    case: tuple[IndexArray, Float64Array, Float64Array | None],
) -> None:
    truth, scores, _ = case
    assert_agree("precision_recall_curve", truth[:, 0], scores[:, 0], pos_label=1, drop_intermediate=True)


@settings(max_examples=20)
@given(case=ranked())
def test_only_the_order_counts(case: tuple[IndexArray, Float64Array, Float64Array | None]) -> None:
    truth, scores, _ = case
    _, places = np.unique(scores, return_inverse=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # labels without positives
        plain, moved = (
            average_precision_score(truth, values) for values in (scores, places.reshape(scores.shape) * 7.0)
        )
    assert moved == pytest.approx(plain)


def test_of_several_classes_each_is_against_the_rest() -> None:
    truth = np.array(["a", "b", "c", "b"])
    scores = np.array([[0.7, 0.2, 0.1], [0.5, 0.3, 0.2], [0.2, 0.3, 0.5], [0.1, 0.6, 0.3]])
    for average in (None, "macro", "weighted", "micro"):
        assert_agree("average_precision_score", truth, scores, average=average)


def test_what_does_not_fit_is_refused() -> None:
    with refused("unknown_label", "pos_label"):
        average_precision_score(["a", "b"], [0.1, 0.2])
    with refused("unsupported_labels", "y_true"):
        average_precision_score([[1, 2], [3, 4]], [[0.1, 0.2], [0.3, 0.4]])
    with refused("positive_of_several", "pos_label"):
        average_precision_score([[1, 0], [1, 1]], [[0.1, 0.2], [0.3, 0.4]], pos_label=0)
    with refused("one_column", "y_score"):
        average_precision_score([1, 2, 3], [0.1, 0.2, 0.3])
    with refused("columns_mismatch", "y_score"):
        average_precision_score([1, 2, 3], [[0.1, 0.2]] * 3)
    with refused("unsupported_labels", "y_true"):
        precision_recall_curve([1, 2, 3], [0.1, 0.2, 0.3])
