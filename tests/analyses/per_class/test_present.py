"""What is shown of each syndrome, and which are named as hard."""

import json

import numpy as np
import pytest
from matplotlib.axes import Axes

from skknn_syndrome.analyses.per_class.figures import (
    draw_confusion,
    draw_syndrome_roc,
    say_confusion,
    say_micro_roc,
    say_syndrome_roc,
)
from skknn_syndrome.analyses.per_class.present import HardSyndrome, PerClassFindings, per_syndrome
from skknn_syndrome.analyses.per_class.result import ConfusedPair, Evaluation, TopK
from skknn_syndrome.display.extent import MOST_SYNDROMES
from tests.analysis_builders import make_confusion
from tests.rendering.full_study import make_evaluation


def test_each_syndrome_has_its_top_k_and_the_caption_the_means() -> None:
    evaluation = make_evaluation(["alpha", "beta"])
    first, second = evaluation.per_syndrome
    entries = tuple(TopK(k=k, accuracy=k / 8, lower=0.0, upper=1.0) for k in (1, 3, 5))
    named = evaluation.model_copy(
        update={
            "per_syndrome": (first.model_copy(update={"top_k": entries, "f1": 0.5}), second),
            "mean_top_k": entries,
        }
    )
    table = per_syndrome(named)
    assert [column.key for column in table.columns[-3:]] == [f"top_{k}_accuracy" for k in (1, 3, 5)]
    assert table.rows[0] == ("alpha", 10, 5, 0.9, 0.9, 0.5, 0.8125, 0.125, 0.375, 0.625)
    assert table.caption.endswith("; mean over syndromes: top-1 0.125, top-3 0.375, top-5 0.625")


def test_a_study_of_an_older_version_has_none() -> None:
    table = per_syndrome(make_evaluation(["alpha", "beta"]))
    assert [column.key for column in table.columns if column.key.startswith("top_")] == []
    assert table.caption.endswith("lowest F1 first")


def curves_behind(axes: Axes) -> int:
    """Return how many curves are drawn in one line, before a panel's own curve and chance."""
    behind, _, _ = axes.lines
    return int(np.isnan(np.asarray(behind.get_xdata())).sum())


def test_each_syndrome_has_a_panel_with_the_others_behind_it() -> None:
    names = [f"syndrome {number}" for number in range(7)]
    panels = draw_syndrome_roc(make_evaluation(names)).axes
    assert [axes.get_title().splitlines()[0] for axes in panels] == names
    assert {curves_behind(axes) for axes in panels} == {7}


def test_of_many_syndromes_the_worst_and_the_best_have_panels() -> None:
    evaluation = make_evaluation([f"class {number:02}" for number in range(MOST_SYNDROMES + 5)])
    rocs = tuple(
        entry.model_copy(update={"curve": entry.curve.model_copy(update={"mean_auc": 0.5 + place / 100})})
        for place, entry in enumerate(evaluation.syndrome_rocs)
        if entry.curve is not None
    )
    panels = draw_syndrome_roc(evaluation.model_copy(update={"syndrome_rocs": rocs})).axes
    titles = [axes.get_title().splitlines()[0] for axes in panels]
    half = MOST_SYNDROMES // 2
    assert titles == [f"class {number:02}" for number in (*range(half), *range(half + 5, MOST_SYNDROMES + 5))]
    assert {curves_behind(axes) for axes in panels} == {MOST_SYNDROMES}


def test_a_large_confusion_matrix_has_no_names_and_lists_its_most_frequent_errors() -> None:
    names = [f"class {number:02}" for number in range(MOST_SYNDROMES + 1)]
    matrix, errors, _ = draw_confusion(make_evaluation(names)).axes
    assert not matrix.get_xticklabels()
    assert not matrix.texts
    assert [label.get_text() for label in errors.get_yticklabels()][:2] == [
        *("class 00, as class 01", "class 01, as class 02"),
    ]
    assert len(draw_confusion(make_evaluation(names[:3])).axes[0].texts) == 6


def test_the_message_of_the_confusion_matrix_is_the_lowest_sensitivity() -> None:
    worst = make_confusion((4, 0, 0), (2, 2, 1), (0, 0, 3))
    assert plain(say_confusion(worst)) == (
        "The sensitivity is lowest for b (40 %, 2 of 5 images); 2 are classified as a"
    )
    assert plain(say_confusion(make_confusion((3, 1), (1, 3)))) == "The sensitivity is 75 % for each syndrome"
    # A class that is never tested is not called the worst, and of none there is nothing to say.
    assert "lowest for c" in plain(say_confusion(make_confusion((0, 0, 0), (0, 4, 0), (0, 1, 3))))
    assert say_confusion(make_confusion((0, 0), (0, 0))) is None


def test_the_message_of_curves_is_the_lowest_area_unless_all_are_alike() -> None:
    even = make_evaluation(["alpha", "beta"])
    assert say_syndrome_roc(even) == "The AUC against the rest is 0.812 for each syndrome"
    first, second = even.syndrome_rocs
    assert first.curve is not None
    lower = first.model_copy(update={"curve": first.curve.model_copy(update={"mean_auc": 0.5})})
    uneven = even.model_copy(update={"syndrome_rocs": (second, lower)})
    said = "The AUC against the rest is lowest for alpha (0.500), highest for beta (0.812)"
    assert say_syndrome_roc(uneven) == said
    assert say_syndrome_roc(even.model_copy(update={"syndrome_rocs": ()})) is None


