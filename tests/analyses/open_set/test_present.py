"""Open-set recognition: tables, figures, findings."""

from skknn_syndrome.analyses.open_set.figures import draw_rejection
from skknn_syndrome.analyses.open_set.present import NeighborNovelty
from skknn_syndrome.analyses.open_set.tables import open_set_classes, rejection
from tests.analysis_builders import make_open_set


def test_the_worst_comes_first_and_what_is_not_defined_last() -> None:
    table = open_set_classes(make_open_set(("a", "b", "c"), areas=(0.75, None, 0.625)))
    assert [row[0] for row in table.rows] == ["c", "a", "b"]
    assert table.rows[0] == ("c", 5, 0.5625, 0.625, 0.625, 0.05, 0.25, None)
    assert table.rows[2] == ("b", 0, None, None, None, None, None, "none of its images is tested")
    assert "at most 5 % of the known images" in table.caption


def test_a_curve_has_a_row_for_each_of_its_points() -> None:
    rows = rejection(make_open_set(errors=(0.5, 0.25))).rows
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("known", 10, 0.5),
        ("known", 9, 0.25),
        ("known and unknown", 10, 1.0),
        ("known and unknown", 9, 0.5),
    ]


def test_where_no_syndrome_can_be_left_out_known_images_alone_have_a_curve() -> None:
    rows = rejection(make_open_set(("a",), areas=(None,), errors=(0.5,))).rows
    assert [row[0] for row in rows] == ["known"]


def test_where_no_syndrome_can_be_left_out_known_images_alone_are_drawn() -> None:
    known, both = draw_rejection([make_open_set(("a",), areas=(None,))]).axes
    assert len(known.lines) == 1
    assert not both.lines


def test_syndromes_are_ordered_by_the_novelty_that_thresholds_are_made_of() -> None:
    by_mean = NeighborNovelty(make_open_set(("a", "b", "c"), areas=(0.75, None, 0.625)))
    assert [entry.syndrome for entry in by_mean.judged] == ["c", "a"]
    assert (by_mean.macro_area, by_mean.other_area) == (0.6875, 0.625)
    nearest = by_mean.open_set.model_copy(update={"novelty": "nearest"})
    by_nearest = NeighborNovelty(nearest)
    assert (by_nearest.macro_area, by_nearest.other_area) == (0.625, 0.6875)
    assert by_nearest.area(by_nearest.judged[0]) == 0.5625


def test_the_effects_are_those_of_the_two_curves() -> None:
    found = NeighborNovelty(make_open_set(errors=(0.4, 0.3, 0.2)))
    assert found.known_effect is not None
    assert found.known_effect.verdict == "fewer_errors"
    assert found.open_effect is not None
    assert found.open_effect.error_of_accepted == 0.4


def test_without_a_syndrome_to_leave_out_there_is_no_open_curve() -> None:
    found = NeighborNovelty(make_open_set(("a",), areas=(None,)))
    assert found.open_effect is None
    assert found.judged == []
    assert found.macro_area is None
