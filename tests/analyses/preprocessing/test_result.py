"""The result of a comparison of preprocessing, and its verdicts."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import skknn_syndrome
from skknn_syndrome.analyses.preprocessing.effects import Gain, LeftOut, PreprocessingStep
from skknn_syndrome.analyses.preprocessing.result import COMPARISON_VERSION, PreprocessingComparison
from skknn_syndrome.errors import StudyFileError
from tests.analyses.preprocessing.make import (
    make_comparison,
    make_gain,
    make_variant,
    no_difference,
    of_version_2,
    with_gains,
)


@pytest.mark.parametrize("version", [0, COMPARISON_VERSION + 1])
def test_another_version_is_refused(version: int) -> None:
    with pytest.raises(ValidationError, match="and 3 is needed"):
        PreprocessingComparison.model_validate(
            {**make_comparison().model_dump(), "comparison_version": version}
        )


def test_a_shortened_curve_is_refused() -> None:
    cut = {**make_comparison().model_dump(), "n_neighbors": (1, 3, 5)}
    with pytest.raises(ValidationError, match="have not one value for each of 3 k"):
        PreprocessingComparison.model_validate(cut)


def test_without_untouched_embeddings_the_distance_is_that_of_the_best() -> None:
    mixed = [variant for variant in make_comparison().variants if variant.resampler == "mixup"]
    assert make_comparison().model_copy(update={"variants": tuple(mixed)}).metric == "cosine"


def of_version_1(result: PreprocessingComparison) -> Any:
    """Return the JSON as version 1 had it."""
    old = of_version_2(json.loads(result.model_dump_json(exclude={"question"})))
    del old["repeat_seeds"]
    for gain in old["gains"]:
        del gain["n_folds"], gain["n_splits"]
    return old | {"ablation_version": 1}


def test_a_file_of_the_first_version_loads_without_what_it_does_not_hold(tmp_path: Path) -> None:
    left_out = (LeftOut(scaler="none", resampler="smote", reason="It takes six.", way="within_folds"),)
    today = make_comparison().model_copy(update={"left_out": left_out})
    (tmp_path / "ablation.json").write_text(json.dumps(of_version_1(today)))
    found = PreprocessingComparison.load(tmp_path / "ablation.json")
    assert found == today
    assert found.repeat_seeds == ()
    assert (found.gains[0].n_folds, found.gains[0].n_splits) == (None, None)
    assert found.verdict("cosine").verdict == "hurts"


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
    plain = tuple(variant for variant in make_comparison().variants if variant.resampler == "none")
    assert make_comparison().model_copy(update={"variants": plain}).best_resampled() is None


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
    result = make_comparison().model_copy(update={"steps": (step,)})
    assert result.orders_as_cosine(scaler, resampler, metric) == same


@pytest.mark.parametrize("p_holm, significant", [(0.049, True), (0.05, False), (None, False)])
def test_a_gain_is_significant_below_the_level(p_holm: float | None, *, significant: bool) -> None:
    gain: Gain = make_gain().model_copy(update={"p_holm": p_holm})
    assert gain.significant == significant


def test_a_constant_difference_differs_though_it_has_no_p_value() -> None:
    constant = make_gain(by=0.1).model_copy(update={"low": 0.1, "high": 0.1, "p_value": None, "p_holm": None})
    assert constant.differs
    assert not no_difference().differs


@pytest.mark.parametrize("text", ['{"ablation_version": 1', '["ablation_version"]', "3"])
def test_what_is_no_older_comparison_is_left_to_the_model(tmp_path: Path, text: str) -> None:
    (tmp_path / "comparison.json").write_text(text)
    with pytest.raises(StudyFileError, match="comparison"):
        PreprocessingComparison.load(tmp_path / "comparison.json")


def test_the_old_name_of_the_class_is_taken_for_one_version_with_a_hint() -> None:
    with pytest.warns(FutureWarning, match="AblationResult is called PreprocessingComparison now"):
        assert skknn_syndrome.AblationResult is PreprocessingComparison  # type: ignore[attr-defined]


def test_of_some_syndromes_curves_and_points_of_the_others_are_left_out() -> None:
    result = make_comparison().of_classes({"b"})
    assert [curve.syndrome for curve in result.variants[0].syndromes] == ["b"]
    shown = result.maps[0]
    assert (shown.syndromes, shown.labels, shown.n_images) == (("b",), (0, 0, 0), 2)
    assert [cluster.syndrome for cluster in shown.clusters] == ["b"]
