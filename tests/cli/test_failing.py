"""What went wrong, as a sentence and an exit code."""

import shlex
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.main import get_command

from skknn_syndrome.cli import study
from skknn_syndrome.cli.app import app
from skknn_syndrome.cli.config import Run, settings_of
from skknn_syndrome.cli.failing import UsageError, describe_misuse, explain, explain_columns, proposed_command
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.errors import (
    Argument,
    ColumnsError,
    EmbeddingsFileError,
    ParameterError,
    SkknnSyndromeError,
    StudySettingsError,
)

SETTINGS = settings_of(study.Options)
STUDY = Run("study", SETTINGS, {}, {"config": None})
OF_FILE = Run("study", SETTINGS, {}, {"config": Path("study.toml")}, frozenset({"cv", "weights"}))


@pytest.mark.parametrize(
    "error, sentence, exit_code",
    [
        (ColumnsError({"no_labels": "It has none"}, {"syndrome": "label"}), "--column syndrome=label", 1),
        (EmbeddingsFileError("cv=3 folds.csv: it is empty."), "cv=3 folds.csv: it is empty.", 1),
        (StudySettingsError("All images have the same label."), "All images have the same label.", 1),
        (StudySettingsError("It is\nwrong."), "It is wrong.", 1),
        (ValueError("It is\nwrong."), "It is wrong.", 1),
        (MemoryError(), "there is not enough memory for this", 1),
        (ImportError("x.so: failed to map segment from shared object"), "there is not enough memory", 1),
        (PermissionError(13, "Permission denied", "a.csv"), "Permission denied: a.csv", 1),
    ],
)
def test_each_error_has_its_sentence_and_exit_code(error: Exception, sentence: str, exit_code: int) -> None:
    said, code = explain(error, STUDY)
    assert code == exit_code
    assert sentence in said


class TestSpelling:
    """A parameter is called as the command line, or the file of settings, calls it."""

    @pytest.mark.parametrize(
        "argument, spelled, in_file",
        [
            (Argument("cv", 20), "--cv 20", "cv = 20"),
            (Argument("weights"), "--weights", "weights"),
            (Argument("metrics", "cosine"), "--metric cosine", "--metric cosine"),
            (Argument("protocols", ("image",)), "--protocol image", "--protocol image"),
            (Argument("n_repeats", 0), "--n-repeats 0", "--n-repeats 0"),
            (Argument("force", value=True), "--force", "--force"),
            (Argument("output", "my folder"), "--output 'my folder'", "--output 'my folder'"),
            (Argument("callbacks", 3), "callbacks=3", "callbacks=3"),
        ],
    )
    def test_a_python_argument_becomes_an_option(
        self, argument: Argument, spelled: str, in_file: str
    ) -> None:
        error = SkknnSyndromeError("take {it} of {n}", code="x", it=argument, n=3)
        assert explain(error, STUDY) == (f"take {spelled} of 3", 1)
        assert explain(error, OF_FILE) == (f"take {in_file} of 3", 1)
        assert explain(error) == (f"take {argument} of 3", 1)

    @pytest.mark.parametrize("parameter, exit_code", [("cv", 2), ("callbacks", 1), (None, 1)])
    def test_who_gave_an_option_a_wrong_value_is_told_so_by_the_exit_code(
        self, parameter: str | None, exit_code: int
    ) -> None:
        assert explain(ParameterError("No.", code="x", parameter=parameter), STUDY) == ("No.", exit_code)

    def test_a_setting_of_a_file_is_told_with_the_file(self) -> None:
        error = ParameterError("take another {it}", code="x", parameter="cv", it=Argument("cv", 20))
        assert explain(error, OF_FILE) == ("study.toml: take another cv = 20", 2)

    def test_a_command_has_a_sentence_of_its_own_where_more_differs_than_names(self) -> None:
        with pytest.raises(StudySettingsError) as caught:
            make_splits(np.array(["a", "a", "b"]), np.array(["Dr. No"] * 3), cv=2, random_state=0)
        sentence, code = explain(caught.value, STUDY)
        assert sentence.startswith("All images have the subject id 'Dr. No'")
        assert code == 2
        for remedy in ("--column subject=NAME", "--no-subjects", "--protocol image"):
            assert remedy in sentence
        assert "cv=" not in sentence


