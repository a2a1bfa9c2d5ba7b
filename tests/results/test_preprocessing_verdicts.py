"""Verdicts on preprocessing, by macro AUC and macro F1."""

import pytest

from skknn_syndrome.results import Gain
from skknn_syndrome.results.ablated_variant import PreprocessingStep
from tests.ablation_builders import make_ablation, make_gain, make_variant, no_difference, with_gains

F1, AUC = "f1_macro", "roc_auc_ovr"


@pytest.mark.parametrize(
    "auc, f1, of_variant, of_distance",
    [
        (0.01, 0.01, "inconclusive", "inconclusive"),
        (0.03, 0.01, "helps", "helps"),
        (0.01, 0.03, "helps", "helps"),
        (0.03, 0.03, "helps", "helps"),
        (-0.03, 0.01, "hurts", "hurts"),
        (0.01, -0.03, "hurts", "hurts"),
        (0.03, -0.03, "mixed", "inconclusive"),
        (-0.03, 0.03, "mixed", "inconclusive"),
    ],
)
def test_either_score_decides_and_against_each_other_neither(
    auc: float, f1: float, of_variant: str, of_distance: str
) -> None:
    judged = with_gains(make_gain(score=AUC, by=auc), make_gain(score=F1, by=f1)).verdict("cosine")
    (variant,) = judged.variants
    assert (variant.verdict, judged.verdict) == (of_variant, of_distance)


def test_other_scores_decide_nothing() -> None:
    judged = with_gains(make_gain(by=0.01), make_gain(score="accuracy", by=0.1)).verdict("cosine")
    assert judged.verdict == "inconclusive"
    assert judged.helping == ()


def test_one_that_helps_is_enough_whatever_hurts() -> None:
    judged = with_gains(make_gain(by=-0.05), make_gain("l2", "none", by=0.05)).verdict("cosine")
    assert judged.verdict == "helps"
    assert [entry.name for entry in judged.helping] == [("l2", "none")]
    assert [entry.name for entry in judged.hurting] == [("none", "mixup")]


def test_one_that_hurts_beside_a_mixed_one_is_inconclusive() -> None:
    judged = with_gains(
        make_gain(by=-0.05), make_gain("l2", "none", by=0.05), make_gain("l2", "none", AUC, by=-0.05)
    ).verdict("cosine")
    assert [entry.name for entry in judged.mixed] == [("l2", "none")]
    assert judged.verdict == "inconclusive"


def test_what_never_differs_is_no_variant_to_judge() -> None:
    result = with_gains(no_difference(), no_difference(score=AUC))
    assert result.verdict("cosine").variants == ()
    assert result.verdicts == ()
    assert result.judge(result.variant("l2", "none", "cosine")).verdict == "no difference"


def test_each_distance_has_its_own_verdict_the_best_first() -> None:
    euclidean = make_gain("l2", "none", by=0.05).model_copy(update={"metric": "euclidean"})
    result = with_gains(euclidean, make_gain(by=0.01))
    assert [(judged.metric, judged.verdict) for judged in result.verdicts] == [
        ("cosine", "inconclusive"),
        ("euclidean", "helps"),
    ]


def test_the_widest_interval_is_of_what_is_inconclusive() -> None:
    wide = make_gain("l2", by=0.01).model_copy(update={"low": -0.2, "high": 0.22})
    wider = make_gain("zscore", by=0.03).model_copy(update={"low": 0.001, "high": 0.9})
    judged = with_gains(make_gain(by=0.01), wide, wider).verdict("cosine")
    assert judged.widest == wide
    assert with_gains(wider).verdict("cosine").widest is None


def test_variants_are_in_the_order_of_the_ranking_and_scores_with_auc_first() -> None:
    result = with_gains(make_gain("l2", by=0.05), make_gain(by=0.03), make_gain(score=AUC, by=0.03))
    first, second = result.verdict("cosine").helping
    assert (first.resampler, second.scaler) == ("mixup", "l2")
    assert [gain.score for gain in first.gains] == [AUC, F1]
    assert first.gain(AUC) == first.gains[0]
    assert second.gain(AUC) is None


def test_the_best_resampled_variant_has_the_highest_composite_of_its_distance() -> None:
    result = with_gains(make_gain("l2", by=0.05))
    best = result.best_resampled()
    assert best is not None
    assert best.name == ("none", "mixup", "cosine")
    better = result.model_copy(
        update={"variants": (*result.variants, make_variant("zscore", "smote", "cosine", level=0.71))}
    )
    found = better.best_resampled("cosine")
    assert found is not None
    assert found.name == ("zscore", "smote", "cosine")
    other = better.best_resampled("euclidean")
    assert other is not None
    assert other.name == ("none", "mixup", "euclidean")


def test_without_resamplers_there_is_no_best_one() -> None:
    plain = tuple(variant for variant in make_ablation().variants if variant.resampler == "none")
    assert make_ablation().model_copy(update={"variants": plain}).best_resampled() is None


@pytest.mark.parametrize(
    "scaler, resampler, metric, description, same",
    [
        ("l2", "none", "euclidean", "Normalizer()", True),
        ("l2", "none", "cosine", "Normalizer()", False),
        ("l2", "mixup", "euclidean", "Normalizer()", False),
        ("l2", "none", "euclidean", "Normalizer(norm='l1')", False),
        ("zscore", "none", "euclidean", "Normalizer()", False),
    ],
)
def test_unit_length_makes_the_euclidean_distance_the_cosine_one(
    scaler: str, resampler: str, metric: str, description: str, *, same: bool
) -> None:
    step = PreprocessingStep(kind="scaler", name="l2", description=description)
    result = make_ablation().model_copy(update={"steps": (step,)})
    assert result.orders_as_cosine(scaler, resampler, metric) == same


@pytest.mark.parametrize("p_holm, significant", [(0.049, True), (0.05, False), (None, False)])
def test_a_gain_is_significant_below_the_level(p_holm: float | None, *, significant: bool) -> None:
    gain: Gain = make_gain().model_copy(update={"p_holm": p_holm})
    assert gain.significant == significant


def test_a_constant_difference_differs_though_it_has_no_p_value() -> None:
    constant = make_gain(by=0.1).model_copy(update={"low": 0.1, "high": 0.1, "p_value": None, "p_holm": None})
    assert constant.differs
    assert not no_difference().differs
