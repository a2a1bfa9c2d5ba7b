"""What a study is run on."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.study.validating import validate_data

X = np.eye(4)
Y = ["a", "a", "b", "b"]


def test_lists_become_arrays_and_a_frame_stays_a_frame() -> None:
    data = validate_data(X.tolist(), Y, [1, 1, 2, 3])
    assert isinstance(data.samples, np.ndarray)
    assert data.groups_of("subject") is data.groups
    assert data.groups_of("image") is None
    frame = pd.DataFrame(X)
    assert validate_data(frame, Y, None).samples is frame


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_label_or_subject_is_named_by_its_row(missing: Any) -> None:
    with pytest.raises(StudySettingsError, match=r"y has no value in row 2 \(counted from 0\)"):
        validate_data(X, pd.Series(["a", "a", missing, "b"], dtype=object), None)
    with pytest.raises(StudySettingsError, match="groups has no value in row 3"):
        validate_data(X, Y, pd.Series([1, 2, 3, missing], dtype=object))


def test_a_label_that_can_not_be_written_is_refused() -> None:
    with pytest.raises(
        StudySettingsError, match=r"Label 1 of 2 .* is no valid Unicode: surrogates not allowed"
    ):
        validate_data(X, np.array(["a", "a", "b\ud800", "b\ud800"], dtype=object), None)


def test_one_class_is_none_to_tell_apart() -> None:
    with pytest.raises(StudySettingsError, match="at least two classes"):
        validate_data(X, ["a"] * 4, None)
