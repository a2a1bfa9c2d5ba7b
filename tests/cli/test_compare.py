"""`skknn-syndrome compare`."""

from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from skknn_syndrome.cli import compare as verb
from skknn_syndrome.cli.compare import ScoreName
from skknn_syndrome.data import make_syndrome_embeddings
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.study import StudyResult
from tests.cli.conftest import Run, table_of_faces

QUICK = ("--head", "centroid", "--head", "knn", "--cv", "2", "--n-repeats", "1", "--inner-cv", "2")
OUT = Path("artifacts/comparison")


@pytest.fixture
def encoders(tmp_path: Path) -> list[str]:
    """Write two files of the same images, of which the second lacks four and has others' order."""
    head, *rows = table_of_faces().splitlines()
    (tmp_path / "one.csv").write_text("\n".join([head, *rows]))
    (tmp_path / "two.csv").write_text("\n".join([head, *rows[:3:-1]]))
    return ["one.csv", "two.csv"]


def test_files_are_encoders_of_the_same_images(run: Run, encoders: list[str]) -> None:
    outcome = run("compare", *encoders, *QUICK, "--fuse", "--pca", "2", "--reference", "two + knn")
    assert outcome.exit_code == 0, outcome.stderr
    assert "4 images of 'one' left out" in outcome.stderr
    assert "photo0', 'photo1', 'photo2' ..." in outcome.stderr
    assert "fused + centroid" in outcome.stdout
    assert (
        f"Wrote {OUT / 'comparison.json'}; beside it out_of_fold.parquet, settings.toml, 9 tables"
        in outcome.stdout
    )
    comparison = ModelComparison.load(OUT / "comparison.json")
    assert [encoder.n_unmatched for encoder in comparison.encoders] == [4, 0, 0]
    assert comparison.models.reference == "two + knn"
    assert comparison.provenance.command is not None
    assert comparison.provenance.command.startswith("skknn-syndrome compare one.csv two.csv")
    assert "fuse = true" in comparison.provenance.settings
    assert {path.stem for path in (OUT / "tables").iterdir()} >= {"model_scores", "model_folds"}


def test_predictions_lie_beside_it(run: Run, encoders: list[str]) -> None:
    assert run("compare", encoders[0], *QUICK, "--pseudonymise").exit_code == 0
    table = parquet.read_table(OUT / "out_of_fold.parquet").to_pandas()
    assert table.columns[:3].tolist() == ["protocol", "encoder", "head"]
    assert not {"metric", "weights", "n_neighbors"} & {*table.columns}
    assert {*zip(table["encoder"], table["head"], strict=True)} == {("one", "centroid"), ("one", "knn")}
    assert len(table) == 2 * 24
    assert not [
        name for name in (*table["image"], *table["subject"]) if name.startswith(("photo", "patient"))
    ]


def test_ids_are_hidden_alike_in_all_files(run: Run, encoders: list[str]) -> None:
    outcome = run("compare", *encoders, *QUICK[2:], "--head", "centroid", "--pseudonymise")
    assert outcome.exit_code == 0
    assert "photo" not in outcome.stderr
    (name, *_) = ModelComparison.load(OUT / "comparison.json").encoders[0].unmatched
    assert not name.startswith("photo")


def test_its_report_and_a_study_with_it_can_be_rendered(run: Run, encoders: list[str]) -> None:
    assert run("compare", encoders[0], *QUICK).exit_code == 0
    place = str(OUT / "comparison.json")
    assert run("report", place, "--engine", "embedded").exit_code == 0
    assert "Comparison of models on one.csv" in Path("artifacts/report/report.html").read_text("utf-8")
    assert "did you mean artifacts/comparison/comparison.json?" in run("report", str(OUT)).stderr
    grid = ("--n-neighbors", "3", "--cv", "2", "--quick", "--metric", "cosine")
    study = run("study", encoders[0], *grid, "--comparison", place)
    assert study.exit_code == 0, study.stderr
    assert StudyResult.load("artifacts/study/study.json").find("models") is not None
    other = run("study", encoders[1], *grid, "--comparison", place)
    assert (other.exit_code, "compare models on this data set" in other.stderr) == (2, True)


