"""Open-set recognition: tables, figures, findings, prose, checks."""

import pytest

from skknn_syndrome.analyses.open_set.figures import (
    describe_detection,
    draw_detection,
    draw_rejection,
    say_detection,
)
from skknn_syndrome.analyses.open_set.present import (
    PRESENTATION,
    Flagged,
    NeighborNovelty,
    OpenSetFindings,
    find_open_set,
)
from skknn_syndrome.analyses.open_set.result import ClassMeanNovelty, OpenSetAnalysis
from skknn_syndrome.analyses.open_set.tables import open_set_class_means, open_set_classes, rejection
from skknn_syndrome.display.prose import NBSP
from skknn_syndrome.rendering.advice import advice
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.results.analysis import Analyses
from tests.analysis_builders import make_open_set
from tests.checks.contexts import make_check_on, make_context
from tests.rendering.facts_builders import study_with
from tests.rendering.studies import prose, with_run
from tests.set_builders import make_class_means


def test_the_worst_comes_first_and_what_is_not_defined_last() -> None:
    table = open_set_classes(make_open_set(("a", "b", "c"), areas=(0.75, None, 0.625)))
    assert [row[0] for row in table.rows] == ["c", "a", "b"]
    assert table.rows[0] == ("c", 5, 0.5625, 0.625, 0.625, 0.05, 0.25, None)
    assert table.rows[2] == ("b", 0, None, None, None, None, None, "none of its images is tested")
    assert "at most 5 % of the known images" in table.caption


def test_a_curve_has_a_row_for_each_of_its_points() -> None:
    rows = rejection(make_open_set(errors=(0.5, 0.25))).rows
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("known", 10, 0.5),
        ("known", 9, 0.25),
        ("known and unknown", 10, 1.0),
        ("known and unknown", 9, 0.5),
    ]


def test_where_no_syndrome_can_be_left_out_known_images_alone_have_a_curve() -> None:
    rows = rejection(make_open_set(("a",), areas=(None,), errors=(0.5,))).rows
    assert [row[0] for row in rows] == ["known"]


def test_where_no_syndrome_can_be_left_out_known_images_alone_are_drawn() -> None:
    known, both = draw_rejection([make_open_set(("a",), areas=(None,))]).axes
    assert len(known.lines) == 1
    assert not both.lines


def test_syndromes_are_ordered_by_the_novelty_that_thresholds_are_made_of() -> None:
    by_mean = NeighborNovelty(make_open_set(("a", "b", "c"), areas=(0.75, None, 0.625)))
    assert [entry.syndrome for entry in by_mean.judged] == ["c", "a"]
    assert (by_mean.macro_area, by_mean.other_area) == (0.6875, 0.625)
    nearest = by_mean.open_set.model_copy(update={"novelty": "nearest"})
    by_nearest = NeighborNovelty(nearest)
    assert (by_nearest.macro_area, by_nearest.other_area) == (0.625, 0.6875)
    assert by_nearest.area(by_nearest.judged[0]) == 0.5625


def test_the_effects_are_those_of_the_two_curves() -> None:
    found = NeighborNovelty(make_open_set(errors=(0.4, 0.3, 0.2)))
    assert found.known_effect is not None
    assert found.known_effect.verdict == "fewer_errors"
    assert found.open_effect is not None
    assert found.open_effect.error_of_accepted == 0.4


def test_without_a_syndrome_to_leave_out_there_is_no_open_curve() -> None:
    found = NeighborNovelty(make_open_set(("a",), areas=(None,)))
    assert found.open_effect is None
    assert found.judged == []
    assert found.macro_area is None


def by_means(found: ClassMeanNovelty) -> OpenSetAnalysis:
    return OpenSetAnalysis(protocol="subject", class_means=found)


def test_the_least_detected_comes_first_and_what_can_not_be_left_out_last() -> None:
    found = make_class_means(("a", "b", "c"), detected=(0.5, None, 0.25))
    rows = open_set_class_means(found).rows
    assert rows[0] == ("c", 5, 0.75, 0.0625, 0.25, 0.125, 0.375, 0.09375, None)
    assert rows[2] == ("b", 0, None, None, None, None, None, None, "none of its images is tested")
    assert [row[0] for row in rows] == ["c", "a", "b"]


