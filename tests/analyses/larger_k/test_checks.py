"""Checks of larger k."""

import pytest

from skknn_syndrome.results.analysis import Analyses
from tests.checks.contexts import make_check_on, make_context
from tests.comparison_builders import compared, make_alternative


class TestBetterLargerK:
    @pytest.mark.parametrize(
        "entry, outcome",
        [
            (("roc_auc_ovr", 0.05, 0.01), "tip"),
            (("roc_auc_ovr", 0.05, 0.06), "passed"),
            (("roc_auc_ovr", -0.05, 0.01), "passed"),
            (("f1_macro", 0.05, 0.01), "passed"),
        ],
    )
    def test_a_larger_k_counts_where_it_is_significantly_better_by_the_deciding_score(
        self, entry: tuple[str, float, float], outcome: str
    ) -> None:
        alternative = make_alternative(entry, metric="cosine", n_neighbors=60)
        check = make_check_on("beyond_grid", make_context(analyses=Analyses(compared(alternative))))
        assert check.outcome == outcome
        assert check.figures["n_compared"] == 1
        if outcome == "tip":
            (found,) = alternative.differences
            key = "k60.cosine.roc_auc_ovr"
            assert check.figures[f"{key}.mean"] == found.mean
            assert check.figures[f"{key}.best_mean"] == found.best_mean
            assert check.figures[f"{key}.n_folds"] == found.n_folds

    def test_it_says_why_nobody_looked(self) -> None:
        assert make_check_on("beyond_grid", make_context()).outcome == "not_applicable"
        assert make_check_on("beyond_grid", make_context(asked=["leaks"])).outcome == "skipped"
