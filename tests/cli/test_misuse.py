"""Wrong arguments, in one sentence."""

import pytest
import typer
from typer.main import get_command

from skknn_syndrome.cli.app import app
from skknn_syndrome.cli.misuse import UsageError, describe_misuse


def test_wrong_arguments_are_known_by_their_class() -> None:
    assert UsageError.__name__ == "UsageError"
    assert issubclass(typer.BadParameter, UsageError)
    assert not issubclass(typer.Exit, UsageError)


def test_without_a_command_there_is_no_help_to_point_to() -> None:
    error = typer.BadParameter("It is wrong.", param_hint="--cv")
    assert describe_misuse(error) == "Invalid value for --cv: It is wrong."


@pytest.mark.parametrize("said, shown", [("It is wrong", "wrong."), ("Is it wrong?", "wrong?")])
def test_each_sentence_ends_before_the_next_begins(said: str, shown: str) -> None:
    context = get_command(app).make_context("skknn-syndrome", ["audit"])
    sentence = describe_misuse(typer.BadParameter(said, ctx=context))
    assert sentence.endswith(f"{shown} Help: skknn-syndrome --help")
