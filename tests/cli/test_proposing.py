"""The command that would have worked."""

import shlex

import pytest

from skknn_syndrome.cli.proposing import explain_columns, proposed_command
from skknn_syndrome.errors import ColumnsError

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
