"""Syndromes against k."""

from skknn_syndrome.tables.ablation import preprocessing_syndromes
from tests.ablation_builders import make_ablation


def test_each_way_variant_syndrome_and_k_is_a_row() -> None:
    rows = preprocessing_syndromes(make_ablation()).rows
    assert len(rows) == len({row[:6] for row in rows}) == 2 * 4 * 2 * 2
    assert rows[0] == ("honest", "none", "none", "euclidean", "a", 1, 0.8, 0.7, 0.75)


def test_a_syndrome_that_is_never_predicted_has_no_precision() -> None:
    rows = preprocessing_syndromes(make_ablation()).rows
    assert rows[2][4:] == ("b", 1, None, 0.0, 0.0)
