"""Every variant at its best k."""

from skknn_syndrome.results import Score
from skknn_syndrome.tables.ablation import preprocessing_ranking
from tests.ablation_builders import make_ablation, make_variant


def test_the_honest_way_comes_first_and_the_highest_composite_within_each() -> None:
    rows = preprocessing_ranking(make_ablation()).rows
    assert [row[:4] for row in rows[:4]] == [
        ("honest", "none", "none", "cosine"),
        ("honest", "none", "mixup", "cosine"),
        ("honest", "none", "none", "euclidean"),
        ("honest", "none", "mixup", "euclidean"),
    ]
    assert {row[0] for row in rows[4:]} == {"leaky"}
    assert len(rows) == 8


def test_a_row_has_the_means_at_the_best_k_and_what_the_training_rows_were() -> None:
    table = preprocessing_ranking(make_ablation())
    assert [column.key for column in table.columns[4:]] == [
        *("best_n_neighbors", "composite", "roc_auc_ovr", "f1_macro"),
        *("top_1_accuracy", "top_3_accuracy", "top_5_accuracy", "n_train_rows", "share_related"),
    ]
    assert table.to_text()[0][4:] == ["3", *["0.7200"] * 6, "4.0", "0.000"]
    assert table.rows[-1][-1] is None


def test_what_is_nowhere_defined_is_left_empty_and_comes_last() -> None:
    empty = make_variant(resampler="smote", level=0.9).model_copy(
        update={"composite": None, "scores": (Score.from_values("f1_macro", [float("nan")] * 2),)}
    )
    result = make_ablation(leaky=False)
    result = result.model_copy(update={"variants": (empty, *result.variants)})
    assert preprocessing_ranking(result).rows[-1] == (
        *("honest", "none", "smote", "cosine", 3, None),
        *(None, None, None, None, None, 4.0, 0.0),
    )
