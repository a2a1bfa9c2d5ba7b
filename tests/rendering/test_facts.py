"""What the prose of a report speaks of."""

import pytest

from skknn_syndrome.rendering.advice import advice
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.results import (
    Alternative,
    CentroidSimilarity,
    DistanceComparison,
    Evaluation,
    Fold,
    NearDuplicate,
    NearDuplicates,
    PublishedScore,
    StudyResult,
    SyndromeScores,
)
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.evaluation import ConfusedPair
from skknn_syndrome.results.leak import Leak
from tests.analysis_builders import (
    make_alternative,
    make_calibration,
    make_comparison,
    make_distance,
    make_hubness,
    make_interval,
    make_leak,
    make_nested,
    make_open_set,
    make_pooled,
    make_protocol_inflation,
    make_repeats,
    make_subject_level,
    make_temperatures,
)
from tests.builders import make_candidate, make_run, make_study
from tests.figures.builders import CURVE


def compare(
    score: str = "roc_auc_ovr", *, p_value: float | None = 0.01, first: str = "cosine"
) -> DistanceComparison:
    second = {"cosine": "euclidean", "euclidean": "cosine"}[first]
    return DistanceComparison(
        score=score, first=first, second=second, mean_difference=0.1, standard_error=0.02, t_statistic=5.0,
        p_value=p_value, confidence_low=0.05, confidence_high=0.15, n_folds=2,
    )  # fmt: skip


def evaluation(*confusion: tuple[int, ...]) -> Evaluation:
    names = tuple("abcde"[: len(confusion)])
    rows = tuple(
        SyndromeScores(
            syndrome=name, n_images=sum(row), n_subjects=None, precision=None,
            recall=row[position] / sum(row), f1=row[position] / sum(row), roc_auc=None,
        )
        for position, (name, row) in enumerate(zip(names, confusion, strict=True))
    )  # fmt: skip
    return Evaluation(
        head=KNN, params=knn_params("cosine", "distance", 3), syndromes=names, confusion=confusion,
        per_syndrome=rows, micro_roc=CURVE, syndrome_rocs=(),
    )  # fmt: skip


def study_with(**run_parts: object) -> StudyResult:
    run = make_run(
        make_candidate([0.5, 0.6], metric="euclidean", n_neighbors=3),
        make_candidate([0.6, 0.7], metric="cosine", n_neighbors=3),
        protocol="subject",
    )
    return make_study(run.model_copy(update=run_parts))


def test_the_winner_decides_which_evaluation_is_spoken_of() -> None:
    facts = Facts(study_with(evaluations=(evaluation((3, 1), (0, 2)),)))
    assert facts.winner.metric == "cosine"
    assert facts.evaluation is not None
    assert facts.refit.mean == pytest.approx(0.65)
    assert facts.refit_title == "macro AUC"
    assert Facts(study_with()).evaluation is None


def test_the_grid_is_named_once() -> None:
    facts = Facts(study_with())
    assert (facts.metrics, facts.weights, facts.grid) == (["euclidean", "cosine"], ["distance"], [3])


def test_imbalance_is_largest_to_smallest() -> None:
    facts = Facts(make_study())
    assert (facts.largest.syndrome, facts.smallest.syndrome, facts.imbalance) == ("a", "b", 2.0)
    assert facts.n_syndromes == 2
    assert facts.images_per_subject == 6 / 5
    without = make_study()
    without = without.model_copy(update={"dataset": without.dataset.model_copy(update={"n_subjects": None})})
    assert Facts(without).images_per_subject is None


def test_scores_that_put_the_other_distance_first_significantly_are_named() -> None:
    facts = Facts(
        study_with(
            comparisons=(
                compare(),
                compare("f1_macro", first="euclidean"),
                compare("accuracy"),
                compare("top_3_accuracy", first="euclidean", p_value=0.4),
            )
        )
    )
    assert facts.comparison is not None
    assert facts.disagreeing == ["macro F1"]
    assert facts.agreeing == ["accuracy"]
    assert facts.distance_table is not None
    assert Facts(study_with()).comparison is None
    assert (Facts(study_with()).disagreeing, Facts(study_with()).agreeing) == ([], [])
    assert Facts(study_with()).distance_table is None


