"""Checks of the scores."""

import numpy as np
import pytest

from skknn_syndrome.results import Alternative, Calibration, Check, ProtocolResult
from skknn_syndrome.results.calibration import Reliability, ReliabilityBin
from skknn_syndrome.results.candidate import KNN, knn_params
from tests.analysis_builders import make_mean_interval
from tests.builders import make_candidate, make_run
from tests.checks.contexts import make_check_on, make_context
from tests.comparison_builders import make_alternative


def run_with(**fields: object) -> ProtocolResult:
    return make_run(make_candidate([0.8, 0.8])).model_copy(update=fields)


@pytest.mark.parametrize(
    "n_classes, trivial", [(2, ["top-3", "top-5"]), (4, ["top-5"]), (5, ["top-5"]), (6, [])]
)
def test_a_top_k_that_has_every_syndrome_says_nothing(n_classes: int, trivial: list[str]) -> None:
    (score,) = make_candidate([0.8, 0.8]).all_scores
    names = ("roc_auc_ovr", "top_1_accuracy", "top_3_accuracy", "top_5_accuracy")
    scores = tuple(score.model_copy(update={"name": name}) for name in names)
    run = make_run(make_candidate([0.8, 0.8]).model_copy(update={"all_scores": scores}))
    check = make_check_on("trivial_top_k", make_context(run, labels=np.repeat(np.arange(n_classes), 3)))
    assert check.outcome == ("tip" if trivial else "passed")
    assert check.figures["n_syndromes"] == n_classes
    assert check.figures.get("trivial", "") == ", ".join(trivial)
    assert (f"{' and '.join(trivial)} accuracy says nothing" in check.message) == bool(trivial)


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
        check = make_check_on("simpler_rule_better", make_context(run_with(alternatives=(alternative,))))
        assert check.outcome == ("issue" if scores else "passed")
        assert check.message.count("Significantly higher") == len(scores)
        key = ".".join(filter(None, (alternative.head, alternative.metric)))
        assert {name for name in check.figures if name.endswith(".mean")} == {
            f"{key}.{score}.mean" for score in scores
        }

    def test_several_baselines_share_a_sentence_a_score(self) -> None:
        both = ("roc_auc_ovr", 0.05, 0.01), ("f1_macro", 0.05, 0.01)
        better = (make_alternative(*both), make_alternative(*both, metric="cosine"))
        check = make_check_on("simpler_rule_better", make_context(run_with(alternatives=better)))
        assert check.message.count("Significantly higher in macro AUC than") == 1
        assert check.message.count("Significantly higher in macro F1 than") == 1
        assert check.message.count(" against ") == 4
        assert check.figures["n_compared"] == 2

    def test_it_says_why_nobody_looked(self) -> None:
        assert make_check_on("simpler_rule_better", make_context()).outcome == "not_applicable"
        asked = make_context(analyses=["baselines"], left_out={"baselines": "It takes too long."})
        check = make_check_on("simpler_rule_better", asked)
        assert check.outcome == "skipped"
        assert check.message == "The analysis 'baselines' was left out: It takes too long."


def calibration(
    confidence: float, *, weights: str = "distance", half_width: float | None = 0.05
) -> Calibration:
    bin_ = ReliabilityBin(lower=0.0, upper=1.0, n_images=10, confidence=confidence, accuracy=0.8)
    reliability = Reliability(n_bins=1, bins=(bin_,), expected_error=0.1, maximum_error=0.1)
    return Calibration(
        head=KNN,
        params=knn_params("cosine", weights, 1),
        n_predictions=10,
        mean_confidence=confidence,
        accuracy=0.8,
        equal_width=reliability,
        equal_mass=reliability,
        brier=0.2,
        log_loss=0.4,
        zero_share=0.0,
        gap=make_mean_interval(confidence - 0.8, half_width),
    )


class TestMisleadingProbabilities:
    def check(self, *calibrations: Calibration) -> Check:
        return make_check_on("misleading_probabilities", make_context(run_with(calibrations=calibrations)))

    @pytest.mark.parametrize("confidence, word", [(0.6, "underconfident"), (0.95, "overconfident")])
    def test_a_significant_gap_of_confidence_and_accuracy_is_an_issue(
        self, confidence: float, word: str
    ) -> None:
        entry = calibration(confidence)
        check = self.check(entry)
        assert check.outcome == "issue"
        assert word in check.message
        assert f"its mean confidence is {confidence:.3f}, its accuracy 0.800" in check.message
        assert entry.gap is not None
        assert check.figures == {
            "mean_confidence": confidence,
            "accuracy": 0.8,
            "gap_low": entry.gap.low,
            "gap_high": entry.gap.high,
        }

    def test_a_large_gap_that_may_be_chance_passes(self) -> None:
        assert self.check(calibration(0.6, half_width=0.3)).outcome == "passed"

    def test_a_gap_without_an_interval_says_nothing(self) -> None:
        assert self.check(calibration(0.6, half_width=None)).outcome == "not_applicable"
        older = calibration(0.2).model_copy(update={"gap": None})
        assert older.verdict == "inconclusive"
        assert self.check(older).outcome == "not_applicable"

    def test_other_weights_than_the_best_candidates_do_not_matter(self) -> None:
        assert self.check(calibration(0.79), calibration(0.2, weights="uniform")).outcome == "passed"
        assert self.check(calibration(0.2, weights="uniform")).outcome == "not_applicable"

    def test_it_is_skipped_where_nobody_asked(self) -> None:
        assert make_check_on("misleading_probabilities", make_context(analyses=())).outcome == "skipped"
