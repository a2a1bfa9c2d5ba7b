"""What is compared: plan and variants."""

from typing import Any

import numpy as np
import pytest
from imblearn.combine import SMOTETomek
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import Pipeline
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import Normalizer, RobustScaler

from skknn_syndrome import compare_preprocessing
from skknn_syndrome.analyses.preprocessing.variants import RESAMPLERS, SCALERS, make_variants
from skknn_syndrome.crossval.sampling import describe_sample, draw_sample
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.preprocessing import CentroidBalancer, MixupOverSampler
from tests.analyses.preprocessing.conftest import MakePlan
from tests.problems import Problem


def test_each_seed_makes_a_split_of_its_own(make_plan: MakePlan) -> None:
    plan = make_plan(random_states=(42, 0))
    assert plan.seeds == (42, 0)
    assert plan.protocol == "subject"
    first, second = (splits.parts[0].test for splits in plan.splits)
    assert not np.array_equal(first, second)


def test_without_subjects_folds_are_of_images(make_plan: MakePlan) -> None:
    assert make_plan(subjects=False).protocol == "image"


@pytest.mark.parametrize("subjects", [True, False])
def test_of_many_images_a_sample_is_divided(make_plan: MakePlan, problem: Problem, *, subjects: bool) -> None:
    plan = make_plan(most_images=60, subjects=subjects, random_states=(7, 0))
    groups = problem.subjects if subjects else None
    rows = draw_sample(problem.labels, groups, n_images=60, random_state=7)
    assert plan.sample == describe_sample(rows, groups, n_images=len(problem.labels), random_state=7)
    np.testing.assert_array_equal(plan.data.array, problem.samples[rows])
    np.testing.assert_array_equal(plan.data.labels, problem.labels[rows])
    assert sum(len(part.test) for part in plan.splits[0].parts) == len(rows) < len(problem.labels)


@pytest.mark.parametrize("most_images", [None, 10_000])
def test_of_no_more_images_than_are_taken_nothing_is_drawn(
    make_plan: MakePlan, problem: Problem, most_images: int | None
) -> None:
    plan = make_plan(most_images=most_images)
    assert plan.sample is None
    assert len(plan.data.labels) == len(problem.labels)


def test_single_values_stand_for_lists(make_plan: MakePlan) -> None:
    plan = make_plan(
        metrics="cosine", n_neighbors=np.int64(3), random_states=np.int64(5), ways="within_folds"
    )
    assert (plan.metrics, plan.n_neighbors, plan.seeds, plan.ways) == (
        ("cosine",),
        (3,),
        (5,),
        ("within_folds",),
    )


def test_the_old_names_of_the_ways_are_taken_for_one_version_with_a_hint(make_plan: MakePlan) -> None:
    with pytest.warns(FutureWarning, match="ways='leaky' is called 'before_splitting' now"):
        plan = make_plan(ways=("within_folds", "leaky"))
    assert plan.ways == ("within_folds", "before_splitting")


def test_curves_are_kept_where_the_grid_has_them(make_plan: MakePlan) -> None:
    assert make_plan(n_neighbors=range(1, 11)).roc_at == (1, 10)
    assert make_plan(n_neighbors=[1, 5]).roc_at == (1,)


@pytest.mark.parametrize(
    "settings, sentence",
    [
        ({"ways": ("before_splitting",)}, "must be \\('within_folds',\\), or"),
        ({"ways": ("within_folds", "fair")}, "must be \\('within_folds',\\), or"),
        ({"metrics": "hamming"}, "metrics names 'hamming': take some of euclidean, cosine, manhattan"),
        (
            {"metrics": "precomputed"},
            "metrics names 'precomputed': take some of cosine, euclidean",
        ),
        ({"random_states": ()}, "must name one or several whole numbers"),
        ({"random_states": (1, 1)}, "each once"),
        ({"random_states": (None,)}, "whole numbers"),
        ({"random_states": 4.5}, "whole numbers"),
        ({"random_states": [[1]]}, "whole numbers"),
        ({"compare_at": 3.5}, "is not in the grid"),
        ({"compare_at": 4}, "compare_at=4 is not in the grid"),
        ({"cv": None}, "cv must be a number of folds"),
        ({"cv": 500}, "cv=500 is too many folds for 30 images of the largest class"),
        ({"n_repeats": 0}, "n_repeats=0 must be a whole number of splits"),
        ({"n_repeats": 2.5}, "n_repeats=2.5 must be a whole number"),
        ({"n_neighbors": []}, "The grid has no value for n_neighbors"),
    ],
)
def test_what_cannot_be_done_is_refused(make_plan: MakePlan, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StudySettingsError, match=sentence):
        make_plan(**settings)


def test_the_k_of_comparisons_is_a_plain_number(make_plan: MakePlan) -> None:
    assert make_plan(compare_at=np.int64(3)).compared_at == 3


def test_an_estimator_of_another_kind_is_refused(problem: Problem) -> None:
    with pytest.raises(StudySettingsError, match="estimator is a KNeighborsClassifier"):
        compare_preprocessing(problem.samples, problem.labels, estimator=KNeighborsClassifier())


def test_votes_that_do_not_exist_are_refused(problem: Problem) -> None:
    unknown: Any = "foo"
    with pytest.raises(ValueError, match="weights names 'foo': take some of uniform"):
        compare_preprocessing(
            problem.samples, problem.labels, estimator=SyndromeKNNClassifier(weights=unknown)
        )


def test_missing_values_are_refused_with_their_row(problem: Problem) -> None:
    samples = problem.samples.copy()
    samples[7, 2] = np.nan
    with pytest.raises(StudySettingsError, match="NaN or infinity in row 7"):
        compare_preprocessing(samples, problem.labels)


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
