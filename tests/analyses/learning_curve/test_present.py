"""What the report says of learning curves."""

import pytest

from skknn_syndrome.analyses.learning_curve.figures import describe_learning_curve, draw_learning_curve
from skknn_syndrome.analyses.learning_curve.present import (
    expected_scores,
    find_learning_curve,
    learning_curve,
    planned_by_class,
    planned_subjects,
    power_laws,
)
from skknn_syndrome.results.candidate import KNN
from skknn_syndrome.results.study import StudyResult
from tests.builders import study_of
from tests.learning_builders import make_learning_curve, make_score_curve
from tests.rendering.full_study import make_sweep
from tests.rendering.studies import prose as escaped

BOTH = make_learning_curve(heads=(KNN, "lda"))
MIXED = make_learning_curve(make_score_curve(), make_score_curve("f1_macro", "flat"))


def prose(study: StudyResult) -> str:
    return escaped(study).replace("\\", "")


def test_tables_have_a_row_for_each_times_the_subjects_and_each_width() -> None:
    assert [row[1:4] for row in expected_scores(MIXED).rows] == [
        ("roc_auc_ovr", 1, 80.0),
        ("roc_auc_ovr", 2, 160.0),
        ("roc_auc_ovr", 4, 320.0),
    ]
    off = make_score_curve()
    points = *off.points[:-1], off.now.revised(estimate=0.91)
    measured, fitted = expected_scores(make_learning_curve(off.revised(points=points))).rows[0][4:6]
    assert (measured, fitted) == pytest.approx((0.91, 0.9))  # each by its name, where they differ
    assert [row[-1] for row in power_laws(MIXED).rows] == [None, "flat"]
    assert [row[3] for row in learning_curve(MIXED).rows] == 2 * [10.0, 20.0, 40.0, 60.0, 80.0]
    assert planned_by_class(MIXED).rows[0] == ("alpha", 100, 0.8, 0.8 - 0.1, 0.8 + 0.1, 100, 400)
    assert [row[2:] for row in planned_subjects(make_learning_curve()).rows] == [
        (0.1, 48, 16),
        (0.05, 192, 64),
        (0.02, 1200, 400),
    ]


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_the_prose_says_what_to_expect_and_what_a_planned_study_needs() -> None:
    text = prose(study_of(make_sweep(), BOTH))
    twice = (
        "a macro AUC of 0.900 was measured with all subjects, where the fitted curve has 0.900. With twice "
        "the subjects, about 160 per syndrome, the curve has 0.93 (95 % prediction interval 0.90 to 0.96), "
        "an expected gain along the curve of 0.03 (95 % CI 0.01 to 0.08). Extrapolated to four times: "
        "0.95"
    )
    planned = (
        "for a confidence interval 0.05 wide, a planned study of k-NN whose syndromes are distributed as "
        "here has to test 192 subjects (64 per syndrome) for the macro AUC."
    )
    for sentence in (
        "it is the study's best configuration (cosine distance, k = 5)",
        "The parameters of linear discriminant analysis were chosen by inner folds",
        twice,
        planned,
        "This study has 300 subjects, all that could be used.",
    ):
        assert sentence in text
    assert "Nothing is extrapolated" not in text


@pytest.mark.no_cover
def test_a_curve_without_a_law_says_why_and_is_not_extrapolated() -> None:
    text = prose(study_of(make_sweep(), make_learning_curve(make_score_curve(no_fit="chance"))))
    assert "Nothing is extrapolated for macro AUC: the macro AUC is not significantly above 0.5." in text
    assert "an expected gain" not in text
    assert "power law" not in text.partition("### Learning curve")[2].partition("Scores by the number")[0]


@pytest.mark.no_cover
def test_each_reason_is_given_once() -> None:
    flat = make_learning_curve(
        make_score_curve(no_fit="flat"), make_score_curve("f1_macro", "flat"), heads=(KNN, "lda")
    )
    text = prose(study_of(make_sweep(), flat))
    assert "AUC of k-NN, macro F1 of k-NN, macro AUC of linear discriminant analysis and macro F1" in text
    assert text.count("does not rise significantly") == 1


def test_a_figure_is_dashed_beyond_the_data_where_there_is_a_law() -> None:
    law, none = draw_learning_curve(MIXED).axes
    assert [line.get_linestyle() for line in law.lines] == ["None", "-", "--"]
    assert [line.get_linestyle() for line in none.lines] == [":"]
    assert len(draw_learning_curve(BOTH).legends) == 1
    undefined = make_score_curve("f1_macro", "undefined")
    gone = tuple(point.revised(estimate=None, low=None, high=None, std=None) for point in undefined.points)
    empty = make_learning_curve(undefined.revised(points=gone))
    assert not draw_learning_curve(empty).axes[0].collections
    assert "Macro F1 of k-NN is not defined at all sizes." in describe_learning_curve(empty)
    described = describe_learning_curve(MIXED)
    assert "0.717 with 10, 0.900 with 80 measured; by the power law 0.900, and 0.929 with 160." in described
    assert "0.900 with 80. " not in describe_learning_curve(BOTH)


def test_whose_parameters_were_chosen_where_is_known() -> None:
    found = find_learning_curve(study_of(make_sweep(), BOTH))
    assert found is not None
    assert found.chosen_inside == ["linear discriminant analysis"]
    assert found.own is BOTH.heads[0]
    assert find_learning_curve(study_of(make_sweep())) is None


def test_reasons_stand_behind_the_scores_that_they_hold_for() -> None:
    mixed = study_of(make_sweep(), make_learning_curve(*MIXED.heads[0].scores))
    found = find_learning_curve(mixed)
    assert found is not None
    assert found.reasons == [("macro F1", "it does not rise significantly with the number of subjects")]
    assert [curve.score for _, curve in found.rising] == ["roc_auc_ovr"]
    assert [(curve.score, needed) for curve, _, needed, _ in found.planned] == [
        ("roc_auc_ovr", 192),
        ("f1_macro", 192),
    ]


def test_without_subjects_it_speaks_of_images() -> None:
    curves = make_score_curve(no_fit="flat"), make_score_curve("f1_macro", "spread")
    images = make_learning_curve(*curves).revised(unit="images")
    found = find_learning_curve(study_of(make_sweep(), images))
    assert found is not None
    assert [reason for _, reason in found.reasons] == [
        "it does not rise significantly with the number of images",
        "it varies more with more images",
    ]
    said = [
        table(images).caption for table in (learning_curve, power_laws, expected_scores, planned_by_class)
    ]
    assert not any("subjects" in each for each in (*said, describe_learning_curve(images)))
