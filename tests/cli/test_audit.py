"""`skknn-syndrome audit`."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_a_clean_file_has_no_findings(run: Run, faces: Path) -> None:
    outcome = run("audit", str(faces), "--threshold", "0.9999999", "--strict")
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "24 rows, 0 refused" in outcome.stdout
    assert "Nothing was found." in outcome.stdout


def test_findings_are_shown_and_strict_ends_with_1(run: Run, faces: Path) -> None:
    lines = faces.read_text().splitlines()
    lines[4] = ",".join([*lines[4].split(",")[:3], *lines[1].split(",")[3:]])
    lines[6] = lines[6].replace("patient2", "patient11")
    faces.write_text("\n".join([*lines, "syndrome 0,patient99,photo99,1,2,nan,4"]) + "\n")
    outcome = run("audit", str(faces), "--threshold", "0.9999999")
    assert outcome.exit_code == 0
    assert "not_finite" in outcome.stdout
    assert "subject_in_two_syndromes" in outcome.stdout
    assert "1.000" in outcome.stdout
    assert "25 rows, 1 refused" in outcome.stdout
    assert outcome.stderr == ""  # the table has it
    assert run("audit", str(faces), "--strict").exit_code == 1


def test_without_subjects_it_says_what_it_can_not_look_for(run: Run, faces: Path) -> None:
    lines = [line.split(",") for line in faces.read_text().splitlines()]
    faces.write_text("\n".join(",".join([line[0], *line[2:]]) for line in lines) + "\n")
    outcome = run("audit", str(faces))
    assert "images of one person under two ids can't be looked for" in outcome.stdout


def break_rows(faces: Path, number: int) -> None:
    """Give a file rows that can't be used."""
    rows = [f"syndrome 0,p{row},lost{row},1,2,nan,4" for row in range(number)]
    faces.write_text("\n".join([*faces.read_text().splitlines(), *rows]) + "\n")


def test_of_many_findings_the_first_20_of_a_kind_are_shown(run: Run, faces: Path) -> None:
    break_rows(faces, 23)
    outcome = run("audit", str(faces), "--threshold", "0.9999999")
    assert "lost19" in outcome.stdout
    assert "lost20" not in outcome.stdout
    assert "... and 3 more; --all shows them." in outcome.stdout
    assert "23 findings." in outcome.stdout


def test_all_findings_are_shown_where_all_are_asked_for(run: Run, faces: Path) -> None:
    break_rows(faces, 23)
    outcome = run("audit", str(faces), "--all")
    assert "lost22" in outcome.stdout
    assert "more" not in outcome.stdout


def test_as_many_as_there_is_room_for_leave_none_over(run: Run, faces: Path) -> None:
    break_rows(faces, 20)
    outcome = run("audit", str(faces), "--threshold", "0.9999999")
    assert "lost19" in outcome.stdout
    assert "more" not in outcome.stdout


def test_one_finding_is_no_findings(run: Run, faces: Path) -> None:
    break_rows(faces, 1)
    assert "1 finding." in run("audit", str(faces), "--threshold", "0.9999999").stdout


@pytest.mark.usefixtures("messy")
def test_an_audit_names_subject_ids_that_go_unread_and_reads_on(run: Run) -> None:
    columns = ("--column", "syndrome=label", "--column", "features=emb_", "--column", "image=filename")
    outcome = run("audit", "my file.csv", *columns)
    assert outcome.exit_code == 0
    assert "Left unread: 'patient_id', 'split' and '' ('' is an index)." in outcome.stdout
    assert "subjects_unread" in outcome.stdout
    assert "1 finding." in outcome.stdout
    assert run("audit", "my file.csv", *columns, "--strict").exit_code == 1
    assert run("audit", "my file.csv", *columns, "--strict", "--no-subjects").exit_code == 0


def test_an_audit_names_every_danger_of_a_file(run: Run, tmp_path: Path) -> None:
    rows = [
        "0,a,12,1,1,0", "1,a,12,2,0,1", "2,b,12.0,1,1,0", "3,b,12.0,2,3,4", "4,B,t,1,5,6", "5,b,t,2,7,8",
        "6,b,,1,9,9", "7,b,u,1,nan,2",
    ]  # fmt: skip
    (tmp_path / "x.csv").write_text("\n".join([",syndrome,subject,image,e0,e1", *rows]) + "\n")
    outcome = run("audit", "x.csv")
    assert outcome.exit_code == 0
    for code in (
        "empty_id",
        "not_finite",
        "images_numbered_anew",
        "subject_in_two_syndromes",
        "identical_vectors",
        "labels_alike",
        "integer_beside_float",
    ):
        assert code in outcome.stdout
    assert "('' is an index)" in outcome.stdout
    assert run("audit", "x.csv", "--strict").exit_code == 1


def test_an_index_alone_is_no_finding(run: Run, faces: Path) -> None:
    lines = faces.read_text().splitlines()
    numbered = [f"{'' if row < 0 else row},{line}" for row, line in enumerate(lines, -1)]
    faces.write_text("\n".join(numbered) + "\n")
    outcome = run("audit", str(faces), "--threshold", "0.9999999", "--strict")
    assert outcome.exit_code == 0
    assert "Left unread: '' ('' is an index)." in outcome.stdout


def test_covariates_are_counted_by_level_with_what_differs_within_subjects(run: Run, faces: Path) -> None:
    head, *lines = faces.read_text().splitlines()
    rows = [f"{line},{'f' if place % 3 else ''},{place % 2}" for place, line in enumerate(lines)]
    faces.write_text("\n".join([f"{head},sex,view", *rows]) + "\n")
    outcome = run("audit", str(faces), "--covariate", "sex", "--covariate", "view")
    assert outcome.exit_code == 0
    assert "missing" in outcome.stdout
    assert "subjects differ in 'view'." in outcome.stdout
    assert "differ in 'sex'" not in outcome.stdout
