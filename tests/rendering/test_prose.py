"""The report's sentences follow the result."""

import pytest

from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.rendering.findings.geometry import GeometryFindings
from skknn_syndrome.results import Gain, NestedSelection, OpenSet, ProtocolInflation, PublishedScore
from skknn_syndrome.results.ablated_variant import PreprocessingStep
from skknn_syndrome.results.chance import ChanceTest
from skknn_syndrome.results.evaluation import ConfusedPair, RankCorrelation
from skknn_syndrome.results.hubness import DistanceHubness
from skknn_syndrome.results.near_duplicate import DetectionSensitivity
from skknn_syndrome.results.preprocessing_effects import LeftOut
from tests.ablation_builders import make_ablation, make_gain, make_variant, no_difference, with_gains
from tests.ablation_builders import make_inflation as make_preprocessing_inflation
from tests.analysis_builders import (
    make_alternative,
    make_calibration,
    make_chance,
    make_comparison,
    make_confusion,
    make_distance,
    make_hubness,
    make_interval,
    make_mean_interval,
    make_nested,
    make_open_set,
    make_pooled,
    make_protocol_inflation,
    make_repeats,
    make_subject_level,
    make_temperatures,
)
from tests.figures.builders import make_full_study
from tests.rendering.studies import everything, prose, with_comparison, with_run


@pytest.mark.parametrize(
    "p_value, sentence",
    [
        (0.01, "has a significantly higher macro AUC"),
        (0.2, "is inconclusive"),
        (None, "The two distances give the same macro AUC in every fold"),
    ],
)
def test_the_prose_follows_the_test_of_the_distances(p_value: float | None, sentence: str) -> None:
    assert sentence in prose(with_comparison(p_value))


@pytest.mark.parametrize("single, several, differ", [(0.2, 0.01, True), (0.01, 0.2, True), (0.2, 0.3, False)])
def test_a_first_split_that_told_otherwise_is_owned_up_to(
    single: float, several: float, *, differ: bool
) -> None:
    text = prose(
        with_run(
            comparisons=(make_comparison(p_value=single),),
            repeats=make_repeats(make_comparison(p_value=several)),
        )
    )
    assert ("On the first split alone" in text) == differ
    assert "over 2 splits" in text


@pytest.mark.parametrize(
    "nested, sentences",
    [
        (make_nested(chosen=0.75), ["is not significant", "with k from 3 to 5"]),
        (make_nested(chosen=0.95, p_value=0.01), ["is significant", "the lower one"]),
        (make_nested(chosen=0.6), ["No selection bias was found"]),
        (make_nested(chosen=0.75, p_value=None), ["was not tested"]),
        (
            make_nested(pooled=make_pooled(make_interval("roc_auc_ovr", 0.4, 0.6))),
            ["macro AUC 0.500 (0.400 to 0.600)"],
        ),
        (make_nested(chosen=None), ["it is not defined"]),
        (
            make_nested([("cosine", 5), ("cosine", 5)]),
            ["All folds chose the same: cosine distance, votes by distance, k = 5."],
        ),
        (
            make_nested([("cosine", 5), ("euclidean", 5)]),
            ["The folds do not agree on the distance: cosine was chosen in 1 of them, with k = 5"],
        ),
    ],
)
def test_the_prose_follows_the_nested_search(nested: NestedSelection, sentences: list[str]) -> None:
    text = prose(with_run(nested=nested))
    for sentence in sentences:
        assert sentence in text


def test_a_difference_that_is_not_significant_is_no_advice() -> None:
    text = prose(with_run(nested=make_nested(chosen=0.75)))
    assert "the lower one" not in text
    assert "of the nested search, 0.7" not in text


def test_nested_scores_that_never_vary_have_no_interval_in_prose() -> None:
    text = prose(with_run(nested=make_nested(pooled=make_pooled(make_interval("roc_auc_ovr", None, None)))))
    assert "nested-scores" in text
    assert "macro AUC 0.500 (" not in text


