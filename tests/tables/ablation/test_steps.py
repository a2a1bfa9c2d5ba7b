"""What the names stand for."""

from skknn_syndrome.tables.ablation import preprocessing_steps
from tests.ablation_builders import make_ablation


def test_each_name_is_explained() -> None:
    rows = preprocessing_steps(make_ablation()).rows
    assert rows[-1] == ("resampler", "mixup", "MixupOverSampler()")
