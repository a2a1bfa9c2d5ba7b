"""Tables of a comparison of preprocessing."""

import pytest

from skknn_syndrome.analyses.preprocessing.class_tables import (
    prepared_how,
    preprocessing_centroids,
    preprocessing_classes,
    preprocessing_clusters,
    preprocessing_published,
    preprocessing_roc,
    preprocessing_steps,
    preprocessing_syndromes,
)
from skknn_syndrome.analyses.preprocessing.effects import ScoreCurve
from skknn_syndrome.analyses.preprocessing.tables import (
    preprocessing_gains,
    preprocessing_inflations,
    preprocessing_ranking,
    preprocessing_scores,
    preprocessing_summary,
    verdict,
)
from skknn_syndrome.display.table import MISSING
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.score import Score
from tests.analyses.preprocessing.make import SCORES, make_comparison, make_gain, make_inflation, make_variant


def test_a_row_is_a_syndrome_before_and_after() -> None:
    assert preprocessing_classes(make_comparison()).rows == (
        ("none", "none", "a", 4, 4),
        ("none", "none", "b", 2, 2),
        ("none", "mixup", "a", 4, 4),
        ("none", "mixup", "b", 2, 4),
    )


def test_a_row_is_a_map_with_both_agreements_in_plane_and_space() -> None:
    rows = preprocessing_clusters(make_comparison()).rows
    assert [row[:2] for row in rows] == [("none", "none"), ("none", "mixup")]
    assert rows[1][2:] == (4, 1, 1.0, 1.0, 0.4, 0.5)


def test_a_row_is_a_cluster_counted_from_1_in_each_map() -> None:
    rows = preprocessing_centroids(make_comparison()).rows
    assert [row[:3] for row in rows] == [
        ("none", "none", 1),
        ("none", "none", 2),
        ("none", "mixup", 1),
        ("none", "mixup", 2),
    ]
    assert rows[1][3:] == ("b", 5.5, 5.0, 0.5, 3)


def test_without_maps_there_are_no_rows() -> None:
    bare = make_comparison(maps=False)
    assert preprocessing_clusters(bare).rows == preprocessing_centroids(bare).rows == ()


def test_f1_auc_and_top_1_come_first_and_the_others_as_they_are() -> None:
    rows = preprocessing_gains(make_comparison()).rows
    first = ["f1_macro", "roc_auc_ovr", "top_1_accuracy"]
    assert [row[0] for row in rows] == [*first, *(name for name in SCORES if name not in first)]


def test_within_a_score_distances_stay_apart_and_the_largest_gain_is_first() -> None:
    euclidean = make_gain(by=0.03).model_copy(update={"metric": "euclidean"})
    gains = (make_gain(by=-0.05), make_gain("l2", by=0.01), euclidean)
    rows = preprocessing_gains(make_comparison().model_copy(update={"gains": gains})).rows
    assert [(row[1], row[2], row[6]) for row in rows] == [
        ("euclidean", "none", 0.03),
        ("cosine", "l2", 0.01),
        ("cosine", "none", -0.05),
    ]


def test_a_row_has_both_k_the_interval_both_p_and_the_verdict() -> None:
    table = preprocessing_gains(make_comparison())
    assert table.to_text()[0] == [
        *("f1_macro", "cosine", "none", "mixup", "3", "3"),
        *("-0.020", "-0.035", "-0.005", "0.010", "0.020", "worse", "1"),
    ]
    assert "each at its own best k" in table.caption


def test_the_caption_says_the_k_that_was_asked_for() -> None:
    table = preprocessing_gains(make_comparison().model_copy(update={"compared_at": 15}))
    assert "all at k = 15" in table.caption


@pytest.mark.parametrize(
    "by,word", [(0.02, "better"), (-0.02, "worse"), (0.019, "not significant"), (-0.019, "not significant")]
)
def test_only_what_is_significant_is_better_or_worse(by: float, word: str) -> None:
    assert verdict(make_gain(by=by)) == word


def test_the_same_score_in_every_fold_is_no_difference() -> None:
    update = {"mean_difference": 0.0, "low": 0.0, "high": 0.0, "p_value": None, "p_holm": None}
    assert verdict(make_gain().model_copy(update=update)) == "no difference"


def test_the_splits_are_those_of_the_comparison_or_of_all_variants() -> None:
    gains = (make_gain(by=0.03).model_copy(update={"n_splits": 10}), make_gain())
    rows = preprocessing_gains(make_comparison().model_copy(update={"gains": gains})).rows
    assert [row[-1] for row in rows] == [10, 1]


def test_without_untouched_embeddings_there_are_no_rows() -> None:
    assert preprocessing_gains(make_comparison().model_copy(update={"gains": ()})).rows == ()


