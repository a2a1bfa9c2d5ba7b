"""Syndromes absent from training."""

from skknn_syndrome.tables.unseen_syndromes import rejection, unseen_syndromes
from tests.analysis_builders import make_open_set


def test_the_worst_comes_first_and_what_is_not_defined_last() -> None:
    table = unseen_syndromes(make_open_set(("a", "b", "c"), areas=(0.75, None, 0.625)))
    assert [row[0] for row in table.rows] == ["c", "a", "b"]
    assert table.rows[0] == ("c", 5, 0.5625, 0.625, 0.625, 0.05, 0.25, None)
    assert table.rows[2] == ("b", 0, None, None, None, None, None, "none of its images is tested")
    assert "at most 5% of the known images" in table.caption


def test_a_curve_has_a_row_for_each_of_its_points() -> None:
    rows = rejection(make_open_set(errors=(0.5, 0.25))).rows
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("known", 10, 0.5),
        ("known", 9, 0.25),
        ("known and unseen", 10, 1.0),
        ("known and unseen", 9, 0.5),
    ]


def test_where_no_syndrome_can_be_left_out_known_images_alone_have_a_curve() -> None:
    rows = rejection(make_open_set(("a",), areas=(None,), errors=(0.5,))).rows
    assert [row[0] for row in rows] == ["known"]
