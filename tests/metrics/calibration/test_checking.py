"""What is refused before anything is computed."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike

from skknn_syndrome.metrics.calibration.checking import check_probabilities

HALVES = [[0.5, 0.5], [0.5, 0.5]]


def test_labels_become_columns() -> None:
    checked = check_probabilities(["z", "a"], [[0.2, 0.3, 0.5]] * 2, labels=["a", "k", "z"])
    assert checked.truth.tolist() == [2, 0]
    assert checked.probabilities.dtype == np.float64


def test_single_precision_passes() -> None:
    thirds = np.full((4, 3), 1 / 3, dtype=np.float32)
    assert check_probabilities([0, 1, 2, 2], thirds).truth.tolist() == [0, 1, 2, 2]


@pytest.mark.parametrize(
    "labels, probabilities, options, fault",
    [
        (["a", "b", "a"], HALVES, {}, "inconsistent numbers of samples"),
        (["a", "a"], HALVES, {}, "There are 1 classes for 2 columns of probabilities: name the classes"),
        (["a", "b"], HALVES, {"labels": ["b", "a"]}, "must be ordered"),
        (["a", "c"], HALVES, {"labels": ["a", "b"]}, "labels not in parameter 'labels'"),
        (["a", "b"], [[0.5, 0.5], [1.25, -0.25]], {}, "Row 1 of y_proba has a value below 0 or above 1"),
        (["a", "b"], [[3.0, 1.0], [0.5, 0.5]], {}, "Row 0 of y_proba has a value below 0 or above 1"),
        (["a", "b"], [[0.5, 0.5], [0.5, 0.25]], {}, "Row 1 of y_proba sums to 0.75, not to 1"),
        (["a", "b"], [[0.5, 0.5], [np.nan, 0.5]], {}, "y_proba contains NaN"),
        ([], np.empty((0, 2)), {}, "minimum of 1 is required"),
    ],
)
def test_what_does_not_fit_is_refused(
    labels: ArrayLike, probabilities: ArrayLike, options: dict[str, Any], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        check_probabilities(labels, probabilities, **options)
