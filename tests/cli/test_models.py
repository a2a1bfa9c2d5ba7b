"""`skknn-syndrome fit`, `predict` and `explain`."""

import json
from pathlib import Path

import pandas as pd
import pytest

from skknn_syndrome.data import EmbeddingDataset, save_embeddings
from skknn_syndrome.embedding import example
from skknn_syndrome.model import SyndromeModel
from tests.cli.conftest import Run
from tests.model.builders import CLASSES, gallery, knn_model, lda_model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    knn_model().save(tmp_path / "faces.model")
    return tmp_path / "faces.model"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    data = gallery(seed=6)
    rows = pd.DataFrame(data.embeddings, columns=[f"e{number}" for number in range(5)])
    rows.insert(0, "subject", data.subjects)
    rows.insert(0, "image", ["=1+1", *data.images[1:]])
    rows.to_csv(tmp_path / "new.csv", index=False)
    return tmp_path / "new.csv"


def test_a_model_is_fitted_and_shown(run: Run, tmp_path: Path) -> None:
    save_embeddings(gallery(), tmp_path / "faces.npz")
    words = ("fit", "faces.npz", "-o", "faces.model", "--head", "centroid", "--head", "knn", "--cv", "2")
    outcome = run(*words, "--inner-cv", "2")
    assert outcome.exit_code == 0, outcome.stderr
    card = SyndromeModel.load(tmp_path / "faces.model").card
    assert "(taken)" in outcome.stdout
    assert card.title in outcome.stdout
    assert card.novelty.sentence in outcome.stdout
    assert card.settings.heads == ("centroid", "knn")
    again = run(*words)
    assert again.exit_code == 2
    assert "--force" in again.stderr


def test_few_subjects_are_told(run: Run, tmp_path: Path) -> None:
    save_embeddings(gallery(n_subjects=4), tmp_path / "faces.npz")
    outcome = run("fit", "faces.npz", "-o", "a.model", "--head", "centroid", "--cv", "2", "--inner-cv", "2")
    assert "Too few subjects" in outcome.stdout


@pytest.mark.parametrize("suffix", ["csv", "parquet", "json"])
def test_answers_are_written(run: Run, tmp_path: Path, model: Path, new: Path, suffix: str) -> None:
    output = tmp_path / f"out.{suffix}"
    outcome = run("predict", str(model), str(new), "-o", str(output), "--top-k", "2")
    assert outcome.exit_code == 0, outcome.stderr
    if suffix == "json":
        said = json.loads(output.read_text("utf-8"))
        assert (len(said["images"]), len(said["subjects"])) == (72, 36)
        return
    frame = pd.read_csv(output) if suffix == "csv" else pd.read_parquet(output)
    assert len(frame) == 2 * (72 + 36)
    assert frame["image"][0] == ("'=1+1" if suffix == "csv" else "=1+1")
    assert {*frame["syndrome"]} <= {*CLASSES}


def test_answers_are_not_written_over_nor_of_another_kind(
    run: Run, tmp_path: Path, model: Path, new: Path
) -> None:
    (tmp_path / "out.csv").write_text("mine")
    outcome = run("predict", str(model), str(new), "-o", "out.csv")
    assert outcome.exit_code == 2
    assert "--force" in outcome.stderr
    assert run("predict", str(model), str(new), "-o", "out.csv", "--force").exit_code == 0
    assert run("predict", str(model), str(new), "-o", "out.xlsx").exit_code == 2
    assert run("predict", "no.model", str(new), "-o", "out.json").exit_code == 1


def test_doubts_are_told(run: Run, tmp_path: Path) -> None:
    changed = SyndromeModel.fit(
        gallery(), head="centroid", expected=lda_model().card.expected, cv=2, inner_cv=2
    )
    few = gallery(seed=5)
    new = EmbeddingDataset.from_arrays(few.embeddings[:1], few.syndromes[:1], ["new"], ["new"])
    changed.add(new).save(tmp_path / "old.model")
    (tmp_path / "new.csv").write_text("e0,e1,e2,e3,e4\n0,0,0,0,0\n1,2,,4,5\n")
    outcome = run("predict", "old.model", "new.csv", "-o", "out.csv")
    assert "has changed since the study" in outcome.stderr
    assert "1 of 2 rows refused" in outcome.stderr
    assert "out of the gallery's range" in outcome.stderr


def test_cases_without_doubts_have_no_warnings(run: Run, tmp_path: Path, model: Path) -> None:
    (tmp_path / "new.csv").write_text("e0,e1,e2,e3,e4\n3,0.2,0,0,0\n0,2.5,0,0.1,0\n")
    outcome = run("predict", str(model), "new.csv", "-o", "out.csv")
    assert outcome.exit_code == 0
    assert not outcome.stderr


