"""Scalers by name."""

import numpy as np
import pytest

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import make_scaler

ROWS = [[3.0, 4.0], [0.0, 2.0]]


def test_l2_divides_each_row_by_its_length() -> None:
    np.testing.assert_allclose(make_scaler("l2").fit_transform(ROWS), [[0.6, 0.8], [0.0, 1.0]])


def test_zscore_learns_mean_and_spread_of_the_rows_it_is_fitted_on() -> None:
    # Means 1.5 and 3, population standard deviations 1.5 and 1.
    scaler = make_scaler("zscore").fit(ROWS)
    np.testing.assert_allclose(scaler.transform([[3.0, 3.0]]), [[1, 0]])


def test_none_is_a_step_that_does_nothing() -> None:
    assert make_scaler("none") == "passthrough"


def test_an_unknown_scaler_is_refused() -> None:
    with pytest.raises(StudySettingsError, match="There is no scaler 'l1': take none, l2 or zscore"):
        make_scaler("l1")
