"""Values that come as subject ids do."""

import math

import numpy as np
import pytest

from skknn_syndrome.data.subject_values import behave_as_subjects

LABELS = ["a"] * 40 + ["b"] * 40 + ["c"] * 40
PEOPLE = [f"P{row // 2}" for row in range(120)]
RANDOM = np.random.default_rng(0)


def test_a_few_patients_of_many_rare_classes() -> None:
    labels = [row // 6 for row in range(300)]
    assert behave_as_subjects([row // 2 for row in range(300)], labels)


def test_a_subject_of_each_class_tells_nothing_that_the_label_does_not() -> None:
    labels = [row // 6 for row in range(300)]
    assert not behave_as_subjects([f"{label} again" for label in labels], labels)


@pytest.mark.parametrize("form", ["{}", "P{:03d}"])
def test_subjects_may_be_numbered_anew_in_each_class(form: str) -> None:
    values = [form.format(1 + row // 2) for row in range(100)] * 2
    labels = ["a"] * 100 + ["b"] * 100
    assert behave_as_subjects(values, labels)
    order = RANDOM.permutation(200)
    assert behave_as_subjects([values[row] for row in order], [labels[row] for row in order])


@pytest.mark.parametrize(
    "values",
    [
        [1 + row for row in range(100)] * 2,
        [2 + row // 2 for row in range(100)] * 2,
        [1 + 2 * (row // 2) for row in range(100)] * 2,
        [1 + row % 12 for row in range(200)],
        [f"{'xy'[row % 2]}{1 + row // 2}" for row in range(100)] * 2,
        ["left", "right", "front", "back"] * 50,
    ],
    ids=["once each", "not from the first", "with gaps", "many rows each", "two prefixes", "no numbers"],
)
def test_other_values_that_each_class_has_are_no_subjects(values: list[object]) -> None:
    assert not behave_as_subjects(values, ["a"] * 100 + ["b"] * 100)


def test_some_images_of_a_subject_may_have_another_label() -> None:
    people = np.repeat(np.arange(200), 5)
    labels = RANDOM.integers(0, 5, 200)[people]
    other = RANDOM.random(1000) < 0.15
    labels[other] = RANDOM.integers(0, 5, other.sum())
    assert behave_as_subjects(people.tolist(), labels.tolist())


def test_a_property_that_classes_merely_lean_to_is_no_subject() -> None:
    labels = RANDOM.integers(0, 5, 1000)
    ages = np.abs(RANDOM.normal(10 + 8 * labels, 10)).astype(int)
    assert not behave_as_subjects(ages.tolist(), labels.tolist())


def test_chance_raises_no_alarm() -> None:
    alarms = [
        behave_as_subjects(
            RANDOM.integers(1, n_values, 60).tolist(), RANDOM.integers(0, n_classes, 60).tolist()
        )
        for n_values in range(5, 60)
        for n_classes in (2, 3, 5)
    ]
    assert not any(alarms)


def test_one_value_for_all_that_is_unknown_does_not_hide_the_others() -> None:
    assert behave_as_subjects([*PEOPLE, *["unknown"] * 120], LABELS * 2)


def test_one_class_tells_nothing() -> None:
    assert not behave_as_subjects(PEOPLE, ["a"] * 120)


@pytest.mark.parametrize("value", ["inf", math.inf, True], ids=["text", "float", "bool"])
def test_what_is_no_measurement_may_be_an_id(value: object) -> None:
    assert behave_as_subjects([*PEOPLE, value], [*LABELS, "c"])
