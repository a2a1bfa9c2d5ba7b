"""Ratios with a rule for nothing divided by nothing."""

import warnings

import numpy as np
import pytest
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome.metrics.ratios import UndefinedRule, ZeroDivision, mean_of_defined, ratios


@pytest.mark.parametrize("zero_division, filled", [(0, 0.0), (1, 1.0), (float("nan"), float("nan"))])
def test_the_rule_fills_in_silently(zero_division: ZeroDivision, filled: float) -> None:
    rule = UndefinedRule(zero_division, warn_for=("recall",))
    result = ratios(np.array([1, 0]), np.array([4, 0]), rule, "recall", "true")
    np.testing.assert_array_equal(result, [0.25, filled])


@pytest.mark.parametrize(
    "totals, per_sample, message",
    [
        ([4, 0], False, "Recall is ill-defined and being set to 0.0 in labels with no true samples."),
        ([4, 0], True, "Recall is ill-defined and being set to 0.0 in samples with no true labels."),
        ([0], False, "Recall is ill-defined and being set to 0.0 due to no true samples."),
    ],
)
def test_the_warning_says_what_is_missing_where(totals: list[int], per_sample: bool, message: str) -> None:  # noqa: FBT001
    rule = UndefinedRule("warn", warn_for=("recall",), per_sample=per_sample)
    with pytest.warns(UndefinedMetricWarning, match=message):
        result = ratios(np.zeros(len(totals)), np.array(totals), rule, "recall", "true")
    assert result.tolist() == [0.0] * len(totals)


def test_no_warning_about_a_metric_that_was_not_asked_for() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ratios(np.array([0]), np.array([0]), UndefinedRule("warn", warn_for=("recall",)), "precision", "true")


def test_mean_leaves_out_what_is_not_defined() -> None:
    values = np.array([1.0, np.nan, 0.5, 0.0])
    assert mean_of_defined(values) == 0.5  # (1 + 0.5 + 0) / 3
    assert mean_of_defined(values, np.array([2, 5, 1, 1])) == 0.625  # (2 * 1 + 1 * 0.5 + 0) / 4


def test_mean_without_weight_is_the_plain_one() -> None:
    assert mean_of_defined(np.array([1.0, 0.5, np.nan]), np.array([0, 0, 3])) == 0.75


def test_mean_of_nothing_is_nan() -> None:
    assert np.isnan(mean_of_defined(np.array([np.nan])))
    assert np.isnan(mean_of_defined(np.array([])))
