"""Scalers and resamplers by name, in every combination."""

from typing import Any

import pytest
from imblearn.combine import SMOTETomek
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import Pipeline
from sklearn.decomposition import PCA
from sklearn.preprocessing import Normalizer, RobustScaler

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.preprocessing import CentroidBalancer, MixupOverSampler
from skknn_syndrome.study.ablating.variants import RESAMPLERS, SCALERS, make_variants


def test_every_scaler_meets_every_resampler() -> None:
    names = [(variant.scaler, variant.resampler) for variant in make_variants(SCALERS, RESAMPLERS).all]
    assert names == [(scaler, resampler) for scaler in SCALERS for resampler in RESAMPLERS]


def test_several_samplers_work_one_after_another() -> None:
    (variant,) = make_variants("l2", "balanced+mixup").all
    scaler, balancer, mixup = variant.steps
    assert isinstance(scaler, Normalizer)
    assert isinstance(balancer, CentroidBalancer)
    assert isinstance(mixup, MixupOverSampler)


def test_what_draws_gets_the_seed_of_its_split() -> None:
    (variant,) = make_variants(["none"], ["smote"]).all
    assert variant.seeded(7)[1].random_state == 7
    # The variant itself stays as it was: another split gives another seed.
    assert variant.steps[1].random_state is None


def test_a_seed_of_the_callers_own_stays() -> None:
    (variant,) = make_variants(["none"], {"mine": SMOTE(random_state=3)}).all
    assert variant.seeded(7)[1].random_state == 3


def test_estimators_of_the_callers_own_have_the_callers_names() -> None:
    variants = make_variants({"robust": RobustScaler()}, {"twice": [RandomOverSampler(), CentroidBalancer()]})
    assert [(variant.scaler, variant.resampler) for variant in variants.all] == [("robust", "twice")]
    assert [step.description for step in variants.described] == [
        "RobustScaler()",
        "RandomOverSampler(), CentroidBalancer()",
    ]


def test_the_pipeline_ends_in_the_classifier() -> None:
    (variant,) = make_variants(["zscore"], ["noise"]).all
    pipeline = variant.pipeline(0, SyndromeKNNClassifier())
    assert isinstance(pipeline, Pipeline)
    assert isinstance(pipeline.steps[-1][1], SyndromeKNNClassifier)


def test_names_say_what_they_stand_for() -> None:
    described = {step.name: step.description for step in make_variants(["l2"], ["none", "mixup"]).described}
    assert described == {
        "l2": "Normalizer()",
        "none": "passthrough",
        "mixup": "MixupOverSampler(sampling_strategy=MoreRows(n_rows=1000))",
    }


@pytest.mark.parametrize(
    "scalers, resamplers, sentence",
    [
        (["l1"], ["none"], "There is no scaler 'l1'"),
        (["none"], ["mixup+cut"], "There is no resampler 'cut'"),
        (["none", "none"], ["none"], "scalers names 'none' twice"),
        (["none"], [], "There are no resamplers to compare"),
        ({"smote": SMOTE()}, ["none"], "The scaler 'smote' is no transformer: give one, or 'passthrough'"),
        ({"mine": None}, ["none"], "The scaler 'mine' is no transformer"),
        ({"mine": []}, ["none"], "The scaler 'mine' is no transformer"),
        ({3: RobustScaler()}, ["none"], "The name 3 is no text"),
        ({"none": RobustScaler()}, ["none"], "What is called 'none' has to leave rows as they are"),
        ({"robust": RobustScaler}, ["none"], "The scaler 'robust' is no transformer"),
        (["none"], {"robust": RobustScaler()}, "The resampler 'robust' is no sampler"),
        (["none"], [SMOTE()], "resamplers holds 'SMOTE\\(\\)', which has no name: give a mapping"),
    ],
)
def test_what_cannot_be_compared_is_refused(scalers: Any, resamplers: Any, sentence: str) -> None:
    with pytest.raises(StudySettingsError, match=sentence):
        make_variants(scalers, resamplers)


def test_several_scalers_work_one_after_another() -> None:
    variants = make_variants({"both": [RobustScaler(), PCA(2)]}, ["none"])
    assert [type(step).__name__ for step in variants.all[0].steps[:2]] == ["RobustScaler", "PCA"]
    assert variants.described[0].description == "RobustScaler(), PCA(n_components=2)"


def test_samplers_inside_samplers_are_seeded_too() -> None:
    (variant,) = make_variants(["none"], {"tomek": SMOTETomek(smote=SMOTE())}).all
    assert variant.seeded(7)[1].smote.random_state == 7