def test_a_row_has_both_means_the_interval_and_whether_it_excludes_0() -> None:
    entries = (make_inflation(by=0.04), make_inflation(by=0.25))
    rows = preprocessing_inflations(make_comparison().model_copy(update={"inflations": entries})).rows
    assert rows[0] == (
        *("f1_macro", "cosine", "none", "mixup", 3),
        *(0.72, 0.97, 0.25, 0.2, 0.3, "yes"),
    )
    assert rows[1][-1] == "no"


def test_f1_of_every_variant_comes_first() -> None:
    rows = preprocessing_inflations(make_comparison()).rows
    assert [row[0] for row in rows[:4]] == ["f1_macro", "f1_macro", "roc_auc_ovr", "roc_auc_ovr"]


def test_where_preprocessing_before_splitting_was_not_asked_for_there_are_no_rows() -> None:
    assert preprocessing_inflations(make_comparison(before_splitting=False)).rows == ()


def published(
    dataset: str, *, n_neighbors: int | None = 3, distance: str = "cosine", score: str = "f1_macro"
) -> PublishedScore:
    """Return one figure."""
    return PublishedScore(
        source="report",
        table="t",
        dataset=dataset,
        classifier="knn",
        distance=distance,
        n_neighbors=n_neighbors,
        score=score,
        value=0.98,
    )


def test_a_published_score_stands_beside_both_ways() -> None:
    (row,) = preprocessing_published(make_comparison(), (published("mixup"),)).rows
    assert row[:8] == ("report", "t", "none", "mixup", "cosine", 3, "f1_macro", 0.98)
    # By the builder: 0.68 and 0.9 at k = 1, and 0.02 more at k = 3.
    assert row[8:11] == pytest.approx((0.92, 0.7, 0.22))
    assert row[11] is None


@pytest.mark.parametrize(
    "entry",
    [
        published("original"),
        published("balanced"),
        published("mixup", n_neighbors=7),
        published("mixup", n_neighbors=None),
        published("mixup", distance="manhattan"),
        published("mixup", score="top_9_accuracy"),
    ],
)
def test_what_was_not_run_here_is_left_out(entry: PublishedScore) -> None:
    assert preprocessing_published(make_comparison(), (entry,)).rows == ()


def test_without_preprocessing_before_splitting_there_is_nothing_to_set_beside_it() -> None:
    assert preprocessing_published(make_comparison(before_splitting=False), (published("mixup"),)).rows == ()


def test_a_score_that_is_not_defined_has_no_difference() -> None:
    result = make_comparison()
    undefined = tuple(
        variant.model_copy(
            update={
                "curves": tuple(curve.model_copy(update={"means": (None, None)}) for curve in variant.curves)
            }
        )
        if variant.way == "within_folds"
        else variant
        for variant in result.variants
    )
    found = preprocessing_published(result.model_copy(update={"variants": undefined}), (published("mixup"),))
    assert found.rows[0][9:11] == (None, None)


@pytest.mark.parametrize(
    "dataset, prepared",
    [
        ("original+zscore", ("zscore", "none")),
        ("mixup+l2", ("l2", "mixup")),
        ("balanced+mixup", ("l2", "balanced+mixup")),
    ],
)
def test_what_a_source_did_is_read_from_its_name(dataset: str, prepared: tuple[str, str]) -> None:
    assert prepared_how(dataset) == prepared


def test_figures_of_embeddings_that_were_not_resampled_are_named() -> None:
    repeated = (published("original"), published("original+l2"), published("mixup"))
    assert [row[-1] for row in preprocessing_published(make_comparison(), repeated).rows] == ["original"]
    other = (published("original", score="accuracy"), published("mixup"))
    assert [row[-1] for row in preprocessing_published(make_comparison(), other).rows] == [None]


def test_the_way_within_folds_comes_first_and_the_highest_composite_within_each() -> None:
    rows = preprocessing_ranking(make_comparison()).rows
    assert [row[:4] for row in rows[:4]] == [
        ("within_folds", "none", "none", "cosine"),
        ("within_folds", "none", "mixup", "cosine"),
        ("within_folds", "none", "none", "euclidean"),
        ("within_folds", "none", "mixup", "euclidean"),
    ]
    assert {row[0] for row in rows[4:]} == {"before_splitting"}
    assert len(rows) == 8


def test_a_row_has_the_means_at_the_best_k_and_what_the_training_rows_were() -> None:
    table = preprocessing_ranking(make_comparison())
    assert [column.key for column in table.columns[4:]] == [
        *("best_n_neighbors", "composite", "roc_auc_ovr", "f1_macro"),
        *("top_1_accuracy", "top_3_accuracy", "top_5_accuracy", "n_train_rows", "share_related"),
    ]
    assert table.to_text()[0][4:] == ["3", *["0.720"] * 6, "4.0", "0.000"]
    assert table.rows[-1][-1] is None


