"""Samplers by name."""

import pytest
from imblearn.over_sampling import SMOTE

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import (
    CentroidBalancer,
    GaussianNoiseOverSampler,
    MixupOverSampler,
    make_resampler,
)


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


def test_none_is_a_step_that_does_nothing() -> None:
    assert make_resampler("none") == "passthrough"


def test_an_unknown_sampler_is_refused() -> None:
    with pytest.raises(StudySettingsError, match="There is no resampler 'rose': take none, balanced, smote"):
        make_resampler("rose")
