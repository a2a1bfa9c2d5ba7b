"""Prediction sets: tables, figure, findings, prose, checks."""

import pytest

from skknn_syndrome.analyses.prediction_sets.figures import (
    describe_sets,
    draw_sets,
    say_sets,
    shown_classes,
)
from skknn_syndrome.analyses.prediction_sets.present import PRESENTATION, SetFindings, find_sets
from skknn_syndrome.analyses.prediction_sets.result import PredictionSets, PredictionSetsAnalysis, SetCoverage
from skknn_syndrome.analyses.prediction_sets.tables import prediction_set_classes, prediction_sets
from skknn_syndrome.display.prose import NBSP
from skknn_syndrome.rendering.advice import advice
from skknn_syndrome.rendering.facts import Facts
from skknn_syndrome.results.analysis import Analyses
from tests.checks.contexts import make_check_on, make_context
from tests.rendering.facts_builders import study_with
from tests.rendering.studies import prose, with_run
from tests.set_builders import make_sets


def analysis(found: PredictionSets) -> PredictionSetsAnalysis:
    return PredictionSetsAnalysis(protocol="subject", prediction_sets=found)


def own(found: PredictionSets) -> SetCoverage:
    return SetFindings(found).own


@pytest.mark.parametrize(
    "covered, half_width, verdict",
    [(0.9, 0.03, "as promised"), (0.8, 0.03, "below"), (0.96, 0.03, "above"), (0.8, None, "as promised")],
)
def test_a_promise_is_broken_where_the_interval_lies_below(
    covered: float, half_width: float | None, verdict: str
) -> None:
    found = make_sets(covered=covered, half_width=half_width)
    assert own(found).verdict == verdict
    assert bool(SetFindings(found).below) == (verdict == "below")
    check = make_check_on("sets_below_promise", make_context(analyses=Analyses.of([analysis(found)])))
    assert check.outcome == ("issue" if verdict == "below" else "passed")
    assert check.figures["covered_at_90"] == own(found).covered.estimate
    said = any(
        "Do not rely on the sets" in sentence for sentence in advice(Facts(study_with(analysis(found))))
    )
    assert said == (verdict == "below")


def test_classes_of_too_few_subjects_are_named() -> None:
    context = make_context(analyses=Analyses.of([analysis(make_sets("abcde", always_in="abcd"))]))
    check = make_check_on("too_few_for_promise", context)
    assert (check.outcome, check.figures) == ("tip", {"n_too_few": 4, "promised": 0.95})
    assert "4 syndromes ('a', 'b' and 'c' and others)" in check.message
    enough = make_context(analyses=Analyses.of([analysis(make_sets())]))
    assert make_check_on("too_few_for_promise", enough).outcome == "passed"


def test_without_sets_there_is_nothing_to_check_or_to_say() -> None:
    for name in ("sets_below_promise", "too_few_for_promise"):
        assert make_check_on(name, make_context()).outcome == "not_applicable"
        assert make_check_on(name, make_context(asked=())).outcome == "skipped"
    assert find_sets(study_with()) is None
    (maker,) = PRESENTATION.figures
    assert (maker.draw(study_with()), maker.describe(study_with()), maker.message(study_with())) == (
        None,
        "",
        None,
    )


def test_the_tables_have_a_row_a_promise_and_a_class() -> None:
    found = make_sets(("a", "b"))
    assert [row[:2] for row in prediction_sets(found).rows] == [
        *(("each syndrome", promised) for promised in (0.8, 0.9, 0.95)),
        *(("all together", promised) for promised in (0.8, 0.9, 0.95)),
    ]
    rows = prediction_set_classes(found).rows
    assert [row[:3] for row in rows[:2]] == [(0.8, "a", 10), (0.8, "b", 10)]
    assert rows[0][-1] == "no"
    alone = prediction_set_classes(found.revised(marginal=()))
    assert {row[7] for row in alone.rows} == {None}


def test_the_figure_has_the_least_covered_on_top_and_says_so() -> None:
    found = make_sets(("a", "b"))
    entry = own(found)
    assert [row.syndrome for row in shown_classes(entry)] == ["a", "b"]
    assert entry.worst.syndrome == "a"
    coverage, sizes = draw_sets(entry, SetFindings(found).marginal).axes
    assert [label.get_text() for label in coverage.get_yticklabels()] == ["a", "b"]
    assert len(sizes.patches) == 2
    assert len(draw_sets(own(make_sets(half_width=None)), None).axes[0].lines) == 2
    assert say_sets(entry).replace(NBSP, " ") == (
        "Sets of a nominal coverage of 90 % have the true syndrome of 90 % of the images (least, a: 88 %), "
        "with 1.5 syndromes on average"
    )
    assert "a, 88" in describe_sets(entry)


def test_prose_follows_the_sets() -> None:
    text = prose(with_run(analysis(make_sets(("a", "b"), covered=0.8))))
    assert "that have the true syndrome" not in text
    assert "significantly below the nominal coverage" in text
    assert "In sets of a nominal coverage" not in text
    assert "Folds are by image" in text  # as they are of this study
    above = prose(with_run(analysis(make_sets(("a",), covered=0.96, always_in="a"))))
    assert "above the nominal coverage: syndromes of too few subjects are in every set." in above
    assert "of the images, each subject counting once (95" in above
    assert "That is above the nominal coverage." in prose(with_run(analysis(make_sets(("a",), covered=0.96))))
    assert "1 syndrome is always in" in above
    alone = make_sets(half_width=None)
    alone = alone.revised(class_conditional=alone.class_conditional[:1], marginal=())
    findings = SetFindings(alone)
    assert (findings.own.coverage, findings.marginal, findings.beyond) == (0.8, None, None)
    assert "Calibrated on all syndromes together" not in prose(with_run(analysis(alone)))


def test_of_many_classes_some_can_be_shown_alone() -> None:
    narrowed = analysis(make_sets(("a", "b", "c"))).of_classes({"b"}).prediction_sets
    kinds = (*narrowed.class_conditional, *narrowed.marginal)
    assert [[entry.syndrome for entry in kind.classes] for kind in kinds] == [["b"]] * 6