@pytest.mark.parametrize(
    "chance, sentences",
    [
        (make_chance(), ["is significantly better than chance", "of one test part with equally many images"]),
        (make_chance(0.05), ["is not significantly better than chance"]),
        (make_chance(within="part"), ["among subjects of one test part, and"]),
        (make_chance(unit="images"), ["among images of one test part, and"]),
        (make_chance(within="all"), ["among all subjects"]),
    ],
)
def test_the_search_is_held_against_chance(chance: ChanceTest, sentences: list[str]) -> None:
    text = prose(with_run(chance=chance))
    for sentence in sentences:
        assert sentence in text


def test_without_a_permutation_test_nothing_is_said_of_chance() -> None:
    assert "The search against chance" not in prose(with_run(nested=make_nested()))


def test_the_levels_of_intervals_are_those_of_each_score() -> None:
    low, high = (
        make_interval(score, 0.4, 0.6).model_copy(update={"level": level})
        for score, level in (("accuracy", 0.951), ("f1_macro", 0.962))
    )
    assert "95.1 % to 96.2 %" in prose(with_run(pooled=(make_pooled(low, high),)))
    exact = make_interval("accuracy", None, None).model_copy(update={"exact_low": 0.9, "exact_high": 1.0})
    text = prose(with_run(pooled=(make_pooled(exact),)))
    assert "exact binomial interval" in text
    assert "quantiles are those" not in text
    assert "exact binomial interval" not in prose(with_run(pooled=(make_pooled(low),)))


@pytest.mark.parametrize(
    "confidence, half_width, part",
    [
        (0.6, 0.05, "The classifier is underconfident."),
        (0.9, 0.05, "The classifier is overconfident."),
        (0.77, 0.05, "not significantly different from zero"),
    ],
)
def test_the_prose_follows_the_calibration(confidence: float, half_width: float, part: str) -> None:
    entry = make_calibration(confidence=confidence, accuracy=0.8, half_width=half_width)
    text = prose(with_run(calibrations=(entry,)))
    assert part in text
    assert ("confident." in text) == (entry.verdict != "inconclusive")


def test_log_loss_is_that_of_possible_syndromes_and_left_out_where_there_is_none() -> None:
    for zero_share in (0.025, 0.0):
        entry = make_calibration(zero_share=zero_share)
        assert "is 0.625" in prose(with_run(calibrations=(entry,)))
        older = entry.model_copy(update={"log_loss_of_possible": None, "gap": None})
        text = prose(with_run(calibrations=(older,)))
        assert "0.625" not in text
        assert "1.5" not in text.partition("### Calibration")[2].partition("|")[0]
        assert "interval" not in text.partition("### Calibration")[2].partition("expected calibration")[0]


def test_intervals_over_images_are_said_to_be_too_narrow_where_subjects_have_several() -> None:
    entry = make_calibration()
    assert entry.gap is not None
    of_images = entry.gap.model_copy(update={"unit": "images"})
    found = make_open_set()
    effect = found.known_curve.effect
    assert effect is not None
    over_images = effect.model_copy(update={"difference": of_images})
    curve = found.known_curve.model_copy(update={"effect": over_images})
    text = prose(
        with_run(
            calibrations=(entry.model_copy(update={"gap": of_images}),),
            open_sets=(found.model_copy(update={"known_curve": curve}),),
        )
    )
    assert "the interval is too narrow" in text
    assert "the intervals are too narrow" in text
    assert "too narrow" not in prose(with_run(calibrations=(entry,), open_sets=(found,)))


def test_where_units_do_not_vary_the_gap_has_no_interval() -> None:
    entry = make_calibration(confidence=0.8).model_copy(update={"gap": make_mean_interval(0.0, None)})
    assert "without a confidence interval" in prose(with_run(calibrations=(entry,)))


