"""Checks of baselines."""

import pytest

from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.comparison import Alternative
from tests.checks.contexts import make_check_on, make_context
from tests.comparison_builders import compared, make_alternative


class TestBetterBaseline:
    @pytest.mark.parametrize(
        "alternative, scores",
        [
            (make_alternative(("roc_auc_ovr", 0.05, 0.01)), ["roc_auc_ovr"]),
            (make_alternative(("roc_auc_ovr", 0.05, 0.2), ("f1_macro", 0.05, 0.01)), ["f1_macro"]),
            (
                make_alternative(("roc_auc_ovr", 0.05, 0.01), ("f1_macro", 0.05, 0.01)),
                ["roc_auc_ovr", "f1_macro"],
            ),
            (make_alternative(("roc_auc_ovr", 0.05, 0.2), ("f1_macro", -0.05, 0.01)), []),
            (make_alternative(("accuracy", 0.05, 0.01)), []),
        ],
    )
    def test_it_is_an_issue_in_the_deciding_score_or_macro_f1(
        self, alternative: Alternative, scores: list[str]
    ) -> None:
        check = make_check_on("simpler_rule_better", make_context(analyses=Analyses(compared(alternative))))
        assert check.outcome == ("issue" if scores else "passed")
        assert check.message.count("Significantly higher") == len(scores)
        key = ".".join(filter(None, (alternative.head, alternative.metric)))
        assert {name for name in check.figures if name.endswith(".mean")} == {
            f"{key}.{score}.mean" for score in scores
        }

    def test_several_baselines_share_a_sentence_a_score(self) -> None:
        both = ("roc_auc_ovr", 0.05, 0.01), ("f1_macro", 0.05, 0.01)
        better = (make_alternative(*both), make_alternative(*both, metric="cosine"))
        check = make_check_on("simpler_rule_better", make_context(analyses=Analyses(compared(*better))))
        assert check.message.count("Significantly higher in macro AUC than") == 1
        assert check.message.count("Significantly higher in macro F1 than") == 1
        assert check.message.count(" against ") == 4
        assert check.figures["n_compared"] == 2

    def test_it_says_why_nobody_looked(self) -> None:
        assert make_check_on("simpler_rule_better", make_context()).outcome == "not_applicable"
        asked = make_context(asked=["baselines"], left_out={"baselines": "It takes too long."})
        check = make_check_on("simpler_rule_better", asked)
        assert check.outcome == "skipped"
        assert check.message == "The analysis 'baselines' was left out: It takes too long."
