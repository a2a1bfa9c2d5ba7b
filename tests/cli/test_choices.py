"""What options let one choose from."""

from typing import get_args

from skknn_syndrome._typing import ScoreName
from skknn_syndrome.cli.choices import ScoreChoice


def test_the_scores_to_choose_from_are_those_of_a_study() -> None:
    assert get_args(ScoreChoice) == get_args(ScoreName)
