"""Whether unseen syndromes are noticed, in words."""

import pytest

from skknn_syndrome.rendering.findings.unseen import UnseenFindings
from tests.analysis_builders import make_open_set


@pytest.mark.parametrize(
    "area, word",
    [
        (0.5, "hardly better than chance"),
        (0.4, "hardly better than chance"),
        (0.6, "poorly"),
        (0.75, "fairly well"),
        (0.9, "well"),
        (1.0, "well"),
    ],
)
def test_the_mean_area_is_put_into_words(area: float, word: str) -> None:
    assert UnseenFindings(make_open_set(("a", "b"), areas=(area, area))).word == word


def test_syndromes_are_ordered_by_the_novelty_that_thresholds_are_made_of() -> None:
    by_mean = UnseenFindings(make_open_set(("a", "b", "c"), areas=(0.75, None, 0.625)))
    assert [entry.syndrome for entry in by_mean.judged] == ["c", "a"]
    assert (by_mean.macro_area, by_mean.other_area) == (0.6875, 0.625)
    nearest = by_mean.open_set.model_copy(update={"novelty": "nearest"})
    by_nearest = UnseenFindings(nearest)
    assert (by_nearest.macro_area, by_nearest.other_area) == (0.625, 0.6875)
    assert by_nearest.area(by_nearest.judged[0]) == 0.5625


def test_the_prose_takes_the_point_where_a_fifth_is_rejected() -> None:
    found = UnseenFindings(make_open_set(errors=(0.4, 0.3, 0.2, 0.1)))
    assert (found.known_point.rejected_share, found.known_point.error) == (0.2, 0.2)
    assert found.open_point is not None
    assert found.open_point.error == 0.4


def test_without_a_syndrome_to_leave_out_there_is_no_open_curve() -> None:
    found = UnseenFindings(make_open_set(("a",), areas=(None,)))
    assert found.open_point is None
    assert found.judged == []
    assert found.macro_area is None
