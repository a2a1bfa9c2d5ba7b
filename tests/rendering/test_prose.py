"""The report's sentences follow the result."""

import re

import pytest

from skknn_syndrome.analyses.calibration.result import CalibrationAnalysis
from skknn_syndrome.analyses.chance.result import ChanceTest
from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis
from skknn_syndrome.analyses.embedding_space.result import DistanceHubness, EmbeddingSpaceAnalysis
from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.analyses.nested_cv.result import NestedSelection
from skknn_syndrome.analyses.open_set.result import OpenSet
from skknn_syndrome.analyses.per_class.result import ConfusedPair, RankCorrelation
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.near_duplicates import DetectionSensitivity
from tests.analysis_builders import (
    make_calibration,
    make_chance,
    make_confusion,
    make_distance,
    make_hubness,
    make_nested,
    make_open_set,
    make_subject_level,
)
from tests.builders import analysis_of, with_analyses, with_parts
from tests.comparison_builders import (
    compared,
    make_alternative,
    make_comparison,
    make_interval,
    make_pooled,
    make_repeats,
)
from tests.rendering.full_study import make_full_study
from tests.rendering.studies import everything, prose, with_comparison, with_run

pytestmark = pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time


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
            ["macro AUC 0.50 (0.40 to 0.60)"],
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
    assert "Permutation test of the search" not in prose(with_run(nested=make_nested()))


def test_no_method_is_better_than_a_search_that_is_chance() -> None:
    better = compared(make_alternative(("roc_auc_ovr", 0.1, 0.01), ("f1_macro", 0.1, 0.01)))
    study = with_analyses(make_full_study(), *better)
    assert "significantly better than this configuration" in prose(study)
    by_chance = prose(with_parts(study, chance=make_chance(0.5)))
    assert "better than this configuration" not in by_chance
    assert "not significantly better than chance" in by_chance


def test_a_difference_in_tenths_stands_beside_shares_in_tenths() -> None:
    found = make_subject_level(0.7641, 0.8349)
    text = prose(with_run(subject_levels=(found,)))
    said = re.search(r"is (\S+) % from one image .*? and (\S+) % from all of them: .*? \+(\S+) perc", text)
    assert said is not None
    one, several, difference = map(float, said.groups())
    assert difference == pytest.approx(several - one, abs=0.11)
    assert {len(number.partition(".")[2]) for number in said.groups()} == {1}


def test_the_levels_of_intervals_are_those_of_each_score() -> None:
    for levels, said in (((0.951, 0.962), "95 to 96 %"), ((0.9511, 0.9539), "95.1 to 95.4 %")):
        intervals = (
            make_interval(score, 0.4, 0.6).revised(level=level)
            for score, level in zip(("accuracy", "f1_macro"), levels, strict=True)
        )
        assert said in prose(with_run(pooled=(make_pooled(*intervals),)))
    exact = make_interval("accuracy", None, None).model_copy(update={"exact_low": 0.9, "exact_high": 1.0})
    text = prose(with_run(pooled=(make_pooled(exact),)))
    assert "exact binomial interval" in text
    assert "quantiles are those" not in text
    assert "exact binomial interval" not in prose(
        with_run(pooled=(make_pooled(make_interval("accuracy", 0.4, 0.6)),))
    )


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
            CalibrationAnalysis(calibrations=(entry.model_copy(update={"gap": of_images}),)),
            open_sets=(found.model_copy(update={"known_curve": curve}),),
        )
    )
    assert "the interval is too narrow" in text
    assert "the intervals are too narrow" in text
    assert "too narrow" not in prose(with_run(CalibrationAnalysis(calibrations=(entry,)), open_sets=(found,)))


@pytest.mark.parametrize(
    "own, sentence",
    [
        (
            make_distance("cosine", skewness=1.0, purity=0.6),
            "Fewer hubs and purer neighbours go with the higher",
        ),
        (make_distance("cosine", skewness=1.0, purity=0.4), "point in different directions"),
        (make_distance("cosine", skewness=20.0, purity=0.4), "the reason lies elsewhere"),
    ],
)
@pytest.mark.parametrize("differ", [True, False])
def test_the_prose_explains_a_significant_difference_alone(
    own: DistanceHubness, sentence: str, *, differ: bool
) -> None:
    other = make_distance("euclidean", skewness=10.0, purity=0.5, norm_correlation=-0.7)
    comparison = make_comparison(p_value=0.01 if differ else 0.2)
    study = with_run(comparisons=(comparison,))
    text = prose(with_analyses(study, EmbeddingSpaceAnalysis(hubness=make_hubness(other, own))))
    assert (sentence in text) == differ
    assert "norm with its count is \N{MINUS SIGN}0.70 under the Euclidean" in text


@pytest.mark.parametrize(
    "open_set, sentences",
    [
        (
            make_open_set(("a", "b"), areas=(0.75, 0.875), errors=(0.5, 0.4, 0.3)),
            [
                "averaged over the syndromes, is 0.812",
                "2 of 10 absent images are flagged (20 %; averaged over the syndromes 25 %)",
                "Rejecting novel images also lowers the error",
                "Where 20 % of the images are of absent syndromes, as they are here by construction",
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
        (0.9, 0.01, "Syndromes with fewer images have a lower sensitivity"),
        (-0.9, 0.01, "Syndromes with more images have a lower sensitivity"),
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
    assert ("have a lower sensitivity" in text) == (size_recall.verdict != "inconclusive")


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
    near = analysis_of(full, NearDuplicatesAnalysis).near_duplicates
    for pairs in (near.pairs, ()):
        found = near.revised(pairs=pairs, sensitivity=sensitivity)
        text = prose(with_analyses(full, NearDuplicatesAnalysis(near_duplicates=found)))
        assert text.partition("## Methodology")[0].count(part) == 1
        assert section_on_leaks(text).count(part) == 0  # once is enough
    others = (entry for entry in full.analyses if entry.question != "near_duplicates")
    text = prose(full.model_copy(update={"analyses": Analyses(others)}))
    assert section_on_leaks(text).count("was not measured") == 1


def section_on_leaks(text: str) -> str:
    return text.partition("### Subject leakage")[2].partition("###")[0]


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
        confused = with_parts(study, evaluations=(make_confusion(*confusion),))
        shown = analysis_of(study, EmbeddingMapAnalysis)
        similarity = shown.centroid_similarities[0].revised(
            matrix=((1.0, 0.9, 0.1), (0.9, 1.0, 0.1), (0.1, 0.1, 1.0))
        )
        text = prose(with_analyses(confused, shown.revised(centroid_similarities=(similarity,))))
        assert ("confused with each other most often: 5 images in both" in text) == said


def test_a_rule_that_is_not_the_best_mean_is_named() -> None:
    assert "the rule `composite` decides" in prose(with_run(refit_rule="composite"))
