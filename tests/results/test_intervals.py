"""Which interval of a figure is reported."""

from typing import Any

import pytest

from skknn_syndrome.results.intervals import Interval


def interval(percentile: Any = (None, None), bca: Any = (None, None), exact: Any = (None, None)) -> Interval:
    return Interval(
        score="accuracy",
        estimate=0.5,
        percentile_low=percentile[0],
        percentile_high=percentile[1],
        bca_low=bca[0],
        bca_high=bca[1],
        exact_low=exact[0],
        exact_high=exact[1],
    )


@pytest.mark.parametrize(
    "found, method, ends",
    [
        (interval((0.1, 0.9), (0.2, 0.8)), "bca", (0.2, 0.8)),
        (interval((0.1, 0.9)), "percentile", (0.1, 0.9)),
        (interval((0.1, 0.9), (0.2, None)), "percentile", (0.1, 0.9)),
        (interval(exact=(0.9, 1.0)), "exact", (0.9, 1.0)),
        (interval(), None, (None, None)),
        # As files before schema version 4 have it.
        (interval((1.0, 1.0)), None, (None, None)),
        (interval((0.9, 1.0), (1.0, 1.0)), "percentile", (0.9, 1.0)),
    ],
)
def test_ends_are_those_of_the_best_interval_that_there_is(found: Interval, method: Any, ends: Any) -> None:
    assert found.method == method
    assert (found.low, found.high) == ends


def test_a_difference_is_told_from_zero_by_its_interval() -> None:
    assert interval((0.01, 0.02)).excludes_zero
    assert interval((-0.02, -0.01)).excludes_zero
    assert not interval((-0.01, 0.02)).excludes_zero
    assert not interval().excludes_zero
