"""Precision, recall and F1 score, one at a time."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome.metrics import f1_score, precision_recall_fscore_support, precision_score, recall_score
from skknn_syndrome.metrics.averaging import Average
from tests.metrics.agreement import assert_agree
from tests.metrics.label_strategies import LabelPair, label_sets, single_labels

# of 1: 1 hit, 2 predicted, 4 true
TRUE = [1, 1, 1, 1, 0]
PREDICTED = [1, 0, 0, 0, 1]


def test_each_is_one_of_the_four() -> None:
    precision, recall, fscore, _ = precision_recall_fscore_support(TRUE, PREDICTED)
    assert np.array_equal(precision_score(TRUE, PREDICTED, average=None), precision)
    assert np.array_equal(recall_score(TRUE, PREDICTED, average=None), recall)
    assert np.array_equal(f1_score(TRUE, PREDICTED, average=None), fscore)


def test_binary_by_default() -> None:
    assert precision_score(TRUE, PREDICTED) == 1 / 2
    assert recall_score(TRUE, PREDICTED) == 1 / 4
    assert f1_score(TRUE, PREDICTED) == pytest.approx(2 * 1 / (2 + 4))


def test_f1_is_the_harmonic_mean() -> None:
    assert f1_score(TRUE, PREDICTED) == pytest.approx(2 / (1 / (1 / 2) + 1 / (1 / 4)))


def test_warnings_are_about_the_score_alone() -> None:
    never_true, never_predicted = [0, 0], [0, 1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert precision_score(never_true, never_predicted) == 0
        assert f1_score(never_true, never_predicted) == 0
    with pytest.warns(UndefinedMetricWarning, match="Recall is ill-defined .* due to no true samples"):
        assert recall_score(never_true, never_predicted) == 0


@pytest.mark.parametrize("name", ["precision_score", "recall_score", "f1_score"])
@given(
    pair=single_labels() | label_sets(),
    average=st.sampled_from(["binary", "micro", "macro", "weighted", "samples", None]),
)
@settings(max_examples=60, deadline=None)
def test_agrees_with_scikit_learn(name: str, pair: LabelPair, average: Average) -> None:
    y_true, y_pred, weights = pair
    assert_agree(name, y_true, y_pred, average=average, sample_weight=weights)
