"""How names are shown to people."""

from skknn_syndrome.metrics.registry import definitions
from skknn_syndrome.wording import capitalised, metric_title, score_title, votes


def test_no_two_scores_have_the_same_name() -> None:
    assert len({score.title for score in definitions()}) == len(definitions())


def test_names_that_are_not_known_stay_as_they_are() -> None:
    assert score_title("guesses") == "guesses"
    assert metric_title("hamming") == "hamming"
    assert votes("my_rule") == "votes by my_rule"


def test_only_the_first_letter_becomes_large() -> None:
    assert capitalised("t-SNE of X") == "T-SNE of X"
    assert capitalised("") == ""
