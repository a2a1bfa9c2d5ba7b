"""What options let one choose from."""

from typing import get_args

from skknn_syndrome.cli.choices import ScoreChoice
from skknn_syndrome.metrics.registry import SCORE_NAMES


def test_the_scores_to_choose_from_are_those_of_a_study() -> None:
    assert get_args(ScoreChoice) == tuple(SCORE_NAMES)
