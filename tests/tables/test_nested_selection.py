"""What was chosen inside the folds, and what choosing outside adds."""

import pytest

from skknn_syndrome.tables.nested_selection import nested_choices, nested_scores, optimism
from tests.analysis_builders import make_nested
from tests.comparison_builders import make_interval, make_pooled


def test_the_candidate_that_most_folds_chose_comes_first() -> None:
    nested = make_nested([("euclidean", 3), ("cosine", 5), ("cosine", 5), ("cosine", 3)])
    assert nested_choices(nested).rows == (
        ("cosine", "distance", 5, 2, 0.5),
        ("cosine", "distance", 3, 1, 0.25),
        ("euclidean", "distance", 3, 1, 0.25),
    )


def test_optimism_is_what_the_outer_choice_has_more() -> None:
    (row,) = optimism(make_nested(chosen=0.75, values=[0.5, 0.9])).rows
    assert row[0] == "roc_auc_ovr"
    assert row[1:] == pytest.approx((0.75, 0.7, 0.05, -0.25, 0.375, 0.5))


def test_a_score_that_is_nowhere_defined_has_empty_cells() -> None:
    nested = make_nested(chosen=None, values=[float("nan")] * 2, p_value=None)
    assert optimism(nested).rows == (("roc_auc_ovr", *[None] * 6),)


def test_nested_scores_have_their_intervals() -> None:
    table = nested_scores(make_nested(pooled=make_pooled(make_interval("accuracy", 0.4, 0.6))))
    assert table.rows == (("accuracy", 0.5, 0.4, 0.6, "bca"),)
    assert "95% intervals over resampled subjects" in table.caption
    assert not nested_scores(make_nested()).rows
