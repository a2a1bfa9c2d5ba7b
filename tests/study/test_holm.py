"""P-values of several tests at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.study.holm import holm


def test_by_hand() -> None:
    # In rising order .01 * 4, .02 * 3, .03 * 2, .9 * 1; none below the one before it.
    assert holm([0.02, 0.9, 0.01, 0.03]) == pytest.approx([0.06, 0.9, 0.04, 0.06])


def test_one_test_stays_as_it_is_and_none_are_none() -> None:
    assert holm([0.3]) == [0.3]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_adjusted_ones_are_no_smaller_no_larger_than_bonferronis_and_in_the_same_order(
    raw: list[float],
) -> None:
    adjusted = holm(raw)
    for p_value, other in zip(raw, adjusted, strict=True):
        assert p_value <= other <= min(1, len(raw) * p_value) + 1e-12
    order = sorted(range(len(raw)), key=raw.__getitem__)
    assert [adjusted[place] for place in order] == sorted(adjusted)
