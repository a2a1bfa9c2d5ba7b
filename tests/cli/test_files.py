"""Files and options on the command line, and `skknn-syndrome reproduce`."""

import os
from pathlib import Path

import pytest

from skknn_syndrome.analyses.published.result import DistanceClaim, Reproduction
from skknn_syndrome.cli import options
from skknn_syndrome.cli.files import check_input_files, check_output_file, check_output_folder, did_you_mean
from skknn_syndrome.cli.options import COLUMN_NAMES, MOST_NUMBERS, numbers_of, renew, renew_setting
from skknn_syndrome.data.column_layout import COLUMN_KEYS
from skknn_syndrome.study.published_design import PublishedDesign
from tests.cli.conftest import Run
from tests.refusing import refused


def test_a_folder_that_is_there_or_may_be_made_is_none_too_many(tmp_path: Path) -> None:
    check_output_folder(tmp_path)
    check_output_folder(tmp_path / "deep" / "deeper")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("below", ["", "deep/deeper"])
def test_a_file_is_no_folder(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").touch()
    with refused("output_folder_unusable"):
        check_output_folder(tmp_path / "file" / below)


def test_a_folder_that_may_not_be_written_into_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Taking the permission away would not stop a test that runs as root.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with refused("output_folder_unusable"):
        check_output_folder(tmp_path)


def test_no_file_needs_no_place() -> None:
    check_output_file(None)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    check_output_file(tmp_path / "result.json")
    with refused("output_file_is_a_folder"):
        check_output_file(tmp_path)


def test_a_file_needs_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with refused("output_folder_unusable"):
        check_output_file(tmp_path / "file" / "result.json")


def test_a_link_that_leads_nowhere_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with refused("output_folder_unusable"):
        check_output_folder(tmp_path / "loop")


def test_a_file_that_is_not_there_is_missed_before_anything_is_imported(tmp_path: Path) -> None:
    check_input_files(None, tmp_path, Path("no file\0's name"))
    with refused("no_such_file"):
        check_input_files(tmp_path / "faces.p")


def test_a_file_of_the_same_folder_may_have_been_meant(tmp_path: Path) -> None:
    for name in ("faces.csv", "shells.npz"):
        (tmp_path / name).touch()
    assert did_you_mean(tmp_path / "face.csv") == f" Did you mean {tmp_path / 'faces.csv'}?"
    assert not did_you_mean(tmp_path / "xylophone")
    (tmp_path / "three.csv").touch()
    assert not did_you_mean(tmp_path / "nothere.csv")


def test_in_a_folder_that_is_none_there_is_no_file(tmp_path: Path) -> None:
    assert not did_you_mean(tmp_path / "nowhere" / "faces.csv")


def test_columns_are_named_for_what_the_loader_knows() -> None:
    assert COLUMN_NAMES == COLUMN_KEYS


def test_as_many_numbers_as_allowed_are_read() -> None:
    assert numbers_of(f"1-{MOST_NUMBERS}") == list(range(1, MOST_NUMBERS + 1))


class TestEarlierSpellings:
    """They are taken for one version, with a hint."""

    @pytest.fixture(autouse=True)
    def renamed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(options, "RENAMED", {"--old": "--new", "--new=red": "--new=blue"})

    @pytest.mark.parametrize(
        "typed, taken, n_hints",
        [
            ("study --old 3", "study --new 3", 1),
            ("study --old=3", "study --new=3", 1),
            ("study --new red", "study --new blue", 1),
            ("study --new=red", "study --new=blue", 1),
            ("study --old red", "study --new blue", 2),
            ("study old red --newer red", "study old red --newer red", 0),
            ("study -- --old", "study -- --old", 0),
        ],
    )
    def test_options_and_their_values(
        self, typed: str, taken: str, n_hints: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert renew(typed.split()) == taken.split()
        shown = capsys.readouterr()
        assert not shown.out
        assert shown.err.count("Hint: ") == shown.err.count("\n") == n_hints

    def test_settings_of_files(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert renew_setting("old", ["red", 3]) == ("new", ["blue", 3])
        assert renew_setting("other", "red") == ("other", "red")
        assert capsys.readouterr().err.splitlines() == [
            "Hint: --old is now --new; the next version takes that alone.",
            "Hint: --new=red is now --new=blue; the next version takes that alone.",
        ]


def test_a_published_protocol_is_run_again(run: Run, real_file: Path, tmp_path: Path) -> None:
    outcome = run("reproduce", "monteiro", str(real_file), "--output", str(tmp_path / "out.json"))
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "Wrote" in outcome.stdout
    written = Reproduction.model_validate_json((tmp_path / "out.json").read_text("utf-8"))
    assert written.source.startswith("monteiro")
    assert [row.verdict for row in written.rows] == ["reproduced", "within_ties"]


def test_other_data_is_run_and_said_to_be_other(run: Run, faces: Path, tmp_path: Path) -> None:
    outcome = run("reproduce", "monteiro", str(faces), "--output", str(tmp_path / "out.json"))
    assert outcome.exit_code == 0
    assert Reproduction.model_validate_json((tmp_path / "out.json").read_text("utf-8")).rows
    assert "these are not the embeddings that the source had" in " ".join(outcome.stdout.split())


class TestPublishedTables:
    """`skknn-syndrome reproduce khoiwal-mcmillan`, whose images can't be shipped."""

    def test_its_tables_are_checked_without_any_file(self, run: Run, tmp_path: Path) -> None:
        outcome = run("reproduce", "khoiwal-mcmillan", "--output", str(tmp_path / "out.json"))
        assert (outcome.exit_code, outcome.stderr) == (0, "")
        assert "The images of khoiwal-mcmillan-paper can't be shipped" in outcome.stdout
        assert "CBIS-DDSM. Rows that repeat: clip+svm and clip+lr have the same 4 figures" in outcome.stdout
        written = PublishedDesign.model_validate_json((tmp_path / "out.json").read_text("utf-8"))
        assert (len(written.review.found), written.runs) == (12, ())

    def test_its_design_is_run_on_a_file_by_subject_and_if_asked_by_image(
        self, run: Run, faces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        arguments = (str(faces), "--dataset", "odir", "--by-image", "--output", str(tmp_path / "out.json"))
        outcome = run("reproduce", "khoiwal-mcmillan", *arguments)
        assert (outcome.exit_code, outcome.stderr) == (0, "")
        assert " of 24 images, each subject on one side." in outcome.stdout
        assert " of 24 images, each image on its own." in outcome.stdout
        written = PublishedDesign.model_validate_json((tmp_path / "out.json").read_text("utf-8"))
        assert [found.models.protocol for found in written.runs] == ["subject", "image"]
        assert [found.find("published_models").dataset for found in written.runs] == ["ODIR", "ODIR"]

    def test_without_subjects_each_image_is_on_its_own(self, run: Run, faces: Path) -> None:
        outcome = run("reproduce", "khoiwal-mcmillan", str(faces), "--no-subjects")
        assert "each subject on one side" not in outcome.stdout
        assert "within interval" not in outcome.stdout  # nobody said which images these are
        assert "not comparable" in outcome.stdout

    def test_an_unknown_data_set_is_a_wrong_argument(self, run: Run) -> None:
        outcome = run("reproduce", "khoiwal-mcmillan", "--dataset", "HAM1000")
        assert outcome.exit_code == 2
        assert "--dataset HAM1000 is none of the source's data sets: take one of HAM10000, " in outcome.stderr


@pytest.mark.parametrize("n_files", [0, 2])
def test_a_protocol_of_its_own_data_takes_one_file(run: Run, faces: Path, n_files: int) -> None:
    outcome = run("reproduce", "monteiro", *[str(faces)] * n_files)
    assert outcome.exit_code == 2
    assert f"monteiro is run on one file of embeddings, not on {n_files}." in outcome.stderr


@pytest.mark.parametrize("option", [("--dataset", "HAM10000"), ("--by-image",)])
def test_what_is_of_another_source_is_refused(run: Run, faces: Path, option: tuple[str, ...]) -> None:
    outcome = run("reproduce", "monteiro", str(faces), *option)
    assert outcome.exit_code == 2
    assert f"{option[0]} is for khoiwal-mcmillan alone, not for monteiro: leave it out." in outcome.stderr


class TestPublishedCorrelation:
    """`skknn-syndrome reproduce bivalve-families`, whose correlation is taken apart on its reference."""

    def test_its_figures_stand_beside_what_the_reference_gives(self, run: Run, tmp_path: Path) -> None:
        tree = f"({','.join(f'(A{number}:1,B{number}:2):{number + 1}' for number in range(8))});"
        (tmp_path / "tree.nwk").write_text(tree)
        output = tmp_path / "out.json"
        outcome = run(
            "reproduce", "bivalve-families", "--reference", str(tmp_path / "tree.nwk"), "-o", str(output)
        )
        assert (outcome.exit_code, outcome.stderr) == (0, "")
        assert "5.7e-109" in outcome.stdout
        assert "Warning: these 16 names are not those of the source's 74 families" in outcome.stdout
        assert f"Wrote {output}: " in outcome.stdout
        assert "16 classes have 120 pairs." in outcome.stdout
        written = DistanceClaim.model_validate_json(output.read_text("utf-8"))
        assert (written.reference, written.n_classes) == ("tree.nwk", 16)

    @pytest.mark.parametrize(
        "arguments, code, said",
        [
            ("", 2, "name them by --reference FILE."),
            ("--reference none.csv", 1, "none.csv: there is no such file."),
            ("--reference faces.csv", 2, "faces.csv: "),
            ("faces.csv", 2, "bivalve-families takes no embeddings"),
            ("--by-image", 2, "--by-image is for khoiwal-mcmillan alone, not for bivalve-families"),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, run: Run, faces: Path, arguments: str, code: int, said: str
    ) -> None:
        words = [str(faces) if word == "faces.csv" else word for word in arguments.split()]
        outcome = run("reproduce", "bivalve-families", *words)
        assert outcome.exit_code == code
        assert said.replace("faces.csv", str(faces)) in outcome.stderr

    def test_other_sources_have_no_reference(self, run: Run, faces: Path) -> None:
        outcome = run("reproduce", "monteiro", str(faces), "--reference", str(faces))
        assert outcome.exit_code == 2
        assert "--reference is for bivalve-families alone, not for monteiro" in outcome.stderr


def test_an_unknown_source_is_a_wrong_argument(run: Run, faces: Path) -> None:
    assert run("reproduce", "somebody", str(faces)).exit_code == 2


def test_a_wide_line_has_all_columns(run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert "Runs" not in run("reproduce", "monteiro", str(faces)).stdout
    monkeypatch.setenv("COLUMNS", "200")
    assert "Runs" in run("reproduce", "monteiro", str(faces)).stdout


def test_the_tie_band_is_said(run: Run, real_file: Path) -> None:
    stdout = run("reproduce", "monteiro", str(real_file)).stdout
    assert "Top-5 accuracy of 0.9749 lies inside the tie band [0.9740, 0.9794]." in stdout