@pytest.mark.parametrize(
    "error, accuracy, better, costs",
    [
        (0.05, 0.778, True, True),
        (0.05, 0.8, True, False),
        (0.2, 0.778, False, False),
        (0.3, 0.9, False, False),
    ],
)
def test_a_lower_calibration_error_is_said_with_what_it_costs(
    error: float, accuracy: float, *, better: bool, costs: bool
) -> None:
    schemes = (make_calibration(), make_calibration(weights="softmax", error=error, accuracy=accuracy))
    text = prose(with_run(calibrations=schemes))
    assert ("the lowest ECE over adaptive bins is that of votes by softmax" in text) == better
    assert ("with an accuracy of 77.8 % instead of 80.0 %" in text) == costs


def test_tuned_temperatures_are_not_passed_off_as_the_estimators_own() -> None:
    tuned = make_calibration().model_copy(update={"temperatures": (0.05, 0.07)})
    assert "not of the estimator's own" in prose(with_run(calibrations=(tuned,)))
    assert "not of the estimator's own" not in prose(with_run(calibrations=(make_calibration(),)))


def test_zero_probabilities_and_temperatures_at_the_edge_are_named() -> None:
    schemes = (make_calibration(zero_share=0.0), make_calibration(weights="softmax", error=0.3))
    text = prose(
        with_run(calibrations=schemes, temperatures=(make_temperatures([(0.05, True), (0.07, False)]),))
    )
    assert "No image has a true syndrome of probability 0" in text
    assert "None of the other ways of voting has a lower ECE" in text
    assert "In 1 fold it is the least or the greatest that was tried" in text


@pytest.mark.parametrize(
    "own, sentence",
    [
        (
            make_distance("cosine", skewness=1.0, purity=0.6),
            "Fewer hubs and purer neighbours go with the higher",
        ),
        (make_distance("cosine", skewness=1.0, purity=0.4), "point different ways"),
        (make_distance("cosine", skewness=20.0, purity=0.4), "the reason lies elsewhere"),
    ],
)
@pytest.mark.parametrize("differ", [True, False])
def test_the_prose_explains_a_significant_difference_alone(
    monkeypatch: pytest.MonkeyPatch, own: DistanceHubness, sentence: str, *, differ: bool
) -> None:
    other = make_distance("euclidean", skewness=10.0, purity=0.5, norm_correlation=-0.7)
    findings = GeometryFindings(make_hubness(other, own), "cosine", "euclidean", scores_differ=differ)
    monkeypatch.setattr(Facts, "geometry", findings)
    text = prose(with_run().model_copy(update={"hubness": findings.hubness}))
    assert (sentence in text) == differ
    assert "norm with its count is \N{MINUS SIGN}0.70 under the Euclidean" in text


@pytest.mark.parametrize(
    "open_set, sentences",
    [
        (
            make_open_set(("a", "b"), areas=(0.75, 0.875), errors=(0.5, 0.4, 0.3)),
            [
                "averaged over the syndromes, is 0.812",
                "2 of 10 absent images are flagged (20.0 %; averaged over the syndromes 25.0 %)",
                "Rejecting novel images also lowers the error",
                "Where 20.0 % of the images are of absent syndromes, as they are here by construction",
            ],
        ),
        (
            make_open_set(("a", "b"), areas=(0.5, None), errors=(0.3, 0.4, 0.5)),
            ["Rejecting novel images raises the error"],
        ),
        (
            make_open_set(("a", "b"), errors=(0.5, 0.4, 0.45), half_width=0.2),
            ["rejecting novel ones makes no significant difference", "; not significant)"],
        ),
        (make_open_set(("a",), areas=(None,)), ["No syndrome could be left out"]),
        (
            make_open_set(("a", "b"), half_width=None).model_copy(update={"novelty": "nearest"}),
            [
                "the distance to the nearest training image",
                "by the mean distance to the neighbours that vote",
                "makes no significant difference",
            ],
        ),
    ],
)
def test_the_prose_follows_the_absent_syndromes(open_set: OpenSet, sentences: list[str]) -> None:
    text = prose(with_run(open_sets=(open_set,)))
    for sentence in sentences:
        assert sentence in text
    assert "nobody has seen" not in text
    effect = open_set.known_curve.effect
    assert effect is not None
    assert ("also lowers the error" in text) == (effect.verdict == "fewer_errors")


