"""What a study is run on."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from skknn_syndrome import EmbeddingDataset, cross_validate_study, study_dataset
from skknn_syndrome.crossval.study_data import validate_data
from skknn_syndrome.errors import StudySettingsError

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


@pytest.mark.parametrize(
    "one, same",
    [
        (("h", 1), ("h", 1.0)),
        (("h", 1), ("h", np.int64(1))),
        (("h", [1, 2]), ("h", [1.0, 2])),
        (("h", [1, 2]), ("h", np.array([1, 2]))),
        (("h", ("ward", 1)), ("h", ("ward", np.float32(1)))),
    ],
)
def test_equal_tuples_are_one_subject(one: Any, same: Any) -> None:
    groups = validate_data(X, Y, [one, same, ("h", "1"), ("h", 3)]).groups
    assert groups is not None
    assert [groups[0] == other for other in groups] == [True, True, False, False]


@pytest.mark.parametrize("gap", [None, "", " ", np.nan, pd.NA, pd.NaT, np.array([1, np.nan]), [""], ()])
def test_a_tuple_with_a_gap_names_nobody(gap: Any) -> None:
    with pytest.raises(StudySettingsError, match="groups has no value in row 2"):
        validate_data(X, Y, [("h", 1), ("h", 2), ("h", gap), ("h", 4)])
    with pytest.raises(StudySettingsError, match="groups has no value in row 0"):
        validate_data(X, Y, [(), ("h", 2), ("h", 3), ("h", 4)])


def test_a_tuple_that_can_not_be_compared_is_refused() -> None:
    with pytest.raises(StudySettingsError, match=r"groups holds .*\{1\}.*: give ids as text or numbers"):
        validate_data(X, Y, [("h", {1}), ("h", 2), ("h", 3), ("h", 4)])


@pytest.mark.parametrize("empty", ["", " "])
def test_a_label_may_not_be_empty(empty: str) -> None:
    with pytest.raises(StudySettingsError, match="y has no value in row 2"):
        validate_data(X, ["a", "a", empty, "b"], None)


@pytest.mark.parametrize("kind", [list, tuple, lambda entries: np.array(entries, dtype=object)])
def test_labels_and_ids_are_texts_or_numbers_but_not_both(kind: Any) -> None:
    with pytest.raises(
        StudySettingsError, match=r"y mixes '1' \(int\) and 'nevus' \(str\): give labels of one"
    ):
        validate_data(X, kind([1, "nevus", 1, "nevus"]), None)
    with pytest.raises(
        StudySettingsError, match=r"groups mixes '12' \(int\) and '12' \(str\): give subject ids"
    ):
        validate_data(X, Y, kind([12, 12, 12, "12"]))


def test_what_a_study_of_a_data_set_and_one_of_arrays_take_is_told_apart() -> None:
    dataset = EmbeddingDataset.from_arrays(X, Y)
    with pytest.raises(StudySettingsError, match=r"study_dataset\(dataset\)"):
        cross_validate_study(dataset)
    with pytest.raises(StudySettingsError, match="y is missing: give one label for each of 4 images"):
        cross_validate_study(X)
    with pytest.raises(StudySettingsError, match=r"of type ndarray: .* EmbeddingDataset.from_arrays"):
        study_dataset(X)  # type: ignore[call-overload]
