"""Tables as people read them."""

from skknn_syndrome.display.table import Cell, Column, Table, for_readers


def shown(keys: list[str], *rows: tuple[Cell, ...]) -> Table:
    return for_readers(Table("t", "", tuple(Column(key, key) for key in keys), rows))


def test_scores_and_distances_have_the_names_of_prose() -> None:
    table = shown(["metric", "score"], ("euclidean", "roc_auc_ovr"), ("cosine", "f1_macro"))
    assert table.rows == (("Euclidean", "Macro AUC"), ("cosine", "Macro F1"))
    assert shown(["compared"], ("cosine minus euclidean",)).rows == (("cosine minus Euclidean",),)


def test_other_columns_keep_their_words() -> None:
    assert shown(["syndrome"], ("euclidean",)).rows == (("euclidean",),)
    assert shown(["metric"], (None,), ("cosine",)).rows == ((None,), ("cosine",))


def test_scores_that_differ_nowhere_share_a_row() -> None:
    keys = ["metric", "score", "mean"]
    same = shown(keys, ("cosine", "recall_macro", 0.5), ("cosine", "balanced_accuracy", 0.5))
    assert same.rows == (("cosine", "Macro recall, balanced accuracy", 0.5),)
    assert len(shown(keys, ("cosine", "accuracy", 0.5), ("cosine", "top_1_accuracy", 0.25)).rows) == 2
    assert len(shown(keys, ("cosine", "accuracy", 0.5), ("euclidean", "top_1_accuracy", 0.5)).rows) == 2


def test_a_column_without_any_value_is_left_out() -> None:
    table = shown(["a", "b"], (1, None), (None, None))
    assert [column.key for column in table.columns] == ["a"]
    assert table.rows == ((1,), (None,))


def test_a_table_without_rows_keeps_its_columns() -> None:
    assert [column.key for column in shown(["a", "b"]).columns] == ["a", "b"]