def test_a_file_without_the_effect_of_rejection_says_nothing_of_it() -> None:
    found = make_open_set()
    older = found.model_copy(
        update={
            "known_curve": found.known_curve.model_copy(update={"effect": None}),
            "open_curve": None,
        }
    )
    assert "rejecting novel" not in prose(with_run(open_sets=(older,))).casefold()


@pytest.mark.parametrize(
    "rho, p_value, part",
    [
        (0.9, 0.01, "Syndromes with fewer images have a lower recall"),
        (-0.9, 0.01, "Syndromes with more images have a lower recall"),
        (0.6, 0.06, "There is no significant rank correlation"),
    ],
)
def test_size_is_said_to_matter_where_its_correlation_is_significant(
    rho: float, p_value: float, part: str
) -> None:
    size_recall = RankCorrelation(rho=rho, p_value=p_value, n_syndromes=9, exact=False)
    evaluation = make_confusion((3, 1), (0, 2)).model_copy(update={"size_recall": size_recall})
    text = prose(with_run(evaluations=(evaluation,)))
    assert part in text
    assert ("have a lower recall" in text) == (size_recall.verdict != "inconclusive")


def test_a_perfect_study_names_no_hardest_syndrome() -> None:
    text = prose(with_run(evaluations=(make_confusion((3, 0), (0, 2)),)))
    assert "No image is misclassified" in text
    assert "The hardest syndrome" not in text


@pytest.mark.parametrize("n_pairs", [0, 1, 2])
def test_pairs_are_called_confused_where_that_is_more_than_chance(n_pairs: int) -> None:
    pair = ConfusedPair(
        syndrome="a", misclassified_as="b", n_images=1, share=0.25, share_of_errors=1.0, expected_share=0.5,
        p_value=0.01,
    )  # fmt: skip
    evaluation = make_confusion((3, 1), (0, 2)).model_copy(update={"confused_pairs": (pair,) * n_pairs})
    text = prose(with_run(evaluations=(evaluation,)))
    assert ("more often than by chance (Fisher" in text) == bool(n_pairs)
    assert ("misclassified as b, more often than by chance" in text) == bool(n_pairs)


SENSITIVE = DetectionSensitivity(n_pairs=427, n_pairs_found=4, n_subjects=91, n_subjects_found=4)


@pytest.mark.parametrize(
    "sensitivity, part",
    [
        (SENSITIVE, "names 4 of 427 pairs of images of one subject"),
        (SENSITIVE.model_copy(update={"n_pairs": 0}), "no subject has several images"),
        (None, "was not measured"),
    ],
)
def test_leak_detection_never_reads_as_an_all_clear(
    sensitivity: DetectionSensitivity | None, part: str
) -> None:
    full = everything()
    assert full.near_duplicates is not None
    for pairs in (full.near_duplicates.pairs, ()):
        found = full.near_duplicates.model_copy(update={"pairs": pairs, "sensitivity": sensitivity})
        text = prose(full.model_copy(update={"near_duplicates": found}))
        assert text.partition("## Methodology")[0].count(part) == 1
        assert section_on_leaks(text).count(part) == 1
    text = prose(full.model_copy(update={"near_duplicates": None}))
    assert section_on_leaks(text).count("was not measured") == 1


def section_on_leaks(text: str) -> str:
    return text.partition("### People who may be on both sides")[2].partition("###")[0]


def test_silhouettes_of_different_distances_are_not_compared() -> None:
    text = prose(make_full_study())
    assert "further apart than they are" not in text
    assert "of different distances and can't be compared" in text


