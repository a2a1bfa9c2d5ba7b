"""Columns that are left unread."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from skknn_syndrome.data.unread_columns import find_subject_column, numbers_rows, repeat_within_classes

LABELS = ["a"] * 40 + ["b"] * 40 + ["c"] * 40
PEOPLE = [f"P{row // 2}" for row in range(120)]


def found(labels: Sequence[object] | None = LABELS, **columns: Sequence[object] | None) -> str | None:
    suspect = find_subject_column([*columns], labels, columns.get)
    return None if suspect is None else suspect.name


def test_a_telling_name_comes_before_telling_values() -> None:
    assert found(who=PEOPLE, patient_id=PEOPLE) == "patient_id"


def test_a_name_tells_where_values_are_not_known() -> None:
    assert found(None, patient_id=None) == "patient_id"


def test_two_values_tell_nobody_apart() -> None:
    assert found(case=["yes", "no"] * 60) is None
    assert found(patient=["?"] * 120) is None
    assert found(patient=["", None, float("nan")] * 40) is None


def test_values_tell_subjects_whatever_their_column_is_called() -> None:
    assert found(who=PEOPLE) == "who"
    assert found(who=[int(name[1:]) for name in PEOPLE]) == "who"
    assert found(who=[float(name[1:]) for name in PEOPLE]) == "who"


def test_rows_without_a_value_do_not_count() -> None:
    assert found(who=[*PEOPLE[:80], *[None, "", " ", float("nan")] * 10]) == "who"


RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(
    "values",
    [
        [f"img{row}.jpg" for row in range(120)],
        ["train", "test"] * 60,
        [f"camera {row % 30}" for row in range(120)],
        LABELS,
        [f"{label}{row % 3}" for row, label in enumerate(LABELS)],
        RANDOM.normal(size=120).tolist(),
        [str(value) for value in RANDOM.normal(size=60).repeat(2)],
        RANDOM.integers(100, 300, 120).tolist(),
        [*(f"img{row}.jpg" for row in range(118)), "img0.jpg", "img117.jpg"],
        PEOPLE[:100],
        None,
    ],
)
def test_other_columns_raise_no_alarm(values: Sequence[object] | None) -> None:
    assert found(column=values) is None


def test_a_measurement_raises_no_alarm_though_classes_differ_in_it() -> None:
    ages = [row // 2 for row in range(120)]
    assert found(age_years=ages) is None
    assert repeat_within_classes(ages, LABELS)


def test_without_labels_values_tell_nothing() -> None:
    assert found(None, who=PEOPLE) is None


def test_one_class_tells_nothing() -> None:
    assert not repeat_within_classes(PEOPLE, ["a"] * 120)


@pytest.mark.parametrize("value", ["inf", math.inf, True], ids=["text", "float", "bool"])
def test_what_is_no_measurement_may_be_an_id(value: object) -> None:
    assert repeat_within_classes([*PEOPLE, value], [*LABELS, "c"])


@pytest.mark.parametrize("values", [["0", "1", "2"], [0, 1, 2], ["1", "2", "3"]])
def test_an_index_counts_the_rows(values: Sequence[object]) -> None:
    assert numbers_rows("index", {"index": values}.get)
    assert not numbers_rows("who", {"who": values}.get)


@pytest.mark.parametrize("values", [["0", "2", "1"], ["5", "6"], [], None])
def test_a_name_alone_makes_no_index(values: Sequence[object] | None) -> None:
    assert not numbers_rows("index", {"index": values}.get if values is not None else lambda _: None)
