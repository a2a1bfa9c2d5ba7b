"""Rules and their scores."""

from skknn_syndrome.results import Score
from skknn_syndrome.results.baseline import Baseline


def test_scores_are_found_by_name_and_survive_json() -> None:
    baseline = Baseline(
        head="prior",
        params={},
        ranking="probability",
        all_scores=(Score.from_values("accuracy", [0.5, 0.25]),),
    )
    assert (baseline.name, baseline.metric) == ("prior", None)
    assert baseline.scores["accuracy"].mean == 0.375
    assert Baseline.model_validate_json(baseline.model_dump_json()) == baseline
