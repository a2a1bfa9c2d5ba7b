"""Checks of the classes of columns."""

import numpy as np
import pytest

from skknn_syndrome.metrics.class_order import ordered_classes, refuse_unknown


def test_sorted_distinct_labels_are_kept() -> None:
    assert ordered_classes(["a", "b", "c"]).tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(
    "labels, fault",
    [([0, 1, 1], "must be unique"), ([1, 0], "must be ordered"), (["b", "a", "b"], "must be unique")],
)
def test_labels_that_repeat_or_fall_are_refused(labels: list[object], fault: str) -> None:
    with pytest.raises(ValueError, match=f"Parameter 'labels' {fault}"):
        ordered_classes(np.array(labels))


def test_a_label_without_a_column_is_refused() -> None:
    refuse_unknown(np.array([0, 0]), np.array([0, 1]))
    with pytest.raises(ValueError, match="'y_true' contains labels not in parameter 'labels'"):
        refuse_unknown(np.array([0, 2]), np.array([0, 1]))
