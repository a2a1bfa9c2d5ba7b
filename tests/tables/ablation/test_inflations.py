"""What the leaky way adds."""

from skknn_syndrome.tables.ablation import preprocessing_inflations
from tests.ablation_builders import make_ablation, make_inflation


def test_a_row_has_both_means_the_interval_and_whether_it_excludes_0() -> None:
    entries = (make_inflation(by=0.04), make_inflation(by=0.25))
    rows = preprocessing_inflations(make_ablation().model_copy(update={"inflations": entries})).rows
    assert rows[0] == (
        *("f1_macro", "cosine", "none", "mixup", 3),
        *(0.72, 0.97, 0.25, 0.2, 0.3, "yes"),
    )
    assert rows[1][-1] == "no"


def test_f1_of_every_variant_comes_first() -> None:
    rows = preprocessing_inflations(make_ablation()).rows
    assert [row[0] for row in rows[:4]] == ["f1_macro", "f1_macro", "roc_auc_ovr", "roc_auc_ovr"]


def test_where_the_leaky_way_was_not_asked_for_there_are_no_rows() -> None:
    assert preprocessing_inflations(make_ablation(leaky=False)).rows == ()
