"""Every score against k."""

from skknn_syndrome.results.ablated_variant import ScoreCurve
from skknn_syndrome.tables.ablation import preprocessing_scores
from tests.ablation_builders import SCORES, make_ablation, make_variant


def test_each_way_variant_score_and_k_is_a_row() -> None:
    rows = preprocessing_scores(make_ablation()).rows
    assert len(rows) == len({row[:6] for row in rows}) == 2 * 4 * len(SCORES) * 2
    assert rows[0] == ("honest", "none", "none", "euclidean", "roc_auc_ovr", 1, 0.66, 0.03)


def test_a_score_that_is_not_defined_at_a_k_is_an_empty_cell() -> None:
    curve = ScoreCurve(score="roc_auc_ovr", means=(None, 0.5), stds=(None, 0.1))
    variant = make_variant().model_copy(update={"curves": (curve,)})
    rows = preprocessing_scores(make_ablation().model_copy(update={"variants": (variant,)})).rows
    assert [row[5:] for row in rows] == [(1, None, None), (3, 0.5, 0.1)]
