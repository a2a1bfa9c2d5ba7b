"""Image-level against subject-level cross-validation."""

from skknn_syndrome.tables import protocol_inflations
from tests.builders import make_study
from tests.comparison_builders import make_protocol_inflation


def test_a_row_is_a_score_with_its_interval() -> None:
    study = make_study().model_copy(update={"protocol_inflations": (make_protocol_inflation(),)})
    table = protocol_inflations(study)
    assert table.to_text()[0][:5] == ["cosine", "roc_auc_ovr", "0.7500", "0.7000", "0.0500"]
    assert "mean over 2 splits" in table.caption


def test_one_protocol_has_nothing_to_compare() -> None:
    assert not protocol_inflations(make_study()).rows
