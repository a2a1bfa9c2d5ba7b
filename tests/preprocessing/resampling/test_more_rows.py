"""Equally many rows more for every class."""

from typing import Any

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from sklearn.base import clone

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import MixupOverSampler, MoreRows


def test_what_cannot_be_shared_goes_to_the_first_classes() -> None:
    # 7 rows for 3 classes: 2 each, and one more for the first.
    assert MoreRows(7)(np.array(["c", "a", "b", "a"])) == {"a": 5, "b": 3, "c": 3}


@pytest.mark.parametrize("kind", [MixupOverSampler, RandomOverSampler, SMOTE])
def test_samplers_take_it_and_keep_it_when_they_are_cloned(kind: type) -> None:
    rows = np.random.default_rng(0).normal(size=(30, 2))
    labels = np.repeat([0, 1], [20, 10])
    sampler = clone(kind(sampling_strategy=MoreRows(8), random_state=0))
    _, resampled = sampler.fit_resample(rows, labels)
    assert np.bincount(resampled).tolist() == [24, 14]
    assert "MoreRows(n_rows=8)" in repr(sampler)


@pytest.mark.parametrize("n_rows", [0, 2.5, "x"])
def test_what_is_no_number_of_rows_is_refused(n_rows: Any) -> None:
    with pytest.raises(StudySettingsError, match="must be a whole number, 1 at least"):
        MoreRows(n_rows)
