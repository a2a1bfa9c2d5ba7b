"""Scalers and samplers by name."""

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import (
    CentroidBalancer,
    GaussianNoiseOverSampler,
    MixupOverSampler,
    make_resampler,
    make_scaler,
)
from tests.refusing import refused

ROWS = [[3.0, 4.0], [0.0, 2.0]]


def test_l2_divides_each_row_by_its_length() -> None:
    np.testing.assert_allclose(make_scaler("l2").fit_transform(ROWS), [[0.6, 0.8], [0.0, 1.0]])


def test_zscore_learns_mean_and_spread_of_the_rows_it_is_fitted_on() -> None:
    # Means 1.5 and 3, population standard deviations 1.5 and 1.
    scaler = make_scaler("zscore").fit(ROWS)
    np.testing.assert_allclose(scaler.transform([[3.0, 3.0]]), [[1, 0]])


def test_a_scaler_named_none_is_a_step_that_does_nothing() -> None:
    assert make_scaler("none") == "passthrough"


def test_an_unknown_scaler_is_refused() -> None:
    with refused("unknown_scaler", "name", error=StudySettingsError):
        make_scaler("l1")


@pytest.mark.parametrize(
    "name, kind",
    [
        ("balanced", CentroidBalancer),
        ("smote", SMOTE),
        ("noise", GaussianNoiseOverSampler),
        ("mixup", MixupOverSampler),
    ],
)
def test_a_name_stands_for_a_sampler(name: str, kind: type) -> None:
    assert type(make_resampler(name)) is kind


@pytest.mark.parametrize("name", ["smote", "noise", "mixup"])
def test_those_that_draw_take_the_seed(name: str) -> None:
    assert make_resampler(name, random_state=7).random_state == 7


def test_a_sampler_named_none_is_a_step_that_does_nothing() -> None:
    assert make_resampler("none") == "passthrough"


def test_an_unknown_sampler_is_refused() -> None:
    with pytest.raises(
        StudySettingsError, match="There is no resampler 'rose': take none, balanced, smote"
    ) as caught:
        make_resampler("rose")
    assert (caught.value.code, caught.value.parameter) == ("unknown_resampler", "name")