@pytest.mark.parametrize("options", [(), ("--no-subjects",)])
def test_without_a_file_embeddings_are_made_up(
    run: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setattr(
        "skknn_syndrome.data.make_syndrome_embeddings", lambda: make_syndrome_embeddings(n_features=4)
    )
    assert run("compare", *QUICK[:2], *QUICK[4:], *options).exit_code == 0
    comparison = ModelComparison.load(OUT / "comparison.json")
    assert comparison.dataset.simulated
    assert (comparison.dataset.n_subjects is None) is bool(options)


def test_all_heads_can_be_asked_for(run: Run, encoders: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def compare(_: object, **options: object) -> None:
        asked.update(options)
        raise KeyboardInterrupt

    monkeypatch.setattr("skknn_syndrome.study.matching_encoders.compare_datasets", compare)
    run("compare", encoders[0], "--head", "all", "--pca", "0.5")
    assert {"knn", "pool"} <= {*asked["heads"]}
    assert asked["pca"] == 0.5


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["one.csv", "folder/one.csv"], "one.csv and folder/one.csv have the name 'one' both"),
        (
            ["one.csv", "fused.csv"],
            "fused.csv has the name 'fused', which the encoder has that --fuse adds",
        ),
        (["one.csv", "--head", "lad"], "--head lad is unknown"),
        (["one.csv", "--reference", "lda"], "--reference lda is none of the models"),
        (["one.csv", "--fuse"], "--fuse puts the vectors"),
        (["one.csv", "--pca", "1.5"], "--pca 1.5 is neither"),
        (["--n-features", "3"], "--n-features says how a file is read"),
    ],
)
@pytest.mark.usefixtures("encoders")
def test_wrong_arguments_are_refused(run: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "one.csv").write_text("")
    (tmp_path / "fused.csv").write_text("")
    outcome = run("compare", *arguments, "--head", "knn", "--cv", "2")
    assert outcome.exit_code == 2
    assert said in outcome.stderr
    assert not OUT.exists()


def test_an_unknown_head_is_told_before_a_file_is_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "no embeddings.csv").write_text("")
    outcome = run("compare", "no embeddings.csv", "--head", "all", "--head", "nope")
    assert "--head nope is unknown" in outcome.stderr


def test_what_somebody_else_wrote_stays_unless_forced(run: Run, encoders: list[str]) -> None:
    OUT.mkdir(parents=True)
    (OUT / "comparison.json").write_text("mine")
    outcome = run("compare", encoders[0], *QUICK)
    assert outcome.exit_code == 1
    assert "--force" in outcome.stderr
    assert run("compare", encoders[0], *QUICK, "--force").exit_code == 0


def test_scores_are_those_of_single_labels() -> None:
    assert ScoreName is verb.ScoreName


def write_elsewhere(folder: Path, name: str, *, label: str | None = None) -> str:
    """Write the faces with slightly other numbers, and one of another class."""
    head, *rows = table_of_faces().splitlines()
    place = head.split(",").index("syndrome")
    moved = []
    for number, row in enumerate(rows):
        cells = row.split(",")
        if label is not None and number == 0:
            cells[place] = label
        moved.append(",".join(_moved(cell) for cell in cells))
    (folder / name).write_text("\n".join([head, *moved]))
    return name


def _moved(cell: str) -> str:
    try:
        number = float(cell)
    except ValueError:
        return cell
    return cell if number.is_integer() else str(number * 1.001 + 1e-6)


def test_what_a_test_file_has_alone_is_said(run: Run, encoders: list[str], tmp_path: Path) -> None:
    other = write_elsewhere(tmp_path, "other.csv", label="Mabry")
    outcome = run("compare", encoders[0], *QUICK, "--test", other, "--holdout", "0.25")
    assert outcome.exit_code == 0, outcome.stderr
    assert "no model knows 'Mabry'" in outcome.stderr
    assert "1 image left out" in outcome.stderr
    assert "subject ids of 'other.csv' are those of the models' images too" in outcome.stderr
    comparison = ModelComparison.load(OUT / "comparison.json")
    assert [entry.kind for entry in comparison.find("test_sets").test_sets] == ["holdout", "external"]
    assert not (OUT / ".unfinished").exists()


def test_a_test_file_for_each_encoder(run: Run, encoders: list[str]) -> None:
    outcome = run("compare", *encoders, *QUICK, "--test", encoders[0])
    assert outcome.exit_code == 2
    assert "--test" in outcome.stderr
    assert "2 files of embeddings and 1 test file" in outcome.stderr
