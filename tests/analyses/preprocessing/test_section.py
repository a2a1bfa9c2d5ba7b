"""The report's sentences on preprocessing follow the result."""

import pytest

from skknn_syndrome.analyses.preprocessing.effects import Gain, LeftOut, PreprocessingStep
from skknn_syndrome.analyses.preprocessing.present import PRESENTATION
from skknn_syndrome.analyses.published.result import PublishedScores
from skknn_syndrome.display.prose import signed
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.published import PublishedScore
from skknn_syndrome.results.sample import Sample
from tests.analyses.preprocessing.make import (
    make_comparison,
    make_gain,
    make_variant,
    no_difference,
    with_gains,
)
from tests.analyses.preprocessing.make import make_inflation as make_preprocessing_inflation
from tests.builders import make_study, with_analyses
from tests.checks.contexts import make_check_on, make_context
from tests.rendering.full_study import make_full_study
from tests.rendering.studies import prose


def with_preprocessing(*gains: Gain, **changes: object) -> str:
    """Return the prose of a study whose comparison of preprocessing has these gains."""
    return prose(with_analyses(make_full_study(), with_gains(*gains, **changes)))


SAMPLE = Sample(
    n_used=3_000,
    n_images=50_000,
    n_subjects_used=1_500,
    n_subjects=25_000,
    stratified_by=("class", "subject"),
    random_state=42,
)
AUC_UP, AUC_DOWN = (make_gain(score="roc_auc_ovr", by=by) for by in (0.05, -0.05))
HELPS, HURTS, OPEN, MIXED = (
    "significantly when fitted within the folds",
    "embeddings in macro AUC or macro F1, and",
    "the comparison is inconclusive:",
    "Significantly better in one of the two scores and worse in the other",
)


