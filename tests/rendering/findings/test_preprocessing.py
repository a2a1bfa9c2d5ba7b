"""Which scaling or resampling helps, and which gain is leakage."""

import pytest

from skknn_syndrome.rendering.findings.preprocessing import PreprocessingFindings
from skknn_syndrome.results import AblationResult, Gain, PublishedScore
from skknn_syndrome.results.ablated_variant import PreprocessingStep
from tests.ablation_builders import make_ablation, make_gain, make_inflation, make_variant


def findings(*gains: Gain, result: AblationResult | None = None) -> PreprocessingFindings:
    """Return findings with these gains."""
    return PreprocessingFindings((result or make_ablation()).model_copy(update={"gains": gains}))


def test_the_distance_is_that_which_suits_untouched_embeddings() -> None:
    found = findings()
    assert found.metric == "cosine"
    assert found.metrics == ["cosine", "euclidean"]
    assert (found.scalers, found.resamplers) == (["none"], ["none", "mixup"])


def test_gains_by_chance_neither_help_nor_hurt() -> None:
    found = findings(
        make_gain(resampler="mixup", by=0.01), make_gain(resampler="noise", by=-0.03), make_gain(by=0.04)
    )
    assert [gain.mean_difference for gain in found.gains("cosine")] == [0.04, 0.01, -0.03]
    assert [gain.mean_difference for gain in found.helping("cosine")] == [0.04]
    assert [gain.mean_difference for gain in found.hurting("cosine")] == [-0.03]
    assert found.helping("euclidean") == []


@pytest.mark.parametrize(
    "scaler, resampler, helps", [("none", "mixup", True), ("l2", "none", False), ("l2", "mixup", False)]
)
def test_a_resampler_helps_by_itself_where_no_scaler_stands_before_it(
    scaler: str, resampler: str, *, helps: bool
) -> None:
    assert findings(make_gain(scaler, resampler, by=0.05)).resampler_helps("cosine") == helps


def test_what_never_differs_is_not_tested() -> None:
    same = make_gain("l2", "none", by=0.0).model_copy(update={"p_value": None, "p_holm": None})
    found = findings(same, make_gain(by=-0.01))
    assert found.n_tested("cosine") == 1
    best = found.best_gain("cosine")
    assert best is not None
    assert best.resampler == "mixup"
    assert findings(same).best_gain("cosine") is None


@pytest.mark.parametrize(
    "name, interpolates, prunes",
    [("mixup", True, False), ("balanced+mixup", True, True), ("noise", False, False)],
)
def test_what_a_resampler_does_is_known_by_its_name(name: str, *, interpolates: bool, prunes: bool) -> None:
    ablation = make_ablation()
    result = ablation.model_copy(
        update={
            "steps": (PreprocessingStep(kind="resampler", name=name, description="?"),),
            "variants": (*ablation.variants, make_variant("none", name, "cosine", "leaky")),
            "inflations": (make_inflation(resampler="none"), make_inflation(resampler=name)),
        }
    )
    found = findings(result=result)
    assert (found.interpolates, found.prunes) == (interpolates, prunes)


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


def published(dataset: str, value: float = 0.9, *, score: str = "f1_macro") -> PublishedScore:
    """Return one published figure."""
    return PublishedScore(
        source="report",
        table="t",
        dataset=dataset,
        classifier="knn",
        distance="cosine",
        n_neighbors=3,
        score=score,
        value=value,
    )


def test_of_published_scores_the_f1_of_resampled_embeddings_count() -> None:
    entries = (published("mixup"), published("mixup", score="accuracy"), published("original+l2"))
    (row,) = findings().published_resampling(entries).rows
    assert row[2:4] == ("none", "mixup")
    claim = findings().published_claim(entries)
    assert claim is not None
    assert (claim.published, claim.resampler, claim.leaky, claim.honest) == pytest.approx(
        (0.9, "mixup", 0.92, 0.7)
    )


def test_a_copy_claims_nothing() -> None:
    assert findings().published_claim((published("original"), published("mixup"))) is None


def test_combinations_are_counted_once_whatever_distance_and_way() -> None:
    assert findings().n_combinations == 2
