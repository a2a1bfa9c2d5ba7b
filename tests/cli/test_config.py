"""Settings in a TOML file: read, checked, overridden, written, and stored with the result."""

import tomllib
from pathlib import Path

import pytest

from skknn_syndrome.cli import convert, study
from skknn_syndrome.cli.app import name_config
from skknn_syndrome.cli.config import settings_given, settings_of
from skknn_syndrome.results.study import StudyResult
from tests.cli.conftest import Run

QUICK = 'quick = true\nno-map = true\ncv = 2\nn-neighbors = [1, "3-4"]\nmetric = "cosine"\n'


def test_settings_bear_the_names_of_the_options() -> None:
    assert {"data", "output", "n-repeats", "n-neighbors", "class-weight"} <= settings_of(study.Options).keys()
    assert settings_of(study.Options)["metric"].choices == ("euclidean", "cosine", "manhattan")
    assert settings_of(convert.Options)["out"].kind is str


class TestReading:
    def test_a_file_stands_for_options_and_options_override_it(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "study.toml"
        path.write_text(QUICK, "utf-8-sig")
        done = run("study", "--config", str(path), "--cv", "3", "-o", str(tmp_path / "out"))
        assert done.exit_code == 0
        result = StudyResult.load(tmp_path / "out" / "study.json")
        assert {candidate.n_neighbors for candidate in result.primary.candidates} == {1, 3, 4}
        assert {candidate.metric for candidate in result.primary.candidates} == {"cosine"}
        assert len(result.primary.folds) == 3
        stored = tomllib.loads(result.provenance.settings)
        assert stored == {
            "output": "out",
            "n-neighbors": "1,3-4",
            "metric": ["cosine"],
            "cv": 3,
            "quick": True,
            "no-map": True,
        }
        assert tomllib.loads((tmp_path / "out" / "settings.toml").read_text("utf-8")) == stored

    def test_a_table_is_for_its_verb_alone(self, run: Run, tmp_path: Path, faces: Path) -> None:
        path = tmp_path / "all.toml"
        path.write_text(f'data = "{faces}"\n[audit]\nstrict = true\n[convert]\nout = "{tmp_path}/x.npz"\n')
        assert run("audit", "--config", str(path)).exit_code == 0
        assert run("convert", "--config", str(path)).exit_code == 0
        assert (tmp_path / "x.npz").exists()

    def test_a_setting_may_be_called_as_a_verb(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "r.toml").write_text('study = "mine/study.json"\n')
        outcome = run("report", "--config", "r.toml")
        assert outcome.exit_code == 1
        assert "mine/study.json" in outcome.stderr

    def test_columns_may_be_a_table(self, run: Run, tmp_path: Path, faces: Path) -> None:
        named = tmp_path / "named.csv"
        named.write_text(faces.read_text().replace("syndrome", "label", 1))
        path = tmp_path / "c.toml"
        path.write_text(f'data = "{named}"\n[column]\nsyndrome = "label"\n')
        assert run("audit", "--config", str(path)).exit_code == 0

    def test_covariates_are_a_list(self, run: Run, tmp_path: Path, faces: Path) -> None:
        path = tmp_path / "c.toml"
        path.write_text(f'data = "{faces}"\ncovariate = ["height", "age:0,2"]\n')
        outcome = run("audit", "--config", str(path))
        assert outcome.exit_code != 0
        assert "there is no column 'height'" in outcome.stderr

    @pytest.mark.parametrize(
        "text, fragment",
        [
            ("nmetric = 1", "Did you mean metric?"),
            ("xyz = 1", "no setting 'xyz'"),
            ("cv = 'five'", "a whole number"),
            ("cv = true", "a whole number"),
            ("cv = 1", "cv = 1"),
            ("temperature = 'warm'", "a number"),
            ("quick = 1", "true or false"),
            ("metric = [1]", "a list of strings"),
            ("metric = []", "a list of strings"),
            ("metric = 'cos'", "'cosine'"),
            ("output = 3", "a string"),
            ("n-neighbors = true", "a string"),
            ("n-neighbors = '15-1'", "n-neighbors = '15-1' is invalid: '15-1' is no number from 1 up"),
            ("column = ['label=x']", "column = ['label=x'] is invalid: 'label' is none of ours"),
            ("n-features = 3", "n-features says how a file is read, and no file is named"),
            ("report = 3", "no setting 'report'"),
        ],
    )
    def test_a_wrong_setting_is_told_with_its_file_and_key(
        self, run: Run, tmp_path: Path, text: str, fragment: str
    ) -> None:
        path = tmp_path / "study.toml"
        path.write_text(text)
        done = run("study", "--config", str(path))
        assert done.exit_code == 2
        assert "study.toml: " in done.stderr
        assert fragment in done.stderr

    def test_what_the_data_do_not_allow_is_told_so_too(self, run: Run, tmp_path: Path, faces: Path) -> None:
        (tmp_path / "study.toml").write_text("cv = 20")
        done = run("study", str(faces), "--config", "study.toml")
        assert (done.exit_code, done.stderr) == (
            2,
            "Error: study.toml: cv = 20 is too many folds for 12 subjects: take from 2 to 12.\n",
        )

    @pytest.mark.parametrize("text", [b"x =", b"\xff\xfe"])
    def test_what_is_no_toml_is_told(self, run: Run, tmp_path: Path, text: bytes) -> None:
        (tmp_path / "bad.toml").write_bytes(text)
        done = run("study", "--config", str(tmp_path / "bad.toml"))
        assert done.exit_code == 1
        assert "not valid TOML" in done.stderr

    def test_a_file_that_is_not_there_is_told_once(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "study.toml").write_text("")
        done = run("study", "--config", str(tmp_path / "stuty.toml"))
        assert done.exit_code == 1
        assert done.stderr.count("Did you mean") == 1

    def test_numbers_may_be_whole_where_fractions_are_taken(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "a.toml").write_text("threshold = 1\n")
        assert run("audit", "nofile.csv", "--config", str(tmp_path / "a.toml")).exit_code == 1


class TestWriting:
    def test_every_setting_is_there_as_a_comment(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "study.toml"
        assert run("study", "--init-config", str(path)).exit_code == 0
        text = path.read_text("utf-8")
        assert tomllib.loads(text) == {}
        assert all(f"\n# {key} =" in text for key in settings_of(study.Options))

    def test_defaults_without_their_marks_are_what_the_option_takes(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "study.toml"
        run("study", "--init-config", str(path))
        keys = tuple(f"# {key} = " for key in settings_of(study.Options))
        lines = path.read_text("utf-8").splitlines()
        defaults = "\n".join(line.removeprefix("# ") for line in lines if line.startswith(keys))
        assert tomllib.loads(defaults)["cv"] == 10
        path.write_text(defaults)
        again = tmp_path / "again.toml"
        assert run("study", "--config", str(path), "--init-config", str(again)).exit_code == 0
        assert tomllib.loads(again.read_text("utf-8")) == tomllib.loads(defaults)

    def test_what_is_given_counts_and_required_files_need_not_be_named(
        self, run: Run, tmp_path: Path
    ) -> None:
        path = tmp_path / "convert.toml"
        assert run("convert", "--force", "--column", "syndrome=a", "--init-config", str(path)).exit_code == 0
        assert tomllib.loads(path.read_text("utf-8")) == {"force": True, "column": ["syndrome=a"]}

    def test_nothing_is_written_over(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "study.toml"
        path.write_text("cv = 3")
        done = run("study", "--init-config", str(path))
        assert done.exit_code == 1
        assert path.read_text() == "cv = 3"

    @pytest.mark.parametrize(
        "typed, meant",
        [
            (["study", "--init-config", "--cv", "3"], ["study", "--init-config", "study.toml", "--cv", "3"]),
            (["study", "--cv", "3"], ["study", "--cv", "3"]),
        ],
    )
    def test_the_file_is_named_after_the_verb(self, typed: list[str], meant: list[str]) -> None:
        assert name_config(typed) == meant


def test_without_a_verb_there_are_no_settings() -> None:
    assert settings_given() == ""
