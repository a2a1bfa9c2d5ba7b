"""What Python arguments are called on the command line."""

import pytest

from skknn_syndrome.cli.spelling import choices_in_options, in_options


@pytest.mark.parametrize(
    "message, sentence",
    [
        (
            "cv=20 folds can't be made of 12 subjects: take from 2 to 12.",
            "--cv 20 is too many folds for 12 subjects: take from 2 to 12.",
        ),
        ("n_repeats=0 is none.", "--repeats 0 is none."),
        ("metrics='x' is none.", "--metric 'x' is none."),
        ("n_neighbors must be whole numbers.", "--n-neighbors must be whole numbers."),
        ("refit_rule='x' and refit='y'", "--refit-rule 'x' and --refit 'y'"),
    ],
)
def test_a_python_argument_becomes_an_option(message: str, sentence: str) -> None:
    assert in_options(message) == sentence


def test_one_subject_can_not_be_divided() -> None:
    message = "cv=2 folds can't be made of 1 subject: give ids that differ."
    assert in_options(message).startswith("All images are of one subject")


def test_an_engine_becomes_an_option() -> None:
    assert choices_in_options("or choose engine='embedded'.") == "or choose --engine embedded."


def test_columns_that_are_too_much_are_an_option() -> None:
    assert choices_in_options("a pickle has none; leave columns out.").endswith("leave --column out.")


@pytest.mark.parametrize(
    "message", ["The weights are all zero.", "my_cv=3", "Syndrome 'n_neighborsx' has one image.", ""]
)
def test_other_words_stay(message: str) -> None:
    assert in_options(message) == message