def test_the_closest_syndromes_are_called_the_most_confused_where_they_are() -> None:
    study = make_full_study(("a", "b", "c"))
    for confusion, said in (
        (((9, 4, 0), (1, 9, 0), (0, 0, 9)), True),
        (((9, 1, 3), (0, 9, 0), (0, 0, 9)), False),
    ):
        run = study.headline.model_copy(update={"evaluations": (make_confusion(*confusion),)})
        similarity = study.centroid_similarities[0].model_copy(
            update={"matrix": ((1.0, 0.9, 0.1), (0.9, 1.0, 0.1), (0.1, 0.1, 1.0))}
        )
        text = prose(study.model_copy(update={"protocols": (run,), "centroid_similarities": (similarity,)}))
        assert ("confused with each other most often: 5 images in both" in text) == said


def test_a_rule_that_is_not_the_best_mean_is_named() -> None:
    assert "the rule `composite` decides" in prose(with_run(refit_rule="composite"))


def test_what_does_better_stands_beside_the_best_of_the_grid() -> None:
    better = make_alternative(("roc_auc_ovr", 0.05, 0.01), ("f1_macro", -0.01, 0.5))
    worse_f1 = make_alternative(
        ("roc_auc_ovr", 0.04, 0.01), ("f1_macro", -0.1, 0.01), metric="cosine", n_neighbors=60
    )
    text = prose(with_run(alternatives=(better, worse_f1)))
    assert "significantly better than this configuration: linear discriminant analysis" in text
    assert r"k \= 60" in text
    assert "No baseline" not in text


def test_of_many_that_are_better_the_others_are_counted() -> None:
    many = tuple(
        make_alternative(("roc_auc_ovr", 0.01 * k, 0.01), metric="cosine", n_neighbors=k)
        for k in range(20, 26)
    )
    assert "; and 2 more (@tbl-alternatives)." in prose(with_run(alternatives=many))


def test_what_is_not_significantly_better_is_not_called_so() -> None:
    ahead = make_alternative(("roc_auc_ovr", 0.05, 0.2), ("f1_macro", -0.01, None))
    text = prose(with_run(alternatives=(ahead,)))
    assert "No baseline is significantly better than this configuration" in text
    assert "Ahead, but not significantly: linear discriminant analysis" in text
    larger = make_alternative(("roc_auc_ovr", -0.05, 0.2), metric="cosine", n_neighbors=60)
    text = prose(with_run(alternatives=(larger,)))
    assert "No baseline and no larger k is significantly better" in text
    assert "Ahead, but" not in text


@pytest.mark.parametrize(
    "fused, half_width, part",
    [
        (0.75, 0.05, "significantly better than one"),
        (0.25, 0.05, "significantly worse than one"),
        (0.75, 0.3, "is open"),
        (0.75, None, "is open"),
        (0.5, None, "For none of these subjects do the two differ"),
    ],
)
def test_several_images_are_said_to_help_where_that_is_significant(
    fused: float, half_width: float | None, part: str
) -> None:
    text = prose(with_run(subject_levels=(make_subject_level(fused=fused, half_width=half_width),)))
    assert part in text


def test_without_subjects_of_several_images_nothing_is_said_to_help() -> None:
    single = prose(with_run(subject_levels=(make_subject_level(several=False),)))
    assert "fused by the mean of their probabilities" in single
    assert "than one" not in single


@pytest.mark.parametrize(
    "inflation, sentence",
    [
        (make_protocol_inflation(0.05), "an overestimate"),
        (make_protocol_inflation(0.01), "inconclusive"),
        (make_protocol_inflation(0.0, half=None), "give the same macro AUC"),
        (make_protocol_inflation(0.05, n_splits=1), "an overestimate"),
    ],
)
def test_an_inflation_is_called_one_where_its_interval_says_so(
    inflation: ProtocolInflation, sentence: str
) -> None:
    study = everything().model_copy(update={"protocol_inflations": (inflation,)})
    summary = prose(study).partition("## Data")[0]
    assert sentence in summary
    assert ("an overestimate" in summary) == (sentence == "an overestimate")


