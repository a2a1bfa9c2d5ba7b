"""`skknn-syndrome embed`: from images to a file that `study` takes."""

from pathlib import Path

import pytest

from skknn_syndrome import load_embeddings
from skknn_syndrome.cli import embed
from skknn_syndrome.cli.embed import colour_of
from skknn_syndrome.embedding import example, writing
from skknn_syndrome.embedding.listing import NAMES
from skknn_syndrome.results.progress import Progress
from tests.cli.conftest import Run
from tests.embedding.builders import save_onnx, write_images
from tests.refusing import refused

PATTERN = ("--subject-pattern", r"(P\d[ab])_")
TINY = ("--size", "8", "--crop", "8", "--mean", "0.5,0.4,0.3", "--std", "0.25")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    save_onnx(tmp_path / "tiny.onnx")
    return write_images(tmp_path / "images")


def test_the_example_goes_on_with_the_commands_that_it_shows(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(example, "N_SUBJECTS", 2)
    outcome = run("embed", "--example", "demo")
    assert outcome.exit_code == 0
    command = next(line for line in outcome.stdout.splitlines() if line.startswith("skknn-syndrome embed"))
    outcome = run(*command.replace("'", "").split()[1:])
    assert outcome.exit_code == 0, outcome.stderr
    dataset = load_embeddings("demo/shapes.parquet")
    assert dataset.subjects is not None
    assert ({*dataset.syndromes.tolist()}, len({*dataset.subjects.tolist()})) == ({*example.CORNERS}, 8)
    assert "is not empty" in run("embed", "--example", "demo").stderr


@pytest.mark.usefixtures("images")
def test_an_onnx_file_embeds_a_folder(run: Run) -> None:
    outcome = run("embed", "images", "new/out.parquet", "--model", "tiny.onnx", *TINY, *PATTERN)
    assert outcome == (
        0,
        (
            "Embedding 8 images of 2 classes and 4 subjects by tiny.onnx (ONNX).\n"
            "Wrote 8 rows of 5 features to new/out.parquet.\n"
        ),
        "",
    )
    Path("new/out.parquet.parts").mkdir()  # somebody's own, and no trace of a run that was killed
    Path("new/out.parquet.parts/thesis.npz").touch()
    again = run("embed", "images", "new/out.parquet", "--model", "tiny.onnx", *TINY, *PATTERN)
    assert (again.exit_code, "is there already" in again.stderr) == (1, True)
    forced = run("embed", "images", "new/out.parquet", "--model", "tiny.onnx", *TINY, *PATTERN, "--force")
    assert forced.exit_code == 0
    assert [path.name for path in Path("new/out.parquet.parts").iterdir()] == ["thesis.npz"]


@pytest.mark.usefixtures("images")
def test_a_killed_run_goes_on_by_the_same_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ("embed", "images", "out.parquet", "--model", "tiny.onnx", *TINY, "--no-subjects")
    with monkeypatch.context() as patch:
        patch.setattr(writing, "_remove_parts", lambda _: None)  # killed before it could clear up
        assert run(*command).exit_code == 0
    again = run(*command)
    assert again.exit_code == 0
    assert "8 images had been embedded by an earlier run." in again.stdout


def test_what_could_not_be_read_is_told(run: Run, images: Path) -> None:
    (images / "a" / "P0a_0.png").write_bytes(b"broken")
    (images / "b" / "notes.txt").touch()
    outcome = run("embed", "images", "out.parquet", "--model", "tiny.onnx", *TINY)
    assert outcome.exit_code == 0
    assert "(1 other files left alone)" in outcome.stdout
    assert "No subjects are known" in outcome.stdout
    assert outcome.stderr.startswith(
        "Warning: 1 image could not be read: left out, and refused by every study"
    )
    zero = ("--missing", "zero", "--no-subjects")
    outcome = run("embed", "images", "zero.parquet", "--model", "tiny.onnx", *TINY, *zero)
    assert "vectors of zeros; the first: images/a/P0a_0.png: it is no picture" in outcome.stderr
    assert "No subjects" not in outcome.stdout
    assert (
        "1 image could not be read, of which vectors of zeros are left" in run("audit", "zero.parquet").stderr
    )


def test_small_classes_get_views_on_request(run: Run, images: Path) -> None:
    for path in (images / "b").glob("P1b_*"):
        path.unlink()
    outcome = run("embed", "images", "out.parquet", "--model", "tiny.onnx", *TINY, *PATTERN, "--augment", "3")
    assert "Wrote 8 rows of 5 features to out.parquet, 2 views among them." in outcome.stdout
    assert "Set aside 2 augmented views" in run("audit", "out.parquet").stdout


def test_a_table_has_its_columns_named(run: Run, images: Path) -> None:
    table = images.parent / "images.csv"
    table.write_text("where,what,who\nimages/a/P0a_0.png,a,s1\nimages/b/P0b_0.png,b,s2\n")
    columns = [word for pair in ("path=where", "syndrome=what", "subject=who") for word in ("--column", pair)]
    outcome = run("embed", "images.csv", "out.parquet", "--model", "tiny.onnx", *TINY, *columns)
    assert "2 images of 2 classes and 2 subjects by" in outcome.stdout


@pytest.mark.usefixtures("images")
def test_images_without_a_subject_are_told(run: Run) -> None:
    some = ("--subject-pattern", r"(P0[ab])_")
    outcome = run("embed", "images", "out.parquet", "--model", "tiny.onnx", *TINY, *some)
    assert "and 2 subjects (4 images without one, refused by studies) by tiny.onnx" in outcome.stdout


@pytest.mark.usefixtures("images")
@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["images"], "OUT is missing: skknn-syndrome embed IMAGES OUT.parquet --model MODEL"),
        (["images", "o.parquet", "--model", "tiny.onnx"], "with: --preprocessing imagenet (imagenet | clip"),
        (
            ["images", "o.parquet", "--model", "tiny.onnx", "--size", "8"],
            "--crop of the preprocessing is not",
        ),
        (["images", "o.parquet", "--model", "a/b"], "is fetched with --allow-download alone"),
        (["images", "o.parquet", "--model", "x", "--mean", "1,2"], "'1,2' is neither one number nor three"),
        (["images", "o.parquet", "--model", "x", "--std", "a"], "'a' is neither one number nor three"),
        (["images", "o.parquet", "--model", "x", "--column", "age=x"], "is not OURS=THEIRS with one of path"),
        (
            ["images", "o.parquet", "--model", "tiny.onnx", *TINY, "--background", "red"],
            "--background red is no",
        ),
        (["images", "o.csv", "--model", "no model"], "embedded images are written as .parquet"),
    ],
)
def test_what_is_missing_or_wrong_is_named(run: Run, arguments: list[str], sentence: str) -> None:
    outcome = run("embed", *arguments)
    assert outcome.exit_code == 2
    assert sentence in outcome.stderr


def test_images_that_are_not_there_may_have_been_a_folder(run: Run) -> None:
    outcome = run("embed", "missing", "out.parquet", "--model", "tiny.onnx")
    assert outcome.stderr == "Error: missing: there is no such file or folder.\n"


def test_columns_are_those_of_tables_of_images() -> None:
    assert (*NAMES,) == embed.PATH_COLUMNS


def test_a_colour_is_six_digits() -> None:
    assert colour_of("00ff10") == (0, 255, 16)
    with refused("no_colour", "background"):
        colour_of("00ff")


def test_a_long_run_says_what_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([0.0, 1.0, 10.0, 20.0, 30.0])
    monkeypatch.setattr(embed, "monotonic", lambda: next(times))
    with embed.showing_images(100) as on_batch:
        for done, taken_up in ((5, 0), (10, 0), (20, 20), (100, 20)):
            on_batch(done, 100, taken_up)
    assert capsys.readouterr().out == "10 of 100 images, about 2 min left\n20 of 100 images\n"
    embed.say_images(Progress("images", 0, 100, 0.0, None))
    assert not capsys.readouterr().out
