"""Sizes of the syndromes."""

from skknn_syndrome.tables.ablation import preprocessing_classes
from tests.ablation_builders import make_ablation


def test_a_row_is_a_syndrome_before_and_after() -> None:
    assert preprocessing_classes(make_ablation()).rows == (
        ("none", "none", "a", 4, 4),
        ("none", "none", "b", 2, 2),
        ("none", "mixup", "a", 4, 4),
        ("none", "mixup", "b", 2, 4),
    )