class TestMisuse:
    """Wrong arguments, in one sentence."""

    def test_they_are_known_by_their_class(self) -> None:
        assert UsageError.__name__ == "UsageError"
        assert issubclass(typer.BadParameter, UsageError)
        assert not issubclass(typer.Exit, UsageError)

    def test_without_a_command_there_is_no_help_to_point_to(self) -> None:
        error = typer.BadParameter("It is wrong.", param_hint="--cv")
        assert describe_misuse(error) == "Invalid value for --cv: It is wrong."

    @pytest.mark.parametrize("said, shown", [("It is wrong", "wrong."), ("Is it wrong?", "wrong?")])
    def test_each_sentence_ends_before_the_next_begins(self, said: str, shown: str) -> None:
        context = get_command(app).make_context("skknn-syndrome", ["audit"])
        sentence = describe_misuse(typer.BadParameter(said, ctx=context))
        assert sentence.endswith(f"{shown} Help: skknn-syndrome --help")


COLUMNS = {"syndrome": "label", "features": "emb_"}


@pytest.mark.parametrize(
    "typed,proposed",
    [
        ("study x.csv", "study x.csv --column syndrome=label --column features=emb_"),
        (
            "study 'my file.csv' --cv 5",
            "study 'my file.csv' --cv 5 --column syndrome=label --column features=emb_",
        ),
        (
            "study --column features=emb x.csv --column=syndrome=y -o out",
            "study x.csv -o out --column syndrome=label --column features=emb_",
        ),
        ("study -- -x.csv", "study --column syndrome=label --column features=emb_ -- -x.csv"),
    ],
)
def test_options_for_columns_are_replaced_and_all_else_is_kept(typed: str, proposed: str) -> None:
    assert proposed_command(shlex.split(typed), COLUMNS, average_rows=False) == f"skknn-syndrome {proposed}"


def test_names_are_quoted_for_a_shell() -> None:
    command = proposed_command(["audit", "x.csv"], {"subject": "Patient ID"}, average_rows=False)
    assert shlex.split(command)[-1] == "subject=Patient ID"


def test_an_average_is_asked_for_once() -> None:
    command = proposed_command(["audit", "x.csv"], {}, average_rows=True)
    assert command == "skknn-syndrome audit x.csv --average-rows"
    assert proposed_command(["audit", "x.csv", "--average-rows"], {}, average_rows=True) == command


def test_subjects_may_be_done_without_instead() -> None:
    error = ColumnsError({"subjects_unread": "It is left unread"}, {"subject": "who"}, place="x.csv")
    said = explain_columns(error, ["study", "x.csv"])
    assert "\nskknn-syndrome study x.csv --column subject=who\n" in said
    assert "put --no-subjects in place of --column subject=who" in said


def test_what_values_alone_tell_comes_as_two_whole_commands() -> None:
    error = ColumnsError(
        {"subjects_unread": "It is left unread"}, {"features": "e"}, place="x.csv", perhaps_subject="who"
    )
    lines = explain_columns(error, ["study", "x.csv", "--cv", "5", "--column", "features=e"]).splitlines()
    assert lines[1] == "skknn-syndrome study x.csv --cv 5 --column subject=who --column features=e"
    assert lines[3] == "skknn-syndrome study x.csv --cv 5 --column features=e --no-subjects"


def test_where_nothing_can_be_proposed_nothing_is() -> None:
    assert (
        explain_columns(ColumnsError({"no_features": "It has none"}, {}), ["audit", "x.csv"])
        == "It has none."
    )


def test_a_mapping_that_only_does_harm_is_left_out() -> None:
    error = ColumnsError({"no_such_column": "there is no column 'x'"}, {}, leave_out=True)
    said = explain_columns(error, ["audit", "x.csv", "--column", "syndrome=x", "--strict"])
    assert said.endswith("Try:\nskknn-syndrome audit x.csv --strict")