def test_an_older_file_has_the_means_of_both_protocols() -> None:
    text = prose(everything().model_copy(update={"protocol_inflations": ()}))
    assert "@tbl-protocol-differences" in text
    assert "@tbl-protocol-inflations" not in text


def test_estimate_and_interval_are_of_the_pooled_predictions() -> None:
    pooled = make_pooled(make_interval("roc_auc_ovr", 0.4, 0.6), make_interval("top_1_accuracy", 0.3, 0.7))
    summary = prose(with_run(pooled=(pooled,))).partition("## Data")[0]
    assert "macro AUC of 0.500 (95 % CI 0.400 to 0.600)" in summary
    assert "50.0 % (30.0 % to 70.0 %) of the images" in summary
    assert "The mean over the folds is" in prose(with_run()).partition("## Data")[0]


def test_top_three_of_three_syndromes_is_no_news() -> None:
    assert "among the first three" not in prose(with_run()).partition("## Data")[0]


def test_one_thing_is_not_called_several() -> None:
    study = make_full_study()
    counted = study.dataset.model_copy(update={"n_subjects": 1, "n_images": 1, "n_features": 1})
    text = prose(study.model_copy(update={"dataset": counted}))
    assert "1 image, 1 subject" in text
    assert "holds 1 embedding of 1 number each" in text


def test_simulated_data_is_named_first_of_all() -> None:
    text = prose(everything())
    assert text.index("Simulated data") < text.index("## Summary")
    assert "Simulated data" not in prose(make_full_study())


def test_every_part_of_a_full_study_is_spoken_of() -> None:
    text = prose(everything())
    for part in (
        "was refused", "legal but dangerous", "one person under two ids", "change macro AUC by +0.0500",
        "### Published and reproduced", "### What the map shows",
        "misclassified as", "The best k is at the edge", "seed of the folds not set",
        "skknn-syndrome study x.csv", "95 % CI 0.400 to 0.600",
        "The best candidate of each distance is not the same on all of them",
        "McNemar's exact test, p = 1.000",
        "significantly better than this configuration: linear", "significantly better than one",
        "the score is inflated where images of the same subject", "### People who may be on both sides",
        "highest at k = 10 on the first split: 0.750, against 0.700 at the edge",
        "quantiles are those of 96.0 %",
        "p < 0.001 after Holm's correction",
    ):  # fmt: skip
        assert part in text, part


def with_preprocessing(*gains: Gain, **changes: object) -> str:
    """Return the prose of a study whose comparison of preprocessing has these gains."""
    return prose(make_full_study().model_copy(update={"ablation": with_gains(*gains, **changes)}))


AUC_UP, AUC_DOWN = (make_gain(score="roc_auc_ovr", by=by) for by in (0.05, -0.05))
HELPS, HURTS, OPEN, MIXED = (
    "significantly when fitted within the folds",
    "embeddings in macro AUC or macro F1, and",
    "the comparison is inconclusive:",
    "Significantly better in one of the two scores and worse in the other",
)


