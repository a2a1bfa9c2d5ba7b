"""Rules and their scores."""

import pytest
from pydantic import ValidationError

from skknn_syndrome.analyses.baselines.result import Baseline, BaselineComparison
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.score import Score
from tests.builders import make_study


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


@pytest.mark.parametrize(
    "score, values, said",
    [("f1_macro", [0.5, 0.5], "there is no score 'roc_auc_ovr'"), ("roc_auc_ovr", [0.5], "'values' has 1")],
)
def test_they_are_scored_on_the_folds_of_the_study(score: str, values: list[float], said: str) -> None:
    entry = Baseline(
        head="lda", params={}, ranking="probability", all_scores=(Score.from_values(score, values),)
    )
    with pytest.raises(ValidationError, match=said):
        make_study().revised(analyses=Analyses([BaselineComparison(protocol="image", baselines=(entry,))]))
