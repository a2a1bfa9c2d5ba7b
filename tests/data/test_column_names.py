"""What a name says of a column."""

import pytest

from skknn_syndrome.data.column_names import likely_column, names_measure, names_subjects
from skknn_syndrome.data.ids import IdKind


@pytest.mark.parametrize(
    "name",
    [
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
    ],
)
def test_names_of_subject_ids(name: str) -> None:
    assert names_subjects(name)


@pytest.mark.parametrize(
    "name",
    [
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
    ],
)
def test_names_of_anything_else(name: str) -> None:
    assert not names_subjects(name)
    assert not names_subjects(name, surely=False)


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
