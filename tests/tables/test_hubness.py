"""How each distance spreads its neighbours."""

from skknn_syndrome.tables.hubness import hubness, hubs, norms
from tests.analysis_builders import make_distance, make_hubness


def test_a_row_is_a_distance() -> None:
    table = hubness(make_hubness())
    assert [row[:3] for row in table.rows] == [("euclidean", 10.0, 40), ("cosine", 1.0, 20)]
    assert "lists of the 5 nearest" in table.caption
    assert "purity would be 0.125" in table.caption


def test_hubs_say_whose_lists_they_are_in() -> None:
    assert hubs(make_hubness(make_distance("cosine"))).rows == (
        ("cosine", 3, "a", "s", 20, 4, 12.0),
        ("cosine", 7, "b", None, 5, 1, 20.0),
    )


def test_norms_rise() -> None:
    rows = norms(make_hubness()).rows
    assert rows[0] == (0.0, 20.0)
    assert list(rows) == sorted(rows)
