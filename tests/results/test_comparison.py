"""Which alternatives are better, and by which scores."""

import pytest

from skknn_syndrome.results.comparison import judging_scores
from tests.analysis_builders import make_chance
from tests.comparison_builders import make_alternative


def test_an_alternative_is_better_where_its_lead_is_significant_after_holm() -> None:
    found = make_alternative(
        ("roc_auc_ovr", 0.02, 0.04),
        ("f1_macro", 0.1, 0.05),
        ("accuracy", -0.1, 0.001),
        ("recall_macro", 0.0, None),
    )
    assert [entry.score for entry in found.better_by("roc_auc_ovr", "f1_macro", "accuracy")] == [
        "roc_auc_ovr"
    ]
    assert found.better_by("recall_macro", "precision_macro") == ()


def test_a_score_that_is_named_twice_counts_once() -> None:
    found = make_alternative(("f1_macro", 0.1, 0.01))
    assert len(found.better_by("f1_macro", "f1_macro")) == 1
    assert judging_scores("f1_macro") == ("f1_macro",)


@pytest.mark.parametrize("p_value, least", [(1 / 200, True), (2 / 200, False)])
def test_the_least_p_value_is_that_of_one_arrangement_of_all(p_value: float, least: bool) -> None:  # noqa: FBT001
    # The builder's 199 permutations and the observed labels are 200 arrangements.
    assert make_chance(p_value).is_least is least