def test_the_distances_are_compared_over_all_splits_where_there_are_several() -> None:
    single = make_comparison(p_value=0.2)
    over_all = make_comparison(p_value=0.01, p_holm=0.03)
    facts = Facts(study_with(comparisons=(single,), repeats=make_repeats(over_all)))
    assert facts.comparison is over_all
    assert facts.single_comparison is single
    assert (facts.p_value, facts.single_p_value) == (0.03, 0.2)
    assert "Use the cosine distance" in advice(facts)[0]


def test_one_split_is_compared_by_itself() -> None:
    single = make_comparison(p_value=0.2)
    for repeats in (None, make_repeats()):
        facts = Facts(study_with(comparisons=(single,), repeats=repeats))
        assert facts.comparison is single
        assert facts.single_comparison is None
        assert facts.p_value == 0.2
    assert Facts(study_with()).p_value is None


def test_several_splits_that_settle_nothing_are_not_asked_for_again() -> None:
    facts = Facts(
        study_with(comparisons=(make_comparison(),), repeats=make_repeats(make_comparison(p_value=0.2)))
    )
    assert "other seeds" not in advice(facts)[0]


def test_sizes_of_the_folds_are_those_of_the_smallest_and_the_largest() -> None:
    folds = tuple(
        Fold(repeat=0, split=split, n_train=n_train, n_test=10 - n_train)
        for split, n_train in enumerate((7, 6, 8))
    )
    facts = Facts(make_study(make_run(make_candidate([0.5, 0.6, 0.7]), folds=folds)))
    assert (facts.train_sizes, facts.test_sizes) == ((6, 8), (2, 4))


def test_intervals_are_those_of_the_winner_where_they_are_defined() -> None:
    defined = make_interval("roc_auc_ovr", 0.4, 0.6)
    pooled = (
        make_pooled(make_interval("roc_auc_ovr", 0.1, 0.2), metric="euclidean"),
        make_pooled(defined, make_interval("f1_macro", None, None)),
    )
    facts = Facts(study_with(pooled=pooled))
    assert facts.interval("roc_auc_ovr") == defined
    assert facts.interval("f1_macro") is None
    assert facts.interval("accuracy") is None
    assert Facts(study_with()).interval("roc_auc_ovr") is None


def test_what_does_better_is_judged_by_the_deciding_score_and_by_macro_f1() -> None:
    better = make_alternative(("roc_auc_ovr", 0.02, 0.01), ("f1_macro", -0.1, 0.01))
    by_f1 = make_alternative(("roc_auc_ovr", -0.01, 0.9), ("f1_macro", 0.1, 0.01), name="nearest_centroid")
    ahead = make_alternative(("roc_auc_ovr", 0.01, 0.5), metric="cosine", n_neighbors=20)
    elsewhere = make_alternative(("accuracy", 0.2, 0.01), name="nearest_image")
    worse = make_alternative(("roc_auc_ovr", -0.2, 0.01), ("f1_macro", 0.01, 0.9), name="prior")
    facts = Facts(study_with(alternatives=(worse, elsewhere, ahead, by_f1, better)))
    assert facts.alternatives is not None
    assert facts.alternatives.better == [better, by_f1]
    assert facts.alternatives.ahead == [ahead]
    assert facts.alternatives.better_baseline == better
    assert facts.alternatives.better_k is None
    assert facts.alternatives.tried_larger_k
    assert Facts(study_with()).alternatives is None


def test_a_better_baseline_or_k_is_recommended_and_not_the_distance() -> None:
    comparisons = (compare(p_value=0.01),)
    larger = make_alternative(("roc_auc_ovr", 0.02, 0.01), metric="cosine", n_neighbors=20)
    baseline = make_alternative(("roc_auc_ovr", 0.02, 0.01))
    for alternatives, name in (((larger,), "k = 20"), ((larger, baseline), "linear discriminant analysis")):
        sentences = advice(Facts(study_with(comparisons=comparisons, alternatives=alternatives)))
        assert name in sentences[0]
        assert not any("Use the cosine distance" in sentence for sentence in sentences)
    none_better = make_alternative(("roc_auc_ovr", 0.02, 0.2))
    sentences = advice(Facts(study_with(comparisons=comparisons, alternatives=(none_better,))))
    assert "Use the cosine distance" in sentences[0]


