"""A guided projection in the report: verdicts, table, figure and prose."""

import pytest

from skknn_syndrome.analyses.guided_projection.present import (
    correlations,
    describe_correlations,
    draw_correlations,
    find_guided_projection,
)
from skknn_syndrome.analyses.guided_projection.result import (
    Gain,
    GuidedProjectionAnalysis,
    HeldOutJudgement,
    PairCorrelation,
    RecognitionChange,
    Unit,
    Verdict,
)
from skknn_syndrome.results.intervals import MeanInterval
from tests.rendering.facts_builders import study_with
from tests.rendering.studies import prose, with_run


def judgement(
    unit: Unit = "classes",
    *,
    p_value: float = 0.005,
    raw: float | None = 0.3,
    projected: float | None = 0.6,
    gain: tuple[float, float, float] | None = (0.3, 0.1, 0.5),
    **changes: object,
) -> HeldOutJudgement:
    return HeldOutJudgement(
        unit=unit,
        n_units=40,
        n_folds=5,
        n_divisions=10,
        raw_distance="euclidean",
        correlations=(
            PairCorrelation(pairs="train", raw=0.31, projected=0.95),
            PairCorrelation(pairs="held_train", raw=0.32, projected=0.7),
            PairCorrelation(pairs="held_held", raw=raw, projected=projected),
        ),
        tested="held_held",
        observed=0.58,
        p_value=p_value,
        n_permutations=199,
        null_mean=0.01,
        null_high=0.12,
        gain=None if gain is None else Gain(estimate=gain[0], low=gain[1], high=gain[2]),
    ).revised(**changes)


def analysis(*judgements: HeldOutJudgement, negative_share: float = 0.0) -> GuidedProjectionAnalysis:
    change = MeanInterval(estimate=-0.1, low=-0.15, high=-0.05, unit="subjects", n_units=90)
    return GuidedProjectionAnalysis(
        n_classes=40,
        distance="cosine",
        penalty=2.0,
        negative_share=negative_share,
        judgements=judgements or (judgement(),),
        recognition=RecognitionChange(
            n_folds=5,
            n_images=300,
            n_left_out=20,
            metric="euclidean",
            raw=0.6,
            projected=0.5,
            difference=change,
        ),
    )


@pytest.mark.parametrize(
    "p_value, gain, verdict",
    [
        (0.005, (0.3, 0.1, 0.5), "carries over"),
        (0.005, (0.1, -0.1, 0.3), "no gain"),
        (0.005, None, "gain unknown"),
        (0.06, (0.3, 0.1, 0.5), "not significant"),
    ],
)
def test_a_verdict_asks_for_significance_and_for_a_significant_gain(
    p_value: float, gain: tuple[float, float, float] | None, verdict: Verdict
) -> None:
    assert judgement(p_value=p_value, gain=gain).verdict == verdict


def test_a_row_is_a_kind_of_pairs() -> None:
    rows = correlations(analysis(judgement(), judgement("groups"))).rows
    assert len(rows) == 6
    assert rows[0] == ("ridge regression", "classes", 5, "Both fitted", 0.31, 0.95, None, None, None)
    assert rows[5] == (
        "ridge regression",
        "groups of classes",
        5,
        "Both left out",
        0.3,
        0.6,
        0.58,
        0.12,
        0.005,
    )


def test_the_figure_has_a_panel_for_what_is_left_out() -> None:
    found = analysis(judgement(projected=None, p_value=1.0), judgement("groups"))
    figure = draw_correlations(found)
    assert [axes.get_title() for axes in figure.axes] == ["Classes left out", "Groups of classes left out"]
    assert "0.30 before and undefined after for pairs with both left out" in describe_correlations(found)


def test_the_prose_says_whether_it_carries_over() -> None:
    found = analysis(judgement(), judgement("groups", gain=(-0.1, -0.3, 0.1)), negative_share=0.02)
    text = prose(with_run(found))
    assert "The projection carries over to new classes." in text
    assert "it is not shown to carry over to new groups" in text
    assert "left out in 5 folds, in 10 divisions" in text
    assert "0.300 before (Euclidean distance, which follows it most closely)" in text
    assert "In the first division alone, which is tested, it is 0.580 after" in text
    assert "With single classes of the reference permuted" in text
    assert "With whole groups of the reference permuted" in text
    assert "between two left out of different groups" in text
    assert "left out are 2" in text
    assert "The nearest neighbour of another subject" in text
    assert "60 % of 300 images" in text
    assert "without 20 images of classes that the training part lacks" in text
    assert "the projection significantly harms recognition" in text
    findings = find_guided_projection(study_with(found))
    assert findings is not None
    assert findings.gist == (
        "A projection guided by the reference (ridge regression) carries over to new classes and is not "
        "shown to carry over to new groups of classes."
    )


def test_a_network_is_called_one() -> None:
    network = {"method": "attention", "penalty": None}
    found = analysis(judgement(n_divisions=3, n_permutations=39), negative_share=0.02).revised(**network)
    text = prose(with_run(found)).partition("### Projection guided by the reference")[2]
    assert (
        "A network, which learns an attention over the subjects of a class and a projection without a" in text
    )
    assert "with the reference after projecting (cosine distance) and of 0.300 before" in text
    assert "left out in 5 folds, in 3 divisions" in text
    assert "fitted again 39 times" in text
    assert "idge regression" not in text
    assert "negative eigenvalues" not in text
    layered = prose(with_run(found.revised(hidden_size=32)))
    assert "a projection with a hidden layer of 32 units" in layered
    assert correlations(found).rows[0][0] == "network"
    findings = find_guided_projection(study_with(found))
    assert findings is not None
    assert findings.gist == "A projection guided by the reference (network) carries over to new classes."


def test_the_method_is_kept_in_json_and_older_files_are_of_ridge_regression() -> None:
    found = analysis().revised(method="attention", hidden_size=32, penalty=None)
    assert GuidedProjectionAnalysis.model_validate_json(found.model_dump_json()) == found
    older = analysis().model_dump(exclude={"method", "hidden_size"})
    assert GuidedProjectionAnalysis.model_validate(older) == analysis()
    assert analysis().method == "ridge"


def test_the_prose_of_few_classes_claims_no_more_than_it_can() -> None:
    few = judgement(
        gain=None,
        n_folds=4,
        n_divisions=1,
        tested="held_train",
        n_permutations=23,
        p_value=1 / 24,
        is_exhaustive=True,
    )
    found = analysis(few)
    assert found.recognition is not None
    images = found.recognition.difference.revised(unit="images")
    text = prose(
        with_run(found.revised(recognition=found.recognition.revised(difference=images, n_left_out=0)))
    )
    assert "is biased upwards" in text
    assert "fitted again 23 times, in all other orders, it is" in text
    assert "there are too few folds to tell" in text
    assert "The nearest neighbour in the training part" in text
    assert "that the training part lacks" not in text
    assert "In the first division" not in text


def test_the_prose_says_what_is_missing() -> None:
    found = analysis(judgement(projected=None, p_value=1.0, gain=None)).revised(recognition=None)
    text = prose(with_run(found))
    assert "have no correlation with the reference" in text
    assert "That is not significantly more than by chance" in text
    assert "Beyond chance" not in text
    assert (
        "recognition" not in text.partition("### Projection guided by the reference")[2].partition("###")[0]
    )


def test_a_study_without_it_says_nothing() -> None:
    assert find_guided_projection(study_with()) is None
