"""`skknn-syndrome audit`."""

from pathlib import Path

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
    assert "1.0000" in outcome.stdout
    assert "1 of 25 rows were refused; the first: Row 25 (line 26" in outcome.stderr
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
