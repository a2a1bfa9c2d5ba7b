"""What each variant adds, and what leaks add to that."""

import numpy as np
from matplotlib.axes import Axes

from skknn_syndrome.figures.ablation.gains import describe_preprocessing_gains, draw_preprocessing_gains
from skknn_syndrome.results import AblationResult
from skknn_syndrome.results.ablated_variant import ScoreCurve
from tests.ablation_builders import make_ablation, make_gain
from tests.figures.ablation.builders import make_large_ablation


def rows_of(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def spans(axes: Axes) -> list[list[float]]:
    """Return where each line begins and ends, or its mark lies."""
    return [np.asarray(line.get_xdata()).round(3).tolist() for line in axes.lines]


def legend_of(result: AblationResult) -> list[str]:
    return [text.get_text() for text in draw_preprocessing_gains(result).legends[0].get_texts()]


def without_f1(result: AblationResult) -> AblationResult:
    nowhere = ScoreCurve(score="f1_macro", means=(None, None), stds=(None, None))
    bare = tuple(variant.model_copy(update={"curves": (nowhere,)}) for variant in result.variants)
    return result.model_copy(update={"variants": bare})


def test_each_variant_of_the_best_distance_is_a_row_the_highest_f1_on_top() -> None:
    (axes,) = draw_preprocessing_gains(make_large_ablation()).axes
    assert len(rows_of(axes)) == 18
    assert rows_of(axes)[0] == "L2 + SMOTE"
    assert axes.get_ylim()[0] > axes.get_ylim()[1]
    assert axes.get_xlabel() == "Macro F1 at the best k of each variant, cosine distance"


def test_the_legend_names_what_is_there() -> None:
    assert legend_of(make_large_ablation()) == [
        *("within folds", "within folds, better", "within folds, worse", "within folds, not significant"),
        *("95 % interval of the gain", "before splitting", "unprocessed"),
    ]
    assert legend_of(make_ablation(leaky=False).model_copy(update={"gains": ()})) == [
        "within folds",
        "unprocessed",
    ]


def test_both_ways_are_drawn_and_the_interval_is_from_the_line() -> None:
    (axes,) = draw_preprocessing_gains(make_ablation()).axes
    assert spans(axes) == [
        *([0.72, 0.92], [0.92], [0.72]),
        *([0.72, 0.92], [0.92], [0.685, 0.715], [0.72]),
        [0.72, 0.72],
    ]


def test_without_the_leaky_way_only_the_honest_one_is_drawn() -> None:
    (axes,) = draw_preprocessing_gains(make_ablation(leaky=False)).axes
    assert spans(axes) == [[0.72], [0.685, 0.715], [0.7], [0.72, 0.72]]


def test_a_k_that_was_asked_for_is_the_one_that_is_drawn() -> None:
    result = make_ablation(leaky=False).model_copy(update={"compared_at": 1})
    assert "from 0.680 (mixup) to 0.700 (unprocessed)" in describe_preprocessing_gains(result)
    assert draw_preprocessing_gains(result).axes[0].get_xlabel() == "Macro F1 at k = 1, cosine distance"


def test_without_untouched_embeddings_there_is_no_line() -> None:
    result = make_ablation(leaky=False)
    mixed = tuple(variant for variant in result.variants if variant.resampler == "mixup")
    alone = result.model_copy(update={"variants": mixed, "gains": ()})
    assert legend_of(alone) == ["within folds"]


def test_the_text_says_the_extremes_the_verdicts_and_the_largest_leak() -> None:
    text = describe_preprocessing_gains(make_large_ablation())
    assert "18 variants of preprocessing, from 0.695 (z-scores + balancing) to 0.756 (L2 + SMOTE)" in text
    assert "unprocessed embeddings: 1, worse: 5, not significant: 11." in text
    assert text.endswith("Preparing before splitting adds at most 0.210 (z-scores + balancing + mixup).")


def test_the_text_is_silent_on_what_nobody_asked_for() -> None:
    bare = make_ablation(leaky=False).model_copy(update={"gains": ()})
    assert describe_preprocessing_gains(bare) == (
        "Macro F1 within folds of 2 variants of preprocessing, from 0.700 (mixup) to 0.720 (unprocessed)."
    )


def test_a_variant_that_helps_is_marked_so() -> None:
    helped = make_ablation().model_copy(update={"gains": (make_gain(by=0.03),)})
    assert "within folds, better" in legend_of(helped)
    assert "unprocessed embeddings: 1, worse: 0" in describe_preprocessing_gains(helped)


def test_where_f1_is_nowhere_defined_nothing_is_drawn() -> None:
    nothing = without_f1(make_ablation(leaky=False))
    assert not draw_preprocessing_gains(nothing).axes[0].lines
    assert describe_preprocessing_gains(nothing) == "No variant of preprocessing has an F1."


def test_what_never_differs_is_not_called_insignificant() -> None:
    same = make_gain(by=0.0).model_copy(update={"low": 0.0, "high": 0.0, "p_value": None, "p_holm": None})
    result = make_ablation().model_copy(update={"gains": (same,)})
    assert "within folds, not significant" not in legend_of(result)