def test_the_figure_of_detection_has_a_row_a_syndrome_and_says_the_extremes() -> None:
    found = make_class_means(("a", "b", "c"), detected=(0.5, None, 0.25))
    (axes,) = draw_detection(found).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["c", "a"]
    assert len(axes.lines) == 1 + 2 * 2
    said = say_detection(found)
    assert said is not None
    assert said.replace(NBSP, " ").endswith("flagged on average, from 25 % (c) to 50 % (a)")
    assert describe_detection(found).replace(NBSP, " ").endswith("absent: c, 25 %; a, 50 %.")
    even = say_detection(make_class_means(("a", "b"), detected=(0.5, 0.5)))
    assert even is not None
    assert ", from" not in even
    assert say_detection(make_class_means(("a",), detected=(None,))) is None


def test_without_an_interval_a_share_is_a_mark_alone() -> None:
    found = make_class_means(("a",))
    first = found.syndromes[0]
    assert first.detected is not None
    alone = found.revised(syndromes=(first.revised(detected=first.detected.revised(low=None, high=None)),))
    (axes,) = draw_detection(alone).axes
    assert len(axes.lines) == 2


@pytest.mark.parametrize(
    "detected, half_width, verdict",
    [
        ((0.25, 0.375), 0.05, "mostly unnoticed"),
        ((0.75, 0.875), 0.05, "mostly noticed"),
        ((0.5, 0.5), 0.05, "inconclusive"),
        ((0.25, 0.25), None, None),
    ],
)
def test_most_go_unnoticed_where_the_interval_over_syndromes_says_so(
    detected: tuple[float, ...], half_width: float | None, verdict: str | None
) -> None:
    found = make_class_means(("a", "b"), detected=detected, half_width=half_width)
    assert found.verdict == verdict
    analysis = by_means(found)
    check = make_check_on("unnoticed_syndromes", make_context(analyses=Analyses.of([analysis])))
    outcome = "not_applicable" if verdict is None else "tip" if verdict == "mostly unnoticed" else "passed"
    assert check.outcome == outcome
    text = prose(with_run(analysis))
    assert ("go unnoticed**" in text) == (verdict == "mostly unnoticed")
    assert ("are noticed." in text) == (verdict == "mostly noticed")
    assert ("go unnoticed is inconclusive" in text) == (verdict == "inconclusive")
    asked = any("Have each case reviewed" in sentence for sentence in advice(Facts(study_with(analysis))))
    assert asked == (detected[0] < 0.5)


def test_without_class_means_there_is_nothing_to_check_or_to_draw() -> None:
    assert make_check_on("unnoticed_syndromes", make_context()).outcome == "not_applicable"
    assert make_check_on("unnoticed_syndromes", make_context(asked=())).outcome == "skipped"
    study = study_with(OpenSetAnalysis(open_sets=(make_open_set(),)))
    maker = next(entry for entry in PRESENTATION.figures if entry.name == "detection")
    assert (maker.draw(study), maker.describe(study), maker.message(study)) == (None, "", None)
    assert PRESENTATION.tables["open_set_class_means"](study) is None
    assert PRESENTATION.report_tables["open_set_classes"](study_with()) is None
    assert find_open_set(study_with()) is None


def test_what_is_flagged_is_by_class_means_where_these_were_taken() -> None:
    near, means = NeighborNovelty(make_open_set()), make_class_means()
    low, high = 0.375 - 0.05, 0.375 + 0.05
    assert OpenSetFindings(near, means).flagged == Flagged(0.375, low, high, 0.05, "subjects")
    assert OpenSetFindings(near, None).flagged == Flagged(3 / 15, None, None, 0.05, "images")
    nothing = NeighborNovelty(make_open_set(("a",), areas=(None,)))
    assert OpenSetFindings(nothing, None).flagged is None
    assert OpenSetFindings(None, make_class_means(("a",), detected=(None,))).flagged is None


def test_prose_has_both_where_neighbours_vote_and_class_means_alone_elsewhere() -> None:
    both = prose(with_run(OpenSetAnalysis(open_sets=(make_open_set(),), class_means=make_class_means())))
    assert "for comparison, the mean distance to the neighbours that vote." in both
    assert "by neighbours it is" in both
    assert "known images of all syndromes together (most of alpha: 9" in both.replace(NBSP, " ")
    assert "those far from their neighbours, also lowers" in both
    alone = prose(with_run(by_means(make_class_means())))
    assert "mean direction of a known syndrome." in alone
    assert "neighbours" not in alone.partition("### Open-set")[2].partition("###")[0]
    none = prose(with_run(by_means(make_class_means(("a",), detected=(None,)).revised(threshold=None))))
    assert "No syndrome could be left out with these folds (@tbl-open-set-class-means)." in none
