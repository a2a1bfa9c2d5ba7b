"""`skknn-syndrome report` and `skknn-syndrome convert`."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.data import load_embeddings
from tests.builders import make_study, study_of
from tests.cli.conftest import Run
from tests.learning_builders import make_label_errors
from tests.rendering.full_study import make_sweep


def test_it_writes_each_format_and_says_where(run: Run, tmp_path: Path) -> None:
    make_study(make_sweep()).save(tmp_path / "study.json")
    outcome = run(
        "report", "study.json", "--to", "html", "--to", "docx", "--engine", "embedded", "--output", "out"
    )
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "Wrote out/report.html with embedded" in outcome.stdout
    assert (tmp_path / "out" / "report.docx").is_file()
    assert outcome.stdout.endswith("\nOpen out/report.html\n")


def test_html_is_the_default(run: Run, tmp_path: Path) -> None:
    make_study(make_sweep()).save(tmp_path / "artifacts" / "study" / "study.json")
    outcome = run("report", "--engine", "embedded")
    assert outcome.exit_code == 0
    assert [path.name for path in (tmp_path / "artifacts" / "report").glob("report.*")].count(
        "report.html"
    ) == 1


def test_a_missing_study_says_where_studies_come_from(run: Run) -> None:
    outcome = run("report", "none.json")
    assert (outcome.exit_code, outcome.stderr) == (
        1,
        "Error: There is no study at none.json: `skknn-syndrome study DATA` writes one.\n",
    )


def test_a_study_of_a_like_name_is_offered(run: Run, tmp_path: Path) -> None:
    (tmp_path / "study.json").touch()
    assert run("report", "stduy.json").stderr.endswith(" Did you mean study.json?\n")


@pytest.mark.parametrize(
    "place, hint",
    [
        ("study.json", "did you mean results/study.json?"),
        ("study/study.json", "did you mean results/study/study.json?"),
        ("other.json", "there is no study.json in it"),
    ],
)
def test_a_folder_is_no_study(run: Run, tmp_path: Path, place: str, hint: str) -> None:
    path = tmp_path / "results" / place
    path.parent.mkdir(parents=True)
    path.touch()
    outcome = run("report", "results")
    assert (outcome.exit_code, outcome.stderr) == (
        1,
        f"Error: results is a folder, and a report needs a file: {hint}\n",
    )


def test_a_file_that_is_no_study_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text("{}")
    outcome = run("report", "study.json", "--engine", "embedded")
    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("Error: The file study.json is no study")
    assert len(outcome.stderr.splitlines()) == 1


def test_files_of_others_are_written_over_with_force_alone(run: Run, tmp_path: Path) -> None:
    make_study(make_sweep()).save(tmp_path / "study.json")
    (tmp_path / "references.bib").write_text("mine")
    command = "report", "study.json", "--engine", "embedded", "--output", "."
    refused = run(*command)
    assert refused.exit_code == 1
    assert "references.bib" in refused.stderr
    assert "--force" in refused.stderr
    assert (tmp_path / "references.bib").read_text() == "mine"
    assert run(*command, "--force").exit_code == 0


@pytest.mark.parametrize("name", ["faces.parquet", "faces.npz"])
def test_a_pickle_becomes_a_safe_file_with_the_same_content(run: Run, tmp_path: Path, name: str) -> None:
    nested = {
        f"syndrome {s}": {f"p{s}{p}": {f"i{s}{p}": np.full(3, s + p / 10)} for p in range(3)}
        for s in range(2)
    }
    (tmp_path / "faces.p").write_bytes(pickle.dumps(nested))
    outcome = run("convert", "faces.p", name)
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    before, after = load_embeddings(tmp_path / "faces.p"), load_embeddings(tmp_path / name)
    np.testing.assert_array_equal(before.embeddings, after.embeddings)
    np.testing.assert_array_equal(before.syndromes, after.syndromes)
    np.testing.assert_array_equal(before.images, after.images)


def test_a_file_that_is_there_is_not_written_over_without_force(
    run: Run, faces: Path, tmp_path: Path
) -> None:
    (tmp_path / "out.npz").write_bytes(b"precious")
    outcome = run("convert", str(faces), "out.npz")
    assert (outcome.exit_code, outcome.stderr) == (
        1,
        "Error: out.npz is there already: choose another name, or write over it with --force.\n",
    )
    assert (tmp_path / "out.npz").read_bytes() == b"precious"
    assert run("convert", str(faces), "out.npz", "--force").exit_code == 0
    assert load_embeddings(tmp_path / "out.npz").n_images == 24


def test_pseudonyms_go_into_the_file(run: Run, faces: Path, tmp_path: Path) -> None:
    assert run("convert", str(faces), "out.npz", "--pseudonymise").exit_code == 0
    dataset = load_embeddings(tmp_path / "out.npz")
    assert dataset.subjects is not None
    assert not any("patient" in subject for subject in dataset.subjects)
    assert len(np.unique(dataset.subjects)) == 12


def test_a_link_that_leads_nowhere_is_there_too(run: Run, faces: Path, tmp_path: Path) -> None:
    (tmp_path / "out.npz").symlink_to(tmp_path / "nowhere")
    assert run("convert", str(faces), "out.npz").exit_code == 1


@pytest.mark.usefixtures("messy")
def test_subject_ids_may_not_be_lost_unless_that_is_asked_for(run: Run, tmp_path: Path) -> None:
    columns = ("--column", "syndrome=label", "--column", "features=emb_")
    refused = run("convert", "my file.csv", "out.npz", *columns)
    assert refused.exit_code == 1
    assert "--column subject=patient_id" in refused.stderr
    assert not (tmp_path / "out.npz").exists()
    assert run("convert", "my file.csv", "out.npz", *columns, "--no-subjects").exit_code == 0
    assert load_embeddings(tmp_path / "out.npz").subjects is None


def test_rows_of_one_image_are_averaged_if_that_is_asked_for(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("syndrome,image,e0\na,i,1\na,i,2\nb,j,3\nb,j,5\n")
    refused = run("convert", "x.csv", "out.npz")
    assert (refused.exit_code, refused.stderr.splitlines()[1]) == (
        1,
        "skknn-syndrome convert x.csv out.npz --average-rows",
    )
    assert "Averaged 2 rows" in run("convert", "x.csv", "out.npz", "--average-rows").stdout
    assert load_embeddings(tmp_path / "out.npz").embeddings.tolist() == [[1.5], [4.0]]


def test_thumbnails_come_from_a_folder_that_has_the_images(run: Run, tmp_path: Path) -> None:
    study_of(make_sweep(), make_label_errors()).save(tmp_path / "study.json")
    outcome = run("report", "study.json", "--thumbnails", ".")
    assert "has no file of any image that the study lists" in outcome.stderr
    assert outcome.exit_code != 0
    assert not (tmp_path / "artifacts/report/report.html").exists()
