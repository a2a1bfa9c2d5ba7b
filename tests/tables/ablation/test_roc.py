"""Areas under ROC curves."""

from skknn_syndrome.tables.ablation import preprocessing_roc
from tests.ablation_builders import make_ablation


def test_a_row_is_a_variant_with_two_cells_for_each_k() -> None:
    table = preprocessing_roc(make_ablation())
    assert [column.key for column in table.columns[4:]] == ["auc_k1", "auc_k1_std", "auc_k3", "auc_k3_std"]
    assert table.rows[0] == ("honest", "none", "none", "euclidean", 0.625, 0.02, 0.625, 0.02)
    assert len(table.rows) == 8


def test_a_k_without_a_curve_is_an_empty_cell() -> None:
    result = make_ablation()
    first, *others = result.variants
    bare = first.model_copy(update={"rocs": first.rocs[1:]})
    rows = preprocessing_roc(result.model_copy(update={"variants": (bare, *others)})).rows
    assert rows[0][4:] == (None, None, 0.625, 0.02)
