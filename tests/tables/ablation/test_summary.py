"""What preprocessing is worth, at a glance."""

from skknn_syndrome.tables.ablation import preprocessing_summary
from skknn_syndrome.tables.table import MISSING
from tests.ablation_builders import make_ablation, make_gain


def test_only_the_best_distance_has_rows_and_the_best_variant_the_first() -> None:
    table = preprocessing_summary(make_ablation())
    assert "cosine distance" in table.caption
    assert [row[:3] for row in table.rows] == [("none", "none", 3), ("none", "mixup", 3)]


def test_a_row_has_scores_difference_verdict_and_inflation() -> None:
    untouched, mixed = preprocessing_summary(make_ablation()).to_text()
    scores = ["-0.020", "-0.035", "-0.005", "0.020", "0.020"]
    assert mixed[3:] == ["0.700", "0.700", "0.700", *scores, "hurts", "1", "0.200"]
    assert untouched[3:] == ["0.720", "0.720", "0.720", *[MISSING] * 7, "0.200"]


def test_the_verdict_is_on_auc_as_well() -> None:
    gains = (make_gain(by=0.01), make_gain(score="roc_auc_ovr", by=0.03))
    (_, mixed) = preprocessing_summary(make_ablation().model_copy(update={"gains": gains})).to_text()
    assert mixed[9:12] == ["0.800", "0.020", "helps"]


def test_where_auc_is_not_defined_its_p_is_left_empty() -> None:
    result = make_ablation().model_copy(update={"gains": (make_gain(by=0.03),)})
    (_, mixed) = preprocessing_summary(result).to_text()
    assert mixed[9:12] == ["0.020", MISSING, "helps"]


def test_without_the_leaky_way_nothing_is_inflated() -> None:
    assert [row[-1] for row in preprocessing_summary(make_ablation(leaky=False)).rows] == [None, None]


def test_the_difference_of_another_distance_is_not_taken_for_it() -> None:
    result = make_ablation()
    other = tuple(gain.model_copy(update={"metric": "euclidean"}) for gain in result.gains)
    rows = preprocessing_summary(result.model_copy(update={"gains": other})).rows
    assert rows[1][6] is None
