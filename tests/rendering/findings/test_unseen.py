"""Syndromes absent from training, in words."""

from skknn_syndrome.rendering.findings.unseen import UnseenFindings
from tests.analysis_builders import make_open_set


def test_syndromes_are_ordered_by_the_novelty_that_thresholds_are_made_of() -> None:
    by_mean = UnseenFindings(make_open_set(("a", "b", "c"), areas=(0.75, None, 0.625)))
    assert [entry.syndrome for entry in by_mean.judged] == ["c", "a"]
    assert (by_mean.macro_area, by_mean.other_area) == (0.6875, 0.625)
    nearest = by_mean.open_set.model_copy(update={"novelty": "nearest"})
    by_nearest = UnseenFindings(nearest)
    assert (by_nearest.macro_area, by_nearest.other_area) == (0.625, 0.6875)
    assert by_nearest.area(by_nearest.judged[0]) == 0.5625


def test_the_effects_are_those_of_the_two_curves() -> None:
    found = UnseenFindings(make_open_set(errors=(0.4, 0.3, 0.2)))
    assert found.known_effect is not None
    assert found.known_effect.verdict == "fewer_errors"
    assert found.open_effect is not None
    assert found.open_effect.error_of_accepted == 0.4


def test_without_a_syndrome_to_leave_out_there_is_no_open_curve() -> None:
    found = UnseenFindings(make_open_set(("a",), areas=(None,)))
    assert found.open_effect is None
    assert found.judged == []
    assert found.macro_area is None
