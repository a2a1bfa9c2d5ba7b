"""The forest plot of sensitivity and PPV."""

from skknn_syndrome.analyses.per_class.forest import describe_forest, draw_forest, forest_rows, shown_rows
from skknn_syndrome.analyses.per_class.result import Evaluation
from skknn_syndrome.display.extent import MOST_SYNDROMES
from skknn_syndrome.display.prose import NBSP
from skknn_syndrome.results.intervals import MeanInterval
from tests.rendering.facts_builders import evaluation
from tests.rendering.full_study import make_evaluation

SHARE = MeanInterval(estimate=0.9, low=0.6, high=0.98, unit="images", n_units=10)


def measured(names: list[str]) -> Evaluation:
    """Return classes of ten images with intervals, but the last one's PPV, which has none."""
    found = make_evaluation(names)
    rows = [row.model_copy(update={"sensitivity": SHARE, "ppv": SHARE}) for row in found.per_syndrome]
    rows[-1] = rows[-1].model_copy(update={"ppv": None, "precision": None})
    return found.model_copy(update={"per_syndrome": tuple(rows)})


def test_classes_are_sorted_by_sensitivity_and_counted() -> None:
    rows = forest_rows(evaluation((1, 3, 0), (0, 4, 0), (1, 0, 1)))
    assert [(row.label, row.n_right, row.n_tested) for row in rows] == [("b", 4, 4), ("c", 1, 2), ("a", 1, 4)]


def test_a_class_that_was_never_tested_is_left_out() -> None:
    found = make_evaluation(["a", "b"])
    rows = forest_rows(found.model_copy(update={"confusion": ((9, 1), (0, 0))}))
    assert [row.label for row in rows] == ["a"]


def test_each_class_has_a_mark_and_an_interval_in_both_panels_where_these_are_defined() -> None:
    left, right = draw_forest(measured(["a", "b"])).axes
    assert (len(left.lines), len(right.lines)) == (4, 2)
    assert [text.get_text() for text in left.get_yticklabels()] == ["a (10)", "b (10)"]
    assert f"b, sensitivity 90{NBSP}% of 10 images, PPV \N{EN DASH}." in describe_forest(measured(["a", "b"]))


def test_of_many_classes_the_best_and_the_worst_are_shown_and_a_line_between() -> None:
    many = measured([f"class {number:02}" for number in range(MOST_SYNDROMES + 5)])
    assert len(shown_rows(many)) == MOST_SYNDROMES
    left, _ = draw_forest(many).axes
    assert len(left.lines) == 2 * MOST_SYNDROMES + 1
    assert describe_forest(many).endswith("The best and the worst alone.")