@pytest.mark.parametrize(
    "gains, said, unsaid",
    [
        ((make_gain(by=0.05),), (HELPS, "mixup improves macro F1"), (HURTS, OPEN, MIXED, "No resampler by")),
        ((AUC_UP, make_gain(by=0.01)), (HELPS, "mixup improves macro AUC"), (HURTS, OPEN, MIXED)),
        ((make_gain("l2", "none", by=0.05),), (HELPS, "No resampler by itself"), (HURTS, OPEN, MIXED)),
        (
            (make_gain(by=0.05), make_gain("l2", by=0.04)),
            (r"Significantly better, too: L2 \+ mixup.",),
            (OPEN,),
        ),
        (
            (make_gain(by=-0.01),),
            (OPEN, "The best resampled variant by that cube root, mixup, differs", "the widest interval"),
            (HELPS, HURTS, MIXED, "better, too"),
        ),
        (
            (make_gain(by=-0.03),),
            (
                HURTS,
                "1 of 1 is significantly worse",
                "Significantly worse than unprocessed embeddings: mixup.",
            ),
            (HELPS, OPEN, MIXED, "the widest interval"),
        ),
        (
            (make_gain(by=-0.03), make_gain("l2", by=-0.03)),
            ("2 of 2 are significantly worse",),
            (HELPS, OPEN),
        ),
        ((AUC_DOWN, make_gain(by=0.05)), (OPEN, MIXED), (HELPS, HURTS)),
    ],
)
def test_the_prose_says_which_preprocessing_helps(
    gains: tuple[Gain, ...], said: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    text = with_preprocessing(*gains)
    assert [sentence for sentence in said if sentence not in text] == []
    assert [sentence for sentence in unsaid if sentence in text] == []


def test_the_best_resampled_variant_is_named_once_where_it_is_what_helps() -> None:
    assert "The best resampled variant" not in with_preprocessing(make_gain(by=0.05))


def test_of_what_never_differs_nothing_is_said() -> None:
    text = with_preprocessing(no_difference())
    assert OPEN not in text
    assert "Holm's correction for all variants of a distance" not in text


def test_a_p_value_that_is_adjusted_beside_an_interval_that_is_not_says_so() -> None:
    excluding_zero = make_gain(by=0.02).revised(low=0.01, high=0.03, p_value=0.01, p_holm=0.34)
    text = with_preprocessing(excluding_zero)
    assert "Holm-adjusted p = 0.34" in text
    assert text.count("(unadjusted 95 % interval +0.01") == text.count("Holm-adjusted p = 0.34")


def test_a_difference_without_a_p_value_has_none_in_the_prose() -> None:
    constant = make_gain(by=0.01).model_copy(update={"p_value": None, "p_holm": None})
    assert f"{signed(constant.high, 3)}, 1 split)." in with_preprocessing(constant)


def test_a_sample_is_spoken_of_wherever_there_are_figures_of_it() -> None:
    said = "computed on 3,000 of 50,000 images, stratified by class and subject"
    study = with_analyses(make_full_study(), with_gains(make_gain(by=0.05), sample=SAMPLE))
    text = prose(study).replace("\\", "")
    assert text.lower().count(said) > 1
    assert "Folds, and the unprocessed embeddings that every gain is over, are those of the sample." in text
    for name, make in PRESENTATION.tables.items():
        table = make(study)
        assert table is not None
        assert table.caption.endswith(f"; {said}"), name
    for figure in PRESENTATION.figures:
        assert figure.describe(study).endswith(f" All {said}.")
    assert PRESENTATION.gist is not None
    (shown,) = PRESENTATION.gist(study)
    assert said in shown.caption
    assert "computed on" not in with_preprocessing(make_gain(by=0.05))


def test_the_check_of_resamplers_speaks_of_the_sample_too() -> None:
    left = LeftOut(scaler="none", resampler="smote", reason="Too few.", way="within_folds")
    for left_out in ((), (left,)):
        comparison = make_comparison().revised(sample=SAMPLE, left_out=left_out)
        check = make_check_on("resampler_left_out", make_context(analyses=Analyses([comparison])))
        assert check.message.endswith(f" All of this was {SAMPLE.sentence()}.")


def test_repeats_are_spoken_of_where_there_are_any() -> None:
    repeated = make_gain("l2", "none", by=0.05).model_copy(update={"n_splits": 10})
    text = with_preprocessing(repeated, repeat_seeds=tuple(range(42, 52)))
    assert "compared with unprocessed embeddings on 10 splits" in text
    assert "p = 0.020, 10 splits)." in text
    assert "quick to repeat" not in with_preprocessing(repeated)


@pytest.mark.parametrize("description, known", [("Normalizer()", True), ("Normalizer(norm='max')", False)])
def test_unit_length_is_told_from_an_own_gain(description: str, *, known: bool) -> None:
    step = PreprocessingStep(kind="scaler", name="l2", description=description)
    gain = make_gain("l2", "none", by=0.05).model_copy(update={"metric": "euclidean"})
    text = with_preprocessing(gain, steps=(step,))
    assert ("makes the Euclidean distance the cosine distance" in text) == known
    assert ("or take the cosine distance" in text) == known


INFLATIONS = (
    make_preprocessing_inflation(resampler="none", by=0.01),
    make_preprocessing_inflation(by=0.2),
    make_preprocessing_inflation("l2", by=0.1),
)
INFLATED, RELATED = "before splitting is inflated", "or one made from it, among the rows"


def with_leaks(share_related: float | None, **changes: object) -> str:
    """Return the prose where mixup leaks, and this share of the tested rows has relatives."""
    variants = [
        variant.model_copy(update={"share_related": share_related}) for variant in make_comparison().variants
    ]
    before_splitting = (*variants, make_variant("l2", "mixup", "cosine", "before_splitting"))
    comparison = make_comparison().model_copy(
        update={"gains": (make_gain(),), "inflations": INFLATIONS, "variants": before_splitting, **changes}
    )
    return prose(with_analyses(make_full_study(), comparison))


def test_the_prose_sets_both_ways_beside_each_other() -> None:
    text = with_leaks(0.9)
    assert "macro F1 changes by +0.190, to 0.920; fitted within the folds it changes by" in text
    assert "it is +0.20 against within folds (95 % interval +0.15 to +0.25)" in text
    assert INFLATED in text
    assert "90 % of the rows tested in this way have a row of the same subject" in text
    assert "Rows that the resampler adds are tested, too." in text
    assert "Balancing also removes rows" not in text
    assert "Over all 2 resampled variants, macro F1 changes by +0.000 to +0.000 within folds" in text
    assert "embeddings have macro F1 +0.01 (95 % interval \N{MINUS SIGN}0.04 to +0.06, corrected" in text
    assert "is leakage" not in text


def test_without_subjects_relatives_are_images() -> None:
    text = with_leaks(0.9, protocol="image")
    assert "have a row of the same image, or one made from it" in text
    assert "against folds by subject" not in text


def test_where_relatives_are_not_known_nothing_is_said_of_them() -> None:
    text = with_leaks(None)
    assert INFLATED in text
    assert RELATED not in text


def test_balancing_before_the_split_is_said_to_remove_rows() -> None:
    inflations = (INFLATIONS[0], make_preprocessing_inflation(resampler="balanced"))
    variants = (*make_comparison().variants, make_variant("none", "balanced", "cosine", "before_splitting"))
    text = with_leaks(None, inflations=inflations, variants=variants)
    assert "Balancing also removes rows before the test" in text
    assert "Rows that the resampler adds" not in text


@pytest.mark.parametrize(
    "by, sentence", [(0.02, "The interval includes 0"), (-0.2, "That is lower, and no inflation.")]
)
def test_a_gap_that_may_be_none_is_no_inflation(by: float, sentence: str) -> None:
    text = with_leaks(0.9, inflations=(INFLATIONS[0], make_preprocessing_inflation(by=by)))
    assert sentence in text
    assert INFLATED not in text
    assert RELATED not in text


def test_the_published_score_stands_beside_both_ways() -> None:
    study = make_full_study()
    comparison = make_comparison().model_copy(update={"inflations": INFLATIONS[:2]})
    score = PublishedScore(
        source="report",
        table="t",
        dataset="mixup",
        classifier="knn",
        distance="cosine",
        n_neighbors=3,
        score="f1_macro",
        value=0.95,
    )
    text = prose(with_analyses(study, comparison, PublishedScores(published=(score,))))
    assert "The highest published F1 of resampled embeddings is 0.950 (report, mixup, cosine, k = 3)." in text
    assert "here, within folds 0.700." in text


def test_variants_that_could_not_be_taken_are_named() -> None:
    left_out = LeftOut(scaler="none", resampler="balanced", reason="It has two rows.")
    assert r"Not preprocessed before splitting: It has two rows\." in with_preprocessing(left_out=(left_out,))


@pytest.mark.parametrize(
    "gains, sentence",
    [
        ((make_gain(by=0.05),), "preprocess embeddings by mixup"),
        ((make_gain(by=0.05), AUC_UP), "it significantly improves macro AUC and macro F1"),
        ((make_gain(by=-0.05),), "leave the embeddings unprocessed"),
        ((make_gain(by=0.01),), "whether scaling or resampling helps is inconclusive"),
    ],
)
def test_the_recommendation_follows_the_verdict(gains: tuple[Gain, ...], sentence: str) -> None:
    text = with_preprocessing(*gains)
    every = "preprocess embeddings by", "leave the embeddings unprocessed", "scaling or resampling helps is"
    assert sentence in text
    assert sum(start in text for start in every) == 1


def test_of_another_distance_only_what_helps_is_recommended() -> None:
    gain = make_gain(by=0.01).model_copy(update={"metric": "euclidean"})
    assert "are the simplest choice" not in with_preprocessing(gain)
    better = make_gain(by=0.05).model_copy(update={"metric": "euclidean"})
    assert "preprocess embeddings by mixup" in with_preprocessing(better)


def test_where_preprocessing_before_splitting_was_not_taken_nothing_is_said_of_it() -> None:
    assert "Preprocessing before splitting" not in with_preprocessing(make_gain(), inflations=())


def test_without_untouched_embeddings_nothing_is_said_to_help() -> None:
    text = with_preprocessing()
    assert "helps" not in text.partition("Preprocessing: scaling and resampling")[2].partition("###")[0]


def test_without_a_comparison_no_figure_is_described() -> None:
    assert {figure.describe(make_study()) for figure in PRESENTATION.figures} == {""}
