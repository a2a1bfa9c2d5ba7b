"""What rejecting novel images does to the error, and whether that is more than chance."""

import numpy as np
import pytest

from skknn_syndrome._typing import BoolArray
from skknn_syndrome.results.open_set import RejectionCurve, RejectionEffect
from skknn_syndrome.study.rejection import rejection_curve


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