def test_a_larger_k_is_not_asked_for_where_it_was_tried() -> None:
    def asks(*alternatives: Alternative, ks: tuple[int, ...] = (1, 3)) -> bool:
        run = make_run(*(make_candidate([0.5, k / 10], n_neighbors=k) for k in ks))
        study = make_study(run.model_copy(update={"alternatives": alternatives}))
        return any("Try k beyond" in sentence for sentence in advice(Facts(study)))

    assert asks()
    assert not asks(ks=(3,))
    assert not asks(ks=(1, 4))  # all four images of a training part vote
    assert not asks(make_alternative(("roc_auc_ovr", -0.02, 0.5), metric="cosine", n_neighbors=20))
    assert asks(make_alternative(("roc_auc_ovr", -0.02, 0.5)))


def test_a_score_that_does_not_decide_is_named_where_it_is_significant() -> None:
    undecided = compare(p_value=0.5)
    facts = Facts(study_with(comparisons=(undecided, compare("f1_macro", p_value=0.01))))
    assert [entry.score for entry in facts.significant_elsewhere] == ["f1_macro"]
    assert "significant by macro F1" in advice(facts)[0]


def test_folds_that_lack_a_class_are_known() -> None:
    assert not Facts(make_study()).lacks_classes
    fold = Fold(repeat=0, split=0, n_train=4, n_test=2, absent_from_test=("a",))
    assert Facts(make_study(make_run(make_candidate([0.5]), folds=(fold,)))).lacks_classes


def test_what_a_study_did_not_look_into_has_no_findings() -> None:
    facts = Facts(study_with())
    assert facts.selection is None
    assert facts.calibration is None
    assert facts.geometry is None
    assert facts.unseen is None
    assert facts.subject_level is None
    assert facts.failures is None


def test_findings_are_those_of_the_winner() -> None:
    facts = Facts(
        study_with(
            nested=make_nested(),
            calibrations=(make_calibration("euclidean"), make_calibration()),
            temperatures=(make_temperatures(metric="euclidean"), make_temperatures()),
            open_sets=(make_open_set(metric="euclidean"), make_open_set()),
            subject_levels=(make_subject_level(),),
        ).model_copy(update={"hubness": make_hubness()})
    )
    assert facts.selection is not None
    assert facts.calibration is not None
    assert facts.calibration.own.metric == "cosine"
    assert facts.calibration.temperature is not None
    assert facts.calibration.temperature.metric == "cosine"
    assert facts.unseen is not None
    assert facts.unseen.open_set.metric == "cosine"
    assert facts.geometry is not None
    assert (facts.geometry.metric, facts.geometry.other_metric) == ("cosine", "euclidean")
    assert facts.subject_level is not None


def test_one_distance_has_no_second() -> None:
    study = make_study(make_run(make_candidate([0.5]))).model_copy(
        update={"hubness": make_hubness(make_distance("cosine"))}
    )
    facts = Facts(study)
    assert facts.geometry is not None
    assert facts.geometry.other is None


def test_inflation_is_that_of_the_winner_on_the_deciding_score() -> None:
    entry, other = make_protocol_inflation(), make_protocol_inflation(metric="euclidean")
    study = study_with().model_copy(update={"protocol_inflations": (other, entry)})
    assert Facts(study).inflation is entry
    assert Facts(study_with()).inflation is None


@pytest.mark.parametrize("difference, advised", [(0.05, True), (0.01, False), (-0.05, False)])
def test_subject_level_scores_are_advised_where_image_level_ones_are_inflated(
    difference: float, *, advised: bool
) -> None:
    study = study_with().model_copy(update={"protocol_inflations": (make_protocol_inflation(difference),)})
    sentences = advice(Facts(study))
    assert any("Report subject-level scores" in sentence for sentence in sentences) == advised


