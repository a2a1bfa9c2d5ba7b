"""Columns left unread: row indexes, and those that may hold subject ids."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from skknn_syndrome.data.subject_columns import behave_as_subjects, find_subject_column, numbers_rows

LABELS = ["a"] * 40 + ["b"] * 40 + ["c"] * 40
PEOPLE = [f"P{row // 2}" for row in range(120)]
VALUES_AT_RANDOM = np.random.default_rng(0)


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
    order = VALUES_AT_RANDOM.permutation(200)
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
    labels = VALUES_AT_RANDOM.integers(0, 5, 200)[people]
    other = VALUES_AT_RANDOM.random(1000) < 0.15
    labels[other] = VALUES_AT_RANDOM.integers(0, 5, other.sum())
    assert behave_as_subjects(people.tolist(), labels.tolist())


def test_a_property_that_classes_merely_lean_to_is_no_subject() -> None:
    labels = VALUES_AT_RANDOM.integers(0, 5, 1000)
    ages = np.abs(VALUES_AT_RANDOM.normal(10 + 8 * labels, 10)).astype(int)
    assert not behave_as_subjects(ages.tolist(), labels.tolist())


def test_chance_raises_no_alarm() -> None:
    alarms = [
        behave_as_subjects(
            VALUES_AT_RANDOM.integers(1, n_values, 60).tolist(),
            VALUES_AT_RANDOM.integers(0, n_classes, 60).tolist(),
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


def test_only_a_clear_name_settles_it() -> None:
    by_name = find_subject_column(["patient_id"], LABELS, {"patient_id": PEOPLE}.get)
    by_values = find_subject_column(["who", "study"], LABELS, {"who": PEOPLE, "study": PEOPLE}.get)
    by_hint = find_subject_column(["patient_alias"], None, {"patient_alias": PEOPLE}.get)
    assert by_name is not None
    assert by_values is not None
    assert by_hint is not None
    assert (by_name.by_name, by_values.by_name, by_hint.by_name) == (True, False, False)
    assert by_values.also == ("study",)
    assert "'study'" in by_values.problem


def test_a_hint_in_a_name_counts_where_values_come_again() -> None:
    assert found(None, patient_alias=None) == "patient_alias"
    assert found(None, patient_alias=[f"P{row}" for row in range(120)]) is None
    assert found(None, patient_alias=["yes", "no"] * 60) is None
    assert found(None, patient_score_2=[0.5, 1.5, 2.5, 2.5] * 30) is None
    assert found(None, patient_ratio=[0.5, 1.5, 2.5, 2.5] * 30) is None
    assert found(patient_alias=["a", "b", "c"] * 40, who=PEOPLE) == "who"


RANDOM = np.random.default_rng(0)
# 120 images: 3 classes of 20 people with 2 images each.
TIMES_2 = [row // 2 for row in range(120)]
WIDTHS = RANDOM.choice([224, 256, 299, 512], 120).tolist()
VARIANTS = [f"c.{row // 4}A>G" for row in range(120)]

UNREAD: list[tuple[str, Sequence[object] | None, bool]] = [
    ("patient_id_1", PEOPLE, True),
    ("patientid2", PEOPLE, True),
    ("subject_code_v2", PEOPLE, True),
    ("image_subject", PEOPLE, True),
    ("dicom_patient", PEOPLE, True),
    ("lesion_id", PEOPLE, True),
    ("NHS_number", TIMES_2, True),
    ("Patientennummer", TIMES_2, True),
    ("paciente", PEOPLE, True),
    ("患者ID", PEOPLE, True),
    ("patient_id_2", [label + str(row % 3) for row, label in enumerate(LABELS)], True),
    ("center_patient_id", PEOPLE, True),
    ("hospital_no", PEOPLE, True),
    ("who", PEOPLE, True),
    ("StudyInstanceUID", PEOPLE, True),
    ("group", PEOPLE, True),
    ("split", ["train", "test"] * 60, False),
    ("fold", [row % 5 for row in range(120)], False),
    ("sex", ["f", "m", "m"] * 40, False),
    ("age", TIMES_2, False),
    ("patient_age", TIMES_2, False),
    ("Patientenalter", RANDOM.integers(0, 18, 120).tolist(), False),
    ("age_at_photo", RANDOM.integers(0, 18, 120).tolist(), False),
    ("site", [f"site {row // 10}" for row in range(120)], False),
    ("hospital_name", [f"clinic {row // 10}" for row in range(120)], False),
    ("camera", [f"camera {row % 30}" for row in range(120)], False),
    ("scanner_id", [f"S{row % 8}" for row in range(120)], False),
    ("gene", [f"G{row // 20}" for row in range(120)], False),
    ("hgvs", VARIANTS, False),
    ("pmid", [30_000_000 + row // 4 for row in range(120)], False),
    ("visit_date", [f"2024-01-{1 + row // 10:02d}" for row in range(120)], False),
    ("taken", [f"2024-{1 + row // 10:02d}-03 10:00" for row in range(120)], False),
    ("aufgenommen", [f"{1 + row // 5}.3.2024" for row in range(120)], False),
    ("file_name", [f"img{row}.jpg" for row in range(120)], False),
    ("path", [f"img{row % 108}.jpg" for row in range(120)], False),
    ("url", [f"https://example.org/{row // 2}" for row in range(120)], False),
    ("width", WIDTHS, False),
    ("px", WIDTHS, False),
    ("row_number", list(range(120)), False),
    ("nr_in_class", list(range(1, 41)) * 3, False),
    ("slice", list(range(12)) * 10, False),
    ("batch", [f"B{row // 4}" for row in range(120)], False),
    ("diagnosis_text", [f"{label} type {row % 4}" for row, label in enumerate(LABELS)], False),
    ("subtype", [label + str(row % 3) for row, label in enumerate(LABELS)], False),
    ("same", LABELS, False),
    ("blur", RANDOM.normal(size=120).tolist(), False),
    ("sharpness", [str(value) for value in RANDOM.normal(size=60).repeat(2)], False),
    ("brightness", RANDOM.integers(100, 300, 120).tolist(), False),
    ("n_patients", [row // 30 for row in range(120)], False),
    ("case_control", ["case", "control", "unknown"] * 40, False),
    ("mother_tongue", ["fr", "de", "en"] * 40, False),
    ("too_short", PEOPLE[:100], False),
    ("vectors", None, False),
]


def test_columns_as_people_have_them() -> None:
    alarms = [name for name, values, _ in UNREAD if found(**{name: values}) == name]
    assert alarms == [name for name, _, may_be_people in UNREAD if may_be_people]


def test_without_labels_values_tell_nothing() -> None:
    assert found(None, who=PEOPLE) is None


@pytest.mark.parametrize("values", [["0", "1", "2"], [0, 1, 2], ["1", "2", "3"]])
def test_an_index_counts_the_rows(values: Sequence[object]) -> None:
    assert numbers_rows("index", {"index": values}.get)
    assert not numbers_rows("who", {"who": values}.get)


@pytest.mark.parametrize("values", [["0", "2", "1"], ["5", "6"], [], None])
def test_a_name_alone_makes_no_index(values: Sequence[object] | None) -> None:
    assert not numbers_rows("index", {"index": values}.get if values is not None else lambda _: None)
