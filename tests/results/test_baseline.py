"""Rules and their scores."""

import pytest
from pydantic import ValidationError

from skknn_syndrome.results import Score
from skknn_syndrome.results.baseline import Baseline


def test_scores_are_found_by_name_and_survive_json() -> None:
    baseline = Baseline(
        name="prior",
        metric=None,
        ranking="probability",
        all_scores=(Score.from_values("accuracy", [0.5, 0.25]),),
    )
    assert baseline.scores["accuracy"].mean == 0.375
    assert Baseline.model_validate_json(baseline.model_dump_json()) == baseline


def test_a_rule_that_nobody_knows_is_refused() -> None:
    document = {"name": "guess", "metric": None, "ranking": "probability", "all_scores": ()}
    with pytest.raises(ValidationError, match="Input should be 'majority', 'prior'"):
        Baseline.model_validate(document)