@pytest.mark.parametrize(
    "gains, said, unsaid",
    [
        ((make_gain(by=0.05),), (HELPS, "mixup improves macro F1"), (HURTS, OPEN, MIXED, "No resampler by")),
        ((AUC_UP, make_gain(by=0.01)), (HELPS, "mixup improves macro AUC"), (HURTS, OPEN, MIXED)),
        ((make_gain("l2", "none", by=0.05),), (HELPS, "No resampler by itself"), (HURTS, OPEN, MIXED)),
        (
            (make_gain(by=0.05), make_gain("l2", by=0.04)),
            (r"Significantly better, too: L2 \+ mixup.",),
            (OPEN,),
        ),
        (
            (make_gain(by=-0.01),),
            (OPEN, "The best resampled variant by that cube root, mixup, differs", "the widest interval"),
            (HELPS, HURTS, MIXED, "better, too"),
        ),
        (
            (make_gain(by=-0.03),),
            (
                HURTS,
                "1 of 1 is significantly worse",
                "Significantly worse than unprocessed embeddings: mixup.",
            ),
            (HELPS, OPEN, MIXED, "the widest interval"),
        ),
        (
            (make_gain(by=-0.03), make_gain("l2", by=-0.03)),
            ("2 of 2 are significantly worse",),
            (HELPS, OPEN),
        ),
        ((AUC_DOWN, make_gain(by=0.05)), (OPEN, MIXED), (HELPS, HURTS)),
    ],
)
def test_the_prose_says_which_preprocessing_helps(
    gains: tuple[Gain, ...], said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    text = with_preprocessing(*gains)
    assert [sentence for sentence in said if sentence not in text] == []
    assert [sentence for sentence in unsaid if sentence in text] == []


def test_the_best_resampled_variant_is_named_once_where_it_is_what_helps() -> None:
    assert "The best resampled variant" not in with_preprocessing(make_gain(by=0.05))


def test_of_what_never_differs_nothing_is_said() -> None:
    text = with_preprocessing(no_difference())
    assert OPEN not in text
    assert "Holm's correction for all variants of a distance" not in text


def test_a_difference_without_a_p_value_has_none_in_the_prose() -> None:
    constant = make_gain(by=0.01).model_copy(update={"p_value": None, "p_holm": None})
    assert "+0.025, 1 split)." in with_preprocessing(constant)


def test_repeats_are_spoken_of_where_there_are_any() -> None:
    repeated = make_gain("l2", "none", by=0.05).model_copy(update={"n_splits": 10})
    text = with_preprocessing(repeated, repeat_seeds=tuple(range(42, 52)))
    assert "compared with unprocessed embeddings on 10 splits" in text
    assert "p = 0.020, 10 splits)." in text
    assert "quick to repeat" not in with_preprocessing(repeated)


@pytest.mark.parametrize("description, known", [("Normalizer()", True), ("Normalizer(norm='max')", False)])
def test_unit_length_is_told_from_an_own_gain(description: str, *, known: bool) -> None:
    step = PreprocessingStep(kind="scaler", name="l2", description=description)
    gain = make_gain("l2", "none", by=0.05).model_copy(update={"metric": "euclidean"})
    text = with_preprocessing(gain, steps=(step,))
    assert ("makes the Euclidean distance the cosine distance" in text) == known
    assert ("or take the cosine distance" in text) == known


INFLATIONS = (
    make_preprocessing_inflation(resampler="none", by=0.01),
    make_preprocessing_inflation(by=0.2),
    make_preprocessing_inflation("l2", by=0.1),
)
INFLATED, RELATED = "before splitting is inflated", "or one made from it, among the rows"


def with_leaks(share_related: float | None, **changes: object) -> str:
    """Return the prose where mixup leaks, and this share of the tested rows has relatives."""
    variants = [
        variant.model_copy(update={"share_related": share_related}) for variant in make_ablation().variants
    ]
    leaky = (*variants, make_variant("l2", "mixup", "cosine", "leaky"))
    ablation = make_ablation().model_copy(
        update={"gains": (make_gain(),), "inflations": INFLATIONS, "variants": leaky, **changes}
    )
    return prose(make_full_study().model_copy(update={"ablation": ablation}))


def test_the_prose_sets_both_ways_beside_each_other() -> None:
    text = with_leaks(0.9)
    assert "macro F1 changes by +0.190, to 0.920; fitted within the folds it changes by" in text
    assert "it is +0.200 against within folds (95 % interval +0.150 to +0.250)" in text
    assert INFLATED in text
    assert "90.0 % of the rows tested in this way have a row of the same subject" in text
    assert "Rows that the resampler adds are tested, too." in text
    assert "Balancing also removes rows" not in text
    assert "Over all 2 resampled variants, macro F1 changes by +0.000 to +0.000 within folds" in text
    assert "embeddings have macro F1 +0.010 (95 % interval \N{MINUS SIGN}0.040 to +0.060, corrected" in text
    assert "is leakage" not in text


def test_without_subjects_relatives_are_images() -> None:
    text = with_leaks(0.9, protocol="image")
    assert "have a row of the same image, or one made from it" in text
    assert "against folds by subject" not in text


def test_where_relatives_are_not_known_nothing_is_said_of_them() -> None:
    text = with_leaks(None)
    assert INFLATED in text
    assert RELATED not in text


def test_balancing_before_the_split_is_said_to_remove_rows() -> None:
    inflations = (INFLATIONS[0], make_preprocessing_inflation(resampler="balanced"))
    variants = (*make_ablation().variants, make_variant("none", "balanced", "cosine", "leaky"))
    text = with_leaks(None, inflations=inflations, variants=variants)
    assert "Balancing also removes rows before the test" in text
    assert "Rows that the resampler adds" not in text


@pytest.mark.parametrize(
    "by, sentence", [(0.02, "The interval includes 0"), (-0.2, "That is lower, and no inflation.")]
)
def test_a_gap_that_may_be_none_is_no_inflation(by: float, sentence: str) -> None:
    text = with_leaks(0.9, inflations=(INFLATIONS[0], make_preprocessing_inflation(by=by)))
    assert sentence in text
    assert INFLATED not in text
    assert RELATED not in text


def test_the_published_score_stands_beside_both_ways() -> None:
    study = make_full_study()
    ablation = make_ablation().model_copy(update={"inflations": INFLATIONS[:2]})
    score = PublishedScore(
        source="report",
        table="t",
        dataset="mixup",
        classifier="knn",
        distance="cosine",
        n_neighbors=3,
        score="f1_macro",
        value=0.95,
    )
    text = prose(study.model_copy(update={"ablation": ablation, "published": (score,)}))
    assert "The highest published F1 of resampled embeddings is 0.950 (report, mixup, cosine, k = 3)." in text
    assert "here, within folds 0.700." in text


def test_variants_that_could_not_be_taken_are_named() -> None:
    left_out = LeftOut(scaler="none", resampler="balanced", reason="It has two rows.")
    assert r"Not prepared before splitting: It has two rows\." in with_preprocessing(left_out=(left_out,))


@pytest.mark.parametrize(
    "gains, sentence",
    [
        ((make_gain(by=0.05),), "prepare embeddings by mixup"),
        ((make_gain(by=0.05), AUC_UP), "it significantly improves macro AUC and macro F1"),
        ((make_gain(by=-0.05),), "leave the embeddings unprocessed"),
        ((make_gain(by=0.01),), "whether scaling or resampling helps is inconclusive"),
    ],
)
def test_the_recommendation_follows_the_verdict(gains: tuple[Gain, ...], sentence: str) -> None:
    text = with_preprocessing(*gains)
    every = "prepare embeddings by", "leave the embeddings unprocessed", "scaling or resampling helps is"
    assert sentence in text
    assert sum(start in text for start in every) == 1


def test_of_another_distance_only_what_helps_is_recommended() -> None:
    gain = make_gain(by=0.01).model_copy(update={"metric": "euclidean"})
    assert "are the simplest choice" not in with_preprocessing(gain)
    better = make_gain(by=0.05).model_copy(update={"metric": "euclidean"})
    assert "prepare embeddings by mixup" in with_preprocessing(better)


def test_where_the_leaky_way_was_not_taken_nothing_is_said_of_it() -> None:
    assert "Preparing before splitting" not in with_preprocessing(make_gain(), inflations=())


def test_without_untouched_embeddings_nothing_is_said_to_help() -> None:
    text = with_preprocessing()
    assert "helps" not in text.partition("Scaling and resampling")[2].partition("###")[0]
