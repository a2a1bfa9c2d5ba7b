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
        *("report", "study.json", "--to", "html", "--to", "docx", "--engine", "embedded", "--output", "out"),
        *("--part", "main"),
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


def test_parts_can_be_chosen_and_an_edited_one_rendered_again(run: Run, tmp_path: Path) -> None:
    make_study(make_sweep()).save(tmp_path / "study.json")
    command = "report", "study.json", "--engine", "embedded", "--output", "out"
    assert run(*command, "--part", "summary").stdout.endswith("\nOpen out/summary.html\n")
    assert {path.name for path in (tmp_path / "out").glob("*.html")} == {"summary.html"}
    with (tmp_path / "out" / "summary.qmd").open("a") as stream:
        stream.write("\nMy own conclusion.\n")
    edited = run("report", "out/summary.qmd", "--engine", "embedded")
    assert (edited.exit_code, edited.stderr) == (0, "")
    assert "My own conclusion." in (tmp_path / "out" / "summary.html").read_text("utf-8")
    for option in (("--part", "main"), ("--thumbnails", ".")):
        assert "A .qmd is rendered as it is" in run("report", "out/summary.qmd", *option).stderr


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


def test_an_example_of_metadata_is_written_once_and_the_report_takes_it(run: Run, tmp_path: Path) -> None:
    make_study(make_sweep()).save(tmp_path / "study.json")
    first = run("report", "study.json", "--init-meta", "report.yaml")
    assert (first.exit_code, first.stderr) == (0, "")
    assert "report study.json --meta report.yaml" in first.stdout
    assert not (tmp_path / "artifacts").exists()
    again = run("report", "study.json", "--init-meta", "report.yaml")
    assert again.exit_code == 2
    assert again.stderr.endswith("write over it with --force.\n")
    both = run("report", "study.json", "--init-meta", "other.yaml", "--meta", "report.yaml")
    assert (both.exit_code, both.stderr.count("\n")) == (1, 1)
    assert not (tmp_path / "other.yaml").exists()
    (tmp_path / "report.yaml").write_text("title: Mine\nnouns: {image: scan}\nclasses: {a: Alpha}", "utf-8")
    outcome = run("report", "study.json", "--engine", "embedded", "--meta", "report.yaml", "-o", "out")
    assert outcome.exit_code == 0
    text = (tmp_path / "out" / "report.qmd").read_text("utf-8")
    assert 'title: "Mine"' in text
    assert "6 scans" in text
    assert "| Alpha |" in (tmp_path / "out" / "supplement.qmd").read_text("utf-8")


def test_documents_that_are_not_in_the_language_asked_for_are_named(run: Run, tmp_path: Path) -> None:
    make_study(make_sweep()).save(tmp_path / "study.json")
    (tmp_path / "report.yaml").write_text("language: de")
    command = "report", "study.json", "--engine", "embedded", "--meta", "report.yaml", "-o", "out"
    both = run(*command, "--part", "summary", "--part", "checklists")
    assert "In English, for the catalogue of 'de' has the summary alone: checklists." in both.stdout
    page = (tmp_path / "out" / "summary.html").read_text("utf-8")
    for text in (
        '<html lang="de">',
        "Zum Inhalt springen",
        "Zusammenfassung, 1. Januar 2026",
        "Gesetzt mit den",
    ):
        assert text in page
    assert "In English" not in run(*command, "--part", "summary").stdout


def test_metadata_at_fault_is_one_sentence_before_the_study_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text("{}", "utf-8")
    (tmp_path / "report.yaml").write_text("titel: Mine", "utf-8")
    outcome = run("report", "study.json", "--engine", "embedded", "--meta", "report.yaml")
    assert (outcome.exit_code, outcome.stderr) == (
        2,
        "Error: report.yaml, line 1: titel: there is no such field; did you mean title?\n",
    )


def test_ids_are_shown_to_who_asks(run: Run, tmp_path: Path) -> None:
    study = study_of(make_sweep(), make_label_errors(("alpha", "beta")))
    errors = study.find("label_errors").named([f"img{row}" for row in range(99)])
    study.revised(analyses=study.analyses.replaced_by(errors)).save(tmp_path / "study.json")
    for arguments, shown in (((), False), (("--show-ids",), True)):
        assert run("report", "study.json", "--engine", "embedded", *arguments).exit_code == 0
        text = (tmp_path / "artifacts" / "report" / "supplement.qmd").read_text("utf-8")
        assert ("| img" in text) == shown
        assert ("| image 1 |" in text) != shown
