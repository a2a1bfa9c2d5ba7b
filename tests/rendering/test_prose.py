"""The report's sentences follow the result."""

import pytest

from skknn_syndrome.results import Gain, NestedSelection, OpenSet, PublishedScore
from skknn_syndrome.results.ablated_variant import PreprocessingStep
from skknn_syndrome.results.hubness import DistanceHubness
from skknn_syndrome.results.preprocessing_effects import LeftOut
from tests.ablation_builders import make_ablation, make_gain, make_variant, no_difference, with_gains
from tests.ablation_builders import make_inflation as make_preprocessing_inflation
from tests.analysis_builders import (
    make_baseline,
    make_calibration,
    make_comparison,
    make_distance,
    make_hubness,
    make_inflation,
    make_interval,
    make_nested,
    make_open_set,
    make_repeats,
    make_subject_level,
    make_temperatures,
)
from tests.figures.builders import make_full_study
from tests.rendering.studies import everything, prose, with_comparison, with_run


@pytest.mark.parametrize(
    "p_value, sentence",
    [
        (0.01, "The cosine distance is better than the Euclidean one by more than the folds' spread"),
        (0.2, "is not settled by these data"),
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
    assert ("The first split alone would have told otherwise" in text) == differ
    assert "over 2 splits" in text


@pytest.mark.parametrize(
    "nested, sentences",
    [
        (make_nested(chosen=0.75), ["is small against the spread", "with k from 3 to 5"]),
        (make_nested(chosen=0.95), ["is more than the folds' spread explains"]),
        (make_nested(chosen=0.6), ["Choosing on the same folds did not flatter it"]),
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


@pytest.mark.parametrize(
    "confidence, sentence",
    [
        (0.6, "better than it says, and clearly so: the predicted syndrome has a mean probability of 60.0 %"),
        (0.77, "better than it says: the predicted"),
        (0.8, "about as sure as it is right"),
        (0.9, "worse than it says, and clearly so"),
    ],
)
def test_the_prose_follows_the_calibration(confidence: float, sentence: str) -> None:
    assert sentence in prose(with_run(calibrations=(make_calibration(confidence=confidence, accuracy=0.8),)))


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
    assert "No other way of voting is better calibrated" in text
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
def test_the_prose_follows_the_geometry(own: DistanceHubness, sentence: str) -> None:
    other = make_distance("euclidean", skewness=10.0, purity=0.5, norm_correlation=-0.7)
    study = with_run().model_copy(update={"hubness": make_hubness(other, own)})
    text = prose(study)
    assert sentence in text
    assert "Under the Euclidean distance it is the short embeddings that become hubs" in text


@pytest.mark.parametrize(
    "open_set, sentences",
    [
        (
            make_open_set(("a", "b"), areas=(0.75, 0.875), errors=(0.5, 0.4, 0.3)),
            [
                "This works fairly well",
                "most get a name that can't be right",
                "the error falls from 50.0 % to 30.0 %",
            ],
        ),
        (
            make_open_set(("a", "b"), areas=(0.5, None), errors=(0.3, 0.4, 0.5)),
            ["hardly better than chance", "does not make fewer errors"],
        ),
        (make_open_set(("a",), areas=(None,)), ["No syndrome could be left out"]),
        (
            make_open_set(("a", "b")).model_copy(update={"novelty": "nearest", "macro_caught": 0.5}),
            [
                "the distance to the nearest training image",
                "by the mean distance to the neighbours that vote",
                "on average. With",
            ],
        ),
    ],
)
def test_the_prose_follows_the_unseen_syndromes(open_set: OpenSet, sentences: list[str]) -> None:
    text = prose(with_run(open_sets=(open_set,)))
    for sentence in sentences:
        assert sentence in text


def test_a_rule_that_is_not_the_best_mean_is_named() -> None:
    assert "the rule `composite` decides" in prose(with_run(refit_rule="composite"))


def test_no_simpler_rule_and_no_help_from_more_photographs_are_said_as_well() -> None:
    text = prose(with_run(baselines=(make_baseline(0.1),), subject_levels=(make_subject_level(fused=0.25),)))
    assert "No simpler rule reaches the best candidate" in text
    assert "more photographs of a person do not help" in text
    single = prose(with_run(subject_levels=(make_subject_level(several=False),)))
    assert "fused by the mean of their probabilities" in single


def test_an_inflation_that_is_not_settled_is_called_so() -> None:
    study = everything().model_copy(
        update={"inflations": (make_inflation(make_interval("roc_auc_ovr", -0.1, 0.2)),)}
    )
    assert "whether images of people seen before make a difference is not settled" in prose(study)


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
        "was refused", "legal but dangerous", "one person under two ids", "+0.0500 for having seen",
        "macro F1 put the other distance first", "### Published and reproduced", "### What the map shows",
        "most often taken for", "The best k is at the edge", "seed of the folds not set",
        "skknn-syndrome study x.csv", "95 % interval over resampled subjects 0.400 to 0.600",
        "The best candidate is not the same on all of them", "McNemar's exact test, p = 1.000",
        "a rule without parameters does better: nearest centroid", "more photographs of a person help",
        "images of people seen before do make a difference", "### People who may be on both sides",
        "highest at k = 10: 0.750, against 0.700 at the edge", "quantiles a little further out (96.0 %)",
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
    assert "embeddings have macro F1 +0.010 (95 % interval \N{MINUS SIGN}0.040 to +0.060) by image" in text
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