def test_what_is_nowhere_defined_is_left_empty_and_comes_last() -> None:
    empty = make_variant(resampler="smote", level=0.9).model_copy(
        update={"composite": None, "scores": (Score.from_values("f1_macro", [float("nan")] * 2),)}
    )
    result = make_comparison(before_splitting=False)
    result = result.model_copy(update={"variants": (empty, *result.variants)})
    assert preprocessing_ranking(result).rows[-1] == (
        *("within_folds", "none", "smote", "cosine", 3, None),
        *(None, None, None, None, None, 4.0, 0.0),
    )


def test_a_row_is_a_variant_with_two_cells_for_each_k() -> None:
    table = preprocessing_roc(make_comparison())
    assert [column.key for column in table.columns[4:]] == ["auc_k1", "auc_k1_std", "auc_k3", "auc_k3_std"]
    assert table.rows[0] == ("within_folds", "none", "none", "euclidean", 0.625, 0.02, 0.625, 0.02)
    assert len(table.rows) == 8


def test_a_k_without_a_curve_is_an_empty_cell() -> None:
    result = make_comparison()
    first, *others = result.variants
    bare = first.model_copy(update={"rocs": first.rocs[1:]})
    rows = preprocessing_roc(result.model_copy(update={"variants": (bare, *others)})).rows
    assert rows[0][4:] == (None, None, 0.625, 0.02)


def test_each_way_variant_score_and_k_is_a_row() -> None:
    rows = preprocessing_scores(make_comparison()).rows
    assert len(rows) == len({row[:6] for row in rows}) == 2 * 4 * len(SCORES) * 2
    assert rows[0] == ("within_folds", "none", "none", "euclidean", "roc_auc_ovr", 1, 0.66, 0.03)


def test_a_score_that_is_not_defined_at_a_k_is_an_empty_cell() -> None:
    curve = ScoreCurve(score="roc_auc_ovr", means=(None, 0.5), stds=(None, 0.1))
    variant = make_variant().model_copy(update={"curves": (curve,)})
    rows = preprocessing_scores(make_comparison().model_copy(update={"variants": (variant,)})).rows
    assert [row[5:] for row in rows] == [(1, None, None), (3, 0.5, 0.1)]


def test_each_name_is_explained() -> None:
    rows = preprocessing_steps(make_comparison()).rows
    assert rows[-1] == ("resampler", "mixup", "MixupOverSampler()")


def test_only_the_best_distance_has_rows_and_the_best_variant_the_first() -> None:
    table = preprocessing_summary(make_comparison())
    assert "cosine distance" in table.caption
    assert [row[:3] for row in table.rows] == [("none", "none", 3), ("none", "mixup", 3)]


def test_a_row_has_scores_difference_verdict_and_inflation() -> None:
    untouched, mixed = preprocessing_summary(make_comparison()).to_text()
    scores = ["-0.020", "-0.035", "-0.005", "0.020", "0.020"]
    assert mixed[3:] == ["0.700", "0.700", "0.700", *scores, "hurts", "1", "0.200"]
    assert untouched[3:] == ["0.720", "0.720", "0.720", *[MISSING] * 7, "0.200"]


def test_the_verdict_is_on_auc_as_well() -> None:
    gains = (make_gain(by=0.01), make_gain(score="roc_auc_ovr", by=0.03))
    (_, mixed) = preprocessing_summary(make_comparison().model_copy(update={"gains": gains})).to_text()
    assert mixed[9:12] == ["0.800", "0.020", "helps"]


def test_where_auc_is_not_defined_its_p_is_left_empty() -> None:
    result = make_comparison().model_copy(update={"gains": (make_gain(by=0.03),)})
    (_, mixed) = preprocessing_summary(result).to_text()
    assert mixed[9:12] == ["0.020", MISSING, "helps"]


def test_without_preprocessing_before_splitting_nothing_is_inflated() -> None:
    assert [row[-1] for row in preprocessing_summary(make_comparison(before_splitting=False)).rows] == [
        None,
        None,
    ]


def test_the_difference_of_another_distance_is_not_taken_for_it() -> None:
    result = make_comparison()
    other = tuple(gain.model_copy(update={"metric": "euclidean"}) for gain in result.gains)
    rows = preprocessing_summary(result.model_copy(update={"gains": other})).rows
    assert rows[1][6] is None


def test_each_way_variant_syndrome_and_k_is_a_row() -> None:
    rows = preprocessing_syndromes(make_comparison()).rows
    assert len(rows) == len({row[:6] for row in rows}) == 2 * 4 * 2 * 2
    assert rows[0] == ("within_folds", "none", "none", "euclidean", "a", 1, 0.8, 0.7, 0.75)


def test_a_syndrome_that_is_never_predicted_has_no_precision() -> None:
    rows = preprocessing_syndromes(make_comparison()).rows
    assert rows[2][4:] == ("b", 1, None, 0.0, 0.0)