def test_names_and_ids_of_classes_are_those_of_the_metadata(run: Run, tmp_path: Path, new: Path) -> None:
    save_embeddings(gallery(), tmp_path / "faces.npz")
    (tmp_path / "report.yaml").write_text(
        "classes:\n  Apert: {name: Acrocephalosyndactyly subject, id: OMIM 101200}\n"
    )
    words = ("fit", "faces.npz", "-o", "named.model", "--head", "centroid", "--meta", "report.yaml")
    assert run(*words).exit_code == 0
    assert run("predict", "named.model", str(new), "-o", "named.csv").exit_code == 0
    frame = pd.read_csv(tmp_path / "named.csv")
    apert = frame[frame["syndrome"] == "Apert"]
    assert set(apert["name"]) == {"Acrocephalosyndactyly subject"}
    assert set(apert["id"]) == {"OMIM 101200"}
    outcome = run(
        "explain", "named.model", str(new), "--image", "person-5-a", "-o", "named", "--engine", "embedded"
    )
    assert "Acrocephalosyndactyly subject" in outcome.stdout
    page = (tmp_path / "named/case.html").read_text("utf-8")
    assert "Acrocephalosyndactyly subject" in page
    assert "OMIM 101200" in page
    assert ">Apert<" not in page
    (tmp_path / "report.yaml").write_text("classes:\n  Aprt: {name: a}\n")
    refusal = run(*words, "--force")
    assert refusal.exit_code == 2
    assert not refusal.stdout
    assert "did you mean 'Apert'" in refusal.stderr


def test_what_is_read_is_never_written_over(run: Run, tmp_path: Path, model: Path, new: Path) -> None:
    before = new.read_bytes()
    outcome = run("predict", str(model), str(new), "-o", str(new), "--force")
    assert outcome.exit_code == 2
    assert new.read_bytes() == before
    assert run("predict", str(model), str(new), "-o", "new2.csv").exit_code == 0
    assert (tmp_path / "new2.csv").is_file()


@pytest.mark.parametrize("coverage", ["0", "1"])
def test_a_coverage_is_a_share(run: Run, model: Path, new: Path, coverage: str) -> None:
    outcome = run("predict", str(model), str(new), "-o", "out.csv", "--coverage", coverage)
    assert outcome.exit_code == 2
    assert "--coverage" in outcome.stderr
    assert "Asking" not in outcome.stdout


def test_a_vector_of_the_gallery_is_told(run: Run, tmp_path: Path, model: Path) -> None:
    row = ",".join(map(repr, gallery().embeddings[3].tolist()))
    (tmp_path / "new.csv").write_text(f"e0,e1,e2,e3,e4\n{row}\n")
    assert "in the gallery" in run("predict", str(model), "new.csv", "-o", "out.csv").stderr
    assert pd.read_csv(tmp_path / "out.csv")["flags"][0] == "in_gallery"
    assert "in the gallery" in run("explain", str(model), "new.csv", "--engine", "embedded").stderr


def test_vectors_of_another_length_are_one_sentence(run: Run, tmp_path: Path, model: Path) -> None:
    (tmp_path / "new.csv").write_text("e0,e1\n0,1\n1,2\n")
    outcome = run("predict", str(model), "new.csv", "-o", "out.csv")
    assert outcome.exit_code == 1
    assert outcome.stderr.count("\n") == 1


def test_a_case_sheet_is_written(run: Run, tmp_path: Path, model: Path, new: Path) -> None:
    words = ("explain", str(model), str(new), "--image", "person-5-a", "-o", "case", "--engine", "embedded")
    outcome = run(*words)
    assert outcome.exit_code == 0, outcome.stderr
    page = (tmp_path / "case/case.html").read_text("utf-8")
    assert "person-" not in page
    assert "subject 1" in page
    assert "person-" not in (tmp_path / "case/explanation.json").read_text("utf-8")
    assert run(*words, "--show-ids").exit_code == 0
    assert "person-" in (tmp_path / "case/case.html").read_text("utf-8")
    other = run(*(word.replace("person-5-a", "person-6-a") for word in words))
    assert other.exit_code == 1
    assert "--force" in other.stderr
    (tmp_path / "case/explanation.json").write_text("{}")
    assert run(*words).exit_code == 1
    assert run(*words, "--force").exit_code == 0


def test_a_picture_is_asked_about_where_the_encoder_is_at_hand(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(example, "N_SUBJECTS", 5)
    words = ("--model", "demo/encoder", "--subject-pattern", "(S[0-9]+)_")
    assert run("embed", "--example", "demo").exit_code == 0
    assert run("embed", "demo/images", "shapes.parquet", *words).exit_code == 0
    fitted = run("fit", "shapes.parquet", "-o", "shapes.model", "--head", "centroid", "--cv", "3")
    assert fitted.exit_code == 0, fitted.stderr
    picture = str(next((tmp_path / "demo/images/ring").iterdir()))
    outcome = run("predict", "shapes.model", picture, "--encoder", "demo/encoder", "-o", "out.csv")
    assert outcome.exit_code == 0, outcome.stderr
    assert pd.read_csv(tmp_path / "out.csv")["image"][0] == Path(picture).name
    several = run("predict", "shapes.model", "demo/images", "--encoder", "demo/encoder", "-o", "all.csv")
    assert several.exit_code == 0, several.stderr
    frame = pd.read_csv(tmp_path / "all.csv")
    first = frame[frame["rank"] == 1]
    assert (first["syndrome"] == first["image"].str.split("/").str[0]).mean() > 0.5


def test_an_unknown_image_is_one_sentence(run: Run, model: Path, new: Path) -> None:
    outcome = run("explain", str(model), str(new), "--image", "person-5")
    assert outcome.exit_code == 1
    assert "Did you mean 'person-5" in outcome.stderr


def test_a_case_of_none_of_these_is_told(run: Run, tmp_path: Path) -> None:
    lda_model().save(tmp_path / "faces.model")
    (tmp_path / "new.csv").write_text("e0,e1,e2,e3,e4\n-1,-1,-1,-1,-1\n")
    outcome = run("explain", "faces.model", "new.csv", "--engine", "embedded")
    assert "Possibly none" in outcome.stdout
    assert (tmp_path / "artifacts/case/case.html").is_file()
