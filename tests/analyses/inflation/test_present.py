"""Image-level against subject-level cross-validation: table and findings."""

from skknn_syndrome.analyses.inflation.present import find_inflation, protocol_inflations
from skknn_syndrome.analyses.inflation.result import InflationAnalysis
from tests.builders import make_study, with_analyses
from tests.comparison_builders import make_protocol_inflation
from tests.rendering.facts_builders import study_with


def test_a_row_is_a_score_with_its_interval() -> None:
    study = with_analyses(make_study(), InflationAnalysis(protocol_inflations=(make_protocol_inflation(),)))
    table = protocol_inflations(study)
    assert table.to_text()[0][:5] == ["cosine", "roc_auc_ovr", "0.7500", "0.7000", "0.0500"]
    assert "mean over 2 splits" in table.caption


def test_one_protocol_has_nothing_to_compare() -> None:
    assert not protocol_inflations(make_study()).rows


def test_inflation_is_that_of_the_winner_on_the_deciding_score() -> None:
    entry, other = make_protocol_inflation(), make_protocol_inflation(metric="euclidean")
    study = with_analyses(study_with(), InflationAnalysis(protocol_inflations=(other, entry)))
    found = find_inflation(study)
    assert found is not None
    assert found.of_winner is entry
    assert find_inflation(study_with()) is None


def test_differences_on_one_split_have_no_interval() -> None:
    found = find_inflation(with_analyses(study_with(), InflationAnalysis()))
    assert found is not None
    assert (found.over_splits, found.of_winner, found.is_overestimate) == (False, None, False)
