"""Figures of a comparison of preprocessing."""

import numpy as np
from matplotlib.axes import Axes

from skknn_syndrome.analyses.preprocessing.effects import ScoreCurve
from skknn_syndrome.analyses.preprocessing.figures import (
    describe_preprocessing_gains,
    describe_preprocessing_roc,
    draw_preprocessing_gains,
    draw_preprocessing_roc,
    roc_ks,
    say_preprocessing_gains,
    say_preprocessing_roc,
)
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from tests.analyses.preprocessing.make import make_comparison, make_gain, make_large_comparison


def rows_of(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def spans(axes: Axes) -> list[list[float]]:
    """Return where each line begins and ends, or its mark lies."""
    return [np.asarray(line.get_xdata()).round(3).tolist() for line in axes.lines]


def legend_of(result: PreprocessingComparison) -> list[str]:
    return [text.get_text() for text in draw_preprocessing_gains(result).legends[0].get_texts()]


def without_f1(result: PreprocessingComparison) -> PreprocessingComparison:
    nowhere = ScoreCurve(score="f1_macro", means=(None, None), stds=(None, None))
    bare = tuple(variant.model_copy(update={"curves": (nowhere,)}) for variant in result.variants)
    return result.model_copy(update={"variants": bare})


def test_each_variant_of_the_best_distance_is_a_row_the_highest_f1_on_top() -> None:
    (axes,) = draw_preprocessing_gains(make_large_comparison()).axes
    assert len(rows_of(axes)) == 18
    assert rows_of(axes)[0] == "L2 + SMOTE"
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert axes.get_xlabel() == "Macro F1 at the best k of each variant,\ncosine distance"


def test_the_legend_names_what_is_there() -> None:
    assert legend_of(make_large_comparison()) == [
        *("within folds", "within folds, better", "within folds, worse", "within folds, not significant"),
        *("95 % interval of the gain", "before splitting", "unprocessed"),
    ]
    assert legend_of(make_comparison(before_splitting=False).model_copy(update={"gains": ()})) == [
        "within folds",
        "unprocessed",
    ]


def test_both_ways_are_drawn_and_the_interval_is_from_the_line() -> None:
    (axes,) = draw_preprocessing_gains(make_comparison()).axes
    assert spans(axes) == [
        *([0.72, 0.92], [0.92], [0.72]),
        *([0.72, 0.92], [0.92], [0.685, 0.715], [0.72]),
        [0.72, 0.72],
    ]


def test_without_preprocessing_before_splitting_only_that_within_folds_is_drawn() -> None:
    (axes,) = draw_preprocessing_gains(make_comparison(before_splitting=False)).axes
    assert spans(axes) == [[0.72], [0.685, 0.715], [0.7], [0.72, 0.72]]


def test_a_k_that_was_asked_for_is_the_one_that_is_drawn() -> None:
    result = make_comparison(before_splitting=False).model_copy(update={"compared_at": 1})
    assert "from 0.680 (mixup) to 0.700 (unprocessed)" in describe_preprocessing_gains(result)
    assert draw_preprocessing_gains(result).axes[0].get_xlabel() == "Macro F1 at k = 1,\ncosine distance"


def test_without_untouched_embeddings_there_is_no_line() -> None:
    result = make_comparison(before_splitting=False)
    mixed = tuple(variant for variant in result.variants if variant.resampler == "mixup")
    alone = result.model_copy(update={"variants": mixed, "gains": ()})
    assert legend_of(alone) == ["within folds"]


def test_the_text_says_the_extremes_the_verdicts_and_the_largest_leak() -> None:
    text = describe_preprocessing_gains(make_large_comparison())
    assert "18 variants of preprocessing, from 0.695 (z-scores + balancing) to 0.756 (L2 + SMOTE)" in text
    assert "unprocessed embeddings: 1, worse: 5, not significant: 11." in text
    assert text.endswith("Preprocessing before splitting adds at most 0.210 (z-scores + balancing + mixup).")


def test_the_text_is_silent_on_what_nobody_asked_for() -> None:
    bare = make_comparison(before_splitting=False).model_copy(update={"gains": ()})
    assert describe_preprocessing_gains(bare) == (
        "Macro F1 within folds of 2 variants of preprocessing, from 0.700 (mixup) to 0.720 (unprocessed)."
    )


def test_a_variant_that_helps_is_marked_so() -> None:
    helped = make_comparison().model_copy(update={"gains": (make_gain(by=0.03),)})
    assert "within folds, better" in legend_of(helped)
    assert "unprocessed embeddings: 1, worse: 0" in describe_preprocessing_gains(helped)


def test_where_f1_is_nowhere_defined_nothing_is_drawn() -> None:
    nothing = without_f1(make_comparison(before_splitting=False))
    assert not draw_preprocessing_gains(nothing).axes[0].lines
    assert describe_preprocessing_gains(nothing) == "No variant of preprocessing has an F1."


def test_what_never_differs_is_not_called_insignificant() -> None:
    same = make_gain(by=0.0).model_copy(update={"low": 0.0, "high": 0.0, "p_value": None, "p_holm": None})
    result = make_comparison().model_copy(update={"gains": (same,)})
    assert "within folds, not significant" not in legend_of(result)


def without_first_k_of_unprocessed(result: PreprocessingComparison) -> PreprocessingComparison:
    bare = tuple(
        variant.model_copy(update={"rocs": variant.rocs[1:]}) if variant.resampler == "none" else variant
        for variant in result.variants
    )
    return result.model_copy(update={"variants": bare})


def inset(axes: Axes) -> Axes:
    (found,) = axes.child_axes
    assert isinstance(found, Axes)
    return found


def test_the_largest_k_has_lines_of_three_variants_before_all_others() -> None:
    (axes,) = draw_preprocessing_roc(make_large_comparison()).axes
    assert len(axes.lines) == 18 + 3 + 1  # and chance
    assert len(inset(axes).lines) == 18 + 3
    legend = draw_preprocessing_roc(make_large_comparison()).legends[0]
    assert legend.get_title().get_text().split() == ["Micro-average", "AUC", "at", "k", "=", "10"]
    assert [text.get_text() for text in legend.get_texts()] == [
        *("unprocessed: 0.929", "L2 + SMOTE: 0.934", "z-scores + balancing: 0.915"),
    ]


def test_the_message_of_the_curves_is_how_far_they_lie_apart() -> None:
    said = say_preprocessing_roc(make_large_comparison()).replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "At k = 10, the micro-average AUC of 18 variants lies between 0.915 and 0.934 (L2 + SMOTE)"
    )
    alike = say_preprocessing_roc(make_comparison()).replace("\N{NO-BREAK SPACE}", " ")
    assert alike == "The micro-average AUC at k = 3 is 0.625 with each of 2 variants"