def test_published_scores_meet_their_counterpart_of_the_same_distance_and_k() -> None:
    entry = PublishedScore(
        source="s", table="t", dataset="original", classifier="knn", distance="cosine", n_neighbors=3,
        score="roc_auc_ovr", value=0.9,
    )  # fmt: skip
    image = make_run(make_candidate([0.6, 0.7], n_neighbors=3))
    others = [entry.model_copy(update=change) for change in (
        {"n_neighbors": 5}, {"dataset": "balanced"}, {"classifier": "svm"}, {"score": "top_9_accuracy"},
    )]  # fmt: skip
    study = make_study(image).model_copy(update={"published": (entry, *others)})
    table = Facts(study).published_table
    assert table is not None
    assert table.rows[0][:6] == ("s", "t", "cosine", 3, "roc_auc_ovr", 0.9)
    assert len(table.rows) == 1
    assert Facts(study).published_gap == pytest.approx(0.25)
    assert Facts(make_study(image)).published_table is None


def test_the_closest_syndromes_are_those_of_the_largest_cosine() -> None:
    similarity = CentroidSimilarity(
        measure="cosine", syndromes=("a", "b", "c"), matrix=((1, 0.5, 0.2), (0.5, 1, 0.8), (0.2, 0.8, 1))
    )
    confused = evaluation((3, 0, 0), (0, 1, 2), (0, 0, 3))
    study = study_with(evaluations=(confused,)).model_copy(update={"centroid_similarities": (similarity,)})
    assert Facts(study).closest == ("b", "c", 0.8)
    assert Facts(study).closest_are_confused
    # Both directions count: a and b 2 + 1, b and c 2.
    both = evaluation((2, 1, 0), (2, 1, 2), (0, 0, 3))
    more = study_with(evaluations=(both,)).model_copy(update={"centroid_similarities": (similarity,)})
    assert not Facts(more).closest_are_confused
    assert Facts(make_study()).closest is None
    assert not Facts(make_study()).closest_are_confused


def test_a_clear_winner_is_recommended_and_an_unclear_one_is_not() -> None:
    assert "Use the cosine distance" in advice(Facts(study_with(comparisons=(compare(p_value=0.01),))))[0]
    sentence = advice(Facts(study_with(comparisons=(compare(p_value=0.2),))))[0]
    assert "repeat the folds with other seeds" in sentence
    # Where nothing differs there is nothing to choose.
    assert "distance" not in advice(Facts(study_with(comparisons=(compare(p_value=None),))))[0]


def test_each_finding_has_its_recommendation() -> None:
    pair = NearDuplicate(images=("i", "j"), subjects=("s", "t"), syndromes=("a", "a"), cosine=0.97)
    study = study_with().model_copy(
        update={
            "near_duplicates": NearDuplicates(threshold=0.95, pairs=(pair,)),
            "protocol_inflations": (make_protocol_inflation(),),
        }
    )
    sentences = " ".join(advice(Facts(study)))
    for part in (
        "near-duplicates (1 pair)",
        "Report subject-level scores",
    ):
        assert part in sentences


def test_findings_that_mislead_have_their_recommendations() -> None:
    sentences = " ".join(
        advice(
            Facts(
                study_with(
                    nested=make_nested(chosen=0.95, p_value=0.01),
                    calibrations=(make_calibration(confidence=0.6, accuracy=0.8),),
                    open_sets=(make_open_set(),),
                )
            )
        )
    )
    assert "Expect the macro AUC of the nested search, 0.700" in sentences
    assert "they are underconfident" in sentences
    assert "of 15 images with a syndrome absent from training, 80% were not flagged" in sentences
    overconfident = Facts(study_with(calibrations=(make_calibration(confidence=0.9, accuracy=0.8),)))
    assert any("they are overconfident" in sentence for sentence in advice(overconfident))


def test_findings_that_do_not_mislead_have_none() -> None:
    facts = Facts(
        study_with(
            nested=make_nested(chosen=0.6),
            calibrations=(make_calibration(confidence=0.7, accuracy=0.8, half_width=0.2),),
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
    assert all("tell b from a: 90%" in sentence for sentence in asked)


def near_duplicates(*leaks: Leak) -> str:
    pair = NearDuplicate(images=("i", "j"), subjects=("s", "t"), syndromes=("a", "a"), cosine=0.97)
    study = study_with().model_copy(
        update={"near_duplicates": NearDuplicates(threshold=0.95, pairs=(pair,)), "leaks": leaks}
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
