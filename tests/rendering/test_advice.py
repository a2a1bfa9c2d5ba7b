"""What a report recommends."""

import pytest

from skknn_syndrome.analyses.calibration.result import Calibration, CalibrationAnalysis
from skknn_syndrome.analyses.inflation.result import InflationAnalysis
from skknn_syndrome.analyses.leakage.result import Leak, LeakageAnalysis
from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.analyses.per_class.result import ConfusedPair
from skknn_syndrome.rendering.advice import advice
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.results.candidate import knn_params
from skknn_syndrome.results.comparison import Alternative
from skknn_syndrome.results.near_duplicates import NearDuplicate, NearDuplicates
from skknn_syndrome.results.study import StudyResult
from tests.analysis_builders import (
    make_calibration,
    make_nested,
    make_open_set,
)
from tests.builders import make_candidate, make_run, make_study, with_analyses
from tests.comparison_builders import (
    compared,
    make_alternative,
    make_comparison,
    make_leak,
    make_protocol_inflation,
    make_repeats,
)
from tests.rendering.facts_builders import compare, evaluation, study_with


def test_the_distances_are_compared_over_all_splits_where_there_are_several() -> None:
    single = make_comparison(p_value=0.2)
    over_all = make_comparison(p_value=0.01, p_holm=0.03)
    facts = Facts(study_with(comparisons=(single,), repeats=make_repeats(over_all)))
    assert "Use the cosine distance" in advice(facts)[0]


def test_several_splits_that_settle_nothing_are_not_asked_for_again() -> None:
    facts = Facts(
        study_with(comparisons=(make_comparison(),), repeats=make_repeats(make_comparison(p_value=0.2)))
    )
    assert "other seeds" not in advice(facts)[0]


def test_a_better_baseline_or_k_is_recommended_and_not_the_distance() -> None:
    comparisons = (compare(p_value=0.01),)
    larger = make_alternative(("roc_auc_ovr", 0.02, 0.01), metric="cosine", n_neighbors=20)
    baseline = make_alternative(("roc_auc_ovr", 0.02, 0.01))
    for alternatives, name in (((larger,), "k = 20"), ((larger, baseline), "linear discriminant analysis")):
        sentences = advice(Facts(study_with(*compared(*alternatives), comparisons=comparisons)))
        assert name in sentences[0]
        assert not any("Use the cosine distance" in sentence for sentence in sentences)
    none_better = make_alternative(("roc_auc_ovr", 0.02, 0.2))
    sentences = advice(Facts(study_with(*compared(none_better), comparisons=comparisons)))
    assert "Use the cosine distance" in sentences[0]


def test_a_larger_k_is_not_asked_for_where_it_was_tried() -> None:
    def asks(*alternatives: Alternative, ks: tuple[int, ...] = (1, 3)) -> bool:
        run = make_run(*(make_candidate([0.5, k / 10], n_neighbors=k) for k in ks))
        study = with_analyses(make_study(run), *compared(*alternatives))
        return any("Try k beyond" in sentence for sentence in advice(Facts(study)))

    assert asks()
    assert not asks(ks=(3,))
    assert not asks(ks=(1, 4))  # all four images of a training part vote
    assert not asks(make_alternative(("roc_auc_ovr", -0.02, 0.5), metric="cosine", n_neighbors=20))
    assert asks(make_alternative(("roc_auc_ovr", -0.02, 0.5)))


def test_a_score_that_does_not_decide_is_named_where_it_is_significant() -> None:
    undecided = compare(p_value=0.5)
    facts = Facts(study_with(comparisons=(undecided, compare("f1_macro", p_value=0.01))))
    assert "significant by macro F1" in advice(facts)[0]


@pytest.mark.parametrize("difference, advised", [(0.05, True), (0.01, False), (-0.05, False)])
def test_subject_level_scores_are_advised_where_image_level_ones_are_inflated(
    difference: float, *, advised: bool
) -> None:
    study = with_analyses(
        study_with(), InflationAnalysis(protocol_inflations=(make_protocol_inflation(difference),))
    )
    sentences = advice(Facts(study))
    assert any("Report subject-level scores" in sentence for sentence in sentences) == advised


def test_a_clear_winner_is_recommended_and_an_unclear_one_is_not() -> None:
    assert "Use the cosine distance" in advice(Facts(study_with(comparisons=(compare(p_value=0.01),))))[0]
    sentence = advice(Facts(study_with(comparisons=(compare(p_value=0.2),))))[0]
    assert "repeat the folds with other seeds" in sentence
    # Where nothing differs there is nothing to choose.
    assert "distance" not in advice(Facts(study_with(comparisons=(compare(p_value=None),))))[0]
    elsewhere = study_with(comparisons=(compare("f1_macro"),))
    assert "distance" not in advice(Facts(elsewhere))[0]


