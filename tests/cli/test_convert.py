"""`skknn-syndrome convert`."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.data import load_embeddings
from tests.cli.conftest import Run


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
