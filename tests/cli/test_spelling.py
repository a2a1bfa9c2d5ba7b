"""What Python arguments are called on the command line."""

import numpy as np
import pytest

from skknn_syndrome.cli.spelling import choices_in_options, in_options
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.errors import StudySettingsError


@pytest.mark.parametrize(
    "message, sentence",
    [
        (
            "cv=20 folds can't be made of 12 subjects: take from 2 to 12.",
            "--cv 20 is too many folds for 12 subjects: take from 2 to 12.",
        ),
        ("cv=1 is too few folds: take from 2 to 10.", "--cv 1 is too few folds: take from 2 to 10."),
        (
            "cv=3 folds can't be made of 2 subjects: take cv=2.",
            "--cv 3 is too many folds for 2 subjects: take --cv 2.",
        ),
        ("n_repeats=0 is none.", "--repeats 0 is none."),
        ("metrics='x' is none.", "--metric 'x' is none."),
        ("n_neighbors must be whole numbers.", "--n-neighbors must be whole numbers."),
        ("refit_rule='x' and refit='y'", "--refit-rule 'x' and --refit 'y'"),
    ],
)
def test_a_python_argument_becomes_an_option(message: str, sentence: str) -> None:
    assert in_options(message) == sentence


def test_one_id_for_all_is_perhaps_a_constant_column() -> None:
    with pytest.raises(StudySettingsError) as caught:
        make_splits(np.array(["a", "a", "b"]), np.array(["Dr. No"] * 3), cv=2, random_state=0)
    sentence = in_options(str(caught.value))
    assert sentence.startswith("All images have the subject id 'Dr. No'")
    for remedy in ("--column subject=NAME", "--no-subjects", "--protocol image"):
        assert remedy in sentence
    assert "cv=" not in sentence


def test_an_engine_becomes_an_option() -> None:
    assert choices_in_options("or choose engine='embedded'.") == "or choose --engine embedded."


def test_columns_that_are_too_much_are_an_option() -> None:
    assert choices_in_options("a pickle has none; leave columns out.").endswith("leave --column out.")


@pytest.mark.parametrize(
    "message", ["The weights are all zero.", "my_cv=3", "Syndrome 'n_neighborsx' has one image.", ""]
)
def test_other_words_stay(message: str) -> None:
    assert in_options(message) == message