def test_each_finding_has_its_recommendation() -> None:
    pair = NearDuplicate(images=("i", "j"), subjects=("s", "t"), syndromes=("a", "a"), cosine=0.97)
    study = with_analyses(
        study_with(),
        NearDuplicatesAnalysis(near_duplicates=NearDuplicates(threshold=0.95, pairs=(pair,))),
        InflationAnalysis(protocol_inflations=(make_protocol_inflation(),)),
    )
    sentences = " ".join(advice(Facts(study)))
    for part in (
        "near-duplicates (1 pair)",
        "Report subject-level scores",
    ):
        assert part in sentences


def calibrated(*calibrations: Calibration, **run_parts: object) -> StudyResult:
    return with_analyses(study_with(**run_parts), CalibrationAnalysis(calibrations=calibrations))


def test_findings_that_mislead_have_their_recommendations() -> None:
    sentences = " ".join(
        advice(
            Facts(
                calibrated(
                    make_calibration(confidence=0.6, accuracy=0.8),
                    nested=make_nested(chosen=0.95, p_value=0.01),
                    open_sets=(make_open_set(),),
                )
            )
        )
    )
    assert "Expect the macro AUC of the nested search, 0.700" in sentences
    assert "they are underconfident" in sentences
    assert "of the images with a syndrome absent from training, 80 % were not flagged" in sentences
    overconfident = Facts(calibrated(make_calibration(confidence=0.9, accuracy=0.8)))
    assert any("they are overconfident" in sentence for sentence in advice(overconfident))


def test_findings_that_do_not_mislead_have_none() -> None:
    facts = Facts(
        calibrated(
            make_calibration(confidence=0.7, accuracy=0.8, half_width=0.2),
            nested=make_nested(chosen=0.6),
            open_sets=(make_open_set(caught=0.75),),
        )
    )
    assert advice(facts) == advice(Facts(study_with()))


def test_without_subject_ids_they_are_asked_for() -> None:
    study = make_study()
    study = study.model_copy(update={"dataset": study.dataset.model_copy(update={"n_subjects": None})})
    sentences = advice(Facts(study))
    assert any("Record subject ids" in sentence for sentence in sentences)
    assert "another source" in sentences[-1]


def confused(*, beyond_chance: bool) -> StudyResult:
    pair = ConfusedPair(
        syndrome="b", misclassified_as="a", n_images=9, share=0.9, share_of_errors=1.0, expected_share=0.5,
        p_value=0.01,
    )  # fmt: skip
    found = evaluation((1, 0, 0), (9, 1, 0), (0, 0, 9))
    return study_with(
        evaluations=(found.model_copy(update={"confused_pairs": (pair,) if beyond_chance else ()}),)
    )


@pytest.mark.parametrize("beyond_chance", [True, False])
def test_images_are_asked_for_only_of_pairs_that_are_confused_beyond_chance(*, beyond_chance: bool) -> None:
    asked = [
        sentence for sentence in advice(Facts(confused(beyond_chance=beyond_chance))) if "Collect" in sentence
    ]
    assert len(asked) == beyond_chance
    assert all("distinguish b from a: 90 %" in sentence for sentence in asked)


def near_duplicates(*leaks: Leak) -> str:
    pair = NearDuplicate(images=("i", "j"), subjects=("s", "t"), syndromes=("a", "a"), cosine=0.97)
    study = with_analyses(
        study_with(),
        NearDuplicatesAnalysis(near_duplicates=NearDuplicates(threshold=0.95, pairs=(pair,))),
        LeakageAnalysis(leaks=leaks),
    )
    (sentence,) = [sentence for sentence in advice(Facts(study)) if "near-duplicates" in sentence]
    return sentence


def test_of_near_duplicates_that_effect_is_told_that_was_measured() -> None:
    assert "scores change by" not in near_duplicates()
    assert "scores change by +0.250 to +0.250" in near_duplicates(make_leak())
    (worth,) = make_leak().inflations
    lower = worth.model_copy(update={"score": "precision_macro", "purged": 0.8125})
    other = worth.model_copy(update={"params": knn_params("euclidean", "distance", 5), "purged": 0.0})
    leak = make_leak().model_copy(update={"inflations": (worth, lower, other)})
    assert "scores change by \N{MINUS SIGN}0.062 to +0.250" in near_duplicates(leak)
    assert "scores change by" not in near_duplicates(leak.model_copy(update={"kind": "two_syndromes"}))
    # Without near-duplicates there is no advice that it could stand beside.
    alone = with_analyses(study_with(), LeakageAnalysis(leaks=(leak,)))
    assert "scores change by" not in " ".join(advice(Facts(alone)))
