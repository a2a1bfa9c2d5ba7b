"""What the name of a column tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.data.column_names import likely_column, names_measure, names_subjects
from skknn_syndrome.data.feature_columns import in_order, is_feature, usual_prefix
from skknn_syndrome.data.identities import IdKind
from tests.refusing import refused

OF_SUBJECTS = [
    "patient",
    "patients",
    "patient_id",
    "PatientID",
    "Patient ID",
    "PATIENT_NR",
    "patientid",
    "patient-uuid",
    "subject_code",
    "SubjectIDs",
    "subj_id",
    "person",
    "individual",
    "participant_no",
    "case_id",
    "MRN",
    "pid",
    "specimen",
    "animal.id",
    "mouse_id",
    "id_patient",
    "donor",
    "patient_id_1",
    "patientid2",
    "subject_code_v2",
    "image_subject",
    "dicom_patient",
    "lesion_id",
    "NHS_number",
    "Patientennummer",
    "numéro de patient",
    "paciente",
    "患者",
    "患者ID",
    "患者编号",
    "center_patient_id",
]


OF_ANYTHING_ELSE = [
    "split",
    "width",
    "sex",
    "site",
    "camera",
    "patient_age",
    "patient_sex",
    "n_patients",
    "case_control",
    "id",
    "ids",
    "index",
    "filename",
    "image_id",
    "label",
    "partition",
    "path",
    "personality",
    "",
    "1",
    "patient_image",
    "patient_photo_path",
    "patient_center_id",
    "patient_diagnosis",
    "participant_label",
    "subject_type",
    "mother_tongue",
    "lesion_area",
    "hospital_no",
]


def test_names_of_subject_ids() -> None:
    assert [name for name in OF_SUBJECTS if not names_subjects(name)] == []


def test_names_of_anything_else() -> None:
    for surely in (True, False):
        assert [name for name in OF_ANYTHING_ELSE if names_subjects(name, surely=surely)] == []


def test_an_unknown_word_beside_that_for_a_person_makes_a_name_a_hint() -> None:
    assert not names_subjects("patient_alias")
    assert names_subjects("patient_alias", surely=False)
    assert not names_subjects("mouse_alias", surely=False)
    assert likely_column("subject", ["patient_alias", "donor"]) == "donor"


@pytest.mark.parametrize(
    "kind,names,found",
    [
        ("syndrome", ["y", "label", "Diagnosis"], "label"),
        ("syndrome", ["syndrome_name", "y"], "syndrome_name"),
        ("syndrome", ["species", "split"], "species"),
        ("syndrome", ["label_confidence", "split"], None),
        ("syndrome", ["Bild", "Diagnose", "Patient"], "Diagnose"),
        ("syndrome", ["lable", "Categoría"], "lable"),
        ("syndrome", ["issue", "glass", "specimen", "x0", "gender"], None),
        ("image", ["Bild", "Diagnose"], "Bild"),
        ("image", ["id", "file_path", "image_width"], "file_path"),
        ("image", ["id"], "id"),
        ("subject", ["case", "patient"], "patient"),
        ("subject", [], None),
    ],
)
def test_the_most_telling_name_is_likely(kind: IdKind, names: list[str], found: str | None) -> None:
    assert likely_column(kind, names) == found


def test_a_measurement_is_told_by_any_of_its_words() -> None:
    assert names_measure("image_width_px")
    assert not names_measure("who")


def test_a_place_is_none_where_it_may_number_its_patients() -> None:
    assert names_measure("hospital")
    assert names_measure("camera_name")
    assert not names_measure("hospital_no")
    assert not names_measure("center_patient_id")
    assert names_measure("patient_age_code")


@given(
    st.sampled_from(["", "e", "emb_", "v2_", "x.", "e\n"]),
    st.integers(1, 30),
    st.integers(0, 1),
    st.randoms(),
)
def test_columns_in_any_order_are_sorted_by_number(
    prefix: str, size: int, first: int, random: object
) -> None:
    names = [f"{prefix}{number}" for number in range(first, first + size)]
    shuffled = sorted(names, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert usual_prefix(shuffled) == prefix
    assert all(is_feature(name, prefix) for name in names)
    assert in_order(shuffled, prefix) == tuple(names)


def test_zeros_before_a_number_do_not_count() -> None:
    assert in_order(["e010", *(f"e00{number}" for number in range(1, 10))], "e")[-1] == "e010"


def test_the_prefix_of_most_columns_wins() -> None:
    assert usual_prefix(["pc1", "e0", "e1", "age"]) == "e"
    assert usual_prefix(["age", ""]) == ""


@pytest.mark.parametrize("name", ["e", "ex1", "e-1", "e1.0", "f1", "e\u0661", "e1234567890"])
def test_only_the_prefix_and_a_number_make_a_feature(name: str) -> None:
    assert not is_feature(name, "e")


@pytest.mark.parametrize(
    "names,code",
    [
        (["e0", "e2"], "missing_feature"),
        (["e2", "e3"], "missing_feature"),
        (["e0", "e1", "e01"], "repeated_feature"),
    ],
)
def test_numbers_have_no_gap_and_come_once(names: list[str], code: str) -> None:
    with refused(code):
        in_order(names, "e")
