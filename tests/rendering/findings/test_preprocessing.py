"""Which scaling or resampling helps, and which gain is leakage."""

import pytest

from skknn_syndrome.rendering.findings.preprocessing import PreprocessingFindings
from skknn_syndrome.results import AblationResult, Gain, PublishedScore
from tests.ablation_builders import make_ablation, make_gain, make_inflation


def findings(*gains: Gain, result: AblationResult | None = None) -> PreprocessingFindings:
    """Return findings with these gains."""
    return PreprocessingFindings((result or make_ablation()).model_copy(update={"gains": gains}))


def test_the_distance_is_that_which_suits_untouched_embeddings() -> None:
    found = findings()
    assert found.metric == "cosine"
    assert found.metrics == ["cosine", "euclidean"]
    assert (found.scalers, found.resamplers) == ([], ["mixup"])


def test_gains_by_chance_neither_help_nor_hurt() -> None:
    found = findings(
        make_gain(resampler="mixup", by=0.01), make_gain(resampler="noise", by=-0.03), make_gain(by=0.04)
    )
    assert [gain.mean_difference for gain in found.gains("cosine")] == [0.04, 0.01, -0.03]
    assert [gain.mean_difference for gain in found.helping("cosine")] == [0.04]
    assert [gain.mean_difference for gain in found.hurting("cosine")] == [-0.03]
    assert found.helping("euclidean") == []


@pytest.mark.parametrize("resampler, helps", [("mixup", True), ("none", False)])
def test_a_scaler_that_helps_is_no_resampler(resampler: str, *, helps: bool) -> None:
    assert findings(make_gain("l2", resampler, by=0.05)).resampler_helps("cosine") == helps


def test_a_claim_is_what_leaks_seem_to_add_to_untouched_embeddings() -> None:
    result = make_ablation().model_copy(
        update={
            "inflations": (
                make_inflation(resampler="none", by=0.01),
                make_inflation(resampler="mixup", by=0.2).model_copy(update={"honest": 0.7, "leaky": 0.9}),
            )
        }
    )
    found = findings(result=result)
    (claim,) = found.claims
    # 0.90 - 0.73 in the leaky way; 0.70 - 0.72 in the honest one.
    assert (claim.claimed, claim.honest, claim.leaked) == pytest.approx((0.17, -0.02, 0.19))
    assert found.honest_changes == pytest.approx((-0.02, -0.02))
    assert found.untouched_inflation is not None
    assert found.untouched_inflation.difference == 0.01


def test_without_untouched_embeddings_nothing_is_claimed() -> None:
    result = make_ablation().model_copy(update={"inflations": (make_inflation(),)})
    found = findings(result=result)
    assert (found.claims, found.untouched_inflation) == ([], None)


def test_of_published_scores_the_f1_of_resampled_embeddings_count() -> None:
    entries = tuple(
        PublishedScore(
            source="report",
            table="t",
            dataset=dataset,
            classifier="knn",
            distance="cosine",
            n_neighbors=3,
            score=score,
            value=0.9,
        )
        for dataset in ("original+l2", "mixup")
        for score in ("f1_macro", "accuracy")
    )
    assert [entry.dataset for entry in PreprocessingFindings.resampled(entries)] == ["mixup"]


def test_combinations_are_counted_once_whatever_distance_and_way() -> None:
    assert findings().n_combinations == 2