def test_the_message_of_micro_average_curves_names_the_distance_with_the_higher_area() -> None:
    one, other = make_evaluation(["a"], "euclidean"), make_evaluation(["a"])
    assert say_micro_roc([one]) == "The micro-average AUC is 0.81 (Euclidean)"
    assert say_micro_roc([one, other]) == "The micro-average AUC is 0.81 with each of 2 distances"
    better = other.model_copy(update={"micro_roc": other.micro_roc.model_copy(update={"mean_auc": 0.9})})
    said = "The micro-average AUC is highest with cosine (0.900; Euclidean 0.812)"
    assert say_micro_roc([one, better]) == said


def plain(message: str | None) -> str:
    """Return a message with spaces that break."""
    assert message is not None
    return message.replace("\N{NO-BREAK SPACE}", " ")


def found(*confusion: tuple[int, ...]) -> PerClassFindings:
    return PerClassFindings(make_confusion(*confusion))


def with_pair(evaluation: Evaluation, syndrome: str, misclassified_as: str) -> PerClassFindings:
    pair = ConfusedPair(
        syndrome=syndrome, misclassified_as=misclassified_as, n_images=3, share=0.3, share_of_errors=1.0,
        expected_share=0.2, p_value=0.01,
    )  # fmt: skip
    return PerClassFindings(evaluation.model_copy(update={"confused_pairs": (pair,)}))


def test_the_hardest_syndromes_come_with_what_they_are_misclassified_as() -> None:
    first, second = found((4, 0, 0), (2, 2, 1), (0, 0, 3)).weakest[:2]
    assert first == HardSyndrome("b", 4 / 7, 0.4, 5, "a", 0.4)
    # All of "a" are found, but others are taken for it.
    assert (second.syndrome, second.misclassified_as) == ("a", None)


def test_a_perfect_syndrome_is_not_among_the_hardest() -> None:
    assert found((4, 0), (0, 4)).weakest == []
    assert [entry.syndrome for entry in found((4, 0, 0), (0, 3, 1), (0, 0, 4)).weakest] == ["b", "c"]


def test_a_syndrome_that_is_never_tested_does_not_fail() -> None:
    assert [entry.syndrome for entry in found((0, 0, 0), (0, 3, 1), (0, 1, 3)).weakest] == ["b", "c"]


def test_of_two_equal_confusions_the_first_syndrome_is_named() -> None:
    assert found((1, 2, 2), (0, 4, 0), (0, 0, 4)).weakest[0].misclassified_as == "b"


def test_a_confusion_is_beyond_chance_where_the_study_found_it_so() -> None:
    evaluation = make_confusion((4, 3, 0), (0, 4, 0), (1, 1, 4))
    flags = {entry.syndrome: entry.beyond_chance for entry in with_pair(evaluation, "a", "b").weakest}
    assert flags == {"a": True, "b": False, "c": False}
    assert not any(entry.beyond_chance for entry in PerClassFindings(evaluation).weakest)


def test_the_only_pair_is_not_called_the_most_confused() -> None:
    assert not found((3, 1), (1, 3)).most_confused("a", "b")


@pytest.mark.parametrize(
    "confusion, most",
    [
        # Both directions count: a/b 4 + 1, b/c 0 + 4.
        (((9, 4, 0), (1, 9, 0), (0, 4, 9)), True),
        # On the real file the largest cell is of one pair, and the largest sum of another.
        (((9, 4, 3), (0, 9, 0), (3, 0, 9)), False),
        # Of equals none is the most confused one.
        (((9, 4, 0), (0, 9, 0), (0, 4, 9)), False),
        (((9, 0, 0), (0, 9, 0), (0, 0, 9)), False),
    ],
)
def test_the_most_confused_pair_is_that_of_both_directions(
    confusion: tuple[tuple[int, ...], ...], *, most: bool
) -> None:
    failures = found(*confusion)
    assert failures.most_confused("a", "b") == failures.most_confused("b", "a") == most
    assert failures.n_confused("a", "b") == confusion[0][1] + confusion[1][0]


def test_a_file_of_the_first_version_loads_without_top_k() -> None:
    document = json.loads(make_evaluation(["alpha", "beta"]).model_dump_json())
    del document["mean_top_k"]
    for row in document["per_syndrome"]:
        del row["top_k"]
    loaded = Evaluation.model_validate_json(json.dumps(document))
    assert loaded == make_evaluation(["alpha", "beta"])
    assert loaded.mean_top_k == loaded.per_syndrome[0].top_k == ()


def test_top_k_goes_to_json_and_back() -> None:
    entry = TopK(k=3, accuracy=0.5, lower=0.25, upper=0.75)
    evaluation = make_evaluation(["alpha", "beta"]).model_copy(update={"mean_top_k": (entry,)})
    assert Evaluation.model_validate_json(evaluation.model_dump_json()) == evaluation
