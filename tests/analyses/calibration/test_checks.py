"""Checks of calibration: probabilities that mean something else than they say."""

import pytest

from skknn_syndrome.analyses.calibration.result import (
    Calibration,
    CalibrationAnalysis,
    Reliability,
    ReliabilityBin,
)
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.check import Check
from skknn_syndrome.results.protocol import ProtocolResult
from tests.analysis_builders import make_mean_interval
from tests.builders import make_candidate, make_run
from tests.checks.contexts import make_check_on, make_context


def run_with(**fields: object) -> ProtocolResult:
    return make_run(make_candidate([0.8, 0.8])).model_copy(update=fields)


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
        return make_check_on(
            "misleading_probabilities",
            make_context(run_with(), analyses=Analyses([CalibrationAnalysis(calibrations=calibrations)])),
        )

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
        assert make_check_on("misleading_probabilities", make_context(asked=())).outcome == "skipped"
