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
        "患者",
    ],
)
def test_names_of_anything_else(name: str) -> None:
    assert not names_subjects(name)


@pytest.mark.parametrize(
    "kind,names,found",
    [
        ("syndrome", ["y", "label", "Diagnosis"], "label"),
        ("syndrome", ["syndrome_name", "y"], "syndrome_name"),
        ("syndrome", ["species", "split"], "species"),
        ("syndrome", ["label_confidence", "split"], None),
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