def test_the_message_of_the_gains_says_whether_any_variant_helps() -> None:
    said = say_preprocessing_gains(make_large_comparison())
    assert said is not None
    assert "significantly better than unprocessed embeddings: " in said
    none = make_comparison().model_copy(update={"gains": (make_gain(by=0.01),)})
    assert say_preprocessing_gains(none) == (
        "None of 1 variant is significantly better than unprocessed embeddings"
    )
    assert say_preprocessing_gains(make_comparison().model_copy(update={"gains": ()})) is None


def test_the_inset_holds_all_curves_between_its_ends() -> None:
    axes = draw_preprocessing_roc(make_comparison()).axes[0]
    low, high = inset(axes).get_ylim()
    assert low < 0.075  # 0.05 times 0.75 / 0.5
    assert high > 0.3


def test_the_ks_are_those_that_are_there() -> None:
    assert roc_ks(make_comparison()) == [1, 3]
    assert roc_ks(without_first_k_of_unprocessed(make_comparison())) == [1, 3]


def test_the_text_says_the_largest_and_the_smallest_area_at_each_k() -> None:
    text = describe_preprocessing_roc(make_large_comparison())
    assert "18 variants of preprocessing, cosine distance" in text
    assert "At k = 1, areas from 0.883 (z-scores + balancing) to 0.905 (L2 + SMOTE)." in text
    assert text.endswith("At k = 10, areas from 0.915 (z-scores + balancing) to 0.934 (L2 + SMOTE).")
